"""Decides about one operation: pure, over what was loaded for the whole push; the same rules as on the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec

from judge_desk.domain import permissions
from judge_desk.domain.campaigns import Campaign, CampaignProgress, CampaignState
from judge_desk.domain.documents import Document
from judge_desk.domain.dossier import DossierEntry
from judge_desk.domain.drafts import Draft, DraftState, Secrecy
from judge_desk.domain.errors import BadInput
from judge_desk.domain.hearings import Hearing, clashes
from judge_desk.domain.holdings import Holding, following, posts
from judge_desk.domain.ids import is_id
from judge_desk.domain.kinds import MERGE_RULES, Kind, MergeRule
from judge_desk.domain.people import Actor, Role
from judge_desk.domain.review_appeals import AppealState
from judge_desk.domain.reviews import Review, ReviewAssignment, ReviewState, gaps
from judge_desk.domain.scopes import Scope, ScopeKind
from judge_desk.hub import contests, generations, guarantees, review_appeals
from judge_desk.hub.auth import Caller
from judge_desk.hub.db.state import Key, Stored
from judge_desk.protocol import codec, limits
from judge_desk.protocol.codes import Code
from judge_desk.protocol.operations import Action, Operation, Outcome, Result

CONFLICTS = frozenset({MergeRule.THREE_WAY, MergeRule.PER_AUTHOR})


@dataclass(slots=True, kw_only=True)
class Known:
    """What a push stands on; it moves on with each operation, so that later ones of the same push see earlier ones."""

    caller: Caller
    roles: dict[str, Role]
    """By scope, the role in which the caller may read it now."""
    ended: frozenset[str]
    """Scopes that the caller was once allowed to read."""
    court_roles: frozenset[Role]
    states: dict[Key, Stored]
    files: Mapping[tuple[str, str], int]
    """Sizes of the files that lie in a scope, by scope and SHA-256."""
    bookings: list[Hearing]
    contests: contests.Contests
    appeals: review_appeals.Appeals
    results: dict[int, Result]
    revisions: dict[int, int] = field(default_factory=dict)
    generation: int = 0
    today: date = date.max
    settling: bool = False
    """Desks may still bring back what the hub lost in a restore: scopes that it knows nothing about."""


class Accepted(msgspec.Struct, frozen=True, gc=False):
    """An operation that may be carried out, with the records before and after it."""

    key: Key
    body: str
    deleted: bool
    before: Stored | None
    record_before: Any
    record_after: Any


class Declined(Exception):
    """Carries the answer to one operation that is not carried out."""

    def __init__(self, result: Result) -> None:
        super().__init__(result.code or result.outcome.value)
        self.result = result


def decide(operation: Operation, known: Known) -> Accepted:
    """Raises Declined with the answer, unless the operation may be carried out."""
    scope, body, after = _read(operation)
    roles = _roles(operation, scope, known)
    _check_order(operation, known)
    key = (operation.scope, operation.kind, operation.id)
    before = known.states.get(key)
    record_before = None if before is None or before.deleted else codec.decode(operation.kind, before.body)
    accepted = Accepted(key, body, after is None, before, record_before, after)
    copy = before if operation.scope in known.roles else None
    _check_finished(operation, record_before, copy)
    if not _is_based_on(operation, before, known):
        raise Declined(_stale(operation, before, copy))
    actors = [Actor(known.caller.person_id, known.caller.court_id, role) for role in roles]
    if not any(permissions.may_write(actor, operation.kind, scope, record_before, after) for actor in actors):
        raise Declined(_refused(operation, Code.NOT_ALLOWED))
    _check_content(operation, after, known)
    if operation.kind in contests.ASKED and (code := known.contests.why_not(record_before, after, actors[0].person_id)):
        raise Declined(_refused(operation, code))
    if operation.kind in review_appeals.ASKED and (code := known.appeals.why_not(record_before, after)):
        # What a restore has lost may still come from other desks.
        retry = Result(mid=operation.mid, outcome=Outcome.RETRY)
        raise Declined(retry if known.settling and code is Code.NOT_ALLOWED else _refused(operation, code))
    return accepted


def _read(operation: Operation) -> tuple[Scope, str, Any]:
    """The operation's scope, its body as it will be stored, and the record in it (None: delete)."""
    try:
        scope = Scope.parse(operation.scope)
    except BadInput:
        raise Declined(_refused(operation, Code.NO_SUCH_SCOPE)) from None
    if not is_id(operation.id) or operation.base_rev < 0:
        raise Declined(_refused(operation, Code.BAD_BODY))
    if operation.action is Action.DELETE:
        return scope, "", None
    raw = bytes(operation.body)
    if len(raw) > limits.BODY_BYTES:
        raise Declined(_refused(operation, Code.TOO_LARGE))
    try:
        body = codec.one_line(raw)
        record = codec.decode(operation.kind, body)
    except BadInput:
        raise Declined(_refused(operation, Code.BAD_BODY)) from None
    if isinstance(record, Draft) and record.secrecy is Secrecy.DELIBERATION:
        raise Declined(_refused(operation, Code.SECRET))
    if record.id != operation.id:
        raise Declined(_refused(operation, Code.BAD_BODY))
    return scope, body, record


def _roles(operation: Operation, scope: Scope, known: Known) -> set[Role]:
    """The roles in which the caller may act here. A scope that was never the caller's looks like one that is none."""
    roles = {known.roles[operation.scope]} if operation.scope in known.roles else set()
    if scope.kind is ScopeKind.CASE:
        # The chair reassigns cases without reading them; the registry opens a case that nobody holds yet.
        roles |= known.court_roles & {Role.CHAIR}
        if operation.kind is Kind.CASE and (operation.scope, Kind.CASE, scope.owner_id) not in known.states:
            roles |= known.court_roles & {Role.SECRETARY}
    if operation.kind is Kind.VACANCY and operation.scope in known.roles:
        # Who sits on the council and on the bench reads the court's scope as a judge.
        roles |= known.court_roles & {Role.COUNCIL}
    if not roles:
        if known.settling and operation.scope not in known.ended:
            raise Declined(Result(mid=operation.mid, outcome=Outcome.RETRY))
        code = Code.NOT_ALLOWED if operation.scope in known.ended else Code.NO_SUCH_SCOPE
        raise Declined(_refused(operation, code))
    return roles


def _check_order(operation: Operation, known: Known) -> None:
    for mid in operation.after:
        earlier = known.results.get(mid)
        if earlier is None or earlier.outcome is Outcome.RETRY:
            raise Declined(Result(mid=operation.mid, outcome=Outcome.RETRY))
        if earlier.outcome is not Outcome.APPLIED:
            raise Declined(_refused(operation, Code.AFTER_REFUSED))


def _check_finished(operation: Operation, record: Any, copy: Stored | None) -> None:
    """What is sealed, signed or filed does not change, on whatever copy the change was made."""
    if record is None:
        return
    if MERGE_RULES[operation.kind] is MergeRule.IMMUTABLE:
        raise Declined(_refused(operation, Code.IMMUTABLE, copy))
    sealed = isinstance(record, Review) and record.is_sealed
    signed = isinstance(record, Draft) and record.state is DraftState.FINAL
    if sealed or signed:
        raise Declined(_refused(operation, Code.SEALED, copy))


def _is_based_on(operation: Operation, before: Stored | None, known: Known) -> bool:
    """Whether the change was made on the hub's copy, on an operation of the same desk that made that copy, or on what
    became of that copy before a restore took it back."""
    rev = 0 if before is None else before.rev
    if generations.is_descendant(operation.base_rev, rev, known.generation):
        return True
    return operation.base_rev == rev or any(known.revisions.get(mid) == rev for mid in operation.after)


def _stale(operation: Operation, before: Stored | None, copy: Stored | None) -> Result:
    rule = MERGE_RULES[operation.kind]
    if copy is not None and (rule in CONFLICTS or rule is MergeRule.SEALED):
        return Result(mid=operation.mid, outcome=Outcome.CONFLICT, rev=copy.rev, body=_copy_of(copy))
    if before is None:
        # Made on a copy that this hub has lost or never had: nothing to merge with, the desk asks its owner.
        return Result(
            mid=operation.mid, outcome=Outcome.CONFLICT if rule in CONFLICTS else Outcome.REFUSED, code=Code.STALE
        )
    return _refused(operation, Code.STALE, copy)


def _check_content(operation: Operation, after: Any, known: Known) -> None:
    if isinstance(after, Document) and known.files.get((operation.scope, after.sha256)) != after.size:
        raise Declined(_refused(operation, Code.MISSING_ATTACHMENT))
    if isinstance(after, Hearing) and any(clashes(after, other) for other in known.bookings):
        raise Declined(_refused(operation, Code.DOUBLE_BOOKING))
    if isinstance(after, Review):
        asked = known.states.get((operation.scope, Kind.REVIEW_ASSIGNMENT, operation.id))
        assignment = None if asked is None or asked.deleted else codec.decode(Kind.REVIEW_ASSIGNMENT, asked.body)
        if not isinstance(assignment, ReviewAssignment) or assignment.reviewer_id != after.reviewer_id:
            raise Declined(_refused(operation, Code.NOT_ALLOWED))
        if not _is_whole(assignment, after):
            raise Declined(_refused(operation, Code.BAD_BODY))
    if isinstance(after, Campaign) and not _may_open(operation, after, known):
        raise Declined(_refused(operation, Code.NOT_ALLOWED))
    if isinstance(after, Campaign) and review_appeals.few_holders(
        _held(operation, Kind.CAMPAIGN, known), after, known.today
    ):
        raise Declined(_refused(operation, Code.FEW_HOLDERS))
    if isinstance(after, DossierEntry) and after.guarantee is not None and guarantees.fault_of(after.guarantee):
        raise Declined(_refused(operation, Code.WRONG_AUTHORITY))


def _is_whole(assignment: ReviewAssignment, review: Review) -> bool:
    """A form of a campaign comes sealed and holds nothing that the hub could read; another one has no gaps."""
    if assignment.seal_key:
        told = review.answers or review.general_comment or review.state is ReviewState.STARTED
        return not told and bool(review.sealed) == (review.state is ReviewState.SUBMITTED)
    return review.state is not ReviewState.SUBMITTED or not gaps(assignment.form, review, assignment.act_text)


def _may_open(operation: Operation, campaign: Campaign, known: Known) -> bool:
    """Forms are handed out when all are in or the day has passed, and never again closed to look once more; those of a
    second panel likewise."""
    held = _held(operation, Kind.CAMPAIGN, known)
    before = held if isinstance(held, Campaign) else None
    progress = _held(operation, Kind.CAMPAIGN_PROGRESS, known)
    counted = progress if isinstance(progress, CampaignProgress) else CampaignProgress(id=campaign.id)
    opens = campaign.state is CampaignState.OPENED and (before is None or before.state is CampaignState.RUNNING)
    if opens and not (campaign.due_on < known.today or counted.is_complete):
        return False
    was = {each.id: each.state for each in before.appeals} if before is not None else {}
    for appeal in campaign.appeals:
        if was.get(appeal.id) is not AppealState.RUNNING or appeal.state is not AppealState.OPENED:
            continue
        panel = counted.panel(appeal.id)
        is_late = appeal.due_on is not None and appeal.due_on < known.today
        if not (is_late or (panel is not None and panel.is_complete)):
            return False
    return True


def _held(operation: Operation, kind: Kind, known: Known) -> Any:
    found = known.states.get((operation.scope, kind, operation.id))
    return None if found is None or found.deleted else codec.decode(kind, found.body)


def move_on(operation: Operation, accepted: Accepted, rev: int, known: Known) -> None:
    """Let the operations behind this one see what it did."""
    known.states[accepted.key] = Stored(rev, 0, accepted.deleted, accepted.body)
    known.revisions[operation.mid] = rev
    if operation.kind is Kind.HEARING:
        others = [each for each in known.bookings if each.id != operation.id]
        known.bookings[:] = others if accepted.record_after is None else [*others, accepted.record_after]
    if operation.kind in contests.ASKED:
        known.contests.move_on(accepted.record_after)
    if operation.kind in review_appeals.ASKED:
        known.appeals.move_on(accepted.record_after)
    if operation.kind is Kind.CASE:
        _follow(known, following(operation.scope, accepted.record_before), lose=True)
        _follow(known, following(operation.scope, accepted.record_after), lose=False)


def _follow(known: Known, holdings: Iterable[Holding], *, lose: bool) -> None:
    for each in holdings:
        if each.person_id != known.caller.person_id:
            continue
        if lose:
            known.roles.pop(each.scope, None)
        elif each.role in posts(known.court_roles):
            known.roles[each.scope] = each.role


def _refused(operation: Operation, code: Code, copy: Stored | None = None) -> Result:
    if copy is None:
        return Result(mid=operation.mid, outcome=Outcome.REFUSED, code=code)
    return Result(mid=operation.mid, outcome=Outcome.REFUSED, code=code, rev=copy.rev, body=_copy_of(copy))


def _copy_of(stored: Stored) -> Any:
    return codec.raw("null" if stored.deleted else stored.body)
