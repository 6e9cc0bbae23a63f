"""The log of a contest, recomputed on this desk: its chain, the hub's signatures, the rules, and every record here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import Connection

from judge_desk.domain.chains import FIRST_LINK, chain_faults
from judge_desk.domain.contest_log import ContestLink, last_of
from judge_desk.domain.contests import Vacancy
from judge_desk.domain.errors import BadInput, NotFound
from judge_desk.domain.kinds import Kind
from judge_desk.protocol import contest_log
from judge_desk.protocol.contest_log import PublishedLog
from judge_desk.services.context import DeskContext
from judge_desk.store import contests, records, session_data

SEEN = "contest_logs"


@dataclass(frozen=True, slots=True)
class LogView:
    """The log of one contest as this desk holds it. ``faults``: (number of the link, fault); ``compared``: how many
    records here were found in it word for word."""

    contest_id: str
    links: tuple[ContestLink, ...]
    faults: tuple[tuple[int, str], ...]
    compared: int

    @property
    def last(self) -> str:
        return last_of(self.links)[1]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a log file proves to somebody without an account."""

    contest_id: str
    title: str
    links: int
    last: str
    hub_key: str
    faults: tuple[tuple[int, str], ...]

    @property
    def valid(self) -> bool:
        return not self.faults


def view_of(connection: Connection, vacancy: Vacancy) -> LogView:
    """The log against the hub's key, the rules, what lies here, and what this desk saw before."""
    links = contests.links(connection, vacancy.id)
    key = session_data.get(connection, session_data.HUB_KEY, str) or ""
    seen = session_data.get(connection, SEEN, dict[str, tuple[int, str]]) or {}
    hashes = contests.sealed_hashes(connection, vacancy.id)
    published = PublishedLog(hub_key=key, vacancy=_agreed(connection, vacancy), links=tuple(links))
    found = set(contest_log.faults(published))
    number_of = {each.sealed_id: each.number for each in links}
    here = chain_faults(links, hashes, seen.get(vacancy.id, (0, FIRST_LINK)), complete=False)
    found |= {(number_of.get(sealed_id, 0), fault.value) for sealed_id, fault in here}
    return LogView(vacancy.id, tuple(links), tuple(sorted(found)), len(hashes.keys() & number_of.keys()))


def look_at(context: DeskContext) -> list[LogView]:
    """Every log on this desk; a whole one is remembered, so that a rewritten one is known at the next look."""
    with context.store.reading() as connection:
        seen = session_data.get(connection, SEEN, dict[str, tuple[int, str]]) or {}
        found = [view_of(connection, each) for each in contests.vacancies(connection) if _has_log(connection, each.id)]
    whole = {each.contest_id: last_of(each.links) for each in found if not each.faults}
    if any(seen.get(contest_id) != last for contest_id, last in whole.items()):
        with context.store.writing() as connection:
            session_data.put(connection, SEEN, seen | whole)
    return found


def export(context: DeskContext, contest_id: str) -> bytes:
    """The log as a file for everybody; raises NotFound for a log that this desk may not read."""
    with context.store.reading() as connection:
        vacancy: Vacancy = records.get(connection, Kind.VACANCY, contest_id)
        links = contests.links(connection, contest_id)
        if not links:
            raise NotFound("contests.log.none")
        key = session_data.get(connection, session_data.HUB_KEY, str) or ""
        return contest_log.write(PublishedLog(hub_key=key, vacancy=vacancy, links=tuple(links)))


def verify_file(path: Path, hub_key: str = "") -> Verdict:
    """Check a log file; needs neither account nor profile. Raises BadInput for a file that is no log."""
    try:
        body = path.read_bytes()
    except OSError:
        raise BadInput("contests.verify.no_log") from None
    log = contest_log.read(body)
    found = contest_log.faults(log, hub_key)
    return Verdict(log.vacancy.id, log.vacancy.title, len(log.links), last_of(log.links)[1], log.hub_key, found)


def _has_log(connection: Connection, contest_id: str) -> bool:
    return bool(contests.links(connection, contest_id))


def _agreed(connection: Connection, vacancy: Vacancy) -> Vacancy:
    """The vacancy as the hub has it: an outcome that waits for the link is in no log yet."""
    agreed = contests.agreed_vacancy(connection, vacancy.id)
    return agreed if agreed is not None else vacancy
