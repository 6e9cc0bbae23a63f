"""What the window needs from the services, and no more.

Methods marked (worker) run off the main thread and may raise KnownError.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from judge_desk.domain.changes import Changes
    from judge_desk.domain.people import Role
    from judge_desk.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Identity:
    """Who sits here, as the top of the navigation says it; finished texts in the language asked for."""

    name: str
    court: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStatus:
    """The truth for the status line. Times are aware, UTC.

    ``linked`` is None until the hub was first tried. ``since_at``: since when linked or not. ``waiting``: operations
    not sent yet. ``attention``: refusals and conflicts that wait for the person. ``checked_at``: when desk and hub last
    agreed. ``wiped``: the court shut this device out, and nothing is left on it. ``step`` of an exchange under way:
    sending, receiving, fetching or empty; ``done`` rows or files of it.
    """

    linked: bool | None
    since_at: datetime | None = None
    waiting: int = 0
    attention: int = 0
    checked_at: datetime | None = None
    paused: bool = False
    wiped: bool = False
    step: str = ""
    done: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One hit for the palette: finished plain texts, and the page that shows it.

    ``kind``: case, document, draft, person or act.
    """

    kind: str
    title: str
    detail: str
    page_id: str
    params: Mapping[str, str] = field(default_factory=dict)


class ShellFacts(Protocol):
    """What stands around the pages."""

    def identity(self, language: str) -> Identity:
        """(worker) Name and court."""

    def roles(self) -> Collection[Role]:
        """At once: they decide which pages the navigation offers."""

    def counters(self) -> Mapping[str, int]:
        """(worker) Page id to the number beside it in the navigation; 0 or missing shows nothing."""

    def link(self) -> LinkStatus:
        """At once, from memory; asked every few seconds on the main thread."""

    def find(self, query: str, language: str, limit: int) -> Sequence[Found]:
        """(worker) Cases, documents, drafts and people for the palette."""

    def listen(self, listener: Callable[[Changes], None]) -> None:
        """Call ``listener``, on any thread, whenever the exchange changed something or its standing."""

    def sync_now(self) -> None:
        """Ask for an exchange; returns at once."""


class GateState(StrEnum):
    """NEW: this PC was never enrolled. LOCKED: a passphrase opens it. OPEN: it is open."""

    NEW = "new"
    LOCKED = "locked"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Opened:
    """An open desk: the services for the pages and the facts for the shell."""

    desk: Desk
    facts: ShellFacts


class Gate(Protocol):
    """The door of the desk: first sign-in, unlock, lock."""

    @property
    def state(self) -> GateState: ...

    def seconds_to_wait(self) -> int:
        """How long the passphrase field stays shut after wrong tries."""

    def prepare(self) -> None:
        """(worker) Load what the desk needs behind the door; everything else does so too, later."""

    def unlock(self, passphrase: str) -> Opened:
        """(worker) Raises WrongPassphrase, DamagedStore and the like."""

    def enrol(self, hub: str, user: str, password: str, passphrase: str) -> Opened:
        """(worker) First sign-in; raises HubUnreachable, HubRefused, BadInput and the like."""

    def lock(self) -> None:
        """(worker) Stop the sync, close the store, drop the key; every page has left, and what it saved is saved."""
