"""Papers that are no acts: a dossier extract prints whole and valid."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from judge_desk.domain.cases import Language
from judge_desk.drafting.report import Report, Section, render_report
from judge_desk.drafting.text import render_text
from tests.pdfa import assert_pdfa
from tests.unit.drafting.acts import long_act
from tests.unit.drafting.reading import elements, page_texts

REPORT = Report(
    title="Судьяның электрондық деректер жинағынан үзінді",
    language=Language.KAZAKH,
    made_at=datetime(2026, 5, 12, tzinfo=UTC),
    subtitle="Ахметов Даурен Серікұлы",
    author="Жарқын қаласының № 2 аудандық соты",
    sections=(
        Section(
            title="Лауазымдар",
            paragraphs=("Қызмет тізімі соңғы лауазымнан басталады.",),
            pairs=(("Қазіргі лауазымы", "судья"), ("Тағайындалған күні", "2019 ж. 1 қыркүйек"), ("Ескертпе", "")),
        ),
        Section(
            title="Жүктеме",
            columns=("Жыл", "Түскен істер", "Мерзімінде қаралғаны"),
            rows=tuple((str(year), str(year % 100 * 7), "97,5 %") for year in range(1960, 2026)),
        ),
    ),
)


def test_a_report_prints_every_value_and_validates(tmp_path: Path) -> None:
    data = render_report(REPORT)
    path = tmp_path / "report.pdf"
    path.write_bytes(data)
    assert_pdfa(path, "2a", "ua1")
    spoken = [words for _, words in elements(data)]
    assert spoken[:3] == [REPORT.title, REPORT.subtitle, "Лауазымдар"]
    for section in REPORT.sections:
        for row in (*section.pairs, section.columns, *section.rows):
            assert {cell for cell in row if cell} <= set(spoken)


def test_a_report_is_no_draft() -> None:
    assert all("ЖОБА" not in page for page in page_texts(render_report(REPORT)))


def test_plain_text_holds_every_block_and_numbers_lists() -> None:
    act = long_act(paragraphs=5)
    text = render_text(act)
    for block in act.blocks():
        assert block.text in text
    assert "1) Сот талап" in text
    assert text.endswith("\n")
    assert "\n\n\n" not in text


def test_a_heading_stands_on_the_page_of_its_table() -> None:
    """A table of three rows is never parted: at any foot of a page the heading goes with all of it."""
    table = Section(title="Қызмет", columns=("Кезең", "Жазба"), rows=(("2021", "бірінші"), ("2017", "екінші")))
    for filled in range(24, 44):
        before = Section(title="Жүктеме", paragraphs=("Сот. ",) * filled)
        pages = page_texts(render_report(replace(REPORT, sections=(before, table))))
        (of_heading,) = (number for number, page in enumerate(pages) if "Қызмет" in page)
        assert all(word in pages[of_heading] for word in ("Кезең", "бірінші", "екінші")), filled


def test_sections_too_long_to_keep_are_parted_as_before() -> None:
    kept = replace(REPORT, keeps_sections=True)
    assert page_texts(render_report(kept)) == page_texts(render_report(REPORT))
