"""The hub as a desk sees it: implemented over HTTP by sync/transport.py and by the fake of the tests; one contract
suite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import BinaryIO, Protocol

import msgspec

from judge_desk.domain.people import Court, Person
from judge_desk.protocol import limits
from judge_desk.protocol.feed import Line, PullRequest
from judge_desk.protocol.operations import Operation, Result


class VersionAnswer(msgspec.Struct, frozen=True):
    product: str
    version: str
    protocol: int
    oldest_spoken: int
    hub_time: datetime


class EnrolRequest(msgspec.Struct, frozen=True, kw_only=True):
    """First contact of a device: the account's name and password once, and the device's public key (32 bytes, hex).

    ``courier_key`` (X25519, hex) is the one that the hub seals bundles for this device to.
    """

    user: str
    password: str
    device_name: str
    public_key: str
    courier_key: str = ""


class EnrolAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """``hub_key`` is the hub's own public key (Ed25519, hex): the desk keeps it to know a true wipe order by.

    ``courier_key`` (X25519, hex): to it the desk seals what goes to the hub by stick.
    """

    device_id: str
    person: Person
    court: Court
    hub_key: str = ""
    courier_key: str = ""


class SessionRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A signature by the device key over ``session DEVICE_ID SIGNED_AT`` (ISO time, UTC), in hex."""

    device_id: str
    signed_at: str
    signature: str


class SessionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """``recovery_key``: to what a desk seals unsent work that it must forget; ids and key in hex, empty: none."""

    token: str
    expires_at: datetime
    hub_time: datetime
    recovery_key_id: str = ""
    recovery_key: str = ""


class UploadState(msgspec.Struct, frozen=True, kw_only=True):
    """Which parts (of ``part_bytes``, counted from 0) the hub still lacks; ``complete`` when it holds the whole
    file."""

    complete: bool
    missing: tuple[int, ...] = ()
    part_bytes: int = limits.PART_BYTES


class WipeOrder(msgspec.Struct, frozen=True, kw_only=True):
    """The hub shuts a device out for good: it must destroy its store, keys first, files after.

    ``signature`` is the hub's, by the key of EnrolAnswer.hub_key, over http.wipe_text(device_id, ordered_at), in hex.
    """

    device_id: str
    ordered_at: str
    signature: str


class LostRequest(msgspec.Struct, frozen=True):
    """Operations of this device that the hub acknowledged; at most limits.LOST_MIDS in one call."""

    mids: tuple[int, ...]


class LostAnswer(msgspec.Struct, frozen=True):
    """Those of them that this hub knows nothing of, because it was restored from an older backup."""

    mids: tuple[int, ...]


class Refusal(msgspec.Struct, frozen=True, omit_defaults=True):
    """Body of every HTTP error answer; ``code`` is a member of codes.Code.

    ``wipe`` comes with DEVICE_REVOKED when the device has proved who it is (at its session); ``generation`` is the
    hub's own one, with HUB_RESTORED.
    """

    code: str
    retry_after: int = 0
    wipe: WipeOrder | None = None
    generation: int = 0


class HubApi(Protocol):
    """Each call raises HubUnreachable, HubRefused or HubVersion; nothing else crosses this line."""

    def version(self) -> VersionAnswer: ...

    def enrol(self, request: EnrolRequest) -> EnrolAnswer: ...

    def pull(self, request: PullRequest) -> Iterator[tuple[Line, bytes]]:
        """Lines of the feed as they come, ``End`` last; a stream that breaks off raises HubUnreachable."""
        ...

    def push(self, operations: Iterable[Operation]) -> tuple[Result, ...]: ...

    def download(self, sha256: str, offset: int = 0) -> Iterator[bytes]:
        """The bytes of an attachment from ``offset`` on."""
        ...

    def upload_state(self, sha256: str, size: int, scope: str) -> UploadState: ...

    def upload_part(self, sha256: str, number: int, part: bytes) -> None: ...

    def upload_done(self, sha256: str) -> None: ...

    def upload(self, sha256: str, size: int, scope: str, content: BinaryIO) -> None:
        """The three calls above in one: sends what is missing, and nothing that is there."""
        ...
