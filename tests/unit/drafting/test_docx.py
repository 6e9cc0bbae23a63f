"""Word out and in: every form in every language comes back whole, strangers' files say what was left out."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml import etree

from judge_desk.domain.acts import (
    ActKind,
    ActText,
    Align,
    Block,
    BlockKind,
    CaseReference,
    Cell,
    Mark,
    Numbering,
    Part,
    PartKind,
    Row,
    Run,
    normalised,
    plain_text,
)
from judge_desk.domain.cases import Language
from judge_desk.domain.errors import BadInput
from judge_desk.drafting.compose import compose
from judge_desk.drafting.docx_changes import LeftOutKind
from judge_desk.drafting.docx_in import read_docx
from judge_desk.drafting.docx_out import render_docx
from judge_desk.drafting.facts import CaseFacts
from judge_desk.drafting.templates import Template, all_templates, template

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def act_of(form: Template, text: str = "") -> ActText:
    values = dict.fromkeys(form.slots, text) if text else {}
    return normalised(compose(form, CaseFacts(language=form.language, values=values)))


def rich() -> ActText:
    """An act with everything that a block may hold."""
    blocks = (
        Block(id="h.1", kind=BlockKind.HEADING, level=1, runs=(Run(text="ШЕШІМ"),)),
        Block(id="p.1", kind=BlockKind.PLACE_LINE, rows=(Row(cells=(Cell(runs=(Run(text="а"),)), Cell())),)),
        Block(
            id="p-2_x",
            runs=(
                Run(text="Сот "),
                Run(text="Әлия", field="judge", marks=(Mark.BOLD,)),
                Run(text=" АПК 226", norm="cpc.226", marks=(Mark.ITALIC, Mark.UNDERLINE)),
                Run(text="л.д. 5", reference=CaseReference(document_id="01abc", page=5)),
                Run(text="[орны]", field="court.place", blank=True),
            ),
        ),
        Block(id="p.3", runs=(Run(text="По-русски"),), language=Language.RUSSIAN, align=Align.END),
        Block(id="l.1", kind=BlockKind.LIST_ITEM, numbering=Numbering.DECIMAL, runs=(Run(text="бір"),)),
        Block(id="l.2", kind=BlockKind.LIST_ITEM, numbering=Numbering.DASH, level=2, runs=(Run(text="екі"),)),
        Block(id="l.3", kind=BlockKind.LIST_ITEM, numbering=Numbering.DECIMAL, runs=(Run(text="үш"),), restart=True),
        Block(id="q.1", kind=BlockKind.QUOTATION, runs=(Run(text="«дәйексөз» 5\u00a0000\u00a0₸"),)),
        Block(
            id="t.1",
            kind=BlockKind.TABLE,
            widths=(30, 70),
            rows=(
                Row(header=True, cells=(Cell(runs=(Run(text="А"),)), Cell(runs=(Run(text="Б"),), align=Align.END))),
                Row(cells=(Cell(), Cell(runs=(Run(text="1"),)))),
            ),
        ),
        Block(id="s.1", kind=BlockKind.SIGNATURE, rows=(Row(cells=(Cell(runs=(Run(text="Судья"),)), Cell())),)),
    )
    parts = (
        Part(kind=PartKind.INTRODUCTORY, blocks=blocks[:3]),
        Part(kind=PartKind.REASONING, blocks=blocks[3:8]),
        Part(kind=PartKind.OPERATIVE, blocks=blocks[8:]),
    )
    return ActText(language=Language.KAZAKH, kind=ActKind.RULING, parts=parts)


@pytest.mark.parametrize("form", all_templates(), ids=lambda form: form.id)
@pytest.mark.parametrize("text", ["", "№ 5 Әлия «ЖШС» ₸"], ids=["blank", "filled"])
def test_every_form_comes_back_as_it_went(form: Template, text: str) -> None:
    act = act_of(form, text)
    arrival = read_docx(render_docx(act, NOW))
    assert arrival.act == act
    assert (arrival.left_out, arrival.inserted, arrival.authors) == ((), 0, ())


def test_everything_that_a_block_may_hold_comes_back() -> None:
    act = normalised(rich())
    assert read_docx(render_docx(act, NOW)).act == act


def test_the_same_act_gives_the_same_words_and_its_own_styles() -> None:
    word = Document(io.BytesIO(render_docx(rich(), NOW, is_draft=False)))
    styles = [paragraph.style.name for paragraph in word.paragraphs if paragraph.style is not None]
    assert {"Heading 1", "Body Text", "List Paragraph", "Quote"} <= set(styles)
    languages = {each.get(qn("w:val")) for each in word.element.body.iter(qn("w:lang"))}
    assert languages == {"kk-KZ", "ru-KZ"}
    assert word.core_properties.author == "Judge Desk"


@pytest.mark.parametrize("name", ["civil_decision.kk", "criminal_verdict.ru", "administrative_decision.en"])
def test_it_survives_a_trip_through_libreoffice(name: str, tmp_path: Path) -> None:
    act = act_of(template(name), "Ақтөбе")
    (tmp_path / "act.docx").write_bytes(render_docx(act, NOW))
    for ending in ("odt", "docx"):
        source = "act.docx" if ending == "odt" else "act.odt"
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/office", "--convert-to", ending]
        subprocess.run([*command, source], cwd=tmp_path, check=True, capture_output=True, timeout=120)
    arrival = read_docx((tmp_path / "act.docx").read_bytes(), act)
    assert plain_text(arrival.act) == plain_text(act)
    assert [block.id for block in arrival.act.blocks()] == [block.id for block in act.blocks()]
    assert [block.kind for block in arrival.act.blocks()] == [block.kind for block in act.blocks()]
    assert [[run.field for run in block.runs] for block in arrival.act.blocks()] == [
        [run.field for run in block.runs] for block in act.blocks()
    ]
    shutil.rmtree(tmp_path / "office")


def edited(change: Any) -> bytes:
    """A Word file of a form after somebody worked on it."""
    word = Document(io.BytesIO(render_docx(act_of(template("civil_decision.ru"), "Ақтөбе"), NOW)))
    change(word)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def wrapped(name: str, author: str, *children: Any) -> Any:
    element = OxmlElement(f"w:{name}")
    element.set(qn("w:id"), "900")
    element.set(qn("w:author"), author)
    element.extend(children)
    return element


def run_of(text: str, *, deleted: bool = False, hidden: bool = False) -> Any:
    run = OxmlElement("w:r")
    if hidden:
        properties = OxmlElement("w:rPr")
        properties.append(OxmlElement("w:vanish"))
        run.append(properties)
    words = OxmlElement("w:delText" if deleted else "w:t")
    words.text = text
    run.append(words)
    return run


def test_tracked_changes_of_somebody_else_are_taken_and_named() -> None:
    def change(word: Any) -> None:
        paragraph = word.paragraphs[6]._p
        paragraph.append(wrapped("ins", "Иванов И. И.", run_of(" и ещё слово")))
        paragraph.append(wrapped("del", "Петров П. П.", run_of(" старое слово", deleted=True)))
        paragraph.append(run_of("тайное слово", hidden=True))

    arrival = read_docx(edited(change))
    text = plain_text(arrival.act)
    assert "и ещё слово" in text
    assert "старое слово" not in text
    assert "тайное" not in text
    assert arrival.authors == ("Иванов И. И.", "Петров П. П.")
    assert arrival.inserted == 1
    found = {each.kind: each.text for each in arrival.left_out}
    assert found == {LeftOutKind.DELETION: "старое слово", LeftOutKind.HIDDEN: "тайное слово"}


def test_every_word_is_in_the_act_or_on_the_list() -> None:
    def change(word: Any) -> None:
        body = word.element.body
        box = etree.fromstring(
            f'<w:p xmlns:w="{W}"><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>'
            "<w:txbxContent><w:p><w:r><w:t>в рамке</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
            "</w:r></w:p>"
        )
        tagged = etree.fromstring(
            f'<w:p xmlns:w="{W}"><w:smartTag w:element="x"><w:r><w:t>умный</w:t></w:r></w:smartTag>'
            '<w:fldSimple w:instr="DATE"><w:r><w:t>поле</w:t></w:r></w:fldSimple>'
            "<w:hyperlink><w:r><w:t>ссылка</w:t></w:r></w:hyperlink></w:p>"
        )
        outside = etree.fromstring(
            f'<w:sdt xmlns:w="{W}"><w:sdtContent><w:p><w:r><w:t>в блоке</w:t></w:r></w:p></w:sdtContent></w:sdt>'
        )
        for number, element in enumerate((box, tagged, outside)):
            body.insert(number + 1, element)

    data = edited(change)
    arrival = read_docx(data)
    known = plain_text(arrival.act) + " ".join(each.text for each in arrival.left_out)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    missing = [each.text for each in root.iter(f"{{{W}}}t") if each.text and each.text.strip() not in known]
    assert missing == []
    assert [each.kind for each in arrival.left_out] == [LeftOutKind.TEXT_BOX]


def test_facts_are_known_again_when_a_word_processor_drops_them() -> None:
    act = normalised(rich())

    def plain(word: Any) -> None:
        for control in list(word.element.body.iter(qn("w:sdt"))):
            for run in list(control.find(qn("w:sdtContent"))):
                control.addprevious(run)
            control.getparent().remove(control)

    word = Document(io.BytesIO(render_docx(act, NOW)))
    plain(word)
    out = io.BytesIO()
    word.save(out)
    assert read_docx(out.getvalue()).act != act
    assert read_docx(out.getvalue(), act).act == act


def test_a_strangers_file_without_our_names_is_read() -> None:
    word = Document()
    word.add_heading("РЕШЕНИЕ", 1)
    word.add_paragraph("Суд установил.")
    word.add_paragraph("пункт", style="List Number")
    table = word.add_table(rows=2, cols=2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "шапка"
    table.cell(1, 1).text = "ячейка\tс табуляцией"
    out = io.BytesIO()
    word.save(out)
    act = read_docx(out.getvalue()).act
    kinds = [block.kind for block in act.blocks()]
    assert kinds == [BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.TABLE]
    assert next(block for block in act.blocks() if block.rows).text == "шапка\t\n\tячейка с табуляцией"


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def repacked(**parts: bytes) -> bytes:
    """A Word file with parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(render_docx(rich(), NOW))) as source, zipfile.ZipFile(out, "w", 8) as target:
        for entry in source.infolist():
            if entry.filename not in parts:
                target.writestr(entry.filename, source.read(entry))
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def hostile() -> Iterator[Any]:
    entity = f'<!DOCTYPE d [<!ENTITY e "x">]><w:document xmlns:w="{W}"><w:body/></w:document>'
    deep = f'<w:document xmlns:w="{W}"><w:body>' + "<w:sdt><w:sdtContent>" * 3000
    yield pytest.param(b"", "none", id="empty")
    yield pytest.param(b"PK\x03\x04 nothing", "none", id="cut off")
    yield pytest.param(repacked(**{"word/vbaProject.bin": b"x"}), "macros", id="macros")
    yield pytest.param(
        repacked(**{"[Content_Types].xml": b'<Types><Override ContentType="x.macroEnabled.y"/></Types>'}),
        "macros", id="docm",
    )  # fmt: skip
    yield pytest.param(repacked(**{"word/document.xml": b"<w:p>" + b" " * 40_000_000}), "bomb", id="bomb")
    yield pytest.param(repacked(**{f"word/{number}.bin": b"" for number in range(3100)}), "bomb", id="many parts")
    yield pytest.param(repacked(**{"word/document.xml": entity.encode()}), "none", id="entities")
    yield pytest.param(repacked(**{"word/document.xml": b"<not xml"}), "none", id="broken")
    yield pytest.param(repacked(**{"word/document.xml": deep.encode()}), "none", id="deep and broken")


@pytest.mark.parametrize(("data", "key"), list(hostile()))
def test_a_hostile_file_gets_its_sentence(data: bytes, key: str) -> None:
    with pytest.raises(BadInput, match=rf"outputs\.docx\.{key}"):
        read_docx(data)


def test_a_word_of_ten_thousand_letters_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match=r"acts\.bad\.word"):
        read_docx(edited(lambda word: word.add_paragraph("ы" * 10_000)))
