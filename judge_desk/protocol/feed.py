"""What the hub sends: lines of a small JSON header, a tab, and the body as it lies in the database.

Two sides read this file: the hub writes lines with ``write``, the desk reads them with ``read``.
A body is JSON without raw line ends (JSON escapes them), so a line is a line. Lines come by the ten thousand and hold
no references that could form a circle: ``gc=False`` keeps the collector from walking them.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

CHECKSUM_MODULUS = 1 << 63
_BELOW_MODULUS = CHECKSUM_MODULUS - 1


class Row(msgspec.Struct, frozen=True, tag="row", array_like=True, gc=False):
    """The newest state of one record; a deleted one has an empty body."""

    scope: str
    kind: str
    id: str
    seq: int
    rev: int
    deleted: bool


class Grant(msgspec.Struct, frozen=True, tag="grant", array_like=True, gc=False):
    """The reader now holds this role on this scope; comes before the first row of a scope new to the desk, and again
    when the role on a scope has changed."""

    scope: str
    role: str


class Revoke(msgspec.Struct, frozen=True, tag="revoke", array_like=True, gc=False):
    """Forget everything of this scope: rows, index entries, files."""

    scope: str
    reason: str


class Reset(msgspec.Struct, frozen=True, tag="reset", array_like=True, gc=False):
    """The desk's cursor is not usable: drop the scope's rows that are not pending and take the ones that follow."""

    scope: str


class ScopeEnd(msgspec.Struct, frozen=True, tag="scope_end", array_like=True, gc=False):
    """All rows of the scope up to ``head`` were sent; ``checksum`` is over every live row of it."""

    scope: str
    head: int
    checksum: int


class End(msgspec.Struct, frozen=True, tag="end", array_like=True, gc=False):
    """The last line. ``more`` asks for another pull at once; without it the desk is level with the hub as of
    ``hub_time``. ``after`` (empty: all cursors are needed): where a desk stands that began with nothing."""

    more: bool
    hub_time: datetime
    after: str = ""


Line = Row | Grant | Revoke | Reset | ScopeEnd | End

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[list[Line]] = msgspec.json.Decoder(list[Line])


class PullRequest(msgspec.Struct, frozen=True):
    """Cursors by scope: the highest ``seq`` this desk holds. Granted scopes that are not named start from nothing.

    ``roles``: roles_sum of what the desk holds; where it is not the hub's, each Grant comes again. 0: not told.
    ``generation``: the hub's as the desk last knew it; a hub that was restored since refuses with HUB_RESTORED.
    ``check`` asks for the ScopeEnd of scopes with nothing new too, so that the desk compares everything it holds.
    ``close``: scopes of which the ScopeEnd is wanted though nothing is new: the desk's own work moved them.
    ``level``: level_of what the desk holds; where it is the hub's own, nothing is new, and nothing else here is read.
    Empty: not told. ``brief``: the cursors are left out, because the hub may remember them by their level; see
    http.LEVEL.
    ``after``: the last End's, for a pull that began with nothing: only the cursor of this scope is named, and what
    stands before it in the order of an answer is as it was told. What has changed there since comes with the next pull
    that names everything.
    """

    cursors: dict[str, int]
    limit: int
    roles: int = 0
    generation: int = 0
    check: bool = False
    close: tuple[str, ...] = ()
    level: str = ""
    brief: bool = False
    after: str = ""


def write(lines: Sequence[tuple[Line, bytes]]) -> list[bytes]:
    """Header and body of each line as they go over the wire; what has no body has b"".

    All headers are encoded in one step, and ``read`` decodes them in one: there may be thirty thousand, and to call
    the encoder takes longer than its work on one of them.
    """
    headers = _encoder.encode_lines([line for line, _ in lines]).split(b"\n")
    return [
        header + b"\t" + body + b"\n" if body else header + b"\n"
        for header, (_, body) in zip(headers[:-1], lines, strict=True)
    ]


def read(lines: Iterable[bytes]) -> list[tuple[Line, bytes]]:
    """Header and body of each line; raises msgspec.ValidationError or DecodeError for what is no feed."""
    cut = [line.partition(b"\t") for line in lines]
    headers = _decoder.decode(b"[" + b",".join([header for header, _, _ in cut]) + b"]")
    if len(headers) != len(cut):
        raise msgspec.ValidationError("one header a line")
    return [(header, body) for header, (_, _, body) in zip(headers, cut, strict=True)]


def roles_sum(roles: Iterable[str]) -> int:
    """Over a line ``scope role`` for each scope that a desk holds, in any order: tells whether both sides mean the same
    roles. Never 0."""
    return zlib.crc32("\n".join(sorted(roles)).encode()) + 1


def level_of(held: bytes) -> str:
    """Names all that somebody may read and how far: SHA-256, in hex, over a line ``scope number role`` for each scope,
    in the order of their bytes, with line ends between."""
    return hashlib.sha256(held).hexdigest()


def row_hash(record_id: str, rev: int) -> int:
    """A record's share of its scope's checksum: the first 8 bytes of SHA-256 over ``id rev``, below 2**63."""
    digest = hashlib.sha256(f"{record_id} {rev}".encode()).digest()
    return int.from_bytes(digest[:8], "big") & _BELOW_MODULUS


def checksum(rows: Iterable[tuple[str, int]]) -> int:
    """Over the (id, rev) of every live row of a scope; the order does not matter, and single rows can be added and
    taken away."""
    return sum(row_hash(record_id, rev) for record_id, rev in rows) % CHECKSUM_MODULUS
