"""Drafts of acts: who may see them, what state they are in, and the versions kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from judge_desk.domain.acts import ActText
from judge_desk.domain.findings import Override
from judge_desk.domain.remarks import Remark


class DraftState(StrEnum):
    WRITING = "writing"
    TO_SIGN = "to_sign"
    FINAL = "final"


class Secrecy(StrEnum):
    """Who may ever see a draft. DELIBERATION (secrecy of the deliberation room) never leaves the desk in any form."""

    OWN = "own"
    SHARED = "shared"
    DELIBERATION = "deliberation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One draft. OWN and DELIBERATION drafts live in the author's scope, SHARED ones in the scope of the case."""

    id: str
    case_id: str
    author_id: str
    title: str
    template_id: str
    act: ActText
    state: DraftState = DraftState.WRITING
    secrecy: Secrecy = Secrecy.OWN
    number: str = ""
    dated_on: date | None = None
    created_at: datetime | None = None
    changed_at: datetime | None = None
    changed_by: str = ""
    """Who wrote what stands here now: of a shared draft the judge or the secretary. Empty from an earlier build."""
    final_sha256: str = ""
    """The file that was made at finalising. What is signed later lies in the case file as documents that replace it."""
    code: str = ""
    """The short code printed on a final act, by which anybody may ask the hub about it."""
    corrects: str = ""
    """For a correcting act: the id of the final act that it corrects."""
    remarks: tuple[Remark, ...] = ()
    """Beside the text, never in it: no paper and no file of the act shows them."""

    pair_id: str = ""
    """Drafts of one act in two languages bear the same one; empty for an act in one language."""
    overrides: tuple[Override, ...] = ()
    """Findings of the linter that the judge left as they are, each with its reason."""

    @property
    def may_leave_desk(self) -> bool:
        return self.secrecy is not Secrecy.DELIBERATION


class VersionReason(StrEnum):
    """Why a version was kept."""

    AUTOSAVE = "autosave"
    NAMED = "named"
    BEFORE_MERGE = "before_merge"
    RESTORE = "restore"
    FINALISE = "finalise"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftVersion:
    """A version kept on the desk for comparison and restore."""

    id: str
    draft_id: str
    saved_at: datetime
    reason: VersionReason
    act: ActText
    label: str = ""
