"""How hearings, terms and drafts read as one row of a list; the same words on every page."""

from __future__ import annotations

from datetime import date

from judge_desk.desktop.widgets.line import FACTS_DOT, Line
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.drafts import DraftState
from judge_desk.domain.hearings import HearingState
from judge_desk.i18n import formats
from judge_desk.services.hearings import HearingRow
from judge_desk.services.terms import TermRow

STATE_ICONS = {
    HearingState.HELD: "circle-check",
    HearingState.ADJOURNED: "calendar-clock",
    HearingState.CANCELLED: "circle-x",
}
DRAFT_LOOKS = {
    DraftState.TO_SIGN: ("warn", "signature"),
    DraftState.WRITING: ("muted", "pen-line"),
    DraftState.FINAL: ("warn", "circle-check"),
}
SOON_DAYS = 2


def joined(*parts: str) -> str:
    """Facts of one line with a dot between them; empty ones are left out."""
    return FACTS_DOT.join(part for part in parts if part)


def capital(text: str) -> str:
    """The first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def day_title(day: date) -> str:
    """ "Monday, 23 November"; Kazakh too begins with the day of the week, as a heading."""
    return capital(day_words(day))


def day_words(day: date) -> str:
    """The same inside a sentence: only English writes its days with a capital letter there."""
    language = Wording.current().language
    return f"{formats.weekday(day, language)}, {formats.day_and_month(day, language)}"


def hearing_line(row: HearingRow) -> Line:
    """Time, title, facts, and whether it can be read offline; a past or cancelled one says what became of it."""
    hearing = row.hearing
    words, tone, shape = readiness(row)
    return Line(
        id=hearing.id,
        title=row.case_title,
        detail=joined(
            row.case_number,
            t(f"word.procedure.{row.procedure.value}"),
            room_words(hearing.room),
            t("hearings.by_video") if hearing.by_video else "",
            t("common.documents", n=row.documents_total) if row.documents_total else "",
            t("hearings.not_sent") if row.pending else "",
        ),
        leading=formats.clock_time(hearing.starts_at),
        leading_tone="text" if hearing.state is HearingState.PLANNED else "muted",
        trailing=words,
        trailing_tone=tone,
        trailing_icon=shape,
        strong=hearing.state is HearingState.PLANNED,
    )


def room_words(room: str) -> str:
    """ "room 3": a bare number among other numbers says nothing; a room with a name is called by it."""
    return t("hearings.room", room=room) if room.isdecimal() else room


def readiness(row: HearingRow) -> tuple[str, str, str]:
    """Words, colour and shape of a hearing's state."""
    state = row.hearing.state
    if state is not HearingState.PLANNED:
        return t(f"word.hearing.{state.value}"), "muted", STATE_ICONS[state]
    if row.owes_outcome:
        return outcome_owed()
    if row.is_ready:
        return t("hearings.ready"), "ok", "circle-check"
    return t("hearings.lacks", n=row.documents_total - row.documents_here), "warn", "triangle-alert"


def outcome_owed() -> tuple[str, str, str]:
    """Words, colour and shape of a hearing whose time is over, and nobody wrote down what became of it."""
    return t("hearings.owes_outcome"), "warn", "pen-line"


def draft_state(state: DraftState, *, is_signed: bool = False, on_paper: date | None = None) -> tuple[str, str, str]:
    """Words, colour and shape of how far an act has come: only a signature ends what is to be done to it."""
    if on_paper is not None:
        return t("signing.state.paper", day=formats.date_short(on_paper, Wording.current().language)), "ok", "signature"
    if is_signed:
        return t("signing.state"), "ok", "signature"
    words = t("signing.state.owed") if state is DraftState.FINAL else t(f"word.draft.{state}")
    return words, *DRAFT_LOOKS[state]


def days_left(row: TermRow) -> tuple[str, str]:
    """Words and colour for what is left of a term; empty words for one that is done or has no end."""
    return ("", "muted") if row.days_left is None else time_left(row.days_left)


def time_left(left: int) -> tuple[str, str]:
    """Words and colour for working days that are left; below 0 for a day that has passed."""
    if left < 0:
        return t("terms.missed"), "bad"
    if left == 0:
        return t("terms.today"), "bad"
    return t("terms.left", n=left), "warn" if left <= SOON_DAYS else "muted"


def term_line(row: TermRow) -> Line:
    """What is left, the name, whose it is and its last day; "why?" at the end."""
    language = Wording.current().language
    words, tone = days_left(row)
    ends = formats.date_short(row.ends_on, language) if row.ends_on else ""
    return Line(
        id=row.term.id,
        title=capital(row.name(language)),
        detail=joined(ends, row.case_number),
        leading=words,
        leading_tone=tone,
        trailing=t("terms.why") if row.term.rule_id else "",
        trailing_tone="accent",
        trailing_below=True,
        title_lines=2,
        whole_detail=True,
    )


def leading_sample() -> str:
    """The widest usual text of what is left of a term."""
    return max((t("terms.left", n=10), t("terms.missed"), t("terms.today")), key=len)
