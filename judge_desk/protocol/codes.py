"""Why the hub says no: short codes with a text in every catalog under ``refused.CODE``."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    NOT_ALLOWED = "not_allowed"
    NO_SUCH_SCOPE = "no_such_scope"
    STALE = "stale"
    SEALED = "sealed"
    IMMUTABLE = "immutable"
    SECRET = "secret"  # noqa: S105 - the name of a refusal, not a secret
    BAD_BODY = "bad_body"
    TOO_LARGE = "too_large"
    DOUBLE_BOOKING = "double_booking"
    MISSING_ATTACHMENT = "missing_attachment"
    AFTER_REFUSED = "after_refused"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    CLONED_DEVICE = "cloned_device"
    BAD_CREDENTIALS = "bad_credentials"
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 - the name of a refusal, not a secret
    DEVICE_REVOKED = "device_revoked"
    TOO_MANY_REQUESTS = "too_many_requests"
    OLD_PROTOCOL = "old_protocol"
    NEW_PROTOCOL = "new_protocol"
    BAD_REQUEST = "bad_request"
    HASH_MISMATCH = "hash_mismatch"
    NOT_FOUND = "not_found"
    HUB_RESTORED = "hub_restored"
    INTERNAL = "internal"
    WRONG_AUTHORITY = "wrong_authority"
    LATE_APPEAL = "late_appeal"
    FEW_HOLDERS = "few_holders"
    RESCUED = "rescued"
    """Said by the desk itself: the right ended before this was sent, so it went to the court sealed."""
