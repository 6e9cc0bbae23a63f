"""Turns the rows of a register into cases: what is known of each field, and what becomes of a fault in it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from judge_desk.domain.cases import Case, Instance, Language, Party, PartyRole, Procedure, Stage
from judge_desk.domain.ids import CROCKFORD, is_id
from judge_desk.hub.intake.mapping import DATE_FIELDS, MONEY_FIELDS, PARTY_FIELDS, TEXT_FIELDS, ColumnMap
from judge_desk.hub.intake.report import Report
from judge_desk.hub.intake.tables import Cell, Row

LONGEST = 4_000
_CHOICES: dict[str, tuple[str, type[StrEnum]]] = {
    "case_type": ("procedure", Procedure),
    "language": ("language", Language),
    "stage": ("stage", Stage),
    "instance": ("instance", Instance),
}
_MONEY = re.compile(r"\d{1,15}([.,]\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as fields of a Case; ``parties`` are names by role. ``line`` is where it stands."""

    line: int
    key: str
    court: str
    fields: dict[str, Any] = field(default_factory=dict)
    parties: dict[PartyRole, str] = field(default_factory=dict)


def made_id(*parts: str) -> str:
    """The id that the same parts always give: 26 characters."""
    number = int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:16], "big")
    return "".join(CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))


def court_id_of(text: str) -> str:
    """The id of a court named in a register: its own text where that can be an id, else a hash of it."""
    return text if is_id(text) else made_id("court", text)


def entries(rows: Iterator[Row], mapped: ColumnMap, name: str, report: Report) -> Iterator[Entry]:
    """Each row that can be a case. The others are refused in ``report``, faults of optional fields are warned of."""
    seen: dict[tuple[str, str], int] = {}
    for line, cells in rows:
        entry = _Row(line, cells, mapped, name, report).entry()
        if entry is None:
            continue
        first = seen.setdefault((entry.court, entry.key), line)
        if first != line:
            report.refuse("intake.row.doubled", file=name, line=line, field=mapped.key, first=first)
            continue
        yield entry


class _Row:
    """One row while it is read."""

    def __init__(self, line: int, cells: dict[str, Cell], mapped: ColumnMap, name: str, report: Report) -> None:
        self._line = line
        self._cells = cells
        self._map = mapped
        self._name = name
        self._report = report

    def entry(self) -> Entry | None:
        key, court = _clean(self._cells[self._map.key]), self._text("court")
        if not key:
            self._refuse("intake.row.no_key", self._map.key)
            return None
        if not court:
            self._refuse("intake.row.no_court", self._map.columns.get("court", "court"))
            return None
        fields: dict[str, Any] = {}
        for ours, (theirs, choices) in _CHOICES.items():
            given = self._text(ours)
            if given in {each.value for each in choices}:
                fields[theirs] = choices(given)
            elif given:
                self._refuse("intake.row.bad_choice", self._map.columns.get(ours, ours))
                return None
        fields |= {ours: self._text(ours) for ours in TEXT_FIELDS if self._is_mapped(ours)}
        fields |= {ours: self._date(ours) for ours in DATE_FIELDS if self._is_mapped(ours)}
        fields |= {f"{ours}_tiyn": self._money(ours) for ours in MONEY_FIELDS if self._is_mapped(ours)}
        if "judge" in fields:
            fields["judge_name"] = fields.pop("judge")
        if not fields.get("number"):
            self._warn("intake.row.no_number", self._map.columns.get("number", "number"))
            fields["number"] = key
        fields["title"] = fields.get("title") or fields["number"]
        parties = {PartyRole(ours): self._text(ours) for ours in PARTY_FIELDS if self._is_mapped(ours)}
        return Entry(self._line, key, court, fields, {role: text for role, text in parties.items() if text})

    def _is_mapped(self, ours: str) -> bool:
        return ours in self._map.columns or ours in self._map.fixed

    def _raw(self, ours: str) -> Cell:
        column = self._map.columns.get(ours)
        found = "" if column is None else self._cells[column]
        return found or self._map.fixed.get(ours, "")

    def _text(self, ours: str) -> str:
        text = _clean(self._raw(ours))
        text = self._map.values.get(ours, {}).get(text, text)
        if len(text) > LONGEST:
            self._warn("intake.row.cut", self._map.columns.get(ours, ours), most=LONGEST)
        return text[:LONGEST]

    def _date(self, ours: str) -> date | None:
        raw = self._raw(ours)
        if isinstance(raw, date):
            return raw
        text = _clean(raw)
        if not text:
            return None
        for form in self._map.date_formats:
            try:
                return datetime.strptime(text, form).date()
            except ValueError:
                continue
        self._warn("intake.row.bad_date", self._map.columns.get(ours, ours))
        return None

    def _money(self, ours: str) -> int | None:
        text = re.sub(r"[\s₸]|тенге|теңге", "", _clean(self._raw(ours)))
        if not text:
            return None
        if not _MONEY.fullmatch(text):
            self._warn("intake.row.bad_sum", self._map.columns.get(ours, ours))
            return None
        whole, _, part = text.replace(",", ".").partition(".")
        return int(whole) * 100 + int(part.ljust(2, "0") or 0)

    def _refuse(self, key: str, column: str) -> None:
        self._report.refuse(key, file=self._name, line=self._line, field=column)

    def _warn(self, key: str, column: str, **params: int) -> None:
        self._report.warn(key, file=self._name, line=self._line, field=column, **params)


def _clean(cell: Cell) -> str:
    """NFC, without control letters and doubled blanks; letters' case stays as it was."""
    text = unicodedata.normalize("NFC", str(cell))
    text = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") else letter for letter in text)
    return " ".join(text.split(" ")).strip() if "  " not in text else re.sub(" {2,}", " ", text).strip()


def to_case(entry: Entry, court_id: str, before: Case | None) -> Case:
    """The case that a row makes, or what it makes of the one that is there: only mapped fields change."""
    case_id = made_id("case", court_id, entry.key)
    base = before or Case(
        id=case_id,
        court_id=court_id,
        number=entry.key,
        title=entry.key,
        procedure=Procedure.CIVIL,
        language=Language.RUSSIAN,
        stage=Stage.DECIDED if entry.fields.get("decided_on") else Stage.REGISTERED,
        register_key=entry.key,
        source="register",
    )
    fields = dict(entry.fields)
    if before is not None:
        # Where the case stands is the court's own affair once it is here.
        fields.pop("stage", None)
    fields["source"] = fields.get("source") or base.source
    parties = {each.id: each for each in base.parties}
    for role, name in entry.parties.items():
        party_id = made_id("party", case_id, role.value)
        old = parties.get(party_id)
        parties[party_id] = replace(old, name=name) if old else Party(id=party_id, role=role, name=name)
    return replace(base, **fields, parties=tuple(parties.values()))
