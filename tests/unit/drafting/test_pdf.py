"""Acts on paper: the text copies out exactly, the real validator accepts the file, bad letters are refused by name."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judge_desk.domain.acts import ActText, Align, Block, BlockKind, Cell, Mark, Run, markers, normalised
from judge_desk.domain.cases import Language
from judge_desk.domain.errors import BadInput
from judge_desk.drafting import fonts
from judge_desk.drafting.lines import SPACE
from judge_desk.drafting.pdf import meta_of, render_pdf
from judge_desk.drafting.sheets import LEFT, PAGE_WIDTH, RIGHT
from tests.pdfa import assert_pdfa
from tests.unit.drafting.acts import META, SENTENCES, long_act, one_block, spread, table, text
from tests.unit.drafting.reading import drawn_lines, elements, page_texts, squeezed

LETTERS = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюяАӘБВГҒҚҢӨҰҮҺІ 0123456789.,«»—№§₸()-\u00a0 "
MARKS = st.lists(st.sampled_from(list(Mark)), max_size=3, unique=True).map(tuple)
RUNS = st.lists(st.builds(Run, text=st.text(LETTERS, min_size=1, max_size=200), marks=MARKS), min_size=1, max_size=6)


def model_text(act: ActText) -> list[str]:
    """What the structure of the file must give back, element by element."""
    numbers = markers(act)
    texts = []
    for block in act.blocks():
        if block.id in numbers:
            texts.append(numbers[block.id] + " ")
        if block.kind is BlockKind.TABLE:
            texts.extend("".join(run.text for run in cell.runs) for row in block.rows for cell in row.cells)
        else:
            texts.append(block.text.replace("\t", " "))
    return [one for one in texts if one]


@pytest.mark.parametrize("language", [Language.KAZAKH, Language.RUSSIAN])
def test_structure_gives_back_the_text_of_the_model(language: Language) -> None:
    act = long_act(language)
    assert [words for _, words in elements(render_pdf(act, META))] == model_text(act)


@given(RUNS)
@settings(max_examples=60, deadline=None)
def test_any_runs_come_back_letter_by_letter(runs: list[Run]) -> None:
    act = normalised(one_block(*runs))
    (block,) = act.blocks()
    assert "".join(words for _, words in elements(render_pdf(act, META))) == block.text


def test_another_program_copies_the_same_text() -> None:
    act = long_act()
    pages = page_texts(render_pdf(act, META))
    marks = [
        f"{len(pages)} беттің {page + 1}-беті" + (META.running if page else "") + "ЖОБА" for page in range(len(pages))
    ]
    copied = "".join(
        squeezed(page).removesuffix(squeezed(mark)) for page, mark in zip(pages, marks, strict=True)
    )  # fmt: skip
    head = squeezed("№ Құжат Сомасы, ₸")
    expected = squeezed("".join(model_text(act)))
    assert copied.replace(head, "") == expected.replace(head, "")
    assert copied.count(head) > 1, "the heading row is repeated on each page of the table"


def test_roles_follow_the_kinds_of_blocks() -> None:
    roles = [role for role, _ in elements(render_pdf(long_act(paragraphs=4), META))]
    assert roles[:5] == ["P", "H1", "P", "H2", "P"]
    assert {"H3", "Lbl", "LBody", "TH", "TD"} <= set(roles)


def test_the_real_validator_accepts_a_long_act(tmp_path: Path) -> None:
    path = tmp_path / "act.pdf"
    for language in Language:
        path.write_bytes(render_pdf(long_act(Language.RUSSIAN if language is Language.ENGLISH else language), META))
        assert_pdfa(path, "2b", "2a", "ua1")


def test_the_same_act_gives_the_same_bytes() -> None:
    assert render_pdf(long_act(paragraphs=5), META) == render_pdf(long_act(paragraphs=5), META)
    assert render_pdf(long_act(paragraphs=5), META) != render_pdf(long_act(paragraphs=5, seed=2), META)


def test_a_letter_that_the_font_lacks_is_named_with_its_block() -> None:
    with pytest.raises(BadInput) as caught:
        render_pdf(one_block(Run(text="бұл таңба: 漢")), META)
    assert caught.value.key == "drafting.bad.letter"
    assert caught.value.params["block"] == "b"
    assert str(caught.value.params["letter"]).startswith("漢 (U+6F22 CJK UNIFIED IDEOGRAPH")


def test_decomposed_letters_are_printed_composed() -> None:
    ((_, words),) = elements(render_pdf(one_block(Run(text="и\u0306е\u0308")), META))
    assert words == "йё"


def test_soft_hyphens_are_not_printed() -> None:
    ((_, words),) = elements(render_pdf(one_block(Run(text="Қазақ\u00adстан")), META))
    assert words == "Қазақстан"


def test_every_letter_of_both_alphabets_is_in_each_face() -> None:
    for number in range(4):
        widths = fonts.face(number).widths
        assert {ord(letter) for letter in fonts.USUAL} <= set(widths)
        assert widths[32] == SPACE


def act_of(*blocks: Block) -> ActText:
    act = one_block(Run(text="x"))
    return replace(act, parts=(replace(act.parts[0], blocks=blocks),))


def short_lines(count: int) -> tuple[Block, ...]:
    return tuple(text(f"p{number}", "Жол.") for number in range(count))


@pytest.mark.parametrize("language", [Language.KAZAKH, Language.RUSSIAN])
def test_text_stays_inside_the_margins(language: Language) -> None:
    lines = drawn_lines(render_pdf(long_act(language), META))
    assert min(left for left, *_ in lines) >= LEFT - 0.01
    assert max(right for _, right, *_ in lines) <= PAGE_WIDTH - RIGHT + 1.0
    assert min(foot for _, _, foot, _ in lines) > 25


def test_full_lines_of_a_paragraph_end_at_the_margin() -> None:
    act = one_block(Run(text=" ".join(SENTENCES[Language.KAZAKH])))
    *full, _, _, _ = drawn_lines(render_pdf(act, META))
    assert len(full) >= 4
    for _, right, _, words in full:
        assert right == pytest.approx(PAGE_WIDTH - RIGHT, abs=0.5), words


def test_a_word_wider_than_the_page_is_cut() -> None:
    lines = drawn_lines(render_pdf(one_block(Run(text="ұ" * 900)), META))
    assert len(lines) > 10
    assert max(right for _, right, *_ in lines) <= PAGE_WIDTH - RIGHT + 0.5


def test_a_line_that_took_one_word_more_is_drawn_tighter() -> None:
    for count in range(30):
        words = "и" * count + " " + " ".join(SENTENCES[Language.RUSSIAN])
        act = act_of(text("b", words, align=Align.START))
        assert max(right for _, right, *_ in drawn_lines(render_pdf(act, META))) <= PAGE_WIDTH - RIGHT + 0.5


def test_numbers_and_initials_are_not_torn_apart() -> None:
    for count in range(40):
        words = "сөз " * count + "№ 45 шарт 5 000 000 теңге Д. С. Ахметов"
        for _, _, _, line in drawn_lines(render_pdf(one_block(Run(text=words)), META)):
            assert not line.rstrip().endswith(("№", "Д.", "С.")), line
            assert not line.startswith(("000", "теңге")), line


def test_a_signature_is_never_alone_on_a_page() -> None:
    sign = spread("s", BlockKind.SIGNATURE, "Судья", "Ахметов Д. С.")
    pages = [page_texts(render_pdf(act_of(*short_lines(count), sign), META)) for count in range(28, 40)]
    assert {len(page) for page in pages} == {1, 2}
    for page in pages:
        assert "Жол." in page[-1]


def test_a_heading_stands_on_the_page_of_its_text() -> None:
    heading = text("h", "Тарау", kind=BlockKind.HEADING, level=2)
    for count in range(28, 40):
        pages = page_texts(render_pdf(act_of(*short_lines(count), heading, text("t", "Мәтін.")), META))
        assert ["Тарау" in page for page in pages] == ["Мәтін" in page for page in pages], count


def test_no_line_of_a_paragraph_stands_alone_on_a_page() -> None:
    long = text("t", "Сөз " * 120 + "соңы.")
    for count in range(24, 40):
        for page in page_texts(render_pdf(act_of(*short_lines(count), long), META)):
            lines = [line for line in page.splitlines() if "Сөз" in line or "соңы" in line]
            assert len(lines) != 1, count


def test_a_row_taller_than_a_page_is_cut_and_complete() -> None:
    block = table(2)
    tall = Cell(runs=(Run(text="өте ұзын ұяшық " * 900),))
    row = replace(block.rows[1], cells=(block.rows[1].cells[0], tall, block.rows[1].cells[2]))
    data = render_pdf(act_of(replace(block, rows=(block.rows[0], row, block.rows[2]))), META)
    assert "".join(words for _, words in elements(data)).count("ұяшық") == 900
    assert min(foot for _, _, foot, _ in drawn_lines(data)) > 25


def test_a_five_hundred_page_act_is_printed() -> None:
    data = render_pdf(long_act(paragraphs=2400), META)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) > 200


def test_meta_is_read_from_the_act() -> None:
    runs = (Run(text="7199-26-00-2/1", field="case.number"), Run(text="Сот", field="court"))
    meta = meta_of(one_block(*runs), META.made_at)
    assert (meta.title, meta.court, meta.running) == ("№ 7199-26-00-2/1", "Сот", "№ 7199-26-00-2/1")
