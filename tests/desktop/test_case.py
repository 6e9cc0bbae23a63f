"""One case file over a real desk: documents, words in them, notes while typing, terms, completeness, steps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless, unreachable
from judge_desk.desktop.dialogs.confirm import ConfirmDialog
from judge_desk.desktop.dialogs.term_reasons import TermReasons
from judge_desk.desktop.pages.case.lines import next_first
from judge_desk.desktop.pages.case.notes_section import NoteItem
from judge_desk.desktop.pages.case.page import CasePage
from judge_desk.desktop.pages.court_lines import joined, outcome_owed
from judge_desk.desktop.tasks import Progress
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton
from judge_desk.desktop.widgets.line import KEY_ROLE, LINE_ROLE, Line, row_height
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.section_head import SectionHead
from judge_desk.desktop.widgets.state_stack import State
from judge_desk.desktop.widgets.term_list import TermList
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.cases import Procedure, Stage
from judge_desk.domain.hearings import HearingState
from judge_desk.domain.notes import NoteReach
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.cases import CaseQuery
from tests import factories
from tests.desktop.conftest import begins_on_cancel, press, type_text
from tests.desktop.court_day import DeskDay
from tests.factories import NOW


def page_of(day: DeskDay, **params: str) -> CasePage:
    page = day.go("case", **{"case_id": "c1", **params})
    assert isinstance(page, CasePage)
    return page


def note_texts(day: DeskDay) -> list[str]:
    return [row.note.text for row in day.desk.notes.of_case("c1")]


def test_a_case_opens_on_its_first_document(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    assert page.reader.document_id == desk_day.day.documents[0].id
    assert page.reader.page == 1
    assert page.documents.rows.current_id() == desk_day.day.documents[0].id
    assert "7140-26-00-4/318 · administrative case" in page.head._subtitle.text()
    assert page.title() == "Case file"


def test_three_keys_from_the_list_of_cases_to_a_document(qtbot: QtBot, desk_day: DeskDay) -> None:
    cases = desk_day.go("cases", text="инспекция")
    cases.table.setFocus()
    cases.table.selectRow(0)
    press(cases.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(desk_day.window.pages.page, CasePage))
    desk_day.settle()
    page = desk_day.window.pages.page
    assert isinstance(page, CasePage)
    press(page, Qt.Key.Key_Down)
    press(page, Qt.Key.Key_Return)
    desk_day.settle()
    assert page.reader.document_id == desk_day.day.documents[1].id
    assert QApplication.focusWidget() is page.reader.pages


def test_words_are_found_in_the_documents_of_this_case(qtbot: QtBot, desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    page.documents.words.setText("қолхаттар")
    page.documents.words._ask()
    desk_day.settle()
    ids = [page.documents.rows.lines.index(row).data(KEY_ROLE) for row in range(page.documents.rows.lines.rowCount())]
    second = desk_day.day.documents[1].id
    assert second in ids
    hit = next(each for each in ids if each.startswith(f"{second}@"))
    page.documents.rows.select(hit)
    page.documents.rows.setFocus()
    press(page.documents.rows, Qt.Key.Key_Return)
    desk_day.settle()
    qtbot.waitUntil(lambda: bool(page.reader.finder.hits))
    assert page.reader.document_id == second
    assert page.reader.page == int(hit.rpartition("@")[2])
    assert page.step_back()  # the marks
    assert page.step_back()  # the words
    assert page.documents.rows.lines.rowCount() == 9
    assert not page.step_back()


def test_a_hit_of_the_palette_opens_at_its_page_with_its_words(qtbot: QtBot, desk_day: DeskDay) -> None:
    document = desk_day.day.documents[2]
    page = page_of(desk_day, document_id=document.id, page="2", query="қолхат")
    qtbot.waitUntil(lambda: not page.reader.finder.is_busy and bool(page.reader.finder.hits), timeout=10_000)
    assert (page.reader.document_id, page.reader.page) == (document.id, 2)
    assert page.documents.rows.current_id() == document.id


def test_m_begins_a_note_on_the_page_in_view_and_typing_saves_it(qtbot: QtBot, desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    page.reader.pages.go_to(4)
    press(page.reader.pages, Qt.Key.Key_M)
    editor = page.know.notes.editor
    assert editor.isVisible()
    type_text(editor.text, "Күні сәйкес емес")
    qtbot.waitUntil(lambda: "Күні сәйкес емес" in note_texts(desk_day), timeout=5_000)
    (saved,) = [row.note for row in desk_day.desk.notes.of_case("c1") if row.note.text.startswith("Күні")]
    assert (saved.document_id, saved.page, saved.reach) == (desk_day.day.documents[0].id, 5, NoteReach.PRIVATE)
    press(editor.text, Qt.Key.Key_Escape)
    desk_day.settle()
    assert not editor.isVisible()
    qtbot.waitUntil(lambda: len(page.findChildren(NoteItem)) == 3)


def test_leaving_the_page_saves_the_note_being_typed(qtbot: QtBot, desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    page._new_note()
    type_text(page.know.notes.editor.text, "жарым сөйлем")
    desk_day.window.open_page("today")
    qtbot.waitUntil(lambda: "жарым сөйлем" in note_texts(desk_day))
    desk_day.settle()


def test_a_note_changes_its_reach_without_a_twin(qtbot: QtBot, desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    before = len(note_texts(desk_day))
    own = next(row.note for row in desk_day.desk.notes.of_case("c1") if row.note.reach is NoteReach.PRIVATE)
    page.know.notes.edit_asked.emit(own)
    editor = page.know.notes.editor
    editor.reach.set_value(NoteReach.SHARED.value)
    type_text(editor.text, "! ")
    editor.save()
    type_text(editor.text, "Иә")
    editor.end()
    desk_day.settle()
    rows = desk_day.desk.notes.of_case("c1")
    assert len(rows) == before
    assert all(row.note.reach is NoteReach.SHARED for row in rows)
    assert any("Иә" in row.note.text for row in rows)


def test_a_deleted_note_comes_back(qtbot: QtBot, desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    before = sorted(note_texts(desk_day))
    own = desk_day.desk.notes.of_case("c1")[0].note
    page.know.notes.delete_asked.emit(own)
    qtbot.waitUntil(lambda: len(note_texts(desk_day)) == len(before) - 1)
    qtbot.waitUntil(desk_day.window.toast_line.can_undo)
    desk_day.window.toast_line.undo()
    qtbot.waitUntil(lambda: sorted(note_texts(desk_day)) == before)
    desk_day.settle()


def test_a_file_that_has_not_come_is_asked_for_and_opens_when_it_comes(qtbot: QtBot, desk_day: DeskDay) -> None:
    missing = desk_day.day.missing
    page = page_of(desk_day, document_id=missing.id)
    assert page.reader.states.state is State.EMPTY
    assert desk_day.desk.documents.row(missing.id).wanted
    page.reader.fetch_asked.emit(missing.id)
    desk_day.settle()
    factories.with_file(desk_day.context, missing, b"x" * 1_500_000)
    page.context.events.announce(desk_day.desk.documents.want(missing.id))
    qtbot.waitUntil(lambda: page.reader.states.state is State.ERROR, timeout=10_000)
    assert "not a PDF" in page.reader.states._words._title.text()


def test_completeness_is_proven_with_progress(qtbot: QtBot, desk_day: DeskDay, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(desk_day)
    told = page.know.receipt.sentence().replace("\u00a0", " ")
    assert told.startswith("8 of 9 documents on this device Hashes checked: 23 Nov 2026, 09:00 The hub has not signed")
    assert isinstance(desk_day.context.clock, FixedClock)
    desk_day.context.clock.advance(hours=3)
    steps: list[Progress] = []
    monkeypatch.setattr(page.know.receipt, "show_progress", steps.append)
    page.verifying.start()
    qtbot.waitUntil(lambda: "12:00" in page.know.receipt.sentence(), timeout=10_000)
    assert [step.done for step in steps] == list(range(len(steps)))
    assert {step.total for step in steps} == {8}
    desk_day.settle()


def test_a_check_can_be_stopped(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    page.verifying.start()
    page.verifying.stop()
    desk_day.settle()
    assert page.know.receipt._verify.isVisibleTo(page.know)


def test_a_step_is_asked_once_and_taken(qtbot: QtBot, desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    page.stage._ask(Stage.DELIBERATION)
    dialog = desk_day.window.findChildren(ConfirmDialog)[0]
    dialog.findChildren(PrimaryButton)[0].click()
    qtbot.waitUntil(lambda: desk_day.desk.cases.case_file("c1").case.stage is Stage.DELIBERATION)
    qtbot.waitUntil(lambda: page.stage.text() == "Deliberation")
    desk_day.settle()


@pytest.mark.parametrize(("stage", "has_way_back"), [(Stage.DELIBERATION, True), (Stage.CLOSED, False)])
def test_a_step_without_a_way_back_begins_on_cancel(desk_day: DeskDay, stage: Stage, has_way_back: bool) -> None:
    page = page_of(desk_day)
    page.stage._ask(stage)
    dialog = desk_day.window.findChildren(ConfirmDialog)[0]
    assert begins_on_cancel(dialog) is not has_way_back
    dialog.reject()


def test_announcing_the_operative_part_is_asked_once_and_starts_the_clock(qtbot: QtBot, desk_day: DeskDay) -> None:
    cases = desk_day.desk.cases
    query = CaseQuery(procedures=frozenset({Procedure.CIVIL}), stages=frozenset({Stage.HEARING}))
    case_id = cases.rows(cases.ids(query))[0].id
    page = page_of(desk_day, case_id=case_id)
    page.stage.announce()
    dialog = desk_day.window.findChildren(ConfirmDialog)[0]
    assert begins_on_cancel(dialog)
    dialog.findChildren(PrimaryButton)[0].click()
    terms = desk_day.desk.terms
    qtbot.waitUntil(lambda: any(each.term.rule_id == "civil.full_text" for each in terms.of_case(case_id)))
    qtbot.waitUntil(lambda: page.stage._file is not None and page.stage._file.full_text_due_on is None)
    desk_day.settle()


def test_a_term_of_the_case_says_why(qtbot: QtBot, desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    page.know.terms.rows.select("t1")
    page.know.terms.rows.setFocus()
    press(page.know.terms.rows, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(desk_day.window.findChildren(TermReasons)))
    desk_day.window.findChildren(TermReasons)[0].close()


def test_reading_mode_folds_the_sides_and_esc_brings_them_back(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    press(page, Qt.Key.Key_F11)
    assert not page.documents.isVisible()
    assert not page.know.isVisible()
    assert not page.head.isVisible()
    press(page, Qt.Key.Key_Escape)
    assert page.documents.isVisible()
    assert page.know.isVisible()
    desk_day.settle()


def test_a_narrow_window_gives_the_room_to_what_is_read(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    desk_day.window.resize(1280, 720)
    Theme.current().apply(scale=1.5)
    desk_day.settle()
    assert not page.know.isVisible()
    assert page.reader.width() > page.width() // 2
    page.sides.toggle_right()
    assert page.know.isVisible()


def test_another_case_lets_go_of_the_first(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    desk_day.go("case", case_id="c2")
    assert page.reader.document_id == ""
    assert page.documents.rows.lines.rowCount() == 0
    assert desk_day.go("case", case_id="nobody").states.state is State.ERROR


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_control_has_a_name_and_tab_reaches_it(desk_day: DeskDay, language: str) -> None:
    page = page_of(desk_day)
    page.reader.find_bar.open_bar()
    page._new_note()
    Wording.current().switch(language)
    desk_day.settle()
    assert nameless(page) == []
    assert unreachable(page) == []


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_nothing_in_the_right_column_is_cut(desk_day: DeskDay, language: str, scale: float) -> None:
    page = page_of(desk_day)
    page._new_note()
    page.know.term_rows.select("t1")
    Wording.current().switch(language)
    Theme.current().apply(scale=scale)
    desk_day.settle()
    page.know.show()
    desk_day.qtbot.waitUntil(lambda: page.know._scroll.viewport().width() > 0)
    assert page.know._sheet.minimumSizeHint().width() <= page.know._scroll.viewport().width()
    heads = [each._label for each in page.know._sheet.findChildren(SectionHead)]
    assert len(heads) == 6
    desk_day.qtbot.waitUntil(lambda: [each.text() for each in heads if each._shown() != each.text()] == [])


def test_a_case_is_found_read_searched_and_noted_by_keys_alone(qtbot: QtBot, desk_day: DeskDay) -> None:
    window, control = desk_day.window, Qt.KeyboardModifier.ControlModifier
    desk_day.go("today")
    press(window, Qt.Key.Key_2, control)
    desk_day.settle()
    words = QApplication.focusWidget()
    assert words is not None
    type_text(words, "инспекция")
    press(words, Qt.Key.Key_Return)
    desk_day.settle()
    qtbot.waitUntil(lambda: isinstance(window.pages.page, CasePage))
    desk_day.settle()
    page = window.pages.page
    assert isinstance(page, CasePage)
    press(page, Qt.Key.Key_Down)
    press(page, Qt.Key.Key_Return)
    desk_day.settle()
    press(page, Qt.Key.Key_F, control)
    type_text(page.reader.find_bar.field, "расписка")
    press(page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page.reader.finder.hits), timeout=10_000)
    assert page.reader.page == 2
    press(page, Qt.Key.Key_Escape)
    press(page, Qt.Key.Key_M)
    type_text(page.know.notes.editor.text, "түпнұсқа")
    press(page, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: "түпнұсқа" in note_texts(desk_day))
    press(page, Qt.Key.Key_Escape)
    desk_day.settle()
    assert window.pages.visit is not None
    assert window.pages.visit.page_id == "cases"


def test_the_next_hearing_stands_first(desk_day: DeskDay) -> None:
    made = [
        factories.a_hearing("c1", NOW + timedelta(days=days), id=f"h{days}", state=state)
        for days, state in (
            (-9, HearingState.HELD),
            (-2, HearingState.ADJOURNED),
            (1, HearingState.PLANNED),
            (8, HearingState.PLANNED),
        )
    ]
    assert [each.id for each in next_first(made)] == ["h1", "h8", "h-2", "h-9"]
    page = page_of(desk_day)
    rows = page.know.hearings.rows.lines
    states = [rows.index(row).data(LINE_ROLE).strong for row in range(rows.rowCount())]
    assert states == sorted(states, reverse=True)


def test_a_hearing_that_is_over_owes_its_outcome_here_as_on_today(desk_day: DeskDay) -> None:
    clock = desk_day.context.clock
    assert isinstance(clock, FixedClock)

    def look() -> tuple[str, str, str]:
        rows = page_of(desk_day).know.hearings.rows
        assert rows.select("h1")
        line: Line = rows.currentIndex().data(LINE_ROLE)
        return line.detail, line.icon_tone, line.icon

    assert look() == (joined(t("word.hearing.planned"), "3-зал"), "accent", "calendar")
    clock.advance(hours=2)
    words, tone, shape = outcome_owed()
    assert look() == (joined(words, "3-зал"), tone, shape)


def test_a_long_term_wraps_beside_its_question_mark(qtbot: QtBot) -> None:
    view = TermList("cases.file.terms")
    qtbot.addWidget(view)
    view.set_grows()
    name = "Рассмотреть дело в разумный срок, не дольше трёх месяцев"
    view.show_lines(
        [Line(id="t", title=name, detail="24 р. дня", trailing="?", trailing_tone="accent", pill=True, wraps=True)]
    )
    view.resize(Size.SIDE, view.height())
    view.show()
    qtbot.waitUntil(lambda: view.visualRect(view.lines.index(0)).height() > row_height(two_lines=True))
    asked: list[str] = []
    view.why_asked.connect(lambda row_id, _place: asked.append(row_id))
    row = view.visualRect(view.lines.index(0))
    picture, middle = view.viewport().grab().toImage(), row.center().y()
    beside = {picture.pixelColor(x, middle).name() for x in range(row.right() - 2 * Space.CARD, row.right())}
    assert Theme.current().colour("accent_soft").name() in beside
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(row.right() - Space.CARD, row.center().y()))
    assert asked == ["t"]


def test_who_stands_for_a_party_is_not_named_as_that_party(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    Wording.current().switch("en")
    desk_day.settle()
    assert "Representative for Сейітова А. М." in [each.text() for each in page.findChildren(PlainLabel)]
