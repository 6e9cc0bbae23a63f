"""How the calls of ``HubApi`` lie in HTTP: paths and headers, in one place for both sides.

====================================  =======================================================================
``GET /v1/version``                    VersionAnswer; any protocol number, no token
``GET /v1/health``                     ``{"ok": true}`` or 503; no protocol number, no token
``POST /v1/devices``                   EnrolRequest -> EnrolAnswer
``POST /v1/session``                   SessionRequest -> SessionAnswer; ``signed_at`` within 10 minutes of the
                                       hub's time (VersionAnswer.hub_time), else TOKEN_EXPIRED
``POST /v1/pull``                      PullRequest -> lines of the feed
``POST /v1/push``                      PushRequest -> PushAnswer
``POST /v1/blobs``                     UploadRequest -> UploadState: begins an upload, or goes on with it
``PUT /v1/blobs/SHA256/parts/N``       the bytes of part N, with PART_HASH; 204
``POST /v1/blobs/SHA256/done``         puts the parts together; 204, or HASH_MISMATCH and all parts are needed anew
``GET|HEAD /v1/blobs/SHA256``          the bytes; ``Range`` and ``If-Range`` (the ETag is the SHA-256 in quotes)
====================================  =======================================================================

Every call but version and health names its protocol number in ``version.HEADER``; all from pull on bear
``Authorization: Bearer TOKEN``. Every error answer is a Refusal.
"""

from __future__ import annotations

import msgspec

VERSION = "/v1/version"
HEALTH = "/v1/health"
DEVICES = "/v1/devices"
SESSION = "/v1/session"
PULL = "/v1/pull"
PUSH = "/v1/push"
BLOBS = "/v1/blobs"

PART_HASH = "x-judge-desk-sha256"
"""Request header of a part: SHA-256 of its bytes, 64 hex digits."""
FEED_TYPE = "application/x-judge-desk-feed"
SIGNED_SECONDS = 600
"""How far ``SessionRequest.signed_at`` may lie from the hub's time."""


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
