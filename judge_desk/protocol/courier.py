"""A courier bundle: what a memory stick carries between a desk and its hub when there is no link at all.

Context: the stick may be lost, copied, cut, swapped, read by a stranger, or come twice and out of order; and the same
work may reach the other side over the network meanwhile.
Decision: a bundle is the two calls of the network, push and pull, laid down in files: the same operations with the
same numbers, the same lines of the feed. So whatever makes a call harmless when it is repeated makes a stick harmless.
Each bundle holds everything that the other side has not confirmed yet: a lost stick is made good by the next one, and
the next one may be taken in without it. Its number only goes up; a number that is not above the last one taken in is
refused by name. Answers travel back in the next bundle the other way, and only they empty the outbox.

A bundle lies in one or more files (parts), each sealed and signed for itself, so that a stick of any size and a file
system of any age will do, and so that parts may travel one by one. A file::

    MAGIC   2 bytes: length of the outside   Outside as JSON   HPKE of the stream's key   sealed_stream

Sealing is HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM) to the receiver's key; inside, each entry is a Head as
JSON (4 bytes: its length, before it) and its body. The first is the Letter, the last the Closing with the sender's
Ed25519 signature over everything before it. Outside stand only numbers and the fingerprint of the receiver's key.
"""

from __future__ import annotations

import hashlib
import struct
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from judge_desk.domain.errors import BadInput, HubVersion
from judge_desk.protocol.sealed_stream import KEY_BYTES
from judge_desk.protocol.version import OLDEST_SPOKEN, PROTOCOL, is_spoken

MAGIC = b"JDCOURIER1"
ENDING = ".jdc"
PIECE_BYTES = 1 << 20
"""Files travel in pieces of so many bytes: a whole multiple of what an upload takes at once."""
LEAST_PART_BYTES = 8 << 20
PART_BYTES = 2 << 30
"""FAT32, which most sticks have, holds no file of 4 GiB; half of it is safe on all of them."""
WANTED_FILES = 20_000
HUB = "hub"

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_PURPOSE = b"judge-desk courier 1 "
_SEALED_KEY_BYTES = 32 + KEY_BYTES + 16


class Outside(msgspec.Struct, frozen=True, kw_only=True):
    """All that can be read without a key. ``receiver``: fingerprint of the key that opens the file."""

    protocol: int
    receiver: str
    number: int
    part: int


class EntryKind(StrEnum):
    LETTER = "letter"
    CURSORS = "cursors"
    WANTED = "wanted"
    SETTLED = "settled"
    OPERATIONS = "operations"
    RESULTS = "results"
    FEED = "feed"
    MANIFEST = "manifest"
    FILE = "file"
    CLOSING = "closing"


class Head(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an entry is and how long its body. A FILE entry is ``size`` bytes from ``offset`` of a file of ``total``."""

    kind: EntryKind
    size: int
    sha256: str = ""
    scope: str = ""
    offset: int = 0
    total: int = 0


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """Opens every part. ``sender`` and ``receiver``: a device's id, or HUB.

    ``confirmed``: the number of the other side's bundle that was last taken in whole. ``epoch``: how often the desk has
    told its cursors; the hub repeats the one that it answers. ``files``: from the desk, those that it waits to hear of;
    from the hub, those of them that it holds. ``roles`` and ``generation`` as in feed.PullRequest. ``lost``: operations
    that the hub had acknowledged and knows nothing of, because it was restored from an older backup.
    """

    court_id: str
    sender: str
    receiver: str
    number: int
    part: int
    confirmed: int
    epoch: int
    made_at: datetime
    files: tuple[str, ...] = ()
    roles: int = 0
    generation: int = 0
    lost: tuple[int, ...] = ()


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """``last``: no part comes behind this one. ``signature`` in hex, over ``signed_text``."""

    last: bool
    signature: str


class Place(msgspec.Struct, frozen=True):
    """How far the bundles of one sender were taken in: ``part`` of ``number``; ``whole`` when that was its last."""

    number: int = 0
    part: int = 0
    whole: bool = True

    @property
    def confirmed(self) -> int:
        """The last number that was taken in whole, as far as that is known."""
        return self.number if self.whole else self.number - 1

    def check_turn(self, number: int, part: int) -> None:
        """Raises BadInput ``courier.seen`` for a part taken in before, or one of an older bundle, whose content came
        with a newer one; ``courier.part_waits`` for a part whose forerunner did not come yet."""
        if (number, part) <= (self.number, self.part):
            raise BadInput("courier.seen", number=number, newest=self.number)
        due = self.part + 1 if number == self.number else 1
        if part != due:
            raise BadInput("courier.part_waits", number=number, part=part, missing=due)


def fingerprint(public_key: str) -> str:
    """How the outside names a key (hex): 16 hex digits that tell nobody whose it is."""
    return hashlib.sha256(_PURPOSE + bytes.fromhex(public_key)).hexdigest()[:16]


def public_half(secret: bytes) -> str:
    """The X25519 public key (hex) of a secret of 32 bytes."""
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw().hex()


def signed_text(digest: bytes, *, last: bool) -> bytes:
    """What the sender signs: the SHA-256 of the outside, the sealed key and every entry before the Closing."""
    return _PURPOSE + digest + (b" last" if last else b" more")


def seal_key(outside: Outside, public_key: str, key: bytes) -> bytes:
    """The bytes that stand before the stream: they tell the outside, and give the stream's key to the receiver."""
    head = msgspec.json.encode(outside)
    receiver = X25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    return MAGIC + struct.pack(">H", len(head)) + head + _SUITE.encrypt(key, receiver, _PURPOSE + head)


def read_outside(file: BinaryIO) -> tuple[Outside, bytes]:
    """The outside of a file, and the bytes up to its stream. Raises BadInput for what is no courier file, HubVersion
    for one of another version."""
    begin = file.read(len(MAGIC) + 2)
    if len(begin) < len(MAGIC) + 2 or not begin.startswith(MAGIC):
        raise BadInput("courier.no_bundle")
    head = file.read(struct.unpack(">H", begin[len(MAGIC) :])[0])
    try:
        outside = msgspec.json.decode(head, type=Outside)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadInput("courier.damaged") from None
    if not is_spoken(outside.protocol):
        raise HubVersion("courier.too_new" if outside.protocol > PROTOCOL else "courier.too_old", oldest=OLDEST_SPOKEN)
    return outside, begin + head + file.read(_SEALED_KEY_BYTES)


def open_key(before: bytes, secret: bytes) -> bytes:
    """The stream's key, from the bytes before it; raises BadInput for damage, or a key that is not ours."""
    length = struct.unpack(">H", before[len(MAGIC) : len(MAGIC) + 2])[0]
    start = len(MAGIC) + 2
    head, sealed = before[start : start + length], before[start + length :]
    try:
        key = _SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(secret), _PURPOSE + head)
    except (InvalidTag, ValueError):
        raise BadInput("courier.damaged") from None
    return key
