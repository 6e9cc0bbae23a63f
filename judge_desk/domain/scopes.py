"""A scope is the unit of grant, feed, purge and shard: every record lives in exactly one.

The design names case, panel, user, court and review; ``dossier`` stands beside them because the commission must reach a
judge's dossier without ever being granted the scope that holds the same judge's private notes and drafts. A contest for
a post has three: ``contest`` holds the log that applicants, panel and auditor recompute; ``application`` what one judge
consented to, so that it ends for the panel alone when the consent ends and for one member who steps back; ``sheet``
what one member gave in one step, which the applicant reads at once and the panel only when the step is whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from judge_desk.domain.errors import BadInput
from judge_desk.domain.ids import is_id


class ScopeKind(StrEnum):
    CASE = "case"
    PANEL = "panel"
    USER = "user"
    DOSSIER = "dossier"
    COURT = "court"
    REVIEW = "review"
    CAMPAIGN = "campaign"
    CONTEST = "contest"
    APPLICATION = "application"
    SHEET = "sheet"


@dataclass(frozen=True, slots=True)
class Scope:
    kind: ScopeKind
    owner_id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.owner_id}"

    @classmethod
    def parse(cls, text: str) -> Scope:
        """``case:ID`` to a Scope; raises BadInput for anything else."""
        return _parsed(text)


_KINDS: Final[Mapping[str, ScopeKind]] = {kind.value: kind for kind in ScopeKind}


@lru_cache(maxsize=1_000)  # a push names each of its cases many times
def _parsed(text: str) -> Scope:
    name, _, owner_id = text.partition(":")
    kind = _KINDS.get(name)
    if kind is None or not is_id(owner_id):
        raise BadInput("errors.bad_scope")
    return Scope(kind, owner_id)


def case_scope(case_id: str) -> str:
    return f"{ScopeKind.CASE}:{case_id}"


def user_scope(person_id: str) -> str:
    return f"{ScopeKind.USER}:{person_id}"


def dossier_scope(judge_id: str) -> str:
    return f"{ScopeKind.DOSSIER}:{judge_id}"


def court_scope(court_id: str) -> str:
    return f"{ScopeKind.COURT}:{court_id}"


def review_scope(assignment_id: str) -> str:
    return f"{ScopeKind.REVIEW}:{assignment_id}"


def campaign_scope(court_id: str) -> str:
    """Where the commission of a court prepares and follows its campaigns of peer review."""
    return f"{ScopeKind.CAMPAIGN}:{court_id}"


def contest_scope(contest_id: str) -> str:
    return f"{ScopeKind.CONTEST}:{contest_id}"


def application_scope(application_id: str) -> str:
    return f"{ScopeKind.APPLICATION}:{application_id}"


def sheet_scope(sheet_id: str) -> str:
    return f"{ScopeKind.SHEET}:{sheet_id}"
