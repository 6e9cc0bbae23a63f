"""Who may write what: pure functions that the desk asks before it offers an action and the hub asks before it obeys
one.

Whoever holds a grant on a scope reads all of it, and nobody else reads any of it. ``may_read`` says which grants there
may be: the hub stores no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any

from judge_desk.domain.campaigns import NEXT_STATES, Campaign, CampaignAct, CampaignState, KeyHolder
from judge_desk.domain.cases import Case, may_step
from judge_desk.domain.contests import Application, ContestDecision, Recusal, RecusalReason, ScoreSheet, Vacancy
from judge_desk.domain.court_forms import CourtForm
from judge_desk.domain.documents import Document, DocumentKind
from judge_desk.domain.dossier import DossierAccess, DossierEntry, DossierReply, DossierSection, ReplyKind
from judge_desk.domain.drafts import Draft, DraftState, Secrecy
from judge_desk.domain.hearings import Hearing
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import Note, NoteReach
from judge_desk.domain.people import Actor, Role
from judge_desk.domain.review_appeals import may_follow
from judge_desk.domain.reviews import Review, ReviewState
from judge_desk.domain.scopes import Scope, ScopeKind

SCOPE_READERS: dict[ScopeKind, frozenset[Role]] = {
    ScopeKind.CASE: frozenset({Role.JUDGE, Role.SECRETARY}),
    ScopeKind.PANEL: frozenset({Role.JUDGE}),
    ScopeKind.USER: frozenset(Role),
    # The council reads what a judge consented to for a contest, and no dossier.
    ScopeKind.DOSSIER: frozenset({Role.JUDGE, Role.COMMISSION}),
    ScopeKind.COURT: frozenset(Role),
    ScopeKind.REVIEW: frozenset({Role.REVIEWER}),
    ScopeKind.CAMPAIGN: frozenset({Role.COMMISSION}),
    ScopeKind.CONTEST: frozenset({Role.JUDGE, Role.COUNCIL, Role.AUDITOR}),
    ScopeKind.APPLICATION: frozenset({Role.JUDGE, Role.COUNCIL}),
    ScopeKind.SHEET: frozenset({Role.JUDGE, Role.COUNCIL}),
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
    Kind.VACANCY: frozenset({ScopeKind.COURT}),
    Kind.CONTEST_APPLICATION: frozenset({ScopeKind.USER}),
    Kind.CANDIDACY: frozenset({ScopeKind.APPLICATION}),
    Kind.CONTEST_EXTRACT: frozenset({ScopeKind.APPLICATION}),
    Kind.RECUSAL: frozenset({ScopeKind.APPLICATION}),
    Kind.SCORE_SHEET: frozenset({ScopeKind.SHEET}),
    Kind.CONTEST_DECISION: frozenset({ScopeKind.APPLICATION}),
    Kind.CONTEST_LINK: frozenset({ScopeKind.CONTEST}),
    Kind.KEY_HOLDER: frozenset({ScopeKind.CAMPAIGN}),
}

_REGISTRY = frozenset({Role.SECRETARY})
_KEEPERS = frozenset({Role.JUDGE, Role.CHAIR})
_BENCH = frozenset({Role.JUDGE, Role.SECRETARY})
_LAUNCHING_CAMPAIGN_FIELDS = frozenset({"state", "shares", "few_holders_reason"})
_MOVING_CAMPAIGN_FIELDS = frozenset({"state", "withdrawals", "shares", "appeals", "published_at"})
_JUDGE_CASE_FIELDS = frozenset({"stage", "outcome", "heard_on", "decided_on", "subject", "accepted_on"})
_CHAIR_CASE_FIELDS = frozenset({"judge_id", "judge_name", "secretary_id"})


def may_read(person_id: str, role: Role, scope: Scope) -> bool:
    """Whether this person may hold ``scope`` in that role: notes and drafts of one's own, and as a judge one's own
    dossier alone."""
    is_own = scope.owner_id == person_id
    if scope.kind is ScopeKind.USER or (scope.kind is ScopeKind.DOSSIER and role is Role.JUDGE):
        return is_own
    return role in SCOPE_READERS[scope.kind]


def may_write(actor: Actor, kind: Kind, scope: Scope, before: Any, after: Any) -> bool:
    """Whether ``actor`` may turn ``before`` (None: nothing there) into ``after`` (None: delete) in ``scope``.

    ``before`` and ``after`` are records of ``kind``. A record that names another owner than its scope is refused too.
    """
    if scope.kind not in KIND_SCOPES[kind]:
        return False
    # The chair assigns cases without reading them.
    assigns = actor.role is Role.CHAIR and kind is Kind.CASE
    if not assigns and not may_read(actor.person_id, actor.role, scope):
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
    if after.code or after.is_signed or after.signed_on_paper:
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


def _is_named(actor: Actor, after: Draft | CourtForm | None) -> bool:
    """Nobody writes in another's name; a desk of an earlier build names nobody."""
    return after is None or after.changed_by in ("", actor.person_id)


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
    if not _is_named(actor, after):
        return False
    finalises = after is not None and after.state is DraftState.FINAL
    return actor.role is Role.JUDGE or (
        not own and actor.role is Role.SECRETARY and not finalises and after is not None
    )


def _court_form(actor: Actor, scope: Scope, before: CourtForm | None, after: CourtForm | None) -> bool:
    """The bench and the chair write the court's forms."""
    own = all(each is None or each.court_id == scope.owner_id for each in (before, after))
    return own and _is_named(actor, after) and actor.role in _BENCH | {Role.CHAIR}


def _dossier_entry(actor: Actor, scope: Scope, before: Any, after: DossierEntry | None) -> bool:
    """The commission enters; a judge declares for the own person, and nothing else."""
    if before is not None or after is None or after.judge_id != scope.owner_id:
        return False
    if (after.declaration is not None) != (after.section is DossierSection.DECLARATIONS):
        return False
    if (after.guarantee is not None) != (after.section is DossierSection.GUARANTEES):
        return False
    if after.review is not None and after.section is not DossierSection.REVIEWS:
        return False
    declares = actor.person_id == scope.owner_id and after.declaration is not None
    return actor.role is Role.COMMISSION or (actor.role is Role.JUDGE and declares)


def _dossier_access(actor: Actor, scope: Scope, before: Any, after: DossierAccess | None) -> bool:
    """A reader says what for; that the rows were sent is written by the hub itself."""
    if before is not None or after is None or after.judge_id != scope.owner_id:
        return False
    own = after.reader_id == actor.person_id and after.reader_role == actor.role.value
    return own and actor.person_id != scope.owner_id and bool(after.purpose.strip())


def _dossier_reply(actor: Actor, scope: Scope, before: DossierReply | None, after: DossierReply | None) -> bool:
    if after is None or after.judge_id != scope.owner_id:
        return False
    if actor.role is Role.COMMISSION:
        return before is not None and _changed_fields(before, after) <= {"decision", "decided_at"}
    if before is not None and ReplyKind.APPEAL in (before.kind, after.kind):
        # What another panel is asked for stays as it was written.
        return False
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
    """Prepared freely; once it runs, its state goes forward; decisions, appeals and holders of its key are added."""
    if actor.role is not Role.COMMISSION or after is None or scope.owner_id != actor.court_id:
        return False
    untouched = not after.withdrawals and not after.appeals and after.published_at is None
    if before is None:
        # Prepared and launched without a link, it reaches the hub as one record.
        return after.state in (CampaignState.PREPARED, CampaignState.RUNNING) and untouched
    if after.state is not before.state and after.state not in NEXT_STATES[before.state]:
        return False
    changed = _changed_fields(before, after)
    if before.state is CampaignState.PREPARED:
        return untouched and (after.state is before.state or changed <= _LAUNCHING_CAMPAIGN_FIELDS)
    return changed <= _MOVING_CAMPAIGN_FIELDS and _decisions_grow(before, after)


def _decisions_grow(before: Campaign, after: Campaign) -> bool:
    """What was decided or given stays; who was told is told once; nobody appeals against what is not out, and once
    it is out, only an appeal changes what counts."""
    is_out, was_out = after.published_at is not None, before.published_at is not None
    if was_out and (after.published_at != before.published_at or after.withdrawals != before.withdrawals):
        return False
    if is_out and after.state not in (CampaignState.OPENED, CampaignState.CLOSED):
        return False
    if after.state is CampaignState.CLOSED and (not is_out or any(each.is_open for each in after.appeals)):
        return False
    return (
        after.withdrawals[: len(before.withdrawals)] == before.withdrawals
        and after.shares[: len(before.shares)] == before.shares
        and may_follow(before.appeals, after.appeals)
        and (is_out or not after.appeals)
    )


def _key_holder(actor: Actor, scope: Scope, before: KeyHolder | None, after: KeyHolder | None) -> bool:
    """A desk of the commission names its own key; a key that was told never changes, nor goes."""
    own = after is not None and after.person_id == actor.person_id and scope.owner_id == actor.court_id
    return own and actor.role is Role.COMMISSION and before is None


def _campaign_act(actor: Actor, scope: Scope, _before: Any, after: CampaignAct | None) -> bool:
    return actor.role is Role.COMMISSION and after is not None and scope.owner_id == actor.court_id


def _vacancy(actor: Actor, scope: Scope, before: Vacancy | None, after: Vacancy | None) -> bool:
    """The council publishes; afterwards somebody on the panel adds the outcome, once."""
    if actor.role is not Role.COUNCIL or after is None or scope.owner_id != actor.court_id:
        return False
    if before is None:
        return after.outcome is None
    added = before.outcome is None and _changed_fields(before, after) == {"outcome"}
    return added and before.seat(actor.person_id) is not None


def _application(actor: Actor, _scope: Scope, before: Application | None, after: Application | None) -> bool:
    """A judge's own; what was consented to does not change, but it can be withdrawn."""
    if actor.role is not Role.JUDGE or after is None or after.judge_id != actor.person_id:
        return False
    if before is None:
        # Applied and withdrawn without a link, it reaches the hub as one record.
        return after.consent.contest_id == after.contest_id
    withdraws = before.withdrawn_at is None and after.withdrawn_at is not None
    return withdraws and _changed_fields(before, after) <= {"withdrawn_at", "withdrawn_why"}


def _recusal(actor: Actor, scope: Scope, before: Recusal | None, after: Recusal | None) -> bool:
    """One's own; for a member who stays away somebody else's, and the hub looks whether a sheet is overdue."""
    if after is None or before is not None or actor.role is not Role.COUNCIL:
        return False
    own = after.member_id == actor.person_id or after.reason is RecusalReason.ABSENT
    return own and after.declared_by == actor.person_id and after.application_id == scope.owner_id


def _score_sheet(actor: Actor, scope: Scope, before: ScoreSheet | None, after: ScoreSheet | None) -> bool:
    own = after is not None and after.member_id == actor.person_id and after.id == scope.owner_id
    return own and before is None and actor.role is Role.COUNCIL


def _contest_decision(actor: Actor, scope: Scope, before: Any, after: ContestDecision | None) -> bool:
    own = after is not None and after.decider_id == actor.person_id and after.id == scope.owner_id
    return own and before is None and actor.role is Role.COUNCIL


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
    Kind.DOSSIER_ACCESS: _dossier_access,
    Kind.DOSSIER_SEAL: _nobody,
    Kind.REVIEW_ASSIGNMENT: _nobody,
    Kind.REVIEW: _review,
    Kind.CAMPAIGN: _campaign,
    Kind.CAMPAIGN_ACT: _campaign_act,
    Kind.CAMPAIGN_PROGRESS: _nobody,
    Kind.CAMPAIGN_PLAN: _nobody,
    Kind.SEALED_FORM: _nobody,
    Kind.VACANCY: _vacancy,
    Kind.CONTEST_APPLICATION: _application,
    Kind.CANDIDACY: _nobody,
    Kind.CONTEST_EXTRACT: _nobody,
    Kind.RECUSAL: _recusal,
    Kind.SCORE_SHEET: _score_sheet,
    Kind.CONTEST_DECISION: _contest_decision,
    Kind.CONTEST_LINK: _nobody,
    Kind.KEY_HOLDER: _key_holder,
}
