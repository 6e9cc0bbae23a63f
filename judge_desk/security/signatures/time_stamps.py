"""Asks a time stamp server (RFC 3161), and believes no word of its answer that was not checked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_bytes

import httpx2
from asn1crypto import cms, tsp, x509
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import set_tsp_headers
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from judge_desk.domain.errors import StampRefused, StampUnreachable
from judge_desk.security.signatures.certificates import facts_of

SECONDS = 15.0
MOST_BYTES = 1 << 20
MOST_DRIFT = timedelta(minutes=15)
"""How far the stamp's time may lie from this PC's clock; a clock that is further off makes terms wrong as well."""


@dataclass(frozen=True, slots=True)
class StampFacts:
    """What a stamp that was believed says: the server's name, and its time (aware)."""

    server: str
    made_at: datetime


def ask_server(url: str, roots: Sequence[x509.Certificate], now: datetime) -> StampFacts:
    """A stamp over nothing, checked as any other; raises StampUnreachable, StampRefused with the reason."""
    stamper = CourtTimeStamper(url, roots, now)
    token = asyncio.run(stamper.async_timestamp(sha256(token_bytes(32)).digest(), "sha256"))
    signed = token["content"]
    info: tsp.TSTInfo = signed["encap_content_info"]["content"].parsed
    number = signed["signer_infos"][0]["sid"].chosen["serial_number"].native
    certificates = (each.chosen for each in signed["certificates"])
    server = next((facts_of(each).name for each in certificates if each.serial_number == number), "")
    return StampFacts(server=server, made_at=info["gen_time"].native)


class CourtTimeStamper(TimeStamper):
    """pyHanko's port to a server, with our own checks behind it. ``now`` is this PC's time (aware)."""

    def __init__(self, url: str, roots: Sequence[x509.Certificate], now: datetime) -> None:
        super().__init__(include_nonce=True)  # type: ignore[no-untyped-call]
        self._url, self._roots, self._now = url, list(roots), now

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Raises StampUnreachable, StampRefused."""
        try:
            with httpx2.Client(timeout=SECONDS, follow_redirects=False) as client:
                answer = client.post(self._url, content=req.dump(), headers=set_tsp_headers({}))
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError):
            raise StampUnreachable from None
        if answer.status_code != 200:
            raise StampUnreachable
        if len(answer.content) > MOST_BYTES:
            raise StampRefused("signing.stamp.nonsense")
        try:
            response = tsp.TimeStampResp.load(answer.content, strict=True)
            response["status"]["status"].native  # noqa: B018 - reading it is the test
        except (ValueError, TypeError):
            raise StampRefused("signing.stamp.nonsense") from None
        return response

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """The token over the digest; raises StampUnreachable, StampRefused with the reason."""
        nonce, request = self.request_cms(message_digest, md_algorithm)  # type: ignore[no-untyped-call]
        response = await self.async_request_tsa_response(request)
        try:
            if response["status"]["status"].native not in ("granted", "granted_with_mods"):
                raise StampRefused("signing.stamp.denied")
            token = response["time_stamp_token"]
            info: tsp.TSTInfo = token["content"]["encap_content_info"]["content"].parsed
            self._check_answer(info, int(nonce), message_digest, md_algorithm)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise StampRefused("signing.stamp.nonsense") from None
        await self._check_signature(token["content"], message_digest)
        return token

    def _check_answer(self, info: tsp.TSTInfo, nonce: int, digest: bytes, algorithm: str) -> None:
        imprint = info["message_imprint"]
        if info["nonce"].native != nonce:
            raise StampRefused("signing.stamp.nonce")
        if imprint["hashed_message"].native != digest or imprint["hash_algorithm"]["algorithm"].native != algorithm:
            raise StampRefused("signing.stamp.hash")
        if abs(info["gen_time"].native - self._now) > MOST_DRIFT:
            raise StampRefused("signing.stamp.time", time=f"{info['gen_time'].native.astimezone(UTC):%d.%m.%Y %H:%M}")

    async def _check_signature(self, signed: cms.SignedData, digest: bytes) -> None:
        if not self._roots:
            raise StampRefused("signing.stamp.untrusted")
        context = ValidationContext(trust_roots=self._roots, allow_fetching=False)
        try:
            status = await validate_tst_signed_data(signed, context, lambda _algorithm: digest)
        except (SignatureValidationError, ValueError, TypeError):
            raise StampRefused("signing.stamp.broken") from None
        if not (status["valid"] and status["intact"]):
            raise StampRefused("signing.stamp.broken")
        certificate: x509.Certificate = status["signing_cert"]
        if not certificate.not_valid_before <= self._now <= certificate.not_valid_after:
            raise StampRefused("signing.stamp.expired", day=f"{certificate.not_valid_after:%d.%m.%Y}")
        if status.get("validation_path") is None:
            raise StampRefused("signing.stamp.untrusted")
