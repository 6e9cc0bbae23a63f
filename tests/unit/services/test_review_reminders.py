"""Reminders at the reviewer's desk: on dated days, until they were seen, each day once a form is late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from judge_desk.domain.kinds import Kind
from judge_desk.domain.reviews import Review, ReviewAssignment, ReviewState
from judge_desk.domain.scopes import review_scope
from judge_desk.protocol.review_forms import review_form
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.context import DeskContext
from judge_desk.services.review_reminders import ReminderService
from judge_desk.services.today import TodayService
from tests.factories import JUDGE_ID, NOW, agreed, desk_context

DUE = date(2026, 12, 20)


@pytest.fixture
def context(tmp_path: Path, clock: FixedClock) -> Iterator[DeskContext]:
    clock.set(NOW)
    made = desk_context(tmp_path, clock=clock)
    for name in ("one", "two"):
        asked = ReviewAssignment(
            id=name,
            reviewer_id=JUDGE_ID,
            campaign="Весна",
            act_title="Решение",
            act_text="Суд решил.",
            act_language="ru",
            form=review_form(),
            due_on=DUE,
        )
        agreed(made, Kind.REVIEW_ASSIGNMENT, review_scope(name), [asked])
    yield made
    made.store.close()


def at(clock: FixedClock, days_before: int) -> None:
    clock.set(NOW + (DUE - timedelta(days=days_before) - date(2026, 11, 23)))


def test_each_reminder_comes_on_its_day_and_goes_when_it_was_seen(context: DeskContext, clock: FixedClock) -> None:
    service = ReminderService(context)
    told: dict[int, int] = {}
    for days_before in (20, 14, 13, 7, 6, 3, 2, 1, 0):
        at(clock, days_before)
        told[days_before] = len(service.unseen())
        service.see()
        assert service.unseen() == []
    assert told == {20: 0, 14: 2, 13: 0, 7: 2, 6: 0, 3: 2, 2: 0, 1: 2, 0: 0}


def test_a_late_form_is_told_again_each_day_and_a_sealed_one_never(context: DeskContext, clock: FixedClock) -> None:
    service = ReminderService(context)
    sealed = Review(id="one", assignment_id="one", reviewer_id=JUDGE_ID, state=ReviewState.SUBMITTED)
    agreed(context, Kind.REVIEW, review_scope("one"), [sealed])
    for days_late in (1, 2):
        at(clock, -days_late)
        assert [(each.assignment_id, each.reminder.days_left) for each in service.unseen()] == [("two", -days_late)]
        service.see()
        assert service.unseen() == []


def test_the_first_page_shows_the_reminder_of_the_day(context: DeskContext, clock: FixedClock) -> None:
    at(clock, 20)
    assert {each.reminder for each in TodayService(context).overview().reviews_due} == {None}
    at(clock, 5)
    (found,) = {each.reminder for each in TodayService(context).overview().reviews_due}
    assert found is not None
    assert (found.step, found.days_left) == (7, 5)
