"""The outage log: notes when the hub could not be reached, and certifies it on paper."""

from __future__ import annotations

import hashlib
import itertools
import threading
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import BadInput, HubProblem, HubUnreachable, KnownError
from judge_desk.domain.ids import new_id
from judge_desk.services.context import DeskContext
from judge_desk.services.hub_side import HubSide
from judge_desk.services.outage_paper import render_certificate
from judge_desk.store import outages
from judge_desk.store.outages import Spell
from judge_desk.sync.loop import Standing, SyncLoop

QUIET_SECONDS = 300.0
"""While all is well, what was noted goes to the disk no oftener than this."""


class Outage(msgspec.Struct, frozen=True, kw_only=True):
    """``first_at`` and ``last_at``: attempts that failed; ``reached_at``: the next one that did not, if the program ran
    on until then. ``seconds`` from the first failure to that (or to the last failure), by a clock that nobody sets."""

    first_at: datetime
    last_at: datetime
    reached_at: datetime | None
    seconds: int
    attempts: int
    reasons: dict[str, int]


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """All that the certificate says, as it is signed. ``watched_seconds``: how long the program watched at all."""

    court_id: str
    person_id: str
    device_id: str
    since: datetime
    until: datetime
    made_at: datetime
    watched_seconds: int
    attempts: int
    outages: tuple[Outage, ...]

    @property
    def seconds(self) -> int:
        return sum(each.seconds for each in self.outages)


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """``sha256`` over the canonical JSON of the statement; ``signature`` (Ed25519, hex) by the device over
    ``outages SHA256``; empty for a desk without a device key."""

    statement: Statement
    sha256: str
    signature: str
    public_key: str


@dataclass(slots=True)
class _Current:
    """The stretch that is going on."""

    no: int
    reachable: bool
    began: float
    kept: float
    attempts: int = 1
    reasons: dict[str, int] = field(default_factory=dict)


class OutageService:
    """Listens to the sync and notes each attempt; a command without a loop calls `note` itself."""

    def __init__(self, context: DeskContext, loop: SyncLoop | None = None, side: HubSide | None = None) -> None:
        self._context, self._side = context, side
        self._run = new_id()
        self._current: _Current | None = None
        self._seen: tuple[object, object] = (None, None)
        self._guard = threading.Lock()
        if loop is not None:
            loop.listen(self._observe)

    def _observe(self, standing: Standing, _changes: Changes) -> None:
        """Each attempt that ended brings a problem or a report that was not there before."""
        seen = (standing.problem, standing.last)
        if all(new is old for new, old in zip(seen, self._seen, strict=True)):
            return
        self._seen = seen
        if standing.problem is not None or standing.last is not None:
            self.note(standing.problem)

    def note(self, problem: KnownError | None) -> None:
        """One attempt ended: None, or what it met. A hub that answered, if only to refuse, was reached; what went
        wrong on this PC alone says nothing of the hub."""
        if problem is not None and not isinstance(problem, HubProblem):
            return
        reachable = not isinstance(problem, HubUnreachable)
        reason = "" if problem is None else problem.key
        now, ticks = self._context.clock.now(), self._context.clock.monotonic()
        with self._guard:
            current = self._current
            if current is None or current.reachable is not reachable:
                self._end(current, now, ticks)
                with self._context.store.writing() as connection:
                    no = outages.begin(connection, self._run, reachable=reachable, at=now, reason=reason)
                reasons = {reason: 1} if reason else {}
                self._current = _Current(no, reachable, ticks, ticks, reasons=reasons)
                return
            current.attempts += 1
            if reason:
                current.reasons[reason] = current.reasons.get(reason, 0) + 1
            if not reachable or ticks - current.kept >= QUIET_SECONDS:
                self._keep(current, now, ticks)

    def _end(self, current: _Current | None, now: datetime, ticks: float) -> None:
        """What ends is kept as far as its last attempt; only good times may be newer than what is on the disk."""
        if current is not None and current.reachable:
            self._keep(current, now, ticks)

    def _keep(self, current: _Current, now: datetime, ticks: float) -> None:
        current.kept = ticks
        values = {"seconds": ticks - current.began, "attempts": current.attempts, "reasons": current.reasons}
        with self._context.store.writing() as connection:
            outages.extend(connection, current.no, at=now, **values)  # type: ignore[arg-type]  # one dict of three kinds

    def certify(self, since: datetime, until: datetime) -> Certificate:
        """What was noted of a period (aware), signed by this device. Raises BadInput for a period that is none."""
        if since >= until:
            raise BadInput("outages.bad_period")
        with self._context.store.reading() as connection:
            spells = outages.between(connection, since, until)
        statement = Statement(
            court_id=self._context.court.id,
            person_id=self._context.person.id,
            device_id="" if self._side is None else self._side.keys.device_id,
            since=since,
            until=until,
            made_at=self._context.clock.now(),
            watched_seconds=_watched(spells),
            attempts=sum(each.attempts for each in spells),
            outages=tuple(_outages(spells)),
        )
        sha256 = _hash(statement)
        if self._side is None:
            return Certificate(statement=statement, sha256=sha256, signature="", public_key="")
        key = self._side.keys.device_key()
        signature = key.sign(_signed(sha256))
        return Certificate(statement=statement, sha256=sha256, signature=signature, public_key=key.public_key)

    def now(self) -> datetime:
        """The moment as the desk's clock has it: the end of a period that ends now."""
        return self._context.clock.now()

    def save(self, path: Path, since: datetime, until: datetime, language: str) -> Certificate:
        """The paper to ``path`` and its statement beside it. Raises BadInput where nothing can be written."""
        certificate = self.certify(since, until)
        paper = self.paper(certificate, language)
        try:
            path.write_bytes(paper)
            statement_file(path).write_bytes(msgspec.json.encode(certificate))
        except OSError:
            raise BadInput("outages.not_written") from None
        return certificate

    def paper(self, certificate: Certificate, language: str) -> bytes:
        """The certificate as PDF/A in the language (kk, ru, en)."""
        return render_certificate(certificate, self._context.court, self._context.person, language)


def is_genuine(certificate: Certificate) -> bool:
    """Whether the statement is what its key signed; whose key it is, the hub's list of devices tells."""
    if _hash(certificate.statement) != certificate.sha256:
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(certificate.public_key))
        key.verify(bytes.fromhex(certificate.signature), _signed(certificate.sha256))
    except (InvalidSignature, ValueError):
        return False
    return True


def statement_file(paper: Path) -> Path:
    """Where the statement lies beside a paper."""
    return paper.with_suffix(".json")


def _hash(statement: Statement) -> str:
    return hashlib.sha256(msgspec.json.encode(statement, order="sorted")).hexdigest()


def _signed(sha256: str) -> bytes:
    return f"outages {sha256}".encode()


def _outages(spells: list[Spell]) -> list[Outage]:
    found: list[Outage] = []
    for number, spell in enumerate(spells):
        if spell.reachable:
            continue
        behind = spells[number + 1] if number + 1 < len(spells) else None
        followed = behind is not None and behind.run == spell.run and behind.reachable
        reached = behind.began_at if followed and behind is not None else None
        gap = (reached - spell.ended_at).total_seconds() if reached is not None else 0.0
        found.append(
            Outage(
                first_at=spell.began_at,
                last_at=spell.ended_at,
                reached_at=reached,
                # The wait between the last failure and the success is short; a clock set meanwhile must not count.
                seconds=round(spell.seconds + (gap if 0 <= gap <= 2 * QUIET_SECONDS else 0.0)),
                attempts=spell.attempts,
                reasons=spell.reasons,
            )
        )
    return found


def _watched(spells: list[Spell]) -> int:
    """From the first to the last attempt of each start of the program."""
    runs: dict[str, list[Spell]] = {}
    for spell in spells:
        runs.setdefault(spell.run, []).append(spell)
    total = 0.0
    for of_run in runs.values():
        total += sum(spell.seconds for spell in of_run)
        for one, other in itertools.pairwise(of_run):
            gap = (other.began_at - one.ended_at).total_seconds()
            total += gap if 0 <= gap <= 2 * QUIET_SECONDS else 0.0
    return round(total)
