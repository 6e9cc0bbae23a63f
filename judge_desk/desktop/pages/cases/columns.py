"""The columns of the list of cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from judge_desk.desktop.pages.court_lines import joined
from judge_desk.desktop.widgets.lazy_table import Column
from judge_desk.desktop.wording import Wording, t
from judge_desk.i18n import formats
from judge_desk.runtime.clock import court_time
from judge_desk.services.cases import CaseRow, CaseSort

# One more column gives way below each of these widths of the page at text scale 1, in this order.
FOLD_BELOW: Final = (1280, 1080, 900, 760)
FOLD_ORDER: Final = ("procedure", CaseSort.RECEIVED, "next_term", "next_hearing", CaseSort.STAGE)


def case_columns(today: Callable[[], date]) -> tuple[Column, ...]:
    """Sortable ones bear the name of their ``CaseSort``. ``today``: the day on the court's wall."""
    return (
        Column(
            id=CaseSort.NUMBER,
            title_key="cases.column.number",
            text=_number,
            width=150,
            icon=lambda row: "upload" if row.pending else "",
        ),
        Column(id=CaseSort.TITLE, title_key="cases.column.title", text=_title),
        Column(id="procedure", title_key="cases.column.procedure", text=_procedure, width=160, sortable=False),
        Column(
            id=CaseSort.STAGE,
            title_key="cases.column.stage",
            text=_stage,
            width=160,
            tone=lambda row: "" if row.is_open else "muted",
        ),
        Column(id=CaseSort.RECEIVED, title_key="cases.column.received", text=_received, width=112),
        Column(
            id="next_hearing",
            title_key="cases.column.next_hearing",
            text=lambda row: _hearing(row, today()),
            width=156,
            sample=lambda: _owed(today(), today()),
            sortable=False,
            tone=lambda row: "warn" if row.owed_hearing_at else "",
        ),
        Column(id="next_term", title_key="cases.column.next_term", text=_term, width=112, sortable=False),
    )


def folded(room: float, sort: CaseSort) -> frozenset[str]:
    """The columns that a page of this width at text scale 1 has no place for. Never the one that the list is ordered
    by, or its order would look like chance: the next gives way instead."""
    giving_way = [each for each in FOLD_ORDER if each != sort]
    return frozenset(giving_way[: sum(room < limit for limit in FOLD_BELOW)])


def _number(row: CaseRow) -> str:
    return row.number


def _title(row: CaseRow) -> str:
    return row.title


def _procedure(row: CaseRow) -> str:
    return t(f"word.procedure.{row.procedure.value}")


def _stage(row: CaseRow) -> str:
    return t(f"word.stage.{row.stage.value}")


def _received(row: CaseRow) -> str:
    return _day(row.received_on)


def _hearing(row: CaseRow, today: date) -> str:
    """One whose outcome is owed stands before the next."""
    if row.owed_hearing_at is not None:
        return _owed(court_time(row.owed_hearing_at).date(), today)
    if row.next_hearing_at is None:
        return ""
    day = court_time(row.next_hearing_at).date()
    return f"{_day(day)}, {formats.clock_time(row.next_hearing_at)}"


def _owed(day: date, today: date) -> str:
    language = Wording.current().language
    say_day = formats.day_and_month_short if day.year == today.year else formats.date_short
    return joined(say_day(day, language), t("hearings.owes_outcome"))


def _term(row: CaseRow) -> str:
    return _day(row.next_term_on)


def _day(day: date | None) -> str:
    return formats.date_short(day, Wording.current().language) if day else ""
