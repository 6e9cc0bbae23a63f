"""The first page of the day over a real desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import focused_name, nameless, unreachable
from judge_desk.desktop.dialogs.term_reasons import TermReasons
from judge_desk.desktop.local import LocalDesk
from judge_desk.desktop.pages.court_lines import capital
from judge_desk.desktop.pages.dossier.page import DossierPage
from judge_desk.desktop.pages.today.page import TodayPage, _subtitle
from judge_desk.desktop.shell.desk_facts import DeskFacts
from judge_desk.desktop.shell.main_window import MainWindow
from judge_desk.desktop.shell.ports import Opened
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import LINE_ROLE
from judge_desk.desktop.widgets.state_stack import State
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.dossier import DossierSection
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import dossier_scope
from judge_desk.services.desk import Desk
from tests import factories
from tests.desktop.conftest import FakeGate, painted_texts, press
from tests.desktop.court_day import DeskDay


def lines(rows: LazyList) -> list[str]:
    spoken = [rows.lines.index(row).data(LINE_ROLE).spoken() for row in range(rows.lines.rowCount())]
    return [text.replace("\u00a0", " ") for text in spoken]


def page_of(day: DeskDay) -> TodayPage:
    page = day.go("today")
    assert isinstance(page, TodayPage)
    return page


def test_the_day_is_all_there(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    assert lines(page.hearings.rows)[0] == (
        "09:00, Сейітова — Тұрғын үй инспекциясы, "
        "7140-26-00-4/318 · administrative case · 3-зал · 9 documents, lacks 1 document"
    )
    assert [text.split(",")[0] for text in lines(page.terms.rows)] == [
        "missed",
        "today",
        "today",
        "2 w. days",
        "3 w. days",
        "4 w. days",
        "4 w. days",
    ]
    assert lines(page.drafts.rows) == ["Шешім, 7140-26-00-4/318 · 23 Nov 2026, 09:00"]
    assert len(lines(page.reviews.rows)) == 1
    assert "1.4 MB" in page.readiness._lacking_words.text().replace("\u00a0", " ")


def test_enter_opens_the_case_of_a_hearing(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    page.hearings.rows.setFocus()
    press(page.hearings.rows, Qt.Key.Key_Return)
    visit = desk_day.window.pages.visit
    assert visit is not None
    assert (visit.page_id, visit.params) == ("case", {"case_id": "c1"})
    desk_day.settle()


def test_a_term_says_why_it_ends_when_it_ends(qtbot: QtBot, desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    assert page.terms.rows.select("t1")
    page.terms.rows.setFocus()
    press(page.terms.rows, Qt.Key.Key_W)
    qtbot.waitUntil(lambda: bool(desk_day.window.findChildren(TermReasons)))
    reasons = desk_day.window.findChildren(TermReasons)[0]
    told = reasons.accessibleDescription().replace("\u00a0", " ")
    assert "accepted" in told
    assert "20 working days" in told
    assert "Norm:" in told
    press(reasons, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not desk_day.window.findChildren(TermReasons))


def test_why_can_be_clicked_at_the_end_of_the_row(qtbot: QtBot, desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    rows = page.terms.rows
    place = rows.visualRect(rows.lines.index(rows.lines.cache.position_of("t1")))
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place.right() - 20, place.center().y()))
    qtbot.waitUntil(lambda: bool(desk_day.window.findChildren(TermReasons)))
    desk_day.window.findChildren(TermReasons)[0].close()


def test_it_hears_of_what_changed_elsewhere(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    before = len(lines(page.terms.rows))
    desk_day.change(lambda: desk_day.desk.terms.mark_done("t2"))
    assert len(lines(page.terms.rows)) == before - 1
    desk_day.change(lambda: desk_day.desk.hearings.hold("h1"))
    assert lines(page.hearings.rows)[0].endswith("held")


def test_a_last_day_to_appeal_stands_among_the_terms_and_leads_to_its_entry(desk_day: DeskDay) -> None:
    own = dossier_scope(factories.JUDGE_ID)
    taken_at = factories.NOW - timedelta(days=12)
    values = {"section": DossierSection.REVIEWS, "text": "Описательная часть переписана из иска. " * 40}
    results = [
        factories.a_dossier_entry(id=f"r{number}", title=f"Бағалау {number}", campaign_id="c", entered_at=at, **values)
        for number, at in enumerate([taken_at + timedelta(days=each) for each in (9, 10)] + [taken_at])
    ]
    factories.agreed(desk_day.context, Kind.DOSSIER_ENTRY, own, results)
    page = page_of(desk_day)
    term, appeal = lines(page.terms.rows)[3:5]
    assert term.startswith("2 w. days, Представить отзыв, 25 Nov 2026")
    assert appeal == "2 w. days, Appeal against a peer review result, until 25 Nov 2026 · Бағалау 2"
    assert page.terms.rows.select("r2")
    # Of a title without its middle or its end nobody would know what runs out.
    assert page.terms.rows.currentIndex().data(LINE_ROLE).wraps
    page.terms.rows.setFocus()
    press(page.terms.rows, Qt.Key.Key_Return)
    desk_day.settle()
    dossier = desk_day.window.pages.page
    assert isinstance(dossier, DossierPage)
    assert dossier.sections.current_id() == DossierSection.REVIEWS.value
    bar, card = dossier.middle.verticalScrollBar(), dossier.middle.cards["r2"]
    desk_day.qtbot.waitUntil(lambda: bar.value() == min(card.y(), bar.maximum()) > 0)


def test_it_speaks_the_language_chosen_while_it_runs(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    Wording.current().switch("kk")
    assert page.head._title.text() == "Дүйсенбі, 23\u00a0қараша"
    assert lines(page.hearings.rows)[0].endswith("1 құжат жетіспейді")
    Wording.current().switch("ru")
    assert lines(page.hearings.rows)[0].endswith("не хватает 1 документа")


def test_a_new_desk_invites(qtbot: QtBot, gate: FakeGate, local: LocalDesk, tasks: TaskRunner, tmp_path: Path) -> None:
    context = factories.desk_context(tmp_path)
    desk = Desk.over(context)
    window = MainWindow(gate, local, context.clock, tasks)
    qtbot.addWidget(window)
    window.open_desk(Opened(desk, DeskFacts(desk)))
    page = window.pages.page
    assert page is not None
    qtbot.waitUntil(lambda: page.states.state is State.EMPTY)
    tasks.close()
    context.store.close()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_control_has_a_name_and_tab_reaches_it(desk_day: DeskDay, language: str) -> None:
    page = page_of(desk_day)
    Wording.current().switch(language)
    assert nameless(page) == []
    assert unreachable(page) == []


def test_arrows_and_tab_walk_the_page(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    page.focus_first()
    names = [focused_name()]
    for _ in range(5):
        press(page, Qt.Key.Key_Tab)
        names.append(focused_name())
    assert names[0] == "Hearings"
    assert {"Terms", "To sign"} <= set(names)


def test_a_narrow_window_puts_the_columns_one_below_the_other(qtbot: QtBot, desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    desk_day.window.resize(1280, 720)
    Theme.current().apply(scale=1.5)
    QApplication.processEvents()
    assert page.readiness.mapTo(page, QPoint()).y() > page.hearings.mapTo(page, QPoint()).y()
    for card in (page.hearings, page.terms, page.drafts):
        assert card.width() <= page.width()


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_the_distances_between_the_cards_follow_the_text_scale(qtbot: QtBot, desk_day: DeskDay, scale: float) -> None:
    page = page_of(desk_day)
    Theme.current().apply(scale=1.25)
    desk_day.settle()
    Theme.current().apply(scale=scale)
    cards = [page.readiness, page.terms, page.drafts, page.reviews]
    gap = Theme.current().px(Space.CARD)
    qtbot.waitUntil(lambda: _gaps(cards) == [gap] * 3, timeout=2_000)
    assert page._columns.spacing() == page.content.spacing() == gap
    assert page.terms.head._row.spacing() == Theme.current().px(Space.ROW)
    assert page.head._grid.spacing() == Theme.current().px(Space.GAP)


def _gaps(cards: Sequence[QWidget]) -> list[int]:
    """What lies between each and the next below it."""
    return [later.y() - earlier.y() - earlier.height() for earlier, later in pairwise(cards)]


def test_what_only_wants_a_signature_is_counted_apart_from_what_wants_finalising_first(desk_day: DeskDay) -> None:
    found = page_of(desk_day)._overview
    assert found is not None
    (laid_out, *_) = found.drafts_to_sign
    several = [replace(laid_out, is_final=final) for final in (True, False, False)]
    told = _subtitle(replace(found, drafts_to_sign=tuple(several)))
    assert told.endswith(f"{t('today.unsigned', n=1)} · {t('today.to_sign', n=2)}")
    assert t("today.unsigned", n=1) not in _subtitle(replace(found, drafts_to_sign=tuple(several[1:])))


@pytest.mark.parametrize("percent", [100, 125])
def test_the_number_of_a_case_is_read_whole_beside_a_term_and_a_draft(desk_day: DeskDay, percent: int) -> None:
    page = page_of(desk_day)
    Theme.current().apply(scale=percent / 100)
    Wording.current().switch("ru")
    desk_day.window.resize(1280, 800)
    desk_day.settle()
    found = page._overview
    assert found is not None
    terms, drafts = ([each.case_number for each in shown] for shown in (found.terms, found.drafts_to_sign))
    for rows, numbers in ((page.terms.rows, terms), (page.drafts.rows, drafts)):
        for row, number in enumerate(numbers):
            texts = painted_texts(rows, row)
            assert any(number in text for text in texts), texts


def test_the_name_of_a_term_has_a_second_line(desk_day: DeskDay) -> None:
    page = page_of(desk_day)
    Wording.current().switch("ru")
    desk_day.window.resize(1280, 800)
    desk_day.settle()
    assert page._overview is not None
    for row, term in enumerate(page._overview.terms):
        name = capital(term.name("ru"))
        assert name in [text.replace("\n", " ") for text in painted_texts(page.terms.rows, row)]


def test_who_reads_no_case_is_told_why(
    qtbot: QtBot, gate: FakeGate, local: LocalDesk, tasks: TaskRunner, tmp_path: Path
) -> None:
    context = factories.desk_context(tmp_path, Role.CHAIR)
    desk = Desk.over(context)
    window = MainWindow(gate, local, context.clock, tasks)
    qtbot.addWidget(window)
    window.show()
    window.open_desk(Opened(desk, DeskFacts(desk)))
    page = window.pages.page
    assert isinstance(page, TodayPage)
    assert page.states.state is State.EMPTY
    assert not window.registry.is_enabled("today.new_draft")
    qtbot.waitUntil(lambda: tasks.is_idle)
    tasks.close()
    context.store.close()
