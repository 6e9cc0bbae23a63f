"""Every role in every scope with every kind of record: the hub takes and sends what domain.permissions says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judge_desk.domain import permissions
from judge_desk.domain.campaigns import (
    Campaign,
    CampaignAct,
    CampaignPlan,
    CampaignProgress,
    CampaignState,
    KeyHolder,
    SealedForm,
)
from judge_desk.domain.cases import Language
from judge_desk.domain.court_forms import CourtForm
from judge_desk.domain.dossier import DossierAccess, DossierEntry, DossierReply, DossierSection, ReplyKind, sealed
from judge_desk.domain.drafts import DraftState, Secrecy
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import NoteReach
from judge_desk.domain.people import Actor, Person, Role
from judge_desk.domain.reviews import Review, ReviewAssignment, ReviewState
from judge_desk.domain.scopes import Scope
from judge_desk.domain.terms import Term
from judge_desk.protocol.operations import Outcome
from tests.contract.contests import NEEDS_CONTEST, of_contests
from tests.contract.records import a_case, a_note
from tests.contract.test_push import FORM, a_document, a_hearing
from tests.factories import a_draft
from tests.live_hub import COURT, LiveHub, TestDesk, hub_over

STRANGER = "p-stranger"
FILE = b"%PDF-1.7"
_numbers = iter(range(1, 1 << 30))


class World:
    """A hub with one device for each role, and a fresh scope for each example."""

    def __init__(self, hub: LiveHub) -> None:
        self.hub = hub
        self.desks: dict[Role, TestDesk] = {}
        for role in Role:
            hub.add_person(f"p-{role}", role)
            self.desks[role] = hub.desk(f"p-{role}")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("rights")
    with hub_over(f"sqlite:///{folder / 'hub.db'}", folder) as hub:
        yield World(hub)


def scopes_of(role: Role, number: int) -> dict[str, str]:
    """A scope of each kind: owned by this person where that can be, else by nobody here."""
    person = f"p-{role}"
    return {
        "case": f"case:k{number}",
        "user": f"user:{person}",
        "others": f"user:s{number}",
        "dossier": f"dossier:{person}" if role is Role.JUDGE else f"dossier:d{number}",
        "their dossier": f"dossier:j{number}",
        "court": "court:court1",
        "review": f"review:r{number}",
        "panel": f"panel:x{number}",
        "contest": f"contest:c{number}",
        "application": f"application:a{number}",
        "sheet": f"sheet:a{number}.file.0",
    }


def a_record(kind: Kind, scope: Scope, author: str, name: str, variant: int) -> Any:
    """A record of the kind that could stand in the scope; variants differ in what the rules look at."""
    case_id = scope.owner_id
    reach = (NoteReach.SHARED, NoteReach.PRIVATE)[variant % 2]
    records: dict[Kind, Callable[[], Any]] = {
        Kind.COURT: lambda: COURT,
        Kind.PERSON: lambda: Person(id=name, court_id="court1", name="x", full_name="x", roles=()),
        Kind.CASE: lambda: a_case(case_id, judge_id="", secretary_id=""),
        Kind.DOCUMENT: lambda: a_document(FILE, id=name, case_id=case_id),
        Kind.HEARING: lambda: a_hearing(name, case_id=case_id, judge_id=name, room=name),
        Kind.TERM: lambda: Term(id=name, case_id=case_id),
        Kind.NOTE: lambda: a_note(name, case_id=case_id, author_id=author, reach=reach),
        Kind.DRAFT: lambda: a_draft(
            case_id,
            id=name,
            author_id=author,
            secrecy=(Secrecy.OWN, Secrecy.SHARED)[variant % 2],
            state=(DraftState.WRITING, DraftState.FINAL)[variant // 2],
        ),
        Kind.COURT_FORM: lambda: CourtForm(name=name, id=name, court_id=case_id, language=Language("ru"), source="x"),
        Kind.DOSSIER_ENTRY: lambda: DossierEntry(
            id=name, judge_id=scope.owner_id, section=DossierSection.AWARDS, title="x"
        ),
        Kind.DOSSIER_REPLY: lambda: DossierReply(
            id=name,
            judge_id=scope.owner_id,
            entry_id="e",
            kind=ReplyKind.REPLY,
            text="x",
            written_at=datetime(2026, 1, 1, tzinfo=UTC),
            decision="x" * (variant % 2),
        ),
        Kind.DOSSIER_ACCESS: lambda: DossierAccess(
            id=name,
            judge_id=scope.owner_id,
            reader_id=author,
            reader_name="x",
            reader_role="x",
            purpose="x",
            at=datetime(2026, 1, 1, tzinfo=UTC),
        ),
        Kind.DOSSIER_SEAL: lambda: sealed(name, scope.owner_id, "0" * 64, datetime(2026, 1, 1, tzinfo=UTC)),
        **of_campaigns(name, variant),
        **of_contests(name, scope.owner_id, author),
        Kind.REVIEW_ASSIGNMENT: lambda: an_assignment(scope.owner_id, author),
        Kind.REVIEW: lambda: Review(
            id=scope.owner_id, assignment_id=scope.owner_id, reviewer_id=author, state=ReviewState.STARTED
        ),
    }
    return records[kind]()


def of_campaigns(name: str, variant: int) -> dict[Kind, Callable[[], Any]]:
    """The records that a campaign of peer review is made of."""
    return {
        Kind.CAMPAIGN: lambda: Campaign(
            id=name,
            title="x",
            per_judge=1,
            seed=1,
            due_on=date(2026, 1, 1),
            form=FORM,
            seal_key="",
            members=(),
            state=(CampaignState.PREPARED, CampaignState.RUNNING)[variant % 2],
        ),
        Kind.CAMPAIGN_ACT: lambda: CampaignAct(
            id=name, campaign_id="c", subject_id="s", title="x", text="x", language="kk"
        ),
        Kind.CAMPAIGN_PROGRESS: lambda: CampaignProgress(id=name),
        Kind.CAMPAIGN_PLAN: lambda: CampaignPlan(id=name, nonce="", places=(), reserves=()),
        Kind.SEALED_FORM: lambda: SealedForm(id=name, campaign_id="c", sealed="x"),
        Kind.KEY_HOLDER: lambda: KeyHolder(id=name, person_id="x", name="x", public_key="x"),
    }


def an_assignment(record_id: str, reviewer_id: str) -> ReviewAssignment:
    return ReviewAssignment(
        id=record_id,
        reviewer_id=reviewer_id,
        campaign="x",
        act_title="x",
        act_text="x",
        act_language="kk",
        form=FORM,
        due_on=date(2026, 12, 1),
    )


@dataclass(frozen=True)
class Example:
    """Somebody writes a record into a scope that was granted or not, over one that was there or not."""

    role: Role
    kind: Kind
    where: str
    is_granted: bool
    was_there: bool
    deletes: bool
    variant: int
    is_own: bool


EXAMPLES = st.builds(
    Example,
    role=st.sampled_from(Role),
    kind=st.sampled_from(Kind),
    where=st.sampled_from(sorted(scopes_of(Role.JUDGE, 0))),
    is_granted=st.booleans(),
    was_there=st.booleans(),
    deletes=st.booleans(),
    variant=st.integers(0, 3),
    is_own=st.booleans(),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(example=EXAMPLES)
def test_the_hub_takes_what_the_rules_allow_and_sends_what_was_granted(world: World, example: Example) -> None:
    number = next(_numbers)
    role, kind, person = example.role, example.kind, f"p-{example.role}"
    scope_name = scopes_of(role, number)[example.where]
    scope = Scope.parse(scope_name)
    fits = scope.kind in permissions.KIND_SCOPES[kind]
    record = a_record(kind, scope, person if example.is_own else STRANGER, f"x{number}", example.variant)
    prepare(world.hub, example, scope_name, record if example.was_there and fits else None)

    desk = world.desks[role]
    pulled = desk.pull()
    held = set(desk.cursors)
    own = {f"user:{person}", "court:court1", *([f"dossier:{person}"] if role is Role.JUDGE else [])}
    granted = example.is_granted and permissions.may_read(person, role, scope)
    assert (scope_name in held) == (granted or scope_name in own)
    assert {row.scope for row, _ in pulled.rows} <= held

    before = desk.held.get((scope_name, kind.value, record.id))
    was_there = before is not None or (example.was_there and fits)
    after = None if example.deletes else record
    result = desk.push_one(scope_name, kind, record.id, after, before[0] if before else int(was_there))
    # The chair assigns cases without holding them, the registry opens those that nobody holds yet.
    reaches = scope_name in held or (
        kind is Kind.CASE and (role is Role.CHAIR or (role is Role.SECRETARY and not was_there))
    )
    stored = record if was_there else None
    may = permissions.may_write(Actor(person, "court1", role), kind, scope, stored, after)
    may = may and kind not in NEEDS_CONTEST
    assert (result.outcome is Outcome.APPLIED) == (may and reaches), result
    if scope_name not in held:
        assert bytes(result.body) == b"null"


def prepare(hub: LiveHub, example: Example, scope: str, record: Any | None) -> None:
    """What the example needs at the hub; the review's assignment must not grant its scope by itself."""
    person = f"p-{example.role}"
    if example.kind is Kind.DOCUMENT:
        hub.registry.add_blob("court1", scope, FILE)
    if scope.startswith("review:"):
        owner = Scope.parse(scope).owner_id
        hub.put((scope, Kind.REVIEW_ASSIGNMENT, owner, an_assignment(owner, person)))
        hub.registry.withdraw_many("court1", [(person, scope)])
    if record is not None and example.kind is not Kind.REVIEW_ASSIGNMENT:
        hub.put((scope, example.kind, record.id, record))
    if example.is_granted and permissions.may_read(person, example.role, Scope.parse(scope)):
        hub.registry.grant_many("court1", [(person, scope, example.role)])
