"""Footnotes in every paper: real ones in PDF and Word, valid in Akoma Ntoso, under a rule in plain text."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import etree

from judge_desk.domain.acts import (
    ActText,
    Block,
    BlockKind,
    Cell,
    Part,
    PartKind,
    Row,
    Run,
    act_hash,
    normalised,
    notes_in,
    runs_of,
)
from judge_desk.domain.cases import Language, Party, PartyRole
from judge_desk.domain.footnotes import note_numbers, notes_of
from judge_desk.drafting.akoma_ntoso import NAMESPACE, render_akoma_ntoso
from judge_desk.drafting.docx_in import read_docx
from judge_desk.drafting.docx_out import render_docx
from judge_desk.drafting.html_in import blocks_of
from judge_desk.drafting.pdf import render_pdf
from judge_desk.drafting.public_copy import PublicCopy
from judge_desk.drafting.sheets import BOTTOM, LEFT
from judge_desk.drafting.text import render_text
from tests.pdfa import assert_pdfa
from tests.unit.drafting.acts import META, long_act, one_block, text
from tests.unit.drafting.reading import drawn_lines, elements, page_texts
from tests.unit.drafting.test_akoma_ntoso import schema

NOW = datetime(2026, 5, 12, tzinfo=UTC)
WORDS = "ГПК РК, статья 226; см. также нормативное постановление Верховного Суда."


def note(number: int, words: str = WORDS) -> Block:
    return Block(id=f"n{number}", kind=BlockKind.FOOTNOTE, runs=(Run(text=f"({number}) {words}"),))


def mark(number: int) -> Run:
    return Run(text="", note=f"n{number}")


def noted(act: ActText, every: int = 6, long: int = 0) -> ActText:
    """The act with a note in each so manieth block, also in lists, tables and place lines; one of them ``long``."""
    numbers = iter(range(1, 1000))

    def with_note(place: int, block: Block) -> Iterator[Block]:
        if place % every != 1 and not block.rows:
            yield block
            return
        number = next(numbers)
        yield marked(block, mark(number))
        yield note(number, " ".join([WORDS] * (long or 1)) if number == 2 else WORDS)

    parts = (
        replace(part, blocks=tuple(each for at, block in enumerate(part.blocks) for each in with_note(at, block)))
        for part in act.parts
    )
    return normalised(replace(act, parts=tuple(parts)))


def marked(block: Block, run: Run) -> Block:
    if not block.rows:
        return replace(block, runs=(*block.runs[:1], run, *block.runs[1:]))
    first, *rest = block.rows[-1].cells
    row = replace(block.rows[-1], cells=(replace(first, runs=(*first.runs, run)), *rest))
    return replace(block, rows=(*block.rows[:-1], row))


def shape(act: ActText) -> list[tuple[str, str, str]]:
    """Kinds, ids, and texts with the places of the marks."""
    return [
        (block.kind, block.id, "".join(f"[{run.note}]" if run.note else run.text for run in runs_of(block)))
        for block in act.blocks()
    ]


def one(*blocks: Block) -> ActText:
    act = one_block(Run(text="x"))
    return normalised(replace(act, parts=(Part(kind=PartKind.REASONING, blocks=blocks),)))


# the canonical form


def test_a_note_goes_where_its_mark_is() -> None:
    first, second = marked(text("a", "Бір."), mark(1)), marked(text("b", "Екі."), mark(2))
    assert [block.id for block in one(note(2), first, note(1), second).blocks()] == ["a", "n1", "b", "n2"]


def test_neither_a_mark_without_a_note_nor_a_note_without_a_mark_stays() -> None:
    act = one(marked(text("a", "Бір."), mark(1)), note(2))
    assert [block.id for block in act.blocks()] == ["a"]
    assert not [name for block in act.blocks() for name in notes_in(block)]


def test_two_marks_of_one_note_become_one() -> None:
    act = one(marked(text("a", "Бір."), mark(1)), marked(text("b", "Екі."), mark(1)), note(1))
    assert [list(notes_in(block)) for block in act.blocks()] == [["n1"], [], []]


def test_an_act_without_notes_keeps_the_name_it_always_had() -> None:
    """What was signed before there were notes must still be found by its hash."""
    assert act_hash(one_block(Run(text="Сот"))) == "eb34f18666972ffd20da70c4b1a49f8c40ae5172305769859e7a8532c0ba68aa"


def test_numbers_follow_the_marks_through_the_whole_act() -> None:
    numbers = note_numbers(noted(long_act(paragraphs=20)))
    assert list(numbers.values()) == [str(number) for number in range(1, len(numbers) + 1)]


# PDF


@pytest.mark.parametrize("language", [Language.KAZAKH, Language.RUSSIAN])
def test_the_real_validator_accepts_an_act_with_notes(tmp_path: Path, language: Language) -> None:
    path = tmp_path / "act.pdf"
    path.write_bytes(render_pdf(noted(long_act(language), long=40), META))
    assert_pdfa(path, "2b", "2a", "ua1")


def test_each_note_stands_on_the_page_of_its_mark() -> None:
    act = noted(long_act(Language.RUSSIAN))
    pages = [page.replace("\r\n", "").replace("\n", "") for page in page_texts(render_pdf(act, META))]
    bearers = {name: block for block in act.blocks() for name in notes_in(block)}
    assert len(bearers) > 10
    checked = 0
    for name, bearer in bearers.items():
        words = bearer.runs[0].text.strip()[-12:] if bearer.runs else ""
        if bearer.kind is not BlockKind.PARAGRAPH:
            continue
        number = note_numbers(act)[name]
        (page,) = [page for page in pages if f"({name[1:]}) ГПК" in page]
        assert f"{words} {number}" in page or f"{words}{number}" in page
        checked += 1
    assert checked > 5


def test_a_long_note_goes_on_overleaf_and_loses_no_word() -> None:
    act = one(marked(text("a", "Сот тұжырымы."), mark(1)), note(1, " ".join([WORDS] * 150)))
    data = render_pdf(act, META)
    assert len(page_texts(data)) > 1
    assert dict(elements(data))["P"] == act.block("n1").text  # type: ignore[union-attr]


def test_text_and_notes_never_overlap() -> None:
    """Every line of a page stands at least a small line's height from the next, but for numbers beside words."""
    data = render_pdf(noted(long_act(Language.RUSSIAN), every=2, long=30), META)
    lines = [each for each in drawn_lines(data) if abs(each[0] - LEFT) < 50 and len(each[3]) > 3]
    assert min(foot for _, _, foot, words in lines if "226" in words) >= BOTTOM
    for (_, _, above, _), (_, _, below, words) in pairwise(lines):
        is_next_page = below > above
        assert is_next_page or above - below > 12, words


def test_a_mark_is_a_link_to_its_note_and_the_note_has_a_name() -> None:
    data = render_pdf(noted(long_act(Language.RUSSIAN, paragraphs=8)), META)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        links = [link for page in pdf.pages for link in page.obj.get("/Annots", []) if link.Subtype == "/Link"]
        assert [str(link.Contents) for link in links] == [f"Сноска {at}" for at in range(1, len(links) + 1)]
        notes = [each for each in _structure(pdf.Root.StructTreeRoot.K) if each.S == "/Note"]
        assert len({bytes(each.ID) for each in notes}) == len(notes) == len(links) > 2
        assert {str(each.S) for each in _structure(pdf.Root.StructTreeRoot.K)} >= {"/Reference", "/Link", "/Lbl"}


def _structure(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    yield element
    kids: Any = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from _structure(kid)


# Word


@pytest.mark.parametrize("knows_base", [True, False])
def test_notes_survive_word_out_and_in(knows_base: bool) -> None:
    act = noted(long_act(Language.RUSSIAN))
    back = read_docx(render_docx(act, NOW), act if knows_base else None)
    assert back.act == act
    assert back.left_out == ()


def test_word_gets_real_footnotes() -> None:
    data = render_docx(noted(long_act(paragraphs=8)), NOW)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"footnotes+xml" in archive.read("[Content_Types].xml")
        notes = etree.fromstring(archive.read("word/footnotes.xml"))
        names = {
            name for name in etree.fromstring(archive.read("word/document.xml")).iter() if "footnoteRef" in name.tag
        }
    assert len(notes) == len(names) + 2


def test_notes_survive_another_word_processor(tmp_path: Path) -> None:
    act = noted(long_act(Language.RUSSIAN, paragraphs=10))
    (tmp_path / "act.docx").write_bytes(render_docx(act, NOW))
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    for source, ending in (("act.docx", "odt"), ("act.odt", "docx")):
        arguments = ["soffice", home, "--headless", "--convert-to", ending, source, "--outdir", str(tmp_path)]
        subprocess.run(arguments, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    back = read_docx((tmp_path / "act.docx").read_bytes(), act)
    # Spaces at the end of a cell are lost there.
    assert [each for each in shape(back.act) if each[1] != "t"] == [each for each in shape(act) if each[1] != "t"]
    assert back.left_out == ()


def test_a_note_written_in_word_comes_in_and_one_taken_out_there_goes() -> None:
    base = one(marked(text("a", "Бір."), mark(1)), note(1), text("b", "Екі."))
    changed = one(text("a", "Бір."), marked(text("b", "Екі."), mark(2)), note(2))
    back = read_docx(render_docx(changed, NOW), base)
    assert shape(back.act) == shape(changed)


# the other papers


def test_akoma_ntoso_with_notes_meets_the_schema() -> None:
    act = noted(long_act())
    root = etree.fromstring(render_akoma_ntoso(act, NOW))
    assert schema().validate(root), [str(each) for each in schema().error_log][:5]
    found = root.findall(f".//{{{NAMESPACE}}}authorialNote")
    assert [(each.get("eId"), each.get("marker")) for each in found] == list(note_numbers(act).items())
    assert ["".join(each.itertext()) for each in found] == [block.text for block in notes_of(act).values()]


def test_plain_text_has_the_notes_at_its_end() -> None:
    act = one(marked(text("a", "Бір."), mark(1)), note(1, "сілтеме"), text("b", "Екі."))
    assert render_text(act) == "Бір.[1]\n\nЕкі.\n\n————————\n[1] (1) сілтеме\n"


def test_the_public_copy_hides_people_in_notes() -> None:
    party = Party(id="p1", name="Серіков Арман Болатович", role=PartyRole.CLAIMANT, number="850101300123")
    act = one(marked(text("a", "Талап қоюшының дәлелі."), mark(1)), note(1, "Серіков А.Б., ЖСН 850101300123"))
    copy = PublicCopy(act, [party])
    hidden = copy.hide(copy.find())
    assert "Серіков" not in render_text(hidden)
    assert "850101300123" not in render_text(hidden)
    assert list(notes_of(hidden)) == ["n1"]
    assert copy.leaks(act)
    assert not copy.leaks(hidden)


WORD_HTML = """<html><body><!--StartFragment-->
<p class=MsoNormal>Суд пришёл к выводу<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1"><span
class=MsoFootnoteReference><span style='mso-special-character:footnote'>[1]</span></span></a> о праве.</p>
<p class=MsoNormal>Второй абзац.</p><!--EndFragment-->
<div style='mso-element:footnote-list'><hr><div style='mso-element:footnote' id=ftn1>
<p class=MsoFootnoteText><a style='mso-footnote-id:ftn1' href="#_ftnref1" name="_ftn1"><span>[1]</span></a> Статья 9
ГК РК.</p></div></div><p>Чужое.</p></body></html>"""
OFFICE_HTML = """<p>Суд пришёл к выводу<sup><a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym">
<sup>1</sup></a></sup> о праве.</p><p>Второй абзац.</p><div id="sdfootnote1"><p class="sdfootnote">
<a class="sdfootnotesym" name="sdfootnote1sym" href="#sdfootnote1anc">1</a>Статья 9 ГК РК.</p></div>"""


@pytest.mark.parametrize("html", [WORD_HTML, OFFICE_HTML])
def test_notes_are_pasted_with_their_text(html: str) -> None:
    first, words, second = blocks_of(html)
    assert [run.text for run in first.runs] == ["Суд пришёл к выводу", "", " о праве."]
    assert first.runs[1].note == words.id
    assert (words.kind, words.text) == (BlockKind.FOOTNOTE, "Статья 9 ГК РК.")
    assert second.text == "Второй абзац."


def test_a_mark_pasted_without_its_words_is_left_out() -> None:
    (block,) = blocks_of('<p>Вывод<a href="#_ftn1">[1]</a> суда.</p>')
    assert block.text == "Вывод суда."
    assert not list(notes_in(block))


def test_a_note_in_a_cell_of_a_table_is_printed() -> None:
    rows = (Row(cells=(Cell(runs=(Run(text="Сомасы"), mark(1))), Cell(runs=(Run(text="5 000"),)))),)
    data = render_pdf(one(Block(id="t", kind=BlockKind.TABLE, rows=rows), note(1)), META)
    assert [words for role, words in elements(data) if role in ("Link", "Lbl")] == ["1", "1"]
