"""The validator itself: files broken in one place each must be rejected, or a pass means nothing."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from judge_desk.drafting.pdf import render_pdf
from tests.pdfa import assert_pdfa, failures
from tests.unit.drafting.acts import META, long_act

Breaker = Callable[[pikepdf.Pdf], None]


def drop_fonts(pdf: pikepdf.Pdf) -> None:
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and "/FontFile2" in thing:
            del thing["/FontFile2"]


def drop_unicode(pdf: pikepdf.Pdf) -> None:
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and "/ToUnicode" in thing:
            del thing["/ToUnicode"]


def add_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def add_untagged_text(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(pdf.make_stream(b"BT /F0 10 Tf 100 100 Td <0041> Tj ET"))


def forget(*names: str) -> Breaker:
    def breaker(pdf: pikepdf.Pdf) -> None:
        for name in names:
            del pdf.Root[name]

    return breaker


def drop_title(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.ViewerPreferences


def wrong_widths(pdf: pikepdf.Pdf) -> None:
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Subtype") == "/CIDFontType2":
            thing.W = pikepdf.Array()


def wrong_role(pdf: pikepdf.Pdf) -> None:
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/H1":
            thing.S = pikepdf.Name.H4


MUTANTS: dict[str, Breaker] = {
    "no structure": forget("/StructTreeRoot"),
    "no fonts": drop_fonts,
    "no output intent": forget("/OutputIntents"),
    "no metadata": forget("/Metadata"),
    "script": add_script,
    "no language": forget("/Lang"),
    "no shown title": drop_title,
    "no unicode map": drop_unicode,
    "untagged text": add_untagged_text,
    "wrong widths": wrong_widths,
    "skipped heading": wrong_role,
}


@pytest.fixture(scope="module")
def good() -> bytes:
    return render_pdf(long_act(paragraphs=3), META)


def test_the_good_file_passes_and_survives_a_rewriting(good: bytes, tmp_path: Path) -> None:
    path = tmp_path / "good.pdf"
    with pikepdf.open(io.BytesIO(good)) as pdf:
        pdf.save(path)
    assert_pdfa(path, "2a", "ua1")


@pytest.mark.parametrize("name", MUTANTS)
def test_a_file_broken_in_one_place_is_rejected(name: str, good: bytes, tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    with pikepdf.open(io.BytesIO(good)) as pdf:
        MUTANTS[name](pdf)
        pdf.save(path)
    assert failures(path, "2a") + failures(path, "ua1")
    with pytest.raises(AssertionError):
        assert_pdfa(path, "2a", "ua1")


def test_an_encrypted_file_is_rejected(good: bytes, tmp_path: Path) -> None:
    path = tmp_path / "secret.pdf"
    with pikepdf.open(io.BytesIO(good)) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert failures(path, "2a")


@pytest.mark.parametrize("data", [b"", b"no PDF at all", b"%PDF-1.7\n%%EOF\n"])
def test_what_is_no_pdf_is_rejected(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "none.pdf"
    path.write_bytes(data)
    assert failures(path, "2a")


def test_a_file_cut_off_is_rejected(good: bytes, tmp_path: Path) -> None:
    path = tmp_path / "cut.pdf"
    path.write_bytes(good[: len(good) // 2])
    assert failures(path, "2a")
