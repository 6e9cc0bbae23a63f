"""The public page: yes or no about a file, nothing else, for anybody, as often as is fair."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from lxml import html

from judge_desk.domain.act_codes import new_code, read_code, shown
from judge_desk.domain.documents import Document, DocumentKind
from judge_desk.domain.drafts import DraftState
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub.verify.html import Answer, render_page
from judge_desk.i18n.translator import LANGUAGES, Translator
from judge_desk.protocol.http import VERIFY
from judge_desk.protocol.operations import Outcome
from tests.contract.records import a_case
from tests.factories import a_document, a_draft
from tests.live_hub import LiveHub, TestDesk

ANSWERS = [each for each in Answer if each is not Answer.NOTHING]
PRINTED, SIGNED = b"%PDF-1.7 printed act", b"%PDF-1.7 signed act"


@pytest.fixture
def desk(sqlite_hub: LiveHub) -> TestDesk:
    sqlite_hub.add_person("judge", Role.JUDGE)
    sqlite_hub.add_person("secretary", Role.SECRETARY)
    sqlite_hub.put(("case:k1", Kind.CASE, "k1", a_case(secretary_id="secretary")))
    return sqlite_hub.desk("judge")


def an_act(content: bytes, *, case_id: str = "k1", filed_by: str = "judge", **more: Any) -> Document:
    values = {"kind": DocumentKind.ACT, "filed_by": filed_by, "media_type": "application/pdf", **more}
    return a_document(case_id, content, **values)


def file_act(desk: TestDesk, content: bytes, code: str, *, name: str, is_signed: bool, **more: Any) -> Any:
    """Send a file and its document, as a desk does."""
    document = an_act(content, id=name, code=code, is_signed=is_signed, **more)
    desk.upload(document.sha256, content, "case:k1")
    return desk.push_one("case:k1", Kind.DOCUMENT, name, document)


@pytest.fixture
def code(desk: TestDesk) -> str:
    made = new_code()
    file_act(desk, PRINTED, made, name="d1", is_signed=False)
    file_act(desk, SIGNED, made, name="d2", is_signed=True, replaces="d1")
    return made


@pytest.fixture
def public(sqlite_hub: LiveHub) -> Iterator[httpx2.Client]:
    """A browser without a token and without a protocol number."""
    with httpx2.Client(base_url=sqlite_hub.url, headers={"accept-language": "ru-KZ,ru;q=0.9"}) as browser:
        yield browser


def said(answer: httpx2.Response) -> Answer | None:
    """Which of the answers the page gives."""
    page = html.fromstring(answer.text)
    titles = page.xpath("//h2[@id='answer']/text()")
    words = Translator(str(page.get("lang")))
    return next((each for each in ANSWERS if titles and words.text(f"verify.answer.{each}") == titles[0]), None)


def ask(public: httpx2.Client, code: str = "", content: bytes | None = None, **query: str) -> httpx2.Response:
    files = {"file": ("акт.pdf", content or b"", "application/pdf")}
    return public.post(VERIFY, params=query, data={"code": code}, files=files)


def test_the_signed_file_is_the_act_and_no_other_is(public: httpx2.Client, code: str) -> None:
    assert said(ask(public, content=SIGNED)) is Answer.IS_ACT
    assert said(ask(public, shown(code), SIGNED)) is Answer.IS_ACT
    assert said(ask(public, content=PRINTED)) is Answer.UNSIGNED
    assert said(ask(public, content=SIGNED + b" ")) is Answer.NOT_ACT
    assert said(ask(public, new_code(), SIGNED)) is Answer.OTHER_CODE
    assert said(ask(public, code, b"other")) is Answer.NOT_ACT
    assert said(ask(public)) is Answer.EMPTY


def test_a_code_is_asked_by_hand_and_by_the_square_on_paper(public: httpx2.Client, code: str) -> None:
    assert said(ask(public, shown(code).lower())) is Answer.CODE_KNOWN
    assert said(public.get(VERIFY, params={"code": code})) is Answer.CODE_KNOWN
    assert said(public.get(VERIFY, params={"code": new_code()})) is Answer.CODE_UNKNOWN
    assert said(ask(public, "drop table")) is Answer.CODE_UNKNOWN
    assert said(public.get(VERIFY)) is None
    page = html.fromstring(public.get(VERIFY, params={"code": code}).text)
    assert page.xpath("//input[@id='code']/@value") == [shown(code)]


def test_nothing_of_the_case_and_nothing_that_was_typed_is_shown(
    public: httpx2.Client, code: str, sqlite_hub: LiveHub
) -> None:
    answer = ask(public, '"><script>alert(1)</script>', SIGNED)
    assert "<script" not in answer.text
    assert "alert" not in answer.text
    for known in (
        "k1",
        "d2",
        "judge",
        sqlite_hub.court.names["ru"],
        "7140",
        hashlib.sha256(SIGNED).hexdigest(),
        "акт.pdf",
    ):
        assert known not in answer.text
    assert code
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    assert "script-src" not in answer.headers["content-security-policy"]
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_three_languages(public: httpx2.Client, language: str) -> None:
    page = html.fromstring(public.get(VERIFY, params={"lang": language}).text)
    assert page.get("lang") == language
    assert page.xpath("//nav/a[@aria-current]/@lang") == [language]
    assert sorted(page.xpath("//nav/a/@hreflang")) == sorted(LANGUAGES)
    labelled = set(page.xpath("//label/@for"))
    assert labelled == set(page.xpath("//input/@id"))
    assert len(page.xpath("//h1")) == 1
    for answer in Answer:
        assert "verify." not in render_page(language, answer, "")


def test_the_browser_says_which_language(public: httpx2.Client) -> None:
    assert public.get(VERIFY).headers["content-language"] == "ru"
    english = {"accept-language": "de, en;q=0.8"}
    assert public.get(VERIFY, headers=english).headers["content-language"] == "en"
    assert public.get(VERIFY, headers={"accept-language": "fr"}).headers["content-language"] == "kk"


def test_who_asks_too_often_waits_and_everyone_else_does_not(public: httpx2.Client) -> None:
    answers = [public.get(VERIFY, params={"code": new_code()}) for _ in range(40)]
    refused = [each for each in answers if each.status_code == 429]
    assert refused
    assert said(refused[0]) is Answer.TOO_OFTEN
    assert int(refused[0].headers["retry-after"]) > 0
    assert public.get(VERIFY).status_code == 200, "the page itself can always be read"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"code=x", "application/x-www-form-urlencoded"),
        (b"--b\r\nnonsense", "multipart/form-data; boundary=b"),
        (b"", "multipart/form-data"),
        (
            b'--b\r\nContent-Disposition: form-data; name="code"\r\n\r\n' + b"x" * 1000,
            "multipart/form-data; boundary=b",
        ),
    ],
)
def test_a_broken_form_is_answered(public: httpx2.Client, body: bytes, kind: str) -> None:
    answer = public.post(VERIFY, content=body, headers={"content-type": kind})
    assert (answer.status_code, said(answer)) in {(400, Answer.BROKEN), (200, Answer.EMPTY)}


def test_a_file_larger_than_any_act_is_not_read_to_its_end(public: httpx2.Client) -> None:
    def endless() -> Any:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
        for _ in range(70):
            yield bytes(1 << 20)

    answer = public.post(VERIFY, content=endless(), headers={"content-type": "multipart/form-data; boundary=b"})
    assert (answer.status_code, said(answer)) == (413, Answer.TOO_LARGE)


def test_only_the_judge_who_brought_a_code_may_add_files_to_it(
    public: httpx2.Client, code: str, sqlite_hub: LiveHub
) -> None:
    secretary = sqlite_hub.desk("secretary")
    forged = b"%PDF-1.7 forged"
    result = file_act(secretary, forged, code, name="d9", is_signed=True)
    assert result.code == "not_allowed"
    sqlite_hub.add_person("other", Role.JUDGE)
    sqlite_hub.put(("case:k2", Kind.CASE, "k2", a_case("k2", judge_id="other", secretary_id="")))
    other = sqlite_hub.desk("other")
    document = an_act(forged, case_id="k2", filed_by="other", id="d8", code=code, is_signed=True)
    other.upload(document.sha256, forged, "case:k2")
    other.push_one("case:k2", Kind.DOCUMENT, "d8", document)
    assert said(ask(public, content=forged)) is Answer.NOT_ACT


def test_codes_are_read_as_people_write_them() -> None:
    code = new_code()
    assert len({new_code() for _ in range(1000)}) == 1000
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", shown(code))
    assert read_code(f"  {shown(code).lower()} ") == code
    assert read_code("OIL0" * 4) == "0110" * 4
    assert read_code("U" * 16) == read_code("") == read_code("A" * 15) == ""


def test_a_filed_act_and_a_final_draft_never_change_at_the_hub(
    desk: TestDesk, public: httpx2.Client, code: str
) -> None:
    signed = an_act(SIGNED, id="d2", code=code, is_signed=True, replaces="d1")
    forged = replace(signed, sha256=hashlib.sha256(b"forged").hexdigest(), size=6)
    desk.upload(forged.sha256, b"forged", "case:k1")
    for body in (forged, replace(signed, title="другое"), None):
        assert desk.push_one("case:k1", Kind.DOCUMENT, "d2", body, 1).outcome is not Outcome.APPLIED
    draft = a_draft("k1", id="x1", author_id="judge", state=DraftState.FINAL, number="5", code=code)
    assert desk.push_one("user:judge", Kind.DRAFT, "x1", draft).outcome is Outcome.APPLIED
    for changed in (replace(draft, number="6"), replace(draft, state=DraftState.WRITING), None):
        assert desk.push_one("user:judge", Kind.DRAFT, "x1", changed, 1).outcome is not Outcome.APPLIED
    assert said(ask(public, content=b"forged")) is Answer.NOT_ACT
    assert said(ask(public, content=SIGNED)) is Answer.IS_ACT
