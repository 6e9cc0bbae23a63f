"""The manifest receipt: proof that a case file is whole on this desk, with the hub's signature under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy.engine import Connection

from judge_desk.domain import manifest
from judge_desk.domain.documents import Document, manifest_root
from judge_desk.domain.errors import BadInput, HubProblem
from judge_desk.domain.kinds import Kind
from judge_desk.domain.manifest import Difference, Leaf
from judge_desk.domain.scopes import case_scope
from judge_desk.protocol.manifest import (
    MOST_SCOPES,
    ManifestAnswer,
    ManifestRequest,
    ScopeManifest,
    scope_text,
    total_text,
)
from judge_desk.services.context import DeskContext
from judge_desk.services.hub_side import Compares, HubSide
from judge_desk.store import attachments_table, documents, records
from judge_desk.store import manifest as books


class Change(StrEnum):
    """How a record here differs from what the hub signed."""

    MISSING = "missing"
    EXTRA = "extra"
    NEWER = "newer"
    OLDER = "older"
    OTHER_FILE = "other_file"


@dataclass(frozen=True, slots=True)
class NamedDifference:
    """``record`` is what this desk has of it, None where it has nothing."""

    kind: Kind
    change: Change
    record: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestReceipt:
    """``present`` of ``total`` documents are here; ``checked_at`` (UTC) is the oldest hash check among those that are
    here, None when one was never checked. ``root`` is domain.documents.manifest_root over the whole list.

    ``hub_at`` is when the hub last said, signed, what this case holds (None: never); ``agrees`` whether that is what
    is here; ``differences`` names what is not, as far as the hub named its records then. ``signature``: the hub's, in
    hex, over the root ``hub_root`` of every record of the case.
    """

    case_id: str
    present: int
    total: int
    missing_bytes: int
    checked_at: datetime | None
    root: str
    hub_at: datetime | None = None
    hub_root: str = ""
    signature: str = ""
    agrees: bool = False
    differences: tuple[NamedDifference, ...] = ()

    @property
    def complete(self) -> bool:
        return self.present == self.total


def receipt_of(connection: Connection, case_id: str) -> ManifestReceipt:
    """The receipt of a case file as the database knows it; reads no file."""
    listed = documents.of_case(connection, case_id)
    files = attachments_table.by_hash(connection, (each.sha256 for each in listed))
    scope = case_scope(case_id)
    said = books.kept(connection, scope)
    if said is None:
        return receipt_for(case_id, listed, files)
    hubs, at = said
    ours = books.leaves(connection, [scope])[scope]
    receipt = receipt_for(case_id, listed, files, said=hubs, said_at=at, agrees=manifest.root(ours) == hubs.root)
    return receipt if receipt.agrees else replace(receipt, differences=_named(connection, hubs, ours))


def _named(connection: Connection, hubs: ScopeManifest, ours: list[Leaf]) -> tuple[NamedDifference, ...]:
    theirs = books.named(connection, hubs)
    if theirs is None:
        return ()
    found = manifest.differences(hubs.scope, ours, theirs)
    ids: dict[str, list[str]] = {}
    for each in found:
        ids.setdefault(each.kind, []).append(each.id)
    here = {kind: records.by_ids(connection, Kind(kind), of_kind) for kind, of_kind in ids.items()}
    return tuple(NamedDifference(Kind(each.kind), _change(each), here[each.kind].get(each.id)) for each in found)


def _change(difference: Difference) -> Change:
    if difference.reason != "revision":
        return Change(difference.reason)
    if difference.ours == difference.hubs:
        return Change.OTHER_FILE
    return Change.NEWER if difference.ours > difference.hubs else Change.OLDER


def receipt_for(
    case_id: str,
    listed: Iterable[Document],
    files: dict[str, attachments_table.AttachmentRow],
    *,
    said: ScopeManifest | None = None,
    said_at: datetime | None = None,
    agrees: bool = False,
) -> ManifestReceipt:
    """The same from what was read already."""
    every = list(listed)
    here = [files[each.sha256] for each in every if each.sha256 in files and files[each.sha256].is_here]
    known = {each.sha256 for each in here}
    checks = [each.checked_at for each in here if each.checked_at is not None]
    return ManifestReceipt(
        case_id=case_id,
        present=len(here),
        total=len(every),
        missing_bytes=sum(each.size for each in every if each.sha256 not in known),
        checked_at=min(checks) if checks and len(checks) == len(here) else None,
        root=manifest_root(every),
        hub_at=said_at,
        hub_root="" if said is None else said.root,
        signature="" if said is None else said.signature,
        agrees=agrees,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """``scopes`` were compared; ``differences`` name single records, seen from this desk; ``lost`` are scopes that the
    hub did not list, ``unknown`` those that this desk does not have yet."""

    at: datetime
    scopes: int
    differences: tuple[Difference, ...] = ()
    lost: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        return not (self.differences or self.lost or self.unknown)


class BadSignature(HubProblem):
    """The answer does not bear the hub's signature: somebody else speaks, or this desk was enrolled at another hub."""

    default_key = "manifest.bad_signature"


class ManifestService:
    """Asks the hub what it holds. Each call raises HubProblem, and BadInput for a desk without the hub's key."""

    def __init__(self, context: DeskContext, side: HubSide | None = None) -> None:
        self._context, self._side = context, side

    def confirm(self, case_id: str) -> ManifestReceipt:
        """Have the hub say, signed, what a case holds, record by record; the receipt that comes of it."""
        side = self._ready()
        answer = side.hub.manifest(ManifestRequest(scopes=(case_scope(case_id),), detailed=True))
        take(self._context, answer, side.keys.hub_key)
        with self._context.store.reading() as connection:
            return receipt_of(connection, case_id)

    def compare(self) -> Comparison:
        """Compare everything: one short answer when all is the same, else roots, else single records."""
        side = self._ready()
        with self._context.store.reading() as connection:
            ours = books.leaves(connection)
        roots = {scope: manifest.root(leaves) for scope, leaves in ours.items()}
        answer = side.hub.manifest(ManifestRequest(total=manifest.total(roots), signs=False))
        check(answer, side.keys.hub_key)
        if not answer.scopes:
            return Comparison(at=answer.at, scopes=len(roots))
        hubs = {each.scope: each.root for each in answer.scopes}
        other = sorted(scope for scope in roots.keys() & hubs.keys() if roots[scope] != hubs[scope])
        found: list[Difference] = []
        for each in _details(side.hub, side.keys.hub_key, other):
            found += manifest.differences(each.scope, ours[each.scope], each.leaves)
        return Comparison(
            at=answer.at,
            scopes=len(roots),
            differences=tuple(found),
            lost=tuple(sorted(roots.keys() - hubs.keys())),
            unknown=tuple(sorted(hubs.keys() - roots.keys())),
        )

    def _ready(self) -> HubSide:
        if self._side is None or not self._side.keys.hub_key:
            raise BadInput("courier.no_keys")
        return self._side


def _details(hub: Compares, hub_key: str, scopes: list[str]) -> Iterator[ScopeManifest]:
    for start in range(0, len(scopes), MOST_SCOPES):
        some = tuple(scopes[start : start + MOST_SCOPES])
        answer = hub.manifest(ManifestRequest(scopes=some, signs=False, detailed=True))
        check(answer, hub_key)
        yield from answer.scopes


def take(context: DeskContext, answer: ManifestAnswer, hub_key: str) -> None:
    """Keep what the hub said of each scope. Raises BadSignature, with nothing kept."""
    check(answer, hub_key)
    for each in answer.scopes:
        _verify(hub_key, each.signature, scope_text(answer.court_id, answer.at, each))
    with context.store.writing() as connection:
        books.keep(connection, answer.at, answer.scopes)


def check(answer: ManifestAnswer, hub_key: str) -> None:
    """Whether the hub signed the whole answer, and its parts make up what it signed. Raises BadSignature."""
    _verify(hub_key, answer.signature, total_text(answer))
    if any(each.leaves and manifest.root(each.leaves) != each.root for each in answer.scopes):
        raise BadSignature
    if answer.scopes and manifest.total({each.scope: each.root for each in answer.scopes}) != answer.total:
        raise BadSignature


def _verify(hub_key: str, signature: str, text: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(hub_key)).verify(bytes.fromhex(signature), text)
    except (InvalidSignature, ValueError):
        raise BadSignature from None
