"""The words of a case bundle: what ``case.json`` and ``manifest.json`` hold; the JSON Schema is made from here."""

from __future__ import annotations

import inspect
from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec

from judge_desk.domain.cases import Instance, Language, PartyRole, Procedure, Stage
from judge_desk.domain.documents import DocumentKind

FORMAT = 1
SCHEMA_ID = "urn:judge-desk:case-bundle:1"

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=4000)]
Text = Annotated[str, msgspec.Meta(max_length=20000)]
Short = Annotated[str, msgspec.Meta(max_length=200)]
Tiyn = Annotated[int, msgspec.Meta(ge=0, le=10**17)]
Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class BundleParty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One party; ``number`` is an IIN or BIN."""

    role: PartyRole
    name: Name
    number: Short = ""
    address: Text = ""
    phone: Short = ""
    represents: Short = ""
    is_organisation: bool = False


class BundleDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One document; ``file`` is its path inside the ZIP."""

    file: Name
    kind: DocumentKind
    title: Name
    media_type: Short
    language: Language | None = None
    dated_on: date | None = None
    filed_at: datetime | None = None
    filed_by: Text = ""


class BundleCase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A case. ``key`` is its identity in the system it comes from; ``court`` the court's id. Sums are in tiyn."""

    key: Name
    court: Name
    number: Name
    title: Name
    procedure: Procedure
    language: Language
    stage: Stage = Stage.REGISTERED
    instance: Instance = Instance.FIRST
    category: Text = ""
    subject: Text = ""
    judge_name: Text = ""
    received_on: date | None = None
    accepted_on: date | None = None
    heard_on: date | None = None
    decided_on: date | None = None
    outcome: Text = ""
    claim_tiyn: Tiyn | None = None
    fee_tiyn: Tiyn | None = None
    parties: Annotated[tuple[BundleParty, ...], msgspec.Meta(max_length=2000)] = ()


class Bundle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole of ``case.json``."""

    format: Literal[1]
    case: BundleCase
    documents: Annotated[tuple[BundleDocument, ...], msgspec.Meta(max_length=4990)] = ()


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole of ``manifest.json``: SHA-256 of each file of the ZIP but itself, in lower-case hexadecimal."""

    format: Literal[1]
    files: dict[str, Hash]


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of ``case.json``, as it stands in ``resources/schemas/case.schema.json``."""
    (made,), parts = msgspec.json.schema_components([Bundle], ref_template="#/$defs/{name}")
    for part in parts.values():
        if "description" in part:
            # Up to Python 3.12 a docstring keeps its indentation; a published file must not tell which one wrote it.
            part["description"] = inspect.cleandoc(part["description"])
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        **made,
        "$defs": parts,
    }
    # Defaults come as tuples; a schema is plain JSON.
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(whole))
    return plain
