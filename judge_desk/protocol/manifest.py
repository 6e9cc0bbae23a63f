"""How desk and hub compare what they hold: roots first, single records only where roots differ; all of it signed."""

from __future__ import annotations

from datetime import datetime

import msgspec

from judge_desk.domain.manifest import Leaf

PATH = "/v1/manifest"
MOST_SCOPES = 500
"""Scopes that one request may ask the details of."""


class ManifestRequest(msgspec.Struct, frozen=True, kw_only=True):
    """``scopes``: these only; none: everything granted. ``signs`` has each scope signed by itself, ``detailed`` lists
    its leaves.

    ``total`` is domain.manifest.total of what the desk holds: where it is the hub's too, no scope is listed.
    """

    scopes: tuple[str, ...] = ()
    total: str = ""
    signs: bool = True
    detailed: bool = False


class ScopeManifest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One scope as the hub holds it; ``signature`` (hex) by the hub's key over ``scope_text``."""

    scope: str
    root: str
    records: int
    documents: int
    signature: str = ""
    leaves: tuple[Leaf, ...] = ()


class ManifestAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """``signature`` (hex) by the hub's key over ``total_text``: all the scopes that were asked for, as of ``at``."""

    court_id: str
    device_id: str
    at: datetime
    total: str
    count: int
    signature: str
    scopes: tuple[ScopeManifest, ...] = ()


def scope_text(court_id: str, at: datetime, each: ScopeManifest) -> bytes:
    """What the hub signs of one scope."""
    return f"manifest {court_id} {at.isoformat()} {each.scope} {each.root} {each.records} {each.documents}".encode()


def total_text(answer: ManifestAnswer) -> bytes:
    """What the hub signs of them all."""
    parts = (answer.court_id, answer.device_id, answer.at.isoformat(), answer.total, str(answer.count))
    return f"manifests {' '.join(parts)}".encode()
