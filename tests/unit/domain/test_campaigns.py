"""Campaigns: who is due by the dated rules, which acts are drawn, and whose group may be told."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from judge_desk.domain.campaigns import (
    DueReason,
    PoolAct,
    PoolMember,
    Service,
    drawn_acts,
    due,
    told_groups,
)
from judge_desk.protocol.rule_packs import read_folder
from judge_desk.runtime import paths

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
        PoolAct(id=f"{judge}-{at}", judge_id=f"j{judge}", stratum=strata[at % 3], text="x")
        for judge in range(judges)
        for at in range(each)
    ]


def test_acts_are_drawn_from_different_strata_and_by_the_seed_alone() -> None:
    pool = acts(30, 12)
    found = drawn_acts(pool, 7, 3)
    assert {len({act.stratum for act in own}) for own in found.values()} == {3}
    assert drawn_acts(pool[::-1], 7, 3) == found
    assert drawn_acts(pool, 8, 3) != found
    first = Counter(own[0].id.partition("-")[2] for own in drawn_acts(acts(300, 4), 1, 1).values())
    assert min(first.values()) > 40


def test_a_group_is_told_only_if_enough_reviewers_share_it() -> None:
    members = [PoolMember(id=f"j{at}", region="north" if at < 5 else "south", sex="f") for at in range(9)]
    assert told_groups(members[0], members) == {"region": "north", "sex": "f"}
    assert told_groups(members[8], members) == {"sex": "f"}
