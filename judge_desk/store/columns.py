"""What a record's table holds beside the body: read straight from the JSON, because a first pull brings them by the
ten thousand."""

from __future__ import annotations

from typing import Any

import msgspec

from judge_desk.domain.errors import BadInput
from judge_desk.domain.kinds import Kind
from judge_desk.store.tables import RECORD_TABLES

_OWN = frozenset({"row_no", "id", "scope", "rev", "pending", "body"})
_FIELD_OF_COLUMN = {"document_kind": "kind"}


def _decoder(kind: Kind) -> msgspec.json.Decoder[Any]:
    spec = [
        (name, str | int | None, msgspec.field(default=None, name=_FIELD_OF_COLUMN.get(name)))
        for name in COLUMN_NAMES[kind]
    ]
    return msgspec.json.Decoder(msgspec.defstruct(f"{kind}_columns", spec, gc=False))


COLUMN_NAMES = {
    kind: tuple(str(column.name) for column in table.columns if column.name not in _OWN)
    for kind, table in RECORD_TABLES.items()
}
"""The list columns of a kind, in the order of ``column_values``."""
_decoders = {kind: _decoder(kind) for kind in RECORD_TABLES}


def columns_of(kind: Kind, body: bytes | str) -> dict[str, str | int | None]:
    """The list columns of one record; raises BadInput when the body is no JSON object with such fields."""
    return dict(zip(COLUMN_NAMES[kind], column_values(kind, body), strict=True))


def column_values(kind: Kind, body: bytes | str) -> tuple[str | int | None, ...]:
    """The same without the names; raises BadInput."""
    try:
        return msgspec.structs.astuple(_decoders[kind].decode(body))
    except msgspec.DecodeError:
        raise BadInput("errors.bad_body", place="$") from None
