"""Whether a case may ask for the judge's recusal: the own declared kin against the names of its parties."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy.engine import Connection

from judge_desk.domain.declarations import Declared, Kin, kin_among, kin_of
from judge_desk.domain.dossier import DossierSection
from judge_desk.store import dossier


def kin_in(connection: Connection, judge_id: str, names: Iterable[str], on: date) -> tuple[Kin, ...]:
    """The kin that a judge declared and that may stand among these names; empty where nothing was declared."""
    told = [
        Declared(judge_id, each.declaration, each.from_on, each.to_on)
        for each in dossier.entries(connection, judge_id)
        if each.section is DossierSection.DECLARATIONS and each.declaration is not None
    ]
    return kin_among(kin_of(told, on).get(judge_id, ()), names)
