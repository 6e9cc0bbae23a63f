"""The page of peer reviews: by keys, saved at each change, sealed once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless, unreachable
from judge_desk.desktop.dialogs.ask_text import AskTextDialog
from judge_desk.desktop.dialogs.confirm import ConfirmDialog
from judge_desk.desktop.local import LocalDesk
from judge_desk.desktop.pages.reviews.anchor_row import AnchorRow
from judge_desk.desktop.pages.reviews.page import SAVE_MS, ReviewsPage
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Size
from judge_desk.desktop.widgets.line import LINE_ROLE, Line
from judge_desk.desktop.widgets.state_stack import State
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.reviews import Answer, Review, ReviewState
from judge_desk.domain.scopes import review_scope
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.context import DeskContext
from judge_desk.services.review_reminders import ReminderService
from judge_desk.services.reviews import ReviewService
from tests.desktop.conftest import begins_on_cancel, press, type_text
from tests.desktop.real_page import open_real_page, settle, window_of
from tests.factories import NOW, a_review_assignment, a_review_form, agreed, desk_context, grant, refuse

ACT = "Суд установил: договор заключён.\nДовод ответчика отклонён.\nДоговор исполнен частично."


@pytest.fixture
def context(tmp_path: Path, clock: FixedClock) -> Iterator[DeskContext]:
    clock.set(NOW)
    made = desk_context(tmp_path, clock=clock)
    yield made
    made.store.close()


def assigned(context: DeskContext, review_id: str = "r1", criteria: int = 3, due_on: date = date(2026, 12, 1)) -> None:
    made = a_review_assignment(id=review_id, form=a_review_form(criteria), act_text=ACT, due_on=due_on)
    grant(context, review_scope(review_id), Role.REVIEWER)
    agreed(context, Kind.REVIEW_ASSIGNMENT, review_scope(review_id), [made])


@pytest.fixture
def show(qtbot: QtBot, context: DeskContext, local: LocalDesk, tasks: TaskRunner) -> Callable[..., ReviewsPage]:
    def make(**params: str) -> ReviewsPage:
        return cast(ReviewsPage, open_real_page(qtbot, context, local, tasks, "reviews", loop=None, **params))

    return make


def saved(context: DeskContext, review_id: str = "r1") -> Review:
    return ReviewService(context).open(review_id).review


def subtitle_of(page: ReviewsPage) -> str:
    return page.head._subtitle.text().replace("\u00a0", " ")


def kept(qtbot: QtBot, page: ReviewsPage) -> None:
    """Leave the page for a moment, as a lock or another page would."""
    page.leave()
    settle(qtbot, page)


def test_nothing_assigned_says_what_will_be_here(show: Callable[..., ReviewsPage]) -> None:
    assert show().states.state is State.EMPTY


def test_the_list_tells_the_due_date_and_how_far_it_is(context: DeskContext, show: Callable[..., ReviewsPage]) -> None:
    assigned(context, "late", due_on=date(2026, 11, 20))
    assigned(context, "calm")
    ReviewService(context).save("calm", (Answer(criterion_id="criterion-1", score=3),))
    rows = show().list.list.lines
    first, second = (cast(Line, rows.index(number).data(LINE_ROLE)) for number in range(2))
    assert (first.id, first.trailing, first.trailing_tone) == ("late", "0 of 3 criteria", "bad")
    assert "20 Nov 2026" in first.detail.replace("\u00a0", " ")
    assert (second.trailing, second.trailing_tone) == ("1 of 3 criteria", "muted")


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ((2, 5), ("Reminder: 2 forms are due soon.", "25 Nov")),
        ((-1,), ("Reminder: 1 form is overdue.", "22 Nov")),
        ((-1, 2, 5), ("Reminder: forms overdue: 1; due soon: 2.", "22 Nov")),
    ],
)
def test_the_reminder_says_near_only_of_what_is_near(
    context: DeskContext, show: Callable[..., ReviewsPage], days: tuple[int, ...], told: tuple[str, str]
) -> None:
    for number, left in enumerate(days):
        assigned(context, f"r{number}", due_on=context.clock.today() + timedelta(days=left))
    banner = show().reminder
    assert banner.isVisible()
    assert banner._first.text() == told[0]
    assert told[1] in banner._rest.text().replace("\u00a0", " ")


def test_a_reminder_is_put_away_in_one_way_by_keys_too(
    qtbot: QtBot, context: DeskContext, show: Callable[..., ReviewsPage]
) -> None:
    assigned(context, due_on=context.clock.today() + timedelta(days=2))
    page = show()

    def ways() -> dict[str, QAbstractButton]:
        return {each.text(): each for each in page.reminder.findChildren(QAbstractButton) if each.isVisible()}

    seen = t("reviews.reminder.seen")
    qtbot.waitUntil(lambda: seen in ways())
    assert list(ways()) == [seen]
    assert (nameless(page.reminder), unreachable(page)) == ([], [])
    ways()[seen].setFocus()
    press(ways()[seen], Qt.Key.Key_Space)
    settle(qtbot, page)
    assert not page.reminder.isVisible()
    assert ReminderService(context).unseen() == []


def test_a_review_is_opened_and_scored_by_keys(
    qtbot: QtBot, context: DeskContext, show: Callable[..., ReviewsPage]
) -> None:
    assigned(context)
    page = show()
    page.list.list.setFocus()
    press(page.list.list, Qt.Key.Key_Return)
    settle(qtbot, page)
    assert page.act.text.toPlainText() == ACT
    QTest.keyClick(window_of(page), Qt.Key.Key_4)
    QTest.keyClick(window_of(page), Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert page.form.place == 1
    QTest.keyClick(window_of(page), Qt.Key.Key_2)
    kept(qtbot, page)
    assert [(each.criterion_id, each.score) for each in saved(context).answers] == [
        ("criterion-1", 4),
        ("criterion-2", 2),
    ]


def test_a_digit_in_a_comment_is_a_digit(qtbot: QtBot, context: DeskContext, show: Callable[..., ReviewsPage]) -> None:
    assigned(context)
    page = show(review_id="r1")
    page.form.criterion.comment.setFocus()
    type_text(page.form.criterion.comment, "п. 3")
    kept(qtbot, page)
    assert saved(context).answers == (Answer(criterion_id="criterion-1", comment="п. 3"),)


def test_a_change_is_on_disk_within_two_seconds(
    qtbot: QtBot, context: DeskContext, show: Callable[..., ReviewsPage]
) -> None:
    assert SAVE_MS < 1_500
    assigned(context)
    page = show(review_id="r1")
    page.form.criterion.set_score(3)
    qtbot.waitUntil(lambda: bool(saved(context).answers), timeout=2_000)
    settle(qtbot, page)
    assert "09:00" in page.head._subtitle.text()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_anchors_are_shown_in_the_language_of_the_window(
    context: DeskContext, show: Callable[..., ReviewsPage], language: str
) -> None:
    assigned(context)
    page = show(review_id="r1")
    Wording.current().switch(language)
    QApplication.processEvents()
    rows = [each for each in page.form.criterion.findChildren(AnchorRow) if not each.isHidden()]
    assert {each.accessibleName() for each in rows} == {f"{score}: Anchor {score} {language}" for score in range(1, 6)}


def test_an_end_of_the_scale_asks_for_a_comment(context: DeskContext, show: Callable[..., ReviewsPage]) -> None:
    assigned(context)
    page = show(review_id="r1")
    page.form.criterion.set_score(5)
    need = page.form.criterion._need
    assert (need.property("tone"), need.text()) == ("warn", t("reviews.comment.needed", score=5, ends="1, 5"))
    page.form.criterion.comment.setPlainText("ясно")
    assert need.property("tone") == "muted"


def test_the_selected_words_become_evidence_by_one_key(
    qtbot: QtBot, context: DeskContext, show: Callable[..., ReviewsPage]
) -> None:
    assigned(context)
    page = show(review_id="r1")
    page.context.actions.trigger("reviews.quote")
    assert page.form.criterion.evidence.toPlainText() == ""
    cursor = page.act.text.textCursor()
    cursor.setPosition(0)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    page.act.text.setTextCursor(cursor)
    for _ in range(2):
        page.context.actions.trigger("reviews.quote")
    kept(qtbot, page)
    assert saved(context).answers[0].evidence == "«Суд установил: договор заключён.»"


def test_the_act_is_searched_in_any_case(context: DeskContext, show: Callable[..., ReviewsPage]) -> None:
    assigned(context)
    page = show(review_id="r1")
    page.act._find("ДОГОВОР")
    assert page.act.selected() == "договор"
    page.context.actions.trigger("reviews.act.after")
    assert page.act.text.textCursor().blockNumber() == 2


def fill(page: ReviewsPage, scores: tuple[int, ...]) -> None:
    for place, score in enumerate(scores):
        page.form.go_to(place)
        page.form.criterion.set_score(score)


def test_gaps_are_named_before_the_seal(context: DeskContext, show: Callable[..., ReviewsPage]) -> None:
    assigned(context)
    page = show(review_id="r1")
    fill(page, (3, 5))
    page.context.actions.trigger("reviews.submit")
    assert page.form.is_at_end()
    rows = page.form.summary.lines
    assert [cast(Line, rows.index(number).data(LINE_ROLE)).trailing for number in range(3)] == [
        "",
        t("reviews.gap.comment"),
        t("reviews.gap.score"),
    ]
    assert window_of(page).findChildren(ConfirmDialog) == []


def test_a_picture_of_the_seal_is_taken_of_a_whole_form_only(
    context: DeskContext, show: Callable[..., ReviewsPage]
) -> None:
    assigned(context)
    page = show(review_id="r1")
    assert [name for name, _ in page.scenes()] == ["decline", "end"]
    fill(page, (3, 4, 2))
    assert [name for name, _ in page.scenes()] == ["decline", "submit", "end"]


def test_equal_scores_are_asked_about_gently(context: DeskContext, show: Callable[..., ReviewsPage]) -> None:
    assigned(context, criteria=4)
    page = show(review_id="r1")
    fill(page, (4, 4, 4, 4))
    page.form.go_to(4)
    assert not page.form._same.isHidden()
    fill(page, (4, 4, 4, 3))
    page.form.go_to(4)
    assert page.form._same.isHidden()


def test_forms_that_rise_and_fall_as_wholes_are_asked_about_too(
    context: DeskContext, show: Callable[..., ReviewsPage]
) -> None:
    for number, score in ((2, 1), (3, 3)):
        assigned(context, f"r{number}", criteria=4)
        answers = tuple(Answer(criterion_id=each.id, score=score) for each in a_review_form(4).criteria)
        ReviewService(context).save(f"r{number}", answers)
    assigned(context, criteria=4)
    page = show(review_id="r1")
    fill(page, (5, 5, 4, 5))
    page.form.go_to(4)
    assert not page.form._same.isHidden()
    assert page.form._same.text() == t("reviews.halo")


def test_a_seal_is_asked_for_and_nothing_changes_after_it(
    qtbot: QtBot, context: DeskContext, show: Callable[..., ReviewsPage]
) -> None:
    assigned(context)
    page = show(review_id="r1")
    fill(page, (3, 4, 2))
    page.context.actions.trigger("reviews.submit")
    (dialog,) = window_of(page).findChildren(ConfirmDialog)
    assert saved(context).state is not ReviewState.SUBMITTED
    assert begins_on_cancel(dialog)
    assert "1 Dec 2026" in subtitle_of(page)
    dialog.accept()
    settle(qtbot, page)
    assert saved(context).state is ReviewState.SUBMITTED
    assert subtitle_of(page) == t("reviews.blinded")
    assert page.seal.isVisible()
    assert page._submit.isHidden()
    page.seal.copy.click()
    assert QGuiApplication.clipboard().text() == ReviewService(context).open("r1").receipt
    before = saved(context)
    page.form.go_to(0)
    QTest.keyClick(window_of(page), Qt.Key.Key_5)
    assert page.form.criterion.comment.isReadOnly()
    kept(qtbot, page)
    assert saved(context) == before


def test_declining_takes_a_reason(qtbot: QtBot, context: DeskContext, show: Callable[..., ReviewsPage]) -> None:
    assigned(context)
    page = show(review_id="r1")
    page.context.actions.trigger("reviews.decline")
    (dialog,) = window_of(page).findChildren(AskTextDialog)
    assert not dialog.do_it.isEnabled()
    dialog.field.setPlainText("узнал акт")
    dialog.do_it.click()
    settle(qtbot, page)
    assert (saved(context).state, saved(context).decline_reason) == (ReviewState.DECLINED, "узнал акт")
    assert "узнал акт" in page.seal._rest.text()


def test_what_is_being_typed_is_not_overwritten_by_the_exchange(
    qtbot: QtBot, context: DeskContext, show: Callable[..., ReviewsPage]
) -> None:
    assigned(context)
    page = show(review_id="r1")
    page.form.criterion.comment.setPlainText("начатая мысль")
    page.context.events.announce(ReviewService(context).save("r1", (Answer(criterion_id="criterion-2", score=3),)))
    settle(qtbot, page)
    assert page.form.criterion.comment.toPlainText() == "начатая мысль"


def test_another_desks_answers_come_in_when_nothing_is_typed(
    qtbot: QtBot, context: DeskContext, show: Callable[..., ReviewsPage]
) -> None:
    assigned(context)
    page = show(review_id="r1")
    page.context.events.announce(ReviewService(context).save("r1", (Answer(criterion_id="criterion-2", score=3),)))
    settle(qtbot, page)
    assert page.form.answers() == (Answer(criterion_id="criterion-2", score=3),)


def test_a_refused_form_points_to_the_sync(context: DeskContext, show: Callable[..., ReviewsPage]) -> None:
    assigned(context)
    ReviewService(context).save("r1", (Answer(criterion_id="criterion-2", score=3),))
    refuse(context, "not_allowed", keeps_row=False)
    page = show(review_id="r1")
    assert page.seal.isVisible()
    assert page.seal._first.text() == t("reviews.refused")


def test_esc_leads_back_to_the_list_with_everything_saved(
    qtbot: QtBot, context: DeskContext, show: Callable[..., ReviewsPage]
) -> None:
    assigned(context)
    page = show()
    page.list.opened.emit("r1")
    settle(qtbot, page)
    page.form.criterion.set_score(3)
    window_of(page).refresh()
    settle(qtbot, page)
    assert page.act.isVisible(), "F5 stays in the review"
    page.form.criterion.set_score(2)
    window_of(page).go_back()
    settle(qtbot, page)
    assert page.list.isVisible()
    assert [each.score for each in saved(context).answers] == [2]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_control_has_a_name(context: DeskContext, show: Callable[..., ReviewsPage], language: str) -> None:
    assigned(context)
    Wording.current().switch(language)
    page = show()
    assert (nameless(page), unreachable(page)) == ([], [])
    page = show(review_id="r1")
    for place in (0, 3):
        page.form.go_to(place)
        QApplication.processEvents()
        assert (nameless(page), unreachable(page)) == ([], [])


def test_what_was_sealed_is_text_to_read(qtbot: QtBot, context: DeskContext, show: Callable[..., ReviewsPage]) -> None:
    assigned(context)
    page = show(review_id="r1")
    fill(page, (3, 4, 2))
    written, silent = 0, 1
    comment, general = page.form.criterion.comment, page.form.general
    page.form.go_to(written)
    comment.setPlainText("Ясно")
    open_one = comment.grab().toImage()
    page.context.actions.trigger("reviews.submit")
    window_of(page).findChildren(ConfirmDialog)[0].accept()
    settle(qtbot, page)
    page.form.go_to(written)
    assert comment.isVisibleTo(page)
    assert comment.viewport().x() == comment.viewport().y() == Size.FOCUS
    # No frame: what is at the edge is what the card is made of.
    assert comment.grab().toImage().pixelColor(comment.width() // 2, 0) != open_one.pixelColor(comment.width() // 2, 0)
    page.form.go_to(silent)
    assert comment.isHidden()
    page.form.go_to(3)
    assert general.isHidden()
