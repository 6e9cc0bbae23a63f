"""Who may write what: pure functions that the desk asks before it offers an action and the hub asks before it obeys
one.

Reading needs no function here: whoever holds a grant on a scope reads all of it, and nobody else reads any of it. The
grants themselves follow ``SCOPE_READERS``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any

from judge_desk.domain.campaigns import NEXT_STATES, Campaign, CampaignAct, CampaignState
from judge_desk.domain.cases import Case, may_step
from judge_desk.domain.court_forms import CourtForm
from judge_desk.domain.documents import Document, DocumentKind
from judge_desk.domain.dossier import DossierReply
from judge_desk.domain.drafts import Draft, DraftState, Secrecy
from judge_desk.domain.hearings import Hearing
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import Note, NoteReach
from judge_desk.domain.people import Actor, Role
from judge_desk.domain.reviews import Review, ReviewState
from judge_desk.domain.scopes import Scope, ScopeKind

SCOPE_READERS: dict[ScopeKind, frozenset[Role]] = {
    ScopeKind.CASE: frozenset({Role.JUDGE, Role.SECRETARY}),
    ScopeKind.PANEL: frozenset({Role.JUDGE}),
    ScopeKind.USER: frozenset(Role),
    ScopeKind.DOSSIER: frozenset({Role.JUDGE, Role.COMMISSION, Role.COUNCIL}),
    ScopeKind.COURT: frozenset(Role),
    ScopeKind.REVIEW: frozenset({Role.REVIEWER}),
    ScopeKind.CAMPAIGN: frozenset({Role.COMMISSION}),
}
"""Which roles a grant on a scope of each kind may name. USER scopes are granted to their owner alone."""

KIND_SCOPES: dict[Kind, frozenset[ScopeKind]] = {
    Kind.COURT: frozenset({ScopeKind.COURT}),
    Kind.PERSON: frozenset({ScopeKind.COURT}),
    Kind.CASE: frozenset({ScopeKind.CASE}),
    Kind.DOCUMENT: frozenset({ScopeKind.CASE}),
    Kind.HEARING: frozenset({ScopeKind.CASE}),
    Kind.TERM: frozenset({ScopeKind.CASE}),
    Kind.NOTE: frozenset({ScopeKind.USER, ScopeKind.CASE}),
    Kind.DRAFT: frozenset({ScopeKind.USER, ScopeKind.CASE}),
    Kind.COURT_FORM: frozenset({ScopeKind.COURT}),
    Kind.DOSSIER_ENTRY: frozenset({ScopeKind.DOSSIER}),
    Kind.DOSSIER_REPLY: frozenset({ScopeKind.DOSSIER}),
    Kind.DOSSIER_ACCESS: frozenset({ScopeKind.DOSSIER}),
    Kind.DOSSIER_SEAL: frozenset({ScopeKind.DOSSIER}),
    Kind.REVIEW_ASSIGNMENT: frozenset({ScopeKind.REVIEW}),
    Kind.REVIEW: frozenset({ScopeKind.REVIEW}),
    Kind.CAMPAIGN: frozenset({ScopeKind.CAMPAIGN}),
    Kind.CAMPAIGN_ACT: frozenset({ScopeKind.CAMPAIGN}),
    Kind.CAMPAIGN_PROGRESS: frozenset({ScopeKind.CAMPAIGN}),
    Kind.CAMPAIGN_PLAN: frozenset({ScopeKind.REVIEW}),
    Kind.SEALED_FORM: frozenset({ScopeKind.CAMPAIGN}),
}

_REGISTRY = frozenset({Role.SECRETARY})
_KEEPERS = frozenset({Role.JUDGE, Role.CHAIR})
_BENCH = frozenset({Role.JUDGE, Role.SECRETARY})
_JUDGE_CASE_FIELDS = frozenset({"stage", "outcome", "heard_on", "decided_on", "subject", "accepted_on"})
_CHAIR_CASE_FIELDS = frozenset({"judge_id", "judge_name", "secretary_id"})


def may_write(actor: Actor, kind: Kind, scope: Scope, before: Any, after: Any) -> bool:
    """Whether ``actor`` may turn ``before`` (None: nothing there) into ``after`` (None: delete) in ``scope``.

    ``before`` and ``after`` are records of ``kind``. A record that names another owner than its scope is refused too.
    """
    if scope.kind not in KIND_SCOPES[kind]:
        return False
    # The chair assigns cases without reading them.
    assigns = actor.role is Role.CHAIR and kind is Kind.CASE
    if actor.role not in SCOPE_READERS[scope.kind] and not assigns:
        return False
    if scope.kind is ScopeKind.USER and scope.owner_id != actor.person_id:
        return False
    return _RULES[kind](actor, scope, before, after)


def may_keep_offline(roles: Iterable[Role]) -> bool:
    """Who may keep whole case files on a desk, beyond the room that is set aside for files."""
    return not _KEEPERS.isdisjoint(roles)


def _changed_fields(before: Any, after: Any) -> set[str]:
    return {each.name for each in fields(before) if getattr(before, each.name) != getattr(after, each.name)}


def _case(actor: Actor, scope: Scope, before: Case | None, after: Case | None) -> bool:
    if after is None or after.id != scope.owner_id:
        return False
    if before is None:
        return actor.role in _REGISTRY
    if not may_step(before.stage, after.stage) or "court_id" in _changed_fields(before, after):
        return False
    changed = _changed_fields(before, after)
    if actor.role in _REGISTRY:
        # The registry assigns a case that nobody has; to take it from its judge is the chair's.
        return not before.judge_id or not changed & _CHAIR_CASE_FIELDS
    return changed <= {Role.JUDGE: _JUDGE_CASE_FIELDS, Role.CHAIR: _CHAIR_CASE_FIELDS}.get(actor.role, frozenset())


def _document(actor: Actor, scope: Scope, before: Document | None, after: Document | None) -> bool:
    if before is not None or after is None or after.case_id != scope.owner_id:
        return False
    if after.code or after.is_signed:
        # The public believes what bears a code: only a judge may say that a file is an act.
        return actor.role is Role.JUDGE and after.kind is DocumentKind.ACT and after.filed_by == actor.person_id
    return actor.role in _REGISTRY or (actor.role is Role.JUDGE and after.kind is DocumentKind.ACT)


def _of_case(actor: Actor, scope: Scope, before: Any, after: Any) -> bool:
    return actor.role in _BENCH and all(each is None or each.case_id == scope.owner_id for each in (before, after))


def _hearing(actor: Actor, scope: Scope, before: Hearing | None, after: Hearing | None) -> bool:
    return _of_case(actor, scope, before, after)


def _note(actor: Actor, scope: Scope, before: Note | None, after: Note | None) -> bool:
    reach = NoteReach.PRIVATE if scope.kind is ScopeKind.USER else NoteReach.SHARED
    if scope.kind is ScopeKind.CASE and not _of_case(actor, scope, before, after):
        return False
    return all(each is None or (each.author_id == actor.person_id and each.reach is reach) for each in (before, after))


def _draft(actor: Actor, scope: Scope, before: Draft | None, after: Draft | None) -> bool:
    if before is not None and before.state is DraftState.FINAL:
        return False
    own = scope.kind is ScopeKind.USER
    for each in (before, after):
        if each is None:
            continue
        if each.secrecy is not (Secrecy.OWN if own else Secrecy.SHARED) or (own and each.author_id != actor.person_id):
            return False
    if not own and not _of_case(actor, scope, before, after):
        return False
    finalises = after is not None and after.state is DraftState.FINAL
    return actor.role is Role.JUDGE or (
        not own and actor.role is Role.SECRETARY and not finalises and after is not None
    )


def _court_form(actor: Actor, scope: Scope, before: CourtForm | None, after: CourtForm | None) -> bool:
    """The bench and the chair write the court's forms."""
    own = all(each is None or each.court_id == scope.owner_id for each in (before, after))
    return own and actor.role in _BENCH | {Role.CHAIR}


def _dossier_entry(actor: Actor, scope: Scope, before: Any, after: Any) -> bool:
    return actor.role is Role.COMMISSION and before is None and after is not None and after.judge_id == scope.owner_id


def _dossier_reply(actor: Actor, scope: Scope, before: DossierReply | None, after: DossierReply | None) -> bool:
    if after is None or after.judge_id != scope.owner_id:
        return False
    if actor.role is Role.COMMISSION:
        return before is not None and _changed_fields(before, after) <= {"decision", "decided_at"}
    decided = "" if before is None else before.decision
    return actor.person_id == scope.owner_id and not decided and not after.decision


def _nobody(_actor: Actor, _scope: Scope, _before: Any, _after: Any) -> bool:
    """Written by the hub itself, never by a desk."""
    return False


def _review(actor: Actor, scope: Scope, before: Review | None, after: Review | None) -> bool:
    if after is None or after.reviewer_id != actor.person_id or after.assignment_id != scope.owner_id:
        return False
    return (
        after.id == scope.owner_id
        and (before is None or not before.is_sealed)
        and after.state is not ReviewState.ASSIGNED
    )


def _campaign(actor: Actor, scope: Scope, before: Campaign | None, after: Campaign | None) -> bool:
    """Prepared freely; once it runs, its state goes forward and decisions to set a form aside are added."""
    if actor.role is not Role.COMMISSION or after is None or scope.owner_id != actor.court_id:
        return False
    if before is None:
        # Prepared and launched without a link, it reaches the hub as one record.
        return after.state in (CampaignState.PREPARED, CampaignState.RUNNING) and not after.withdrawals
    if after.state is not before.state and after.state not in NEXT_STATES[before.state]:
        return False
    changed = _changed_fields(before, after)
    grows = after.withdrawals[: len(before.withdrawals)] == before.withdrawals
    if before.state is CampaignState.PREPARED:
        return not after.withdrawals and (after.state is before.state or changed == {"state"})
    return grows and changed <= {"state", "withdrawals"}


def _campaign_act(actor: Actor, scope: Scope, _before: Any, after: CampaignAct | None) -> bool:
    return actor.role is Role.COMMISSION and after is not None and scope.owner_id == actor.court_id


_RULES: dict[Kind, Callable[[Actor, Scope, Any, Any], bool]] = {
    Kind.COURT: _nobody,
    Kind.PERSON: _nobody,
    Kind.CASE: _case,
    Kind.DOCUMENT: _document,
    Kind.HEARING: _hearing,
    Kind.TERM: _of_case,
    Kind.NOTE: _note,
    Kind.DRAFT: _draft,
    Kind.COURT_FORM: _court_form,
    Kind.DOSSIER_ENTRY: _dossier_entry,
    Kind.DOSSIER_REPLY: _dossier_reply,
    Kind.DOSSIER_ACCESS: _nobody,
    Kind.DOSSIER_SEAL: _nobody,
    Kind.REVIEW_ASSIGNMENT: _nobody,
    Kind.REVIEW: _review,
    Kind.CAMPAIGN: _campaign,
    Kind.CAMPAIGN_ACT: _campaign_act,
    Kind.CAMPAIGN_PROGRESS: _nobody,
    Kind.CAMPAIGN_PLAN: _nobody,
    Kind.SEALED_FORM: _nobody,
}
