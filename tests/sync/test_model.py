"""A judge with two desks, a secretary with one, and their hub, driven at random: nothing lost, doubled or leaked.

Every save adds one new word and takes none away, so a word that is found nowhere was lost by the program, unless its
writer gave it up. ``JUDGE_DESK_MODEL_EXAMPLES`` (by default 12) sets how many courts are played through.
"""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import httpx2
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from judge_desk.domain.cases import STAGE_STEPS
from judge_desk.domain.drafts import Secrecy
from judge_desk.domain.errors import BadInput, HubUnreachable, NotAllowed, NotFound
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import Note, NoteReach
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import case_scope, user_scope
from judge_desk.hub.db import chain, tables
from judge_desk.protocol import codec, feed
from judge_desk.store import records
from judge_desk.store.outbox import WHOLE, OutboxState
from judge_desk.store.tables import RECORD_TABLES, draft_version, operation_text, outbox, sent, shadow
from judge_desk.store.tables import scope as granted
from judge_desk.sync.report import SyncReport
from tests import factories
from tests.live_hub import LiveHub
from tests.sync.conftest import PASSPHRASE, SyncedDesk, enrolled
from tests.sync.faulty_link import AT, FAULTS, STRIKES_AT, arrive, faulty, small_requests
from tests.sync.worded_acts import an_act, with_word

EXAMPLES = int(os.environ.get("JUDGE_DESK_MODEL_EXAMPLES", "12"))
WORD = re.compile(r"u\d+u")
"""No id holds one: their letters leave out the u. With a w instead, one record in a thousand seemed to hold a word that
only its random id held."""
JUDGES = st.integers(0, 1)
DESKS = st.integers(0, 2)
WHICH = st.integers(0, 20)
CHOICES = st.sampled_from(["keep_mine", "keep_hubs", "keep_both", "dismiss"])
ROUNDS = 8
_numbers = count(1)


def words_of(value: object) -> set[str]:
    return set(WORD.findall(str(value)))


class CourtModel(RuleBasedStateMachine):
    """``written``: every word that a desk called saved. ``given_up``: those that a person deleted or decided against,
    or that lay in a case that was taken away. ``secret``: those of the deliberation room."""

    hub: ClassVar[LiveHub]
    folder: ClassVar[Path]
    counts: ClassVar[Counter[str]] = Counter()
    """What was done and what went wrong on the way, over all courts."""

    def __init__(self) -> None:
        super().__init__()
        number = next(_numbers)
        self.judge, self.other, self.secretary = (f"{name}{number}" for name in ("judge", "other", "secretary"))
        for person, role in ((self.judge, Role.JUDGE), (self.other, Role.JUDGE), (self.secretary, Role.SECRETARY)):
            self.hub.add_person(person, role)
        self.case = factories.a_case(
            court_id=self.hub.court.id, judge_id=self.judge, secretary_id=self.secretary, id=f"case-of-{self.judge}"
        )
        self.scope = case_scope(self.case.id)
        self.hub.put((self.scope, Kind.CASE, self.case.id, self.case))
        owners = (self.judge, self.judge, self.secretary)
        self.desks = [
            enrolled(self.hub.url, person, self.folder / f"{number}-{place}") for place, person in enumerate(owners)
        ]
        for desk in self.desks:
            desk.sync()
        self.words = (f"u{n}u" for n in count(1))
        self.written: set[str] = set()
        self.given_up: set[str] = set()
        self.secret: set[str] = set()
        self.was_taken = False
        self.files: dict[str, bytes] = {}
        self.on_way: list[list[httpx2.Request]] = [[] for _ in self.desks]

    # What people do

    @rule(place=DESKS, shared=st.booleans())
    def write_note(self, place: int, shared: bool) -> None:
        notes = self.desks[place].desk.notes
        reach = NoteReach.SHARED if shared else NoteReach.PRIVATE
        self.save(lambda word: notes.save(notes.new(self.case.id, word, reach=reach)), fragile=shared)

    @rule(place=DESKS, which=WHICH, at_top=st.booleans())
    def edit_note(self, place: int, which: int, at_top: bool) -> None:
        note = self.pick(own_notes(self.desks[place]), which)
        if note is None:
            return

        def edit(word: str) -> None:
            text = f"{word}\n{note.text}" if at_top else f"{note.text}\n{word}"
            self.desks[place].desk.notes.save(replace(note, text=text))

        self.save(edit, fragile=note.reach is NoteReach.SHARED)

    @rule(place=DESKS, which=WHICH)
    def delete_note(self, place: int, which: int) -> None:
        note = self.pick(own_notes(self.desks[place]), which)
        if note is not None and self.done(lambda: self.desks[place].desk.notes.delete(note.id)):
            self.given_up |= words_of(note.text)

    @rule(place=JUDGES)
    def write_draft(self, place: int) -> None:
        desk = self.desks[place]
        drafts = [each for each in records_of(desk, Kind.DRAFT) if each.author_id == self.judge]
        if len(drafts) > 3:
            return
        blank = factories.a_draft(self.case.id, id=f"draft-{self.judge}-{next(_numbers)}", author_id=self.judge)

        def write(word: str) -> None:
            with desk.opened.context.store.unit_of_work(self.judge, "test.write") as work:
                work.put(Kind.DRAFT, user_scope(self.judge), replace(blank, act=an_act(blank.act, word)))

        self.save(write)

    @rule(place=DESKS, which=WHICH, block=st.integers(0, 3))
    def edit_draft(self, place: int, which: int, block: int) -> None:
        drafts = self.desks[place].desk.drafts
        draft = self.pick(records_of(self.desks[place], Kind.DRAFT), which)
        if draft is None:
            return

        def edit(word: str) -> None:
            drafts.save(draft.id, with_word(draft.act, block, word))
            if draft.secrecy is Secrecy.DELIBERATION:
                self.secret.add(word)

        self.save(edit, fragile=draft.secrecy is Secrecy.SHARED)

    @rule(place=JUDGES, which=WHICH, secrecy=st.sampled_from(Secrecy))
    def move_draft(self, place: int, which: int, secrecy: Secrecy) -> None:
        draft = self.pick(records_of(self.desks[place], Kind.DRAFT), which)
        if draft is None or not self.done(lambda: self.desks[place].desk.drafts.set_secrecy(draft.id, secrecy)):
            return
        if secrecy is not Secrecy.DELIBERATION:
            self.secret -= words_of(draft.act)
        if secrecy is Secrecy.SHARED and self.was_taken:
            self.given_up |= words_of(draft.act)

    @rule(place=JUDGES, which=WHICH)
    def delete_draft(self, place: int, which: int) -> None:
        draft = self.pick(records_of(self.desks[place], Kind.DRAFT), which)
        if draft is not None and self.done(lambda: self.desks[place].desk.drafts.delete(draft.id)):
            self.given_up |= words_of(draft.act)

    @rule(place=DESKS, which=WHICH)
    def advance(self, place: int, which: int) -> None:
        case = self.pick(records_of(self.desks[place], Kind.CASE), 0)
        stage = None if case is None else self.pick(sorted(STAGE_STEPS[case.stage]), which)
        if stage is not None:
            self.done(lambda: self.desks[place].desk.cases.advance(self.case.id, stage))

    # What happens to them

    @rule(away=st.booleans())
    def reassign(self, away: bool) -> None:
        """By the hub itself, on the newest copy; what is not sent by then is given up with the case."""
        case = codec.decode(Kind.CASE, self.hub_rows(tables.entity, Kind.CASE)[0].body)
        self.hub.put((self.scope, Kind.CASE, case.id, replace(case, judge_id=self.other if away else self.judge)))
        if away:
            self.was_taken = True
            for desk in self.desks[:2]:
                for table in (RECORD_TABLES[Kind.NOTE], RECORD_TABLES[Kind.DRAFT], outbox):
                    bodies = rows_where(desk, table, table.c.scope == self.scope)
                    self.given_up |= words_of([each.body for each in bodies])

    @rule(size=st.integers(1, 600_000))
    def file_document(self, size: int) -> None:
        """By the registry; its file has to arrive whole, wherever the line breaks."""
        content = random.Random(size).randbytes(size)
        sha256, length = self.hub.registry.add_blob(self.hub.court.id, self.scope, content)
        document = factories.a_document(self.case.id, content, sha256=sha256, size=length)
        self.files[document.id] = content
        self.hub.put((self.scope, Kind.DOCUMENT, document.id, document))

    @rule(place=DESKS, fault=FAULTS, at=AT)
    def sync(self, place: int, fault: str, at: int) -> None:
        desk = self.desks[place]
        with faulty(desk, fault, at, self.on_way[place]) as link:
            try:
                report = desk.sync()
            except HubUnreachable:
                assert link.struck, "the hub was there"
                self.counts["broken off"] += 1
                return
            finally:
                self.counts[f"fault {fault if link.struck else 'none'}"] += 1
        self.count(report)
        assert report.mismatches == 0

    @rule(place=DESKS, shared=st.booleans(), number=st.integers(1, 4), fault=st.sampled_from(list(STRIKES_AT)), at=AT)
    def send_notes(self, place: int, shared: bool, number: int, fault: str, at: int) -> None:
        """As many as need one request or several at once, while the link does not hold."""
        for _ in range(number):
            self.write_note(place, shared)
        self.sync(place, fault, at)

    @rule(place=DESKS, which=WHICH)
    def arrive(self, place: int, which: int) -> None:
        """A request that the desk has given up comes in all the same, before or behind any other."""
        on_way = self.on_way[place]
        if on_way:
            assert arrive(on_way.pop(which % len(on_way))) < 500
            self.counts["arrived late"] += 1

    def count(self, report: SyncReport) -> None:
        for name in ("pushed", "pulled", "merged", "conflicts", "refused", "files_in"):
            self.counts[f"moved {name}"] += getattr(report, name)

    @rule(place=DESKS)
    def restart(self, place: int) -> None:
        desk = self.desks[place]
        desk.close()
        desk.opened = desk.profile.unlock(PASSPHRASE, with_loop=False)

    @rule(place=DESKS, which=WHICH, choice=CHOICES)
    def decide(self, place: int, which: int, choice: str) -> None:
        service = self.desks[place].desk.sync
        row = self.pick(service.attention(), which)
        if row is None or not self.done(lambda: getattr(service, choice)(row.mid)):
            return
        if choice in ("keep_hubs", "dismiss"):
            self.given_up |= words_of(row.mine) - words_of(row.hubs)

    def teardown(self) -> None:
        try:
            for place, on_way in enumerate(self.on_way):
                while on_way:
                    self.arrive(place, 0)
            self.come_to_rest()
            for desk in self.desks:
                self.check_level(desk)
                self.check_files(desk)
            self.check_hub()
            self.check_words()
            self.counts["courts at rest"] += 1
            self.counts["words checked"] += len(self.written)
        finally:
            for desk in self.desks:
                desk.close()

    # How it is done and judged

    def save(self, write: Callable[[str], object], *, fragile: bool = False) -> None:
        word = next(self.words)
        if self.done(lambda: write(word)):
            self.written.add(word)
            self.counts["did save"] += 1
            if fragile and self.was_taken:
                self.given_up.add(word)

    def done(self, work: Callable[[], object]) -> bool:
        """Whether the desk let it through; what it says no to has changed nothing."""
        try:
            work()
        except (BadInput, NotAllowed, NotFound):
            return False
        return True

    def pick(self, found: list[Any], which: int) -> Any | None:
        return found[which % len(found)] if found else None

    def come_to_rest(self) -> None:
        for _ in range(ROUNDS):
            moved = 0
            for place, desk in enumerate(self.desks):
                report = desk.sync()
                self.count(report)
                assert report.mismatches == 0
                moved += report.pushed + report.pulled + report.merged + report.conflicts + report.refused
                for row in desk.desk.sync.attention():
                    self.decide(place, 0, "dismiss" if row.state is OutboxState.REFUSED else "keep_mine")
                    moved += 1
            if not moved:
                return
        raise AssertionError("they never agree")

    def check_level(self, desk: SyncedDesk) -> None:
        """The desk holds what its person may read, all of it, and nothing else."""
        with self.hub.engine.connect() as connection:
            grant = tables.scope_grant
            mine = sa.select(grant.c.scope).where(grant.c.person_id == desk.person_id, grant.c.until_at.is_(None))
            scopes = set(connection.scalars(mine))
            live = sa.select(tables.entity).where(tables.entity.c.scope.in_(scopes), ~tables.entity.c.deleted)
            expected = {(row.kind, row.id): (row.scope, row.rev, row.body) for row in connection.execute(live)}
        held: dict[tuple[str, str], tuple[str, int, str]] = {}
        for kind, table in RECORD_TABLES.items():
            rows = rows_where(desk, table)
            assert all(row.pending == 0 for row in rows)
            assert {row.scope for row in rows} <= scopes, "a row outside the grants"
            held |= {(kind.value, row.id): (row.scope, row.rev, row.body) for row in rows if row.rev}
            assert all(row.secrecy == Secrecy.DELIBERATION for row in rows if not row.rev), "a row nobody owes"
        assert held == expected
        assert {row.scope for row in rows_where(desk, granted)} == scopes
        assert (rows_where(desk, outbox), rows_where(desk, shadow)) == ([], [])
        said, known = ({row.mid for row in rows_where(desk, table)} for table in (operation_text, sent))
        assert said == known, "words of no operation"

    def check_files(self, desk: SyncedDesk) -> None:
        """Each file that the desk may read is here, whole."""
        for document in records_of(desk, Kind.DOCUMENT):
            with desk.desk.documents.content(document.id) as opened:
                assert opened.read() == self.files[document.id]
            self.counts["files checked"] += 1

    def check_hub(self) -> None:
        """Each operation had one effect: numbers without gaps, an audit line for each, and sums that hold."""
        entity, revision, audit = (self.hub_rows(table) for table in (tables.entity, tables.revision, tables.audit))
        older = Counter((row.kind, row.id) for row in revision)
        applied = Counter((row.kind, row.record_id) for row in audit if row.outcome == "applied" and row.rev)
        for row in entity:
            assert row.rev == older[row.kind, row.id] + 1 == applied[row.kind, row.id], row.id
            seen = Counter(WORD.findall(row.body))
            assert set(seen.values()) <= {1}, "a word stands there twice"
        with self.hub.engine.connect() as connection:
            total = sa.select(tables.scope.c.checksum).where(tables.scope.c.scope == self.scope)
            assert connection.scalar(total) == feed.checksum(
                (row.id, row.rev) for row in entity if row.scope == self.scope and not row.deleted
            )
            assert list(chain.faults(connection)) == []

    def check_words(self) -> None:
        at_hub = {
            word
            for table in (tables.entity, tables.revision)
            for row in self.hub_rows(table)
            for word in WORD.findall(row.body)
        }
        on_desks: set[str] = set()
        for desk in self.desks:
            for table in (RECORD_TABLES[Kind.NOTE], RECORD_TABLES[Kind.DRAFT], draft_version):
                on_desks |= words_of([row.body for row in rows_where(desk, table)])
        assert self.written - self.given_up - at_hub - on_desks == set(), "lost words"
        assert self.secret & at_hub == set(), "the deliberation room was heard"

    def hub_rows(self, table: sa.Table, kind: Kind | None = None) -> list[Any]:
        """The hub's rows of this example's people and case."""
        scopes = (self.scope, user_scope(self.judge), user_scope(self.secretary))
        wanted = [table.c.scope.in_(scopes)] + ([] if kind is None else [table.c.kind == kind.value])
        with self.hub.engine.connect() as connection:
            return list(connection.execute(sa.select(table).where(*wanted)))


def rows_where(desk: SyncedDesk, table: sa.Table, *conditions: Any) -> list[Any]:
    with desk.opened.context.store.reading() as connection:
        return list(connection.execute((WHOLE if table is outbox else sa.select(table)).where(*conditions)))


def records_of(desk: SyncedDesk, kind: Kind) -> list[Any]:
    with desk.opened.context.store.reading() as connection:
        return sorted(records.where(connection, kind), key=lambda each: each.id)


def own_notes(desk: SyncedDesk) -> list[Note]:
    return [each for each in records_of(desk, Kind.NOTE) if each.author_id == desk.person_id]


def test_any_day_at_court_ends_in_agreement(sqlite_hub: LiveHub, tmp_path: Path) -> None:
    CourtModel.hub, CourtModel.folder = sqlite_hub, tmp_path
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    chosen = settings(max_examples=EXAMPLES, stateful_step_count=40, deadline=None, suppress_health_check=checks)
    with small_requests():
        run_state_machine_as_test(CourtModel, settings=chosen)
