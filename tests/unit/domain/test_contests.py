"""Rules of a contest: standing, sheets, recusals, who may decide, and what a log proves about all of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from judge_desk.domain.chains import FIRST_LINK
from judge_desk.domain.contest_log import ContestLink, LogEvent, LogFault, log_faults, replay
from judge_desk.domain.contest_scores import is_sound, spreads, weighted, whole_sheet
from judge_desk.domain.contests import (
    ContestOutcome,
    SheetScore,
    Standing,
    of_sheet,
    sheet_id,
    standing_of,
    steps_by,
)
from judge_desk.protocol import rule_packs
from judge_desk.runtime import paths
from tests.contract.contests import a_sheet, a_vacancy, an_application

PANEL = ("m1", "m2", "m3")
VACANCY = a_vacancy(panel=PANEL)
UNTIL, LAST = VACANCY.apply_until_on, VACANCY.last_taken_on
DAY = timedelta(days=1)
AT = datetime(2026, 1, 1, tzinfo=UTC)
Said = tuple[LogEvent, str, str, str]


@pytest.mark.parametrize(
    ("arrived", "made", "expected"),
    [
        (UNTIL, UNTIL, (Standing.ADMITTED, False)),
        (UNTIL, UNTIL + DAY, (Standing.ADMITTED, False)),  # a clock that is ahead harms nobody
        (UNTIL + DAY, UNTIL, (Standing.ADMITTED, True)),
        (LAST, UNTIL, (Standing.ADMITTED, True)),
        (LAST + DAY, UNTIL, (Standing.TOO_LATE, False)),
        (LAST + DAY, date(2000, 1, 1), (Standing.TOO_LATE, False)),
        (UNTIL + DAY, UNTIL + DAY, (Standing.TOO_LATE, False)),
    ],
)
def test_what_counts_is_the_day_of_arrival_and_a_few_days_for_who_had_no_link(
    arrived: date, made: date, expected: tuple[Standing, bool]
) -> None:
    assert standing_of(VACANCY, an_application("a1", "judge"), arrived, made) == expected


def test_nothing_is_taken_once_it_is_decided() -> None:
    ended = replace(VACANCY, outcome=ContestOutcome(reasons="x", decided_by="x", decided_at=AT))
    assert standing_of(ended, an_application("a1", "judge"), UNTIL, UNTIL)[0] is Standing.DECIDED_ALREADY


@pytest.mark.parametrize(
    "scores",
    [
        (),
        (SheetScore("c-file", 5, "x"),),
        (SheetScore("c-file", 0, "x"),),
        (SheetScore("c-file", 3, " "),),
        (SheetScore("c-talk", 3, "x"),),
        (SheetScore("c-file", 3, "x"), SheetScore("c-file", 4, "x")),
    ],
)
def test_a_sheet_scores_each_criterion_once_on_the_scale_with_a_reason(scores: tuple[SheetScore, ...]) -> None:
    good = a_sheet(sheet_id("a1", "file", 0), "m1")
    assert whole_sheet(VACANCY, good)
    assert not whole_sheet(VACANCY, replace(good, scores=scores))


def test_a_vacancy_by_which_nothing_can_be_run_is_no_vacancy() -> None:
    assert is_sound(VACANCY)
    first, second = VACANCY.steps
    for change in (
        {"panel": ()},
        {"panel": (VACANCY.panel[0],) * 2},
        {"steps": ()},
        {"steps": (second, first)},
        {"criteria": VACANCY.criteria[:1]},
        {"criteria": (replace(VACANCY.criteria[0], weight=0), VACANCY.criteria[1])},
        {"title": " "},
        {"low": 4},
        {"apply_until_on": first.from_on},
        {"consent_until_on": first.from_on},
        {"steps": (replace(first, id="a.b"), second)},
    ):
        assert not is_sound(replace(VACANCY, **change)), change


def test_a_sheets_id_says_application_step_and_seat() -> None:
    assert of_sheet(sheet_id("a1", "file", 12)) == ("a1", "file", 12)
    for wrong in ("a1", "a1.file", "a1.file.x", ""):
        assert of_sheet(wrong) == ("", "", -1)


def test_scores_stand_with_their_ends_and_nearest_words() -> None:
    sheets = [a_sheet(sheet_id("a1", "file", at), f"m{at}", score=score) for at, score in enumerate((2, 3, 3))]
    found = spreads(VACANCY, sheets)
    assert [(each.low, each.high, each.sheets) for each in found] == [(2, 3, 3)]
    assert found[0].anchor is not None
    assert found[0].anchor.score == 3
    assert weighted(found) == pytest.approx((8 / 3, 2.0, 3.0))
    assert weighted(()) is None
    talk = [a_sheet(sheet_id("a1", "talk", 0), "m0", score=1)]
    assert weighted(spreads(VACANCY, [*sheets, *talk])) == pytest.approx((11 / 6, 1.5, 2.0))


def chain(*said: Said, recused: tuple[str, ...] = ()) -> list[ContestLink]:
    """A log that says so, every hash in its place."""
    made: list[ContestLink] = []
    for number, (event, application, step, member) in enumerate(said, 1):
        seat = PANEL.index(member) if member in PANEL else 0
        record = sheet_id(application, step, seat) if event is LogEvent.SHEET else application or "contest1"
        link = ContestLink(
            id=f"contest1.{number}",
            contest_id="contest1",
            number=number,
            event=event,
            record_kind="vacancy" if not application else event.value,
            record_id=record,
            application_id=application,
            step_id=step,
            member_id=member,
            recused=recused if event is LogEvent.ADMITTED else (),
            record_sha256="v" if not application else "x",
            at=AT,
            previous=made[-1].hash if made else FIRST_LINK,
        )
        made.append(replace(link, hash=link.true_hash()))
    return made


def sheets(application: str, *members: str) -> list[Said]:
    return [(LogEvent.SHEET, application, step, member) for step in ("file", "talk") for member in members]


PUBLISHED: Said = (LogEvent.PUBLISHED, "", "", "m1")
ADMITTED: Said = (LogEvent.ADMITTED, "a1", "", "")
CHOSEN: Said = (LogEvent.CHOSEN, "a1", "", "m1")
OUTCOME: Said = (LogEvent.OUTCOME, "", "", "m1")
DECIDED = replace(
    VACANCY, outcome=ContestOutcome(application_id="a1", name="x", reasons="x", decided_by="x", decided_at=AT)
)


def faults(*said: Said, recused: tuple[str, ...] = ()) -> set[str]:
    return {fault for _, fault in log_faults(DECIDED, chain(*said, recused=recused), "v")}


def test_a_fair_contest_has_no_fault() -> None:
    assert faults(PUBLISHED, ADMITTED, *sheets("a1", *PANEL), CHOSEN, OUTCOME) == set()
    stepped: Said = (LogEvent.RECUSED, "a1", "", "m3")
    assert faults(PUBLISHED, ADMITTED, stepped, *sheets("a1", "m1", "m2"), CHOSEN, OUTCOME) == set()
    gone: Said = (LogEvent.WITHDRAWN, "a2", "", "")
    other: Said = (LogEvent.ADMITTED, "a2", "", "")
    assert faults(PUBLISHED, ADMITTED, other, gone, *sheets("a1", *PANEL), CHOSEN, OUTCOME) == set()


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ((ADMITTED,), LogFault.NOT_PUBLISHED_FIRST),
        ((PUBLISHED, PUBLISHED), LogFault.NOT_PUBLISHED_FIRST),
        ((PUBLISHED, *sheets("a1", "m1")), LogFault.NOT_ADMITTED),
        ((PUBLISHED, ADMITTED, (LogEvent.WITHDRAWN, "a1", "", ""), *sheets("a1", "m1")), LogFault.NOT_ADMITTED),
        ((PUBLISHED, ADMITTED, *sheets("a1", "stranger")), LogFault.NOT_ON_PANEL),
        ((PUBLISHED, ADMITTED, *sheets("a1", "m1"), *sheets("a1", "m1")), LogFault.SCORED_TWICE),
        ((PUBLISHED, ADMITTED, (LogEvent.RECUSED, "a1", "", "m1"), *sheets("a1", "m1")), LogFault.RECUSED_SCORED),
        ((PUBLISHED, ADMITTED, *sheets("a1", "m1", "m2"), CHOSEN), LogFault.DECIDED_TOO_EARLY),
        ((PUBLISHED, ADMITTED, *sheets("a1", *PANEL), CHOSEN, CHOSEN), LogFault.DECIDED_TWICE),
        ((PUBLISHED, ADMITTED, *sheets("a1", *PANEL), OUTCOME), LogFault.OUTCOME_TOO_EARLY),
        (
            (PUBLISHED, ADMITTED, *sheets("a1", *PANEL), (LogEvent.NOT_CHOSEN, "a1", "", "m1"), OUTCOME),
            LogFault.OUTCOME_NOT_CHOSEN,
        ),
        ((PUBLISHED, ADMITTED, *sheets("a1", *PANEL), CHOSEN, OUTCOME, ADMITTED), LogFault.AFTER_OUTCOME),
    ],
)
def test_what_no_fair_contest_does_is_found(said: tuple[Said, ...], fault: LogFault) -> None:
    assert fault in faults(*said)


def test_several_chosen_are_found() -> None:
    two: Said = (LogEvent.ADMITTED, "a2", "", "")
    said = (PUBLISHED, ADMITTED, two, *sheets("a1", *PANEL), *sheets("a2", *PANEL), CHOSEN)
    assert LogFault.SEVERAL_CHOSEN in faults(*said, (LogEvent.CHOSEN, "a2", "", "m1"))


def test_kin_score_nothing_and_decide_nothing_while_another_can() -> None:
    assert LogFault.RECUSED_SCORED in faults(PUBLISHED, ADMITTED, *sheets("a1", "m3"), recused=("m3",))
    state = replay(chain(PUBLISHED, ADMITTED, *sheets("a1", "m1", "m2"), recused=("m3",)))
    assert state.may_decide(VACANCY, "a1", "m1")
    assert not state.may_decide(VACANCY, "a1", "m3")
    assert LogFault.DECIDED_TOO_EARLY in faults(
        PUBLISHED,
        ADMITTED,
        *sheets("a1", "m1", "m2"),
        (LogEvent.CHOSEN, "a1", "", "m3"),
        recused=("m3",),
    )


def test_where_everybody_stepped_back_from_some_application_the_others_still_decide() -> None:
    said: list[Said] = [PUBLISHED]
    for at, member in enumerate(PANEL, 1):
        said += [(LogEvent.ADMITTED, f"a{at}", "", ""), (LogEvent.RECUSED, f"a{at}", "", member)]
    state = replay(chain(*said))
    assert state.deciders(VACANCY, "a1") == {"m2", "m3"}


def test_a_changed_added_or_lost_line_breaks_the_chain() -> None:
    whole = chain(PUBLISHED, ADMITTED, *sheets("a1", *PANEL), CHOSEN, OUTCOME)
    assert log_faults(DECIDED, whole, "v") == ()
    for at in range(len(whole)):
        cut = [*whole[:at], *whole[at + 1 :]]
        if at < len(whole) - 1:
            assert any(fault == "broken" for _, fault in log_faults(DECIDED, cut, "v")), at
        changed = [replace(each, application_id="a9") if at == place else each for place, each in enumerate(whole)]
        assert any(fault == "broken" for _, fault in log_faults(DECIDED, changed, "v")), at
    assert (len(whole), "altered") in log_faults(DECIDED, whole, "other")


def test_steps_follow_each_other_behind_the_late_days() -> None:
    rules = rule_packs.read_folder(paths.resource("rules")).book.contests[0]
    last = date(2026, 12, 1)
    steps = steps_by(rules, last)
    assert steps[0].from_on == last + timedelta(days=rules.late_days + 1)
    assert [each.to_on - each.from_on for each in steps] == [timedelta(days=each.days - 1) for each in rules.steps]
    assert all(after.from_on - before.to_on == timedelta(days=1) for before, after in pairwise(steps))
