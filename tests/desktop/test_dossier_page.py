"""The page of the dossier: every entry with its origin, the judge's words under it, and nothing half-written lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless, unreachable
from judge_desk.desktop.dialogs.ask_text import AskTextDialog
from judge_desk.desktop.local import LocalDesk
from judge_desk.desktop.pages.dossier.chart import Bar, BarChart
from judge_desk.desktop.pages.dossier.new_entry import NewEntryDialog
from judge_desk.desktop.pages.dossier.page import DossierPage
from judge_desk.desktop.pages.dossier.print_dialog import PrintDialog
from judge_desk.desktop.pages.dossier.reply_box import ReplyBox
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Size, Theme
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import LINE_ROLE, Line
from judge_desk.desktop.widgets.state_stack import State
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.changes import Changes
from judge_desk.domain.dossier import ChangeCause, DossierAccess, DossierReply, DossierSection, ReplyKind
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.review_results import CriterionResult, PanelResult, ReviewResult, Verdict
from judge_desk.domain.scopes import dossier_scope
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.context import DeskContext
from judge_desk.services.dossier import Delivery, DossierService
from tests.desktop.real_page import open_real_page, settle, window_of
from tests.factories import JUDGE_ID, NOW, a_dossier_entry, a_person, agreed, desk_context, grant

OWN = dossier_scope(JUDGE_ID)


@pytest.fixture
def context(tmp_path: Path, clock: FixedClock) -> Iterator[DeskContext]:
    clock.set(NOW)
    made = desk_context(tmp_path, clock=clock)
    yield made
    made.store.close()


@pytest.fixture
def show(qtbot: QtBot, context: DeskContext, local: LocalDesk, tasks: TaskRunner) -> Callable[..., DossierPage]:
    def make(over: DeskContext = context, **params: str) -> DossierPage:
        return cast(DossierPage, open_real_page(qtbot, over, local, tasks, "dossier", loop=None, **params))

    return make


def some_entries(context: DeskContext) -> None:
    entries = [
        a_dossier_entry(
            id="late",
            section=DossierSection.TERMS_KEPT,
            title="Срок нарушен",
            from_on=date(2026, 11, 17),
            source="Төрелік",
            entered_by="Ибраев С. К.",
            entered_at=NOW,
        ),
        a_dossier_entry(
            id="load",
            section=DossierSection.WORKLOAD,
            from_on=date(2026, 1, 1),
            to_on=date(2026, 6, 30),
            figures={"received": 611, "resolved": 598},
        ),
        a_dossier_entry(id="error", section=DossierSection.APPEALS, cause=ChangeCause.ERROR, from_on=date(2025, 3, 1)),
        a_dossier_entry(id="law", section=DossierSection.APPEALS, cause=ChangeCause.LAW_CHANGED),
    ]
    for each in entries:
        agreed(context, Kind.DOSSIER_ENTRY, OWN, [each])


def words(page: DossierPage) -> str:
    return "\n".join(each.text() for each in page.middle.findChildren(QLabel) if not each.isHidden())


def link(page: DossierPage, entry_id: str, key: str) -> QPushButton:
    QApplication.processEvents()
    card = page.middle.cards[entry_id]
    (found,) = (each for each in card.findChildren(QPushButton) if each.text() == t(key) and not each.isHidden())
    return found


def box(page: DossierPage) -> ReplyBox:
    found = page.middle.writing_box()
    assert found is not None
    return found


def test_an_empty_dossier_invites(show: Callable[..., DossierPage]) -> None:
    page = show()
    assert page.states.state is State.EMPTY
    assert page.states._words._title.text() == t("dossier.empty.title")


def test_a_result_of_peer_review_is_read_in_the_language_of_the_window(
    qtbot: QtBot, context: DeskContext, show: Callable[..., DossierPage]
) -> None:
    names = {"reasons": {"kk": "Уәждеме", "ru": "Мотивировка", "en": "Reasoning"}}
    criterion = CriterionResult(criterion_id="reasons", verdict=Verdict.MEETS, score=3.5, low=3.1, high=4.0)
    found = PanelResult(forms=6, criteria=(criterion,))
    entry = a_dossier_entry(
        section=DossierSection.REVIEWS, title="Весна", review=ReviewResult(found=found, first=found, names=names)
    )
    agreed(context, Kind.DOSSIER_ENTRY, OWN, [entry])
    page = show()
    for language, name in names["reasons"].items():
        window_of(page).appearance.set_language(language)
        settle(qtbot, page)
        assert [each for each in names["reasons"].values() if each in words(page)] == [name]
        assert t("campaigns.appeal.entry.title", title="Весна") in words(page)


def test_entries_stand_newest_first_with_their_origin_and_the_schema_is_marked(
    context: DeskContext, show: Callable[..., DossierPage]
) -> None:
    some_entries(context)
    page = show()
    assert list(page.middle.cards) == ["late", "load", "error", "law"]
    told = words(page)
    assert t("dossier.schema.note") in told
    assert t("dossier.entry.entered", name="Ибраев С. К.", when="23\u00a0Nov\u00a02026, 09:00") in told
    assert t("dossier.entry.source", source="Төрелік") in told
    assert "received: 611" in told.split("\n")


def test_sections_are_counted_and_walked_by_arrows(
    qtbot: QtBot, context: DeskContext, show: Callable[..., DossierPage]
) -> None:
    some_entries(context)
    page = show()
    lines = [cast(Line, page.sections.lines.index(row).data(LINE_ROLE)) for row in range(11)]
    assert {line.id: line.trailing for line in lines if line.trailing} == {
        "timeline": "4",
        "workload": "1",
        "terms_kept": "1",
        "appeals": "2",
    }
    page.sections.select(DossierSection.APPEALS.value)
    assert set(page.middle.cards) == {"error", "law"}
    assert t("dossier.appeals.counted", n=2, counted=1) in words(page)
    assert {t("word.cause.law_changed"), t("dossier.cause.does_not_count")} <= set(words(page).split("\n"))


def test_an_endless_word_does_not_widen_the_page(context: DeskContext, show: Callable[..., DossierPage]) -> None:
    entry = a_dossier_entry(id="long", title="т" * 500, text="https://" + "x" * 500, source="и" * 200)
    agreed(context, Kind.DOSSIER_ENTRY, OWN, [entry])
    page = show()
    assert page.middle.cards["long"].minimumSizeHint().width() < Size.SIDE


def test_the_chart_says_its_figures(context: DeskContext, show: Callable[..., DossierPage]) -> None:
    some_entries(context)
    page = show(section="workload")
    (chart,) = page.middle.findChildren(BarChart)
    assert "received: 611; resolved: 598" in chart.accessibleDescription()


@pytest.mark.parametrize("percent", [100, 150])
def test_the_words_of_a_chart_are_never_cut(qtbot: QtBot, percent: int) -> None:
    Theme.current().apply(scale=percent / 100)
    chart = BarChart()
    qtbot.addWidget(chart)
    chart.show_bars([Bar("новое доказательство", 1, "1 · при оценке не учитывается"), Bar("", 2, "2")])
    wide, narrow = chart.heightForWidth(900), chart.heightForWidth(int(sum(chart._columns()) * 1.05))
    assert narrow > wide
    assert chart._is_stacked(int(sum(chart._columns()) * 1.05))
    assert not chart._is_stacked(2000)


def test_the_field_to_write_in_comes_on_screen_under_a_long_entry(
    qtbot: QtBot, context: DeskContext, show: Callable[..., DossierPage]
) -> None:
    agreed(context, Kind.DOSSIER_ENTRY, OWN, [a_dossier_entry(id="long", text="Слово. " * 2000)])
    page = show()
    link(page, "long", "dossier.reply").click()
    port = page.middle.viewport()
    qtbot.waitUntil(lambda: port.rect().contains(box(page).mapTo(port, box(page).rect().center())))


def test_a_reply_is_written_sent_and_shown_as_waiting(
    qtbot: QtBot, context: DeskContext, show: Callable[..., DossierPage]
) -> None:
    some_entries(context)
    page = show()
    link(page, "late", "dossier.reply").click()
    assert not box(page).send.isEnabled()
    box(page).field.setPlainText("Экспертиза длилась 40 дней.")
    box(page).send.click()
    settle(qtbot, page)
    (row,) = DossierService(context).view().timeline()[0].replies
    assert (row.reply.text, row.reply.kind, row.delivery) == (
        "Экспертиза длилась 40 дней.",
        ReplyKind.REPLY,
        Delivery.WAITING,
    )
    assert t("dossier.entry.waiting") in words(page)
    assert DossierService(context).view().half_written == ()
    assert page.middle.writing_box() is None


def test_a_half_written_reply_survives_leaving_a_refresh_and_another_language(
    qtbot: QtBot, context: DeskContext, show: Callable[..., DossierPage]
) -> None:
    some_entries(context)
    page = show()
    link(page, "late", "dossier.correct").click()
    box(page).field.setPlainText("Прошу исправ")
    box(page).field.moveCursor(QTextCursor.MoveOperation.End)
    agreed(context, Kind.DOSSIER_ENTRY, OWN, [a_dossier_entry(id="new", section=DossierSection.AWARDS)])
    page.refresh(Changes.of(Kind.DOSSIER_ENTRY))
    settle(qtbot, page)
    Wording.current().switch("ru")
    assert box(page).field.toPlainText() == "Прошу исправ"
    assert box(page).field.textCursor().atEnd()
    page.leave()
    settle(qtbot, page)
    (half,) = DossierService(context).view().half_written
    assert (half.entry_id, half.kind, half.text) == ("late", ReplyKind.CORRECTION_REQUEST, "Прошу исправ")
    again = show()
    link(again, "late", "dossier.reply.go_on").click()
    assert (box(again).field.toPlainText(), box(again).kind.value()) == ("Прошу исправ", "correction_request")


def test_leaving_the_page_keeps_the_words_at_once(
    qtbot: QtBot, context: DeskContext, show: Callable[..., DossierPage]
) -> None:
    some_entries(context)
    page = show()
    link(page, "late", "dossier.reply").click()
    box(page).field.setPlainText("мысль")
    page.leave()
    settle(qtbot, page)
    assert [each.text for each in DossierService(context).view().half_written] == ["мысль"]


def test_what_is_asked_for_goes_by_the_kind_of_the_reply(
    context: DeskContext, show: Callable[..., DossierPage]
) -> None:
    some_entries(context)
    page = show()
    link(page, "late", "dossier.reply").click()
    asked = {}
    for kind in ReplyKind:
        box(page).kind.picked.emit(kind.value)
        asked[kind] = box(page).field.placeholderText()
    assert asked == {kind: t(f"dossier.reply.placeholder.{kind}") for kind in ReplyKind}
    assert len(set(asked.values())) == len(ReplyKind)


def test_esc_puts_a_reply_aside_first(context: DeskContext, show: Callable[..., DossierPage]) -> None:
    some_entries(context)
    page = show()
    link(page, "late", "dossier.reply").click()
    box(page).field.setPlainText("мысль")
    assert page.step_back()
    assert page.middle.writing_box() is None
    assert link(page, "late", "dossier.reply.go_on")
    assert not page.step_back()


def test_who_looked_is_told_with_role_and_purpose(context: DeskContext, show: Callable[..., DossierPage]) -> None:
    look = DossierAccess(
        id="a",
        judge_id=JUDGE_ID,
        reader_id="c",
        reader_name="Ибраев С. К.",
        reader_role="commission",
        purpose="desk_copy",
        at=NOW,
    )
    agreed(context, Kind.DOSSIER_ACCESS, OWN, [look])
    page = show(section="looked")
    (found,) = page.middle.findChildren(LazyList)
    line = cast(Line, found.lines.index(0).data(LINE_ROLE))
    assert (line.title, line.detail) == (
        "Ибраев С. К.",
        f"{t('dossier.purpose.desk_copy')} · {t('word.role.commission')}",
    )


def test_the_extract_is_written_as_pdf(
    qtbot: QtBot, context: DeskContext, show: Callable[..., DossierPage], tmp_path: Path
) -> None:
    some_entries(context)
    page = show()
    page.context.actions.trigger("dossier.print")
    assert window_of(page).findChildren(PrintDialog)
    page.deeds.print_to(JUDGE_ID, tmp_path / "extract.pdf", "для конкурса")
    settle(qtbot, page)
    assert (tmp_path / "extract.pdf").read_bytes().startswith(b"%PDF")
    page.deeds.print_to(JUDGE_ID, tmp_path / "no" / "such" / "folder.pdf", "для конкурса")
    settle(qtbot, page)
    assert window_of(page).banner.isVisible()


@pytest.fixture
def commission(tmp_path: Path, clock: FixedClock) -> Iterator[DeskContext]:
    """A member of the commission who was granted the dossiers of two judges."""
    (tmp_path / "commission").mkdir()
    made = desk_context(tmp_path / "commission", Role.COMMISSION, clock=clock)
    made = replace(made, person=a_person(Role.COMMISSION, id="member"))
    grant(made, dossier_scope("judge-2"), Role.COMMISSION)
    agreed(made, Kind.PERSON, "court:court-1", [a_person(id="judge-2", name="Ким Л. А.", full_name="Ким Лариса")])
    yield made
    made.store.close()


def test_the_commission_chooses_a_judge_and_enters(
    qtbot: QtBot, commission: DeskContext, show: Callable[..., DossierPage]
) -> None:
    page = show(commission)
    assert page.judge.count() == 2
    page.judge.setCurrentIndex(page.judge.findData("judge-2"))
    page.judge.activated.emit(page.judge.currentIndex())
    settle(qtbot, page)
    assert "Ким Лариса" in page.head._subtitle.text()
    page.context.actions.trigger("dossier.enter")
    (dialog,) = window_of(page).findChildren(NewEntryDialog)
    assert not dialog.save.isEnabled()
    dialog.section.setCurrentIndex(list(DossierSection).index(DossierSection.APPEALS))
    dialog.title.setText("Решение изменено")
    dialog.from_on.line.setText("05.03.2026")
    dialog.cause.setCurrentIndex(1 + list(ChangeCause).index(ChangeCause.NEW_EVIDENCE))
    dialog.save.click()
    settle(qtbot, page)
    (row,) = DossierService(commission).view("judge-2").timeline()
    assert (row.entry.title, row.entry.section, row.entry.cause, row.entry.from_on) == (
        "Решение изменено",
        DossierSection.APPEALS,
        ChangeCause.NEW_EVIDENCE,
        date(2026, 3, 5),
    )
    assert t("dossier.entry.waiting") in words(page)


def test_the_commission_decides_on_a_request(
    qtbot: QtBot, commission: DeskContext, show: Callable[..., DossierPage]
) -> None:
    scope = dossier_scope("judge-2")
    agreed(commission, Kind.DOSSIER_ENTRY, scope, [a_dossier_entry(id="e", judge_id="judge-2")])
    asked = DossierReply(
        id="r",
        judge_id="judge-2",
        entry_id="e",
        kind=ReplyKind.CORRECTION_REQUEST,
        text="Дата неверна",
        written_at=NOW,
    )
    agreed(commission, Kind.DOSSIER_REPLY, scope, [asked])
    page = show(commission, judge_id="judge-2")
    link(page, "e", "dossier.decide").click()
    (dialog,) = window_of(page).findChildren(AskTextDialog)
    dialog.field.setPlainText("Исправлено")
    dialog.do_it.click()
    settle(qtbot, page)
    assert "Исправлено" in words(page)
    assert not [each for each in page.middle.cards["e"].findChildren(QPushButton) if each.text() == t("dossier.reply")]


def test_a_judge_is_offered_no_entry(context: DeskContext, show: Callable[..., DossierPage]) -> None:
    some_entries(context)
    page = show()
    assert page._enter.isHidden()
    assert not page.context.actions.is_enabled("dossier.enter")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_control_has_a_name(context: DeskContext, show: Callable[..., DossierPage], language: str) -> None:
    some_entries(context)
    Wording.current().switch(language)
    page = show()
    link(page, "late", "dossier.reply").click()
    assert (nameless(page), unreachable(page)) == ([], [])
    for section in ("workload", "appeals", "looked"):
        page.sections.select(section)
        assert (nameless(page), unreachable(page)) == ([], [])


def test_workload_stands_against_the_court_with_its_age(context: DeskContext, show: Callable[..., DossierPage]) -> None:
    figures = {"received": 611.0, "resolved": 598.0, "court_mean": 540.0, "over_6_months": 14.0, "over_12_months": 2.0}
    entry = a_dossier_entry(id="load", section=DossierSection.WORKLOAD, from_on=date(2026, 1, 1), figures=figures)
    agreed(context, Kind.DOSSIER_ENTRY, OWN, [entry])
    page = show(section=DossierSection.WORKLOAD.value)
    (chart,) = page.middle.findChildren(BarChart)
    assert [bar.value for bar in chart._bars] == [611, 598, 540, 14, 2]
    assert t("dossier.figure.court_mean") in chart._bars[2].text
