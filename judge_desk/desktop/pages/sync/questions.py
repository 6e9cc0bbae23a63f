"""What a conflict asks the judge, which answers there are, and what follows from those given: without a widget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from judge_desk.desktop.actions import shortcut_text
from judge_desk.desktop.wording import t
from judge_desk.domain.dossier import DossierReply
from judge_desk.domain.drafts import Draft
from judge_desk.domain.notes import Note
from judge_desk.services.attention import AttentionRow, may_be_written, resolved
from judge_desk.services.sync import OutboxState

WHOLE: Final = -1
"""The number of a question about the record as a whole; others are places in ``AttentionRow.conflicts``."""
_OUTCOMES: Final = {
    "mine": ("sync.choice.mine", "sync.choice.mine.deleted"),
    "hubs": ("sync.choice.hubs", "sync.choice.hubs.deleted"),
    "own": ("sync.choice.own", ""),
}
"""By answer: what is said of it, and of a side that deleted the record."""
KEYS: Final = {"mine": "Alt+1", "hubs": "Alt+2", "own": "Alt+3", "both": "Alt+4"}


@dataclass(frozen=True, slots=True)
class Question:
    """``answers``: value and catalog key of each; ``answered``: what holds until something else is picked."""

    number: int
    answers: tuple[tuple[str, str], ...]
    answered: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the person chose: the name of a use case of ``SyncService``, and the merged record where it needs one."""

    row: AttentionRow
    use_case: str
    record: Any = None


def questions(row: AttentionRow) -> list[Question]:
    """One for each place that can be decided by itself, else one for the record; none for a refusal."""
    if row.state is OutboxState.REFUSED:
        return []
    both = (("both", "sync.pick.both"),) if row.may_keep_both else ()
    if not _by_places(row):
        mine = "sync.pick.mine" if row.mine is not None else "sync.pick.deleted"
        hubs = "sync.pick.hubs" if row.hubs is not None else "sync.pick.deleted"
        return [Question(WHOLE, (("mine", mine), ("hubs", hubs), *both))]
    is_one = len(row.conflicts) == 1
    extra = both if is_one else ()
    places = [Question(number, (*_of_place(each), *extra)) for number, each in enumerate(row.conflicts)]
    if is_one or not both:
        return places
    return [Question(WHOLE, (("each", "sync.pick.each"), *both), "each"), *places]


def open_questions(row: AttentionRow, picks: Mapping[int, str]) -> list[int]:
    """The numbers of those that still want an answer."""
    if picks.get(WHOLE) == "both":
        return []
    return [each.number for each in questions(row) if not (picks.get(each.number) or each.answered)]


def decision(row: AttentionRow, picks: Mapping[int, str], written: Mapping[int, str]) -> Decision | None:
    """What the answers amount to; None while one is missing. ``written``: the texts of one's own, by number."""
    if open_questions(row, picks):
        return None
    given = set(picks.values())
    if "both" in given:
        return Decision(row, "keep_both")
    if picks.get(WHOLE) == "mine":
        return Decision(row, "keep_mine")
    if picks.get(WHOLE) == "hubs":
        return Decision(row, "keep_hubs")
    if given == {"hubs"} and not isinstance(row.mine, Draft):
        return Decision(row, "keep_hubs")
    hubs = frozenset(number for number, side in picks.items() if side == "hubs")
    own = {number: text for number, text in written.items() if picks.get(number) == "own"}
    return Decision(row, "keep_merged", resolved(row, hubs, own))


def outcome(row: AttentionRow, picks: Mapping[int, str]) -> str:
    """What the answers will do, or what is still wanted, in one sentence."""
    left, asked = len(open_questions(row, picks)), questions(row)
    if left and len(asked) == 1:
        keys = ", ".join(shortcut_text(KEYS[value]) for value, _ in asked[0].answers)
        return t("sync.choice.none", keys=keys)
    if left:
        return t("sync.choice.left", n=left)
    given = {side for side in picks.values() if side != "each"}
    if "both" in given:
        return t("sync.choice.both.reply" if isinstance(row.mine, DossierReply) else "sync.choice.both")
    if len(given) > 1:
        return t("sync.choice.each")
    side = given.pop()
    there, deleted = _OUTCOMES[side]
    return t(deleted if (row.mine if side == "mine" else row.hubs) is None else there)


def _by_places(row: AttentionRow) -> bool:
    """Acts place by place; of what somebody wrote otherwise, a text that is alone in conflict."""
    if row.mine is None or row.hubs is None or not row.conflicts:
        return False
    is_text = [each.field for each in row.conflicts] == ["text"] and isinstance(row.mine, Note | DossierReply)
    return isinstance(row.mine, Draft) or is_text


def _of_place(conflict: Any) -> tuple[tuple[str, str], ...]:
    own = (("own", "sync.pick.own"),) if may_be_written(conflict) else ()
    return (("mine", "sync.pick.mine"), ("hubs", "sync.pick.hubs"), *own)
