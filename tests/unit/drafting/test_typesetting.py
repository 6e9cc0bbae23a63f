"""Lines and pages as a reader of acts expects them: what stays together, where a line may end, what goes on a page."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pikepdf
import pytest

from judge_desk.domain.acts import Align, Block, BlockKind, Cell, Mark, Part, PartKind, Row, Run
from judge_desk.drafting.check_mark import CheckMark
from judge_desk.drafting.court_names import of_court
from judge_desk.drafting.held_words import at_hyphens, holds
from judge_desk.drafting.lines import break_lines
from judge_desk.drafting.pdf import render_pdf
from judge_desk.drafting.templates import all_templates, template
from tests.unit.drafting.acts import META, one_block
from tests.unit.drafting.filled_forms import filled_form
from tests.unit.drafting.reading import drawn_lines, page_texts

MARK = CheckMark(address="https://hub.sot.example/verify", code="7KQ2M4XW9TPR")


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("12", "наурызда"), ("12", "марта"), ("12", "March"), ("5", "000"), ("320", "тенге."), ("№", "5"),
        ("В", "обоснование"), ("статьёй", "235"), ("Article", "715"), ("Д.", "С."), ("Ахметов", "Д."),
        ("марта", "2025"), ("сұрақ", "–"),
    ],
)  # fmt: skip
def test_what_belongs_together_stays_on_a_line(text: str, after: str) -> None:
    assert holds(text, after)


@pytest.mark.parametrize(("text", "after"), [("суд", "установил"), ("части", "решения"), ("12", "свидетелей")])
def test_other_words_may_part(text: str, after: str) -> None:
    assert not holds(text, after)


def test_long_words_part_at_their_hyphen_and_numbers_do_not() -> None:
    assert at_hyphens("процедурно-процессуального") == [("процедурно-", False), ("процессуального", True)]
    for whole in ("715-бабы", "№109-VIII", "7199-26-00-2/1234", "кв.м-де"):
        assert at_hyphens(whole) == [(whole, True)]


def test_a_name_parts_from_its_initials_rather_than_tear_a_line_open() -> None:
    runs = (Run(text="Жарқын қаласының № 2 аудандық сотының судьясы Ахметов Д. С. тараптарды шақырмай қарап"),)
    lines = break_lines(runs, size=13.0, width=467.0, indent=35.0, align=Align.JUSTIFY)
    first = lines[0].ops
    assert "Ахметов".encode("utf-16-be").hex() in first


def test_a_short_last_line_is_no_reason_to_part_a_name() -> None:
    words = " for the claimant – Zhumabayev N. S.; for the defendant – Li O. V."
    label = Run(text="Representatives:", marks=(Mark.BOLD,))
    lines = break_lines((label, Run(text=words)), size=13.0, width=467.0, indent=35.0, align=Align.JUSTIFY)
    assert "Li O. V.".encode("utf-16-be").hex() in lines[-1].ops


def test_centred_lines_are_of_about_one_length() -> None:
    about = "о принятии искового заявления к производству суда и возбуждении гражданского дела"
    lines = break_lines((Run(text=about),), size=13.0, width=467.0, align=Align.CENTRE)
    assert len(lines) == 2
    assert abs(lines[0].shift - lines[1].shift) < 40


def test_a_gap_before_another_face_is_stretched_for_every_reader() -> None:
    """PDFium drops a stretch that ends its array: the next one begins with it."""
    runs = (Run(text="Өкілдері:", marks=(Mark.BOLD,)), Run(text=" "), Run(text="талап қоюшының өкілі Жұмабаев " * 4))
    lines = break_lines(runs, size=13.0, width=467.0, align=Align.JUSTIFY)
    assert re.search(r"0020>]TJ/F0 13 Tf\[-?\d+<", lines[0].ops)


@pytest.mark.parametrize("form", [each for each in all_templates() if each.language != "en"], ids=lambda each: each.id)
def test_no_page_holds_signatures_or_a_code_alone(form: object) -> None:
    data = render_pdf(filled_form(form), META_FINAL)  # type: ignore[arg-type]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = len(pdf.pages)
    last = page_texts(data)[pages - 1]
    assert len(last.split()) > 15


META_FINAL = type(META)(title=META.title, made_at=META.made_at, is_draft=False, check=MARK)


def test_the_sentence_that_leads_to_a_heading_stands_above_it() -> None:
    for form in all_templates():
        for page in page_texts(render_pdf(filled_form(form), META_FINAL)):
            lines = [line.strip() for line in page.splitlines() if line.strip()]
            words = [line for line in lines if not line.startswith(("№", "Page", "Страница")) and "бет" not in line]
            assert not words[-1].endswith((" суд", " сот", "коллегия", "алқасы", "the court", "the panel")), form.id


def test_every_page_of_an_english_act_says_that_it_is_a_translation() -> None:
    act = filled_form(template("civil_decision.en"))
    assert act.parts[0].blocks[0].text.startswith("Courtesy translation.")
    pages = page_texts(render_pdf(act, META_FINAL))
    assert len(pages) > 1
    assert all("Courtesy translation" in page for page in pages)


def test_a_judge_signs_beside_the_code_and_a_panel_below_it() -> None:
    act = filled_form(template("civil_appeal_resolution.ru"))
    check = CheckMark(address=MARK.address, code=MARK.code, signers=("Ахметов Д. С.", "Оспан Г. Т.", "Турсынов Е. М."))
    data = render_pdf(act, type(META)(title="x", made_at=META.made_at, is_draft=False, check=check))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        boxes = [[float(edge) for edge in field.Rect] for page in pdf.pages for field in page.get("/Annots", [])]
    assert len(boxes) == 3
    apart = [(one, other) for at, one in enumerate(boxes) for other in boxes[at + 1 :]]
    assert all(
        one[0] >= other[2] or one[2] <= other[0] or one[1] >= other[3] or one[3] <= other[1] for one, other in apart
    )
    said = [(left, right, y) for left, right, y, text in drawn_lines(data) if "sot.example" in text or "7KQ2" in text]
    left, low, right, high = boxes[0]
    assert len(said) == 2
    assert not [each for each in said if low < each[2] < high and each[1] > left and each[0] < right]


def test_a_court_owns_its_judge() -> None:
    from judge_desk.domain.cases import Language

    names = {
        "Районный суд № 2 города Жаркын": "Районного суда № 2 города Жаркын",
        "Специализированный межрайонный экономический суд": "Специализированного межрайонного экономического суда",
        "Верховный Суд Республики Казахстан": "Верховного Суда Республики Казахстан",
        "Алматинский городской суд": "Алматинского городского суда",
        "СМЭС г. Астаны": "СМЭС г. Астаны",
        "": "",
    }
    assert {name: of_court(name, Language.RUSSIAN) for name in names} == names
    assert of_court("Алтынсай облыстық соты", Language.KAZAKH) == "Алтынсай облыстық сотының"
    assert of_court("Кассациялық сот", Language.KAZAKH) == "Кассациялық соттың"
    assert of_court("Altynsai Regional Court", Language.ENGLISH) == "the Altynsai Regional Court"


def test_labels_and_verdicts_agree_with_whom_they_name() -> None:
    from judge_desk.drafting.compose import compose
    from judge_desk.drafting.facts import CaseFacts

    form = template("criminal_verdict.ru")

    def made(**values: str) -> tuple[str, str]:
        facts = {name.replace("_woman", ".woman"): value for name, value in values.items()}
        act = compose(form, CaseFacts(language=form.language, values=facts))
        blocks = {block.id: block.text for block in act.blocks()}
        return blocks["in-accused"], blocks["op-guilty"]

    assert made(accused="Ким В.")[0] == "Подсудимый: Ким В."
    label, verdict = made(accused="Ким В.", accused_woman="1")
    assert label.startswith("Подсудимая:")
    assert "признать виновной в" in verdict
    label, verdict = made(accused="Ким В.; Ли О.")
    assert label.startswith("Подсудимые:")
    assert "признать виновными в" in verdict
    assert BlockKind.SIGNATURE in {block.kind for part in form.parts for block in part.block}


def test_a_table_of_many_columns_is_set_smaller_rather_than_cut_its_words() -> None:
    row = Row(cells=tuple(Cell(runs=(Run(text="ответственностью"),)) for _ in range(5)))
    block = Block(id="t", kind=BlockKind.TABLE, rows=(row, row))
    act = replace(one_block(Run(text="")), parts=(Part(kind=PartKind.OPERATIVE, blocks=(block,)),))
    words = [said.strip() for _, _, _, said in drawn_lines(render_pdf(act, META_FINAL)) if "ответ" in said]
    assert words == ["ответственностью"] * 10


def test_a_long_address_has_the_whole_width_and_the_signature_stands_below() -> None:
    act = filled_form(template("court_order.ru"))
    check = replace(MARK, address="https://hub.altynsai-regional-court.sot.example.kz/verify", corrects="Решение " * 9)
    said = [text for *_, text in drawn_lines(render_pdf(act, replace(META_FINAL, check=check)))]
    assert any(check.address in text for text in said)
