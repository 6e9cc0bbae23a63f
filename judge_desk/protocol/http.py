"""How the calls of ``HubApi`` lie in HTTP: paths and headers, in one place for both sides.

====================================  =======================================================================
``GET /v1/version``                    VersionAnswer; any protocol number, no token
``GET /v1/health``                     200 while the process works; no protocol number, no token
``GET /v1/ready``                      ``{"ok", "database", "migrated", "blobs", "draining"}``; 503 unless all is well:
                                       for the balancer, which sends no new desks then; no protocol number, no token
``POST /v1/devices``                   EnrolRequest -> EnrolAnswer
``POST /v1/session``                   SessionRequest -> SessionAnswer; ``signed_at`` within 10 minutes of the
                                       hub's time (VersionAnswer.hub_time), else TOKEN_EXPIRED
``POST /v1/lost``                      LostRequest -> LostAnswer: after HUB_RESTORED
``POST /v1/pull``                      PullRequest -> lines of the feed
``POST /v1/push``                      PushRequest -> PushAnswer
``POST /v1/blobs``                     UploadRequest -> UploadState: begins an upload, or goes on with it
``PUT /v1/blobs/SHA256/parts/N``       the bytes of part N, with PART_HASH; 204
``POST /v1/blobs/SHA256/done``         puts the parts together; 204, or HASH_MISMATCH and all parts are needed anew
``GET|HEAD /v1/blobs/SHA256``          the bytes; ``Range`` and ``If-Range`` (the ETag is the SHA-256 in quotes)
``POST /v1/blobs/held``                HeldRequest -> HeldAnswer: which of these files the hub holds whole
``POST /v1/manifest``                  manifest.ManifestRequest -> ManifestAnswer
``GET /v1/events``                     server-sent events: a poke for each change of a scope that the caller may read
``POST /v1/rescue``                    leaving.Rescue, signed by the device's key; 204. A device that was shut out may
``POST /v1/wiped``                     leaving.Wiped, likewise; 204
====================================  =======================================================================

Every call but version and health names its protocol number in ``version.HEADER``; all from pull to events bear
``Authorization: Bearer TOKEN``. Every error answer is a Refusal. A body may come packed (``Content-Encoding: zstd``).

A poke is the event ``moved`` with a Poke as its data, and says nothing about what changed. A comment comes every
``BEAT_SECONDS``; the hub ends the stream when the token runs out.
"""

from __future__ import annotations

import msgspec

VERSION = "/v1/version"
HEALTH = "/v1/health"
READY = "/v1/ready"
DEVICES = "/v1/devices"
SESSION = "/v1/session"
LOST = "/v1/lost"
PULL = "/v1/pull"
PUSH = "/v1/push"
BLOBS = "/v1/blobs"
VERIFY = "/verify"
"""The public page that says whether a file is an act; for people, not for desks."""
HELD = "/v1/blobs/held"
EVENTS = "/v1/events"
RESCUE = "/v1/rescue"
WIPED = "/v1/wiped"

LEVEL = "x-judge-desk-level"
"""Header of each answer to a pull: LEVEL_KNOWN from a hub that takes brief requests; LEVEL_UNKNOWN, with an empty body,
where it must be told all cursors this time."""
LEVEL_KNOWN, LEVEL_UNKNOWN = "known", "unknown"
PART_HASH = "x-judge-desk-sha256"
"""Request header of a part: SHA-256 of its bytes, 64 hex digits."""
FEED_TYPE = "application/x-judge-desk-feed"
SIGNED_SECONDS = 600
"""How far ``SessionRequest.signed_at`` may lie from the hub's time."""


POKE = "moved"
BEAT_SECONDS = 15.0
"""A stream of events is never silent for longer: a desk that hears nothing for twice as long takes it for dead."""


class Poke(msgspec.Struct, frozen=True):
    """Something changed. The desk asks after a random part of ``spread_seconds``, so that not all who hold a scope ask
    at once."""

    spread_seconds: float = 0.0


class HeldRequest(msgspec.Struct, frozen=True):
    """SHA-256 of up to ``limits.HELD_FILES`` files."""

    hashes: tuple[str, ...]


class HeldAnswer(msgspec.Struct, frozen=True):
    """Sizes by SHA-256 of those that lie whole in the hub's store and that the caller may read."""

    sizes: dict[str, int]


class UploadRequest(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    size: int
    scope: str


def blob_path(sha256: str) -> str:
    return f"{BLOBS}/{sha256}"


def part_path(sha256: str, number: int) -> str:
    return f"{BLOBS}/{sha256}/parts/{number}"


def done_path(sha256: str) -> str:
    return f"{BLOBS}/{sha256}/done"


def session_text(device_id: str, signed_at: str) -> bytes:
    """What the device key signs to get a token."""
    return f"session {device_id} {signed_at}".encode()


def wipe_text(device_id: str, ordered_at: str) -> bytes:
    """What the hub's key signs to have a device destroy its store."""
    return f"wipe {device_id} {ordered_at}".encode()
