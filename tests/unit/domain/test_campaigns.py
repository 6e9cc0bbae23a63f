"""Campaigns: who is due by the dated rules, which acts are drawn, and whose group may be told."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from judge_desk.domain.act_drawing import PoolAct, drawn_acts, pool_sha256
from judge_desk.domain.campaigns import ActDrawing, PoolMember, told_groups
from judge_desk.domain.review_periods import LATE, DueReason, Service, acts_since, due, reminder
from judge_desk.protocol.rule_packs import read_folder
from judge_desk.runtime import paths

FIRST, LAST, ONE_DAY = date(2024, 11, 22), date(2026, 11, 22), timedelta(days=1)
PERIODS = read_folder(paths.resource("rules")).book.reviews[0]


@pytest.mark.parametrize(
    ("appointed", "reviewed", "on", "reason"),
    [
        (date(2025, 11, 23), None, date(2026, 11, 22), DueReason.NOT_YET),
        (date(2025, 11, 22), None, date(2026, 11, 22), DueReason.FIRST),
        (date(2015, 1, 1), date(2021, 11, 23), date(2026, 11, 22), DueReason.NOT_YET),
        (date(2015, 1, 1), date(2021, 11, 22), date(2026, 11, 22), DueReason.PERIODIC),
        (date(2006, 11, 23), date(2020, 1, 1), date(2026, 11, 22), DueReason.PERIODIC),
        (date(2006, 11, 22), date(2020, 1, 1), date(2026, 11, 22), DueReason.EXEMPT),
        (date(2024, 2, 29), None, date(2025, 2, 28), DueReason.NOT_YET),
        (date(2024, 2, 29), None, date(2025, 3, 1), DueReason.FIRST),
    ],
)
def test_who_is_due(appointed: date, reviewed: date | None, on: date, reason: DueReason) -> None:
    service = Service(judge_id="j", appointed_on=appointed, last_reviewed_on=reviewed)
    assert due(service, PERIODS, on)[0] is reason


def acts(judges: int, each: int) -> list[PoolAct]:
    strata = ("loan", "labour", "family")
    return [
        PoolAct(id=f"{judge}-{at}", judge_id=f"j{judge}", stratum=strata[at % 3], text="x", decided_on=LAST)
        for judge in range(judges)
        for at in range(each)
    ]


def three(number: int = 3) -> ActDrawing:
    return ActDrawing(number=number, from_on=FIRST, to_on=LAST)


def test_acts_are_drawn_from_different_strata_and_by_the_seed_alone() -> None:
    pool = acts(30, 12)
    found = drawn_acts(pool, 7, three())
    assert {len({act.stratum for act in own}) for own in found.values()} == {3}
    assert drawn_acts(pool[::-1], 7, three()) == found
    assert drawn_acts(pool, 8, three()) != found
    first = Counter(own[0].id.partition("-")[2] for own in drawn_acts(acts(300, 4), 1, three(1)).values())
    assert min(first.values()) > 40


@pytest.mark.parametrize(
    ("day", "is_in"),
    [(FIRST, True), (LAST, True), (FIRST - ONE_DAY, False), (LAST + ONE_DAY, False), (None, False)],
)
def test_only_acts_of_the_stated_period_are_drawn(day: date | None, is_in: bool) -> None:
    other = PoolAct(id="old", judge_id="j", stratum="loan", text="x", decided_on=day)
    assert bool(drawn_acts([other], 7, three())) is is_in


def test_the_period_ends_today_and_reaches_back_as_the_rule_or_the_commission_says() -> None:
    assert PERIODS.months_back == 24
    assert acts_since(date(2026, 11, 22), PERIODS) == date(2024, 11, 22)
    assert acts_since(date(2026, 3, 31), PERIODS, 1) == date(2026, 2, 28)


def test_a_pool_has_one_name_whatever_the_order_of_its_lines_and_another_for_each_change() -> None:
    pool = acts(3, 2)
    named = pool_sha256(pool)
    assert pool_sha256(pool[::-1]) == named
    for change in ({"text": "y"}, {"stratum": "other"}, {"decided_on": FIRST}, {"judge_id": "j9"}):
        assert pool_sha256([replace(pool[0], **change), *pool[1:]]) != named


def test_a_reminder_stands_from_its_day_until_the_next_one() -> None:
    due_on = date(2026, 11, 22)
    told = {left: reminder(due_on, due_on - timedelta(days=left), (14, 7, 3, 1)) for left in (15, 14, 8, 7, 2, 0, -5)}
    assert {left: each.step if each else None for left, each in told.items()} == {
        15: None,
        14: 14,
        8: 14,
        7: 7,
        2: 3,
        0: 1,
        -5: LATE,
    }


def test_a_group_is_told_only_if_enough_reviewers_share_it() -> None:
    members = [PoolMember(id=f"j{at}", region="north" if at < 5 else "south", sex="f") for at in range(9)]
    assert told_groups(members[0], members) == {"region": "north", "sex": "f"}
    assert told_groups(members[8], members) == {"sex": "f"}
