"""Whether the dossiers on this desk are what the hub sealed: every entry, in one unbroken chain, and the same chain as
when this desk last looked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from judge_desk.domain.chains import FIRST_LINK, ChainFault, chain_faults
from judge_desk.domain.kinds import Kind
from judge_desk.protocol import codec
from judge_desk.services.context import DeskContext
from judge_desk.store import dossier, session_data
from judge_desk.store.tables import RECORD_TABLES

SEEN = "dossier_chains"


@dataclass(frozen=True, slots=True)
class Chain:
    """One judge's: how many entries are sealed, the last link, and (entry id, fault) of what is wrong."""

    judge_id: str
    links: int
    last: str
    faults: tuple[tuple[str, ChainFault], ...]


def look_at(context: DeskContext) -> list[Chain]:
    """Every dossier on this desk; a whole chain is remembered, so that a rewritten one is known at the next look."""
    with context.store.reading() as connection:
        seen = session_data.get(connection, SEEN, dict[str, tuple[int, str]]) or {}
        found = [_chain(connection, judge_id, seen) for judge_id in dossier.granted_judges(connection)]
    whole = {each.judge_id: (each.links, each.last) for each in found if not each.faults and each.links}
    if any(seen.get(judge_id) != link for judge_id, link in whole.items()):
        with context.store.writing() as connection:
            session_data.put(connection, SEEN, seen | whole)
    return found


def chain_of(connection: Connection, judge_id: str) -> Chain:
    """One judge's chain against what this desk saw before."""
    return _chain(connection, judge_id, session_data.get(connection, SEEN, dict[str, tuple[int, str]]) or {})


def _chain(connection: Connection, judge_id: str, seen: Mapping[str, tuple[int, str]]) -> Chain:
    seals = dossier.seals(connection, judge_id)
    hashes = {entry.id: codec.sha256(entry) for entry in dossier.entries(connection, judge_id)}
    for unsent in _unsent(connection):
        hashes.pop(unsent, None)
    faults = chain_faults(seals, hashes, seen.get(judge_id, (0, FIRST_LINK)))
    return Chain(judge_id, len(seals), seals[-1].hash if seals else FIRST_LINK, faults)


def _unsent(connection: Connection) -> list[str]:
    """Entries that were made here and that the hub has not sealed yet."""
    table = RECORD_TABLES[Kind.DOSSIER_ENTRY]
    return list(connection.execute(sa.select(table.c.id).where(table.c.rev == 0)).scalars())
