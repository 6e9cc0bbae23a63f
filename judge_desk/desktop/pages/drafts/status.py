"""Says in words where the text is: on this PC since when, at the hub or not yet, and that it may not leave."""

from __future__ import annotations

from time import monotonic

from judge_desk.desktop.editor.autosave import Autosave
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.drafts import DraftState
from judge_desk.i18n import formats
from judge_desk.services.drafts import DraftWork

JUST_NOW_SECONDS = 2
MINUTE = 60
HOUR = 3600


class SaveClock:
    """Remembers when the last save was answered, by a clock that nobody sets."""

    def __init__(self) -> None:
        self._at: float | None = None

    def strike(self) -> None:
        self._at = monotonic()

    def reset(self) -> None:
        self._at = None

    def seconds(self) -> int | None:
        """Since the last save of this sitting; None when there was none."""
        return None if self._at is None else int(monotonic() - self._at)


def status_text(work: DraftWork, autosave: Autosave, clock: SaveClock, *, is_sent: bool) -> str:
    """The line under the title."""
    draft, language = work.draft, Wording.current().language
    if draft.state is DraftState.FINAL:
        day = formats.date_short(draft.dated_on, language) if draft.dated_on else ""
        if not draft.number:
            return t("drafts.final.unnumbered", date=day)
        return t("drafts.final.status", number=draft.number, date=day)
    parts = [work.case.number if work.case else "", saved_text(autosave, clock)]
    if draft.may_leave_desk and autosave.is_settled:
        parts.append(t(_journey(work, is_sent=is_sent)))
    return " · ".join(part for part in parts if part)


def _journey(work: DraftWork, *, is_sent: bool) -> str:
    """The key of how far the text has come; nothing of a draft in conflict goes out before somebody decides."""
    if work.in_conflict:
        return "drafts.held"
    return "drafts.sent" if is_sent else "drafts.not_sent"


def saved_text(autosave: Autosave, clock: SaveClock) -> str:
    """ "saved 3 seconds ago on this PC"; a failure says why it is not."""
    if autosave.failure is not None:
        return t("drafts.saved.failed", reason=autosave.failure.sentence())
    if not autosave.is_settled:
        return t("drafts.saved.typing")
    seconds = clock.seconds()
    if seconds is not None and seconds < HOUR:
        return _ago(seconds)
    if autosave.saved_at is None:
        return ""
    return t("drafts.saved.at", when=formats.date_and_time(autosave.saved_at, Wording.current().language))


def _ago(seconds: int) -> str:
    if seconds < JUST_NOW_SECONDS:
        return t("drafts.saved.now")
    return t("drafts.saved.seconds", n=seconds) if seconds < MINUTE else t("drafts.saved.minutes", n=seconds // MINUTE)
