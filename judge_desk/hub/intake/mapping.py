"""The column map of a register: how another court's columns become our fields."""

from __future__ import annotations

import codecs
import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from judge_desk.domain.cases import PartyRole
from judge_desk.domain.errors import BadInput

TEXT_FIELDS = ("number", "title", "category", "subject", "outcome", "judge", "source")
DATE_FIELDS = ("received_on", "accepted_on", "heard_on", "decided_on")
CHOICE_FIELDS = ("case_type", "language", "stage", "instance")
MONEY_FIELDS = ("claim", "fee")
PARTY_FIELDS = tuple(role.value for role in PartyRole)
FIELDS = frozenset(("court", *TEXT_FIELDS, *DATE_FIELDS, *CHOICE_FIELDS, *MONEY_FIELDS, *PARTY_FIELDS))
_KEYS = frozenset({"key", "date_format", "encoding", "delimiter", "columns", "fixed", "values"})
# The 29th of February tells whether a date format can be read back.
_PROBE = datetime(2024, 2, 29)
_YEAR = re.compile("%[YyGcx]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """``columns``: our field to their column. ``fixed``: our field to a text for every row. ``values``: our field to
    their code to our word. ``date_formats`` are tried in turn."""

    key: str
    date_formats: tuple[str, ...]
    columns: dict[str, str]
    fixed: dict[str, str]
    values: dict[str, dict[str, str]]
    encoding: str = ""
    delimiter: str = ""


def read_map(path: Path) -> ColumnMap:
    """Read and check a map; raises BadInput that names the place of the fault."""
    try:
        file = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError:
        raise BadInput("intake.map.unreadable", file=path.name) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise BadInput("intake.map.not_toml", file=path.name, fault=str(fault)) from None
    return make_map(file, path.name)


def make_map(file: dict[str, Any], name: str) -> ColumnMap:
    """A map from the values of a TOML file; raises BadInput."""
    _known(file, _KEYS, name, "")
    key = file.get("key")
    if not isinstance(key, str) or not key:
        raise BadInput("intake.map.no_key", file=name)
    columns, fixed = (_texts(file.get(part, {}), name, part) for part in ("columns", "fixed"))
    for part in (columns, fixed):
        _known(part, FIELDS, name, "columns" if part is columns else "fixed")
    if "court" not in columns and "court" not in fixed:
        raise BadInput("intake.map.no_court", file=name)
    if not isinstance(file.get("values", {}), dict):
        raise BadInput("intake.map.bad_value", file=name, field="values")
    values = {field: _texts(codes, name, f"values.{field}") for field, codes in file.get("values", {}).items()}
    _known(values, FIELDS, name, "values")
    formats = file.get("date_format", "%Y-%m-%d")
    formats = (formats,) if isinstance(formats, str) else tuple(formats)
    for each in formats:
        _check_format(each, name)
    encoding, delimiter = file.get("encoding", ""), file.get("delimiter", "")
    try:
        codecs.lookup(encoding or "utf-8")
    except LookupError:
        raise BadInput("intake.map.bad_value", file=name, field="encoding") from None
    if not isinstance(delimiter, str) or len(delimiter) > 1:
        raise BadInput("intake.map.bad_value", file=name, field="delimiter")
    return ColumnMap(
        key=key,
        date_formats=formats,
        columns=columns,
        fixed=fixed,
        values=values,
        encoding=encoding,
        delimiter=delimiter,
    )


def _known(part: dict[str, Any], known: frozenset[str], name: str, place: str) -> None:
    for field in part:
        if field not in known:
            raise BadInput("intake.map.unknown", file=name, field=f"{place}.{field}".strip("."))


def _texts(part: Any, name: str, place: str) -> dict[str, str]:
    if not isinstance(part, dict):
        raise BadInput("intake.map.bad_value", file=name, field=place)
    for field, value in part.items():
        if not isinstance(value, str):
            raise BadInput("intake.map.bad_value", file=name, field=f"{place}.{field}")
    return part


def _check_format(text: Any, name: str) -> None:
    # A format without a year is refused before it is tried: newer Pythons only warn of it.
    if not isinstance(text, str) or not _YEAR.search(text) or _read_back(text) != _PROBE.date():
        raise BadInput("intake.map.bad_value", file=name, field="date_format")


def _read_back(text: str) -> date | None:
    try:
        return datetime.strptime(_PROBE.strftime(text), text).date()
    except ValueError:
        return None
