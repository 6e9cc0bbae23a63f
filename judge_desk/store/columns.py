"""What a record's table holds beside the body: read straight from the JSON, because a first pull brings them by the
ten thousand."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import msgspec

from judge_desk.domain.errors import BadInput
from judge_desk.domain.kinds import Kind
from judge_desk.store.tables import RECORD_TABLES


class PartyText(msgspec.Struct, gc=False):
    name: str = ""
    number: str = ""


class CaseText(msgspec.Struct, gc=False):
    """The part of a case that can be searched."""

    id: str = ""
    number: str = ""
    title: str = ""
    subject: str = ""
    category: str = ""
    register_key: str = ""
    parties: list[PartyText] = []


class _CaseRow(CaseText, gc=False):
    """The same with the other list columns, so that a case of the feed is read once."""

    procedure: str | None = None
    stage: str | None = None
    language: str | None = None
    judge_id: str | None = None
    received_on: str | None = None
    heard_on: str | None = None
    decided_on: str | None = None


_OWN = frozenset({"row_no", "id", "scope", "rev", "pending", "body"})
_FIELD_OF_COLUMN = {"document_kind": "kind"}


def _decoder(kind: Kind) -> msgspec.json.Decoder[Any]:
    spec = [
        (name, str | int | bool | None, msgspec.field(default=None, name=_FIELD_OF_COLUMN.get(name)))
        for name in COLUMN_NAMES[kind]
    ]
    return msgspec.json.Decoder(msgspec.defstruct(f"{kind}_columns", spec, gc=False))


COLUMN_NAMES = {
    kind: tuple(str(column.name) for column in table.columns if column.name not in _OWN)
    for kind, table in RECORD_TABLES.items()
}
"""The list columns of a kind, in the order of ``column_values``."""
_decoders = {kind: _decoder(kind) for kind in RECORD_TABLES}
_case_rows = msgspec.json.Decoder(_CaseRow)
_case_texts = msgspec.json.Decoder(CaseText)
_case_columns = attrgetter(*COLUMN_NAMES[Kind.CASE])


def columns_of(kind: Kind, body: bytes | str) -> dict[str, str | int | None]:
    """The list columns of one record; raises BadInput when the body is no JSON object with such fields."""
    return dict(zip(COLUMN_NAMES[kind], column_values(kind, body), strict=True))


def column_values(kind: Kind, body: bytes | str) -> tuple[str | int | None, ...]:
    """The same without the names; raises BadInput."""
    try:
        return msgspec.structs.astuple(_decoders[kind].decode(body))
    except msgspec.DecodeError:
        raise BadInput("errors.bad_body", place="$") from None


def case_text(body: bytes | str) -> CaseText:
    """What can be searched of a case; raises BadInput when the body is no case."""
    try:
        return _case_texts.decode(body)
    except msgspec.DecodeError:
        raise BadInput("errors.bad_body", place="$") from None


def case_values(body: bytes | str) -> tuple[tuple[str | int | None, ...], CaseText]:
    """``column_values`` and ``case_text`` in one; raises BadInput."""
    try:
        row = _case_rows.decode(body)
    except msgspec.DecodeError:
        raise BadInput("errors.bad_body", place="$") from None
    return _case_columns(row), row
