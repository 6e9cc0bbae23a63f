"""The public page in a real browser: without scripts, by keyboard, on a phone, light and dark, in three languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from judge_desk.domain.act_codes import shown
from judge_desk.i18n.translator import LANGUAGES, Translator
from judge_desk.protocol.http import VERIFY
from tests.browser import Browser, browser
from tests.hub.test_verify import SIGNED, code, desk  # noqa: F401 - fixtures
from tests.live_hub import LiveHub

PHONE = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("browser"), scripts=False) as made:
        yield made


@pytest.fixture
def url(sqlite_hub: LiveHub) -> str:
    return f"{sqlite_hub.url}{VERIFY}"


def answer(language: str, name: str) -> str:
    return Translator(language).text(f"verify.answer.{name}")


def test_the_browser_runs_no_scripts_of_pages(window: Browser, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p id=p>before</p><script>document.getElementById('p').textContent = 'after'</script>")
    window.open(page.as_uri())
    assert window.text("#p") == "before"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_citizen_types_the_code_and_then_chooses_the_file(
    window: Browser,
    url: str,
    code: str,  # noqa: F811
    language: str,
    tmp_path: Path,
) -> None:
    window.open(f"{url}?lang={language}")
    window.type("#code", shown(code))
    window.click("button")
    assert window.shows("h2", answer(language, "code_known"))
    assert window.ask("return document.documentElement.lang") == language
    (tmp_path / "акт.pdf").write_bytes(SIGNED)
    window.type("#file", str(tmp_path / "акт.pdf"))
    window.click("button")
    assert window.shows("h2", answer(language, "is_act"))
    (tmp_path / "акт.pdf").write_bytes(SIGNED.replace(b"act", b"ACT"))
    window.type("#file", str(tmp_path / "акт.pdf"))
    window.click("button")
    assert window.shows("h2", answer(language, "not_act"))


def test_the_square_code_of_a_paper_leads_to_the_answer(window: Browser, url: str, code: str) -> None:  # noqa: F811
    window.open(f"{url}?code={code}&lang=ru")
    assert window.shows("h2", answer("ru", "code_known"))
    window.click("nav a[lang=kk]")
    assert window.shows("h2", answer("kk", "code_known"))


def test_everything_can_be_done_with_the_keyboard(window: Browser, url: str, code: str) -> None:  # noqa: F811
    window.open(f"{url}?lang=en")
    stations = []
    for _ in range(7):
        window.press("Tab")
        stations.append(window.ask("const e = document.activeElement; return e.id || e.lang || e.tagName"))
        is_ringed = window.ask("return getComputedStyle(document.activeElement).outlineStyle")
        assert is_ringed == "solid"
    assert stations == ["kk", "ru", "en", "code", "file", "BUTTON", "SUMMARY"]
    window.type("#code", shown(code))
    window.press("Enter")
    assert window.shows("h2", answer("en", "code_known"))


@pytest.mark.parametrize("look", [f"{language} {theme}" for language in LANGUAGES for theme in ("light", "dark")])
def test_it_fits_a_phone_and_can_be_read(
    window: Browser,
    url: str,
    code: str,  # noqa: F811
    look: str,
    tmp_path: Path,
) -> None:
    language, theme = look.split()
    window.tool("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])
    try:
        for name, size in (("phone", PHONE), ("desk", {**PHONE, "width": 1000, "mobile": False})):
            window.tool("Emulation.setDeviceMetricsOverride", **size)
            window.open(f"{url}?lang={language}&code={code}")
            assert window.ask("return document.documentElement.scrollWidth <= window.innerWidth"), name
            assert window.ask(CONTRASTS) == [], name
            assert window.ask(SMALL_TARGETS) == [], name
            window.picture(tmp_path / f"{name}.png")
            assert (tmp_path / f"{name}.png").stat().st_size > 10_000
    finally:
        window.tool("Emulation.clearDeviceMetricsOverride")


SMALL_TARGETS = """
return [...document.querySelectorAll("a, button, input, summary")]
  .filter(e => e.getBoundingClientRect().height < 40).map(e => e.outerHTML.slice(0, 80))
"""
CONTRASTS = """
const parts = text => (text.match(/[0-9.]+/g) || []).map(Number);
const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
  .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
const ground = e => { for (; e; e = e.parentElement) {
  const c = parts(getComputedStyle(e).backgroundColor); if (c.length == 3 || c[3] > 0) return c; }
  return [255, 255, 255]; };
return [...document.querySelectorAll("h1, h2, p, a, label, button, summary, input, li")].filter(e => {
  const [a, b] = [light(parts(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
  return (a + .05) / (b + .05) < 4.5;
}).map(e => e.outerHTML.slice(0, 90));
"""
