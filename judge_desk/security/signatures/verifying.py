"""Says whether a signed PDF is what was signed, and by whom; anything that cannot be read is not valid.

Two things must both be good: pyHanko's bottom line (cryptography, chain, and what was appended after the signature)
and the time at which the certificate is judged, which is the archive stamp's when there is one.
"""

from __future__ import annotations

import asyncio
import io
import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError

from judge_desk.security.signatures.certificates import facts_of
from judge_desk.security.signatures.quiet import quiet

MOST_BYTES = 512 << 20
_BROKEN = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, MemoryError, OSError, RuntimeError,
    TypeError, ValueError, PdfError, SignatureValidationError, PathBuildingError, PathValidationError, struct.error,
    zlib.error,
)  # fmt: skip
"""A forged file may fail anywhere in two libraries; each failure means: not valid."""
_END = re.compile(rb"startxref\s+\d+\s+%%EOF\s*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why not: a key of the catalogs with its parameters. ``signer`` counts from 1; 0: the file as a whole."""

    key: str
    signer: int = 0
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerVerdict:
    """One signature. ``stamped_at`` is proven by a time stamp, ``claimed_at`` is only what the signer's PC said."""

    name: str
    serial: str
    issuer: str
    valid: bool
    trusted: bool
    claimed_at: datetime | None
    stamped_at: datetime | None
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """``valid`` only when there is a signature and every one is good."""

    valid: bool
    reasons: tuple[Reason, ...]
    signers: tuple[SignerVerdict, ...]


def verify_pdf(pdf: bytes, roots: Sequence[x509.Certificate], now: datetime) -> Verdict:
    """Check every signature of a file, without any network. Never raises for what the file holds."""
    if not pdf.lstrip()[:5].startswith(b"%PDF-") or len(pdf) > MOST_BYTES:
        return _unreadable("signing.verify.no_pdf")
    try:
        with quiet():
            return asyncio.run(_verdict(pdf, tuple(roots), now))
    except _BROKEN:
        return _unreadable("signing.verify.unreadable")


def _unreadable(key: str) -> Verdict:
    return Verdict(valid=False, reasons=(Reason(key=key),), signers=())


@dataclass(frozen=True, slots=True)
class _File:
    """A file under check: who is believed, and the moment of the check."""

    reader: PdfFileReader
    roots: tuple[x509.Certificate, ...]
    now: datetime

    def context(self, moment: datetime) -> ValidationContext:
        """What is believed, with the proofs that the file itself carries; nothing is fetched."""
        settings: dict[str, Any] = {
            "trust_roots": list(self.roots),
            "moment": moment,
            "allow_fetching": False,
            "revocation_mode": "soft-fail",
            "retroactive_revinfo": True,
        }
        try:
            return DocumentSecurityStore.read_dss(self.reader).as_validation_context(settings)
        except NoDSSFoundError:
            return ValidationContext(**settings)


async def _verdict(pdf: bytes, roots: tuple[x509.Certificate, ...], now: datetime) -> Verdict:
    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    file = _File(reader, roots, now)
    signatures = list(reader.embedded_regular_signatures)
    if not signatures:
        return _unreadable("signing.verify.unsigned")
    stamps, reasons = await _stamps(file)
    signers = []
    for number, signature in enumerate(signatures, start=1):
        signer, found = await _signer(file, signature, stamps, number)
        signers.append(signer)
        reasons += found
    if not reasons and _has_more(pdf, reader):
        reasons.append(Reason(key="signing.verify.uncovered"))
    return Verdict(valid=not reasons, reasons=tuple(reasons), signers=tuple(signers))


def _has_more(pdf: bytes, reader: PdfFileReader) -> bool:
    """Whether anything stands behind the last signature that is no revision: pyHanko's policy judges revisions only."""
    if _END.search(pdf[-1024:]) is None:
        return True
    last = reader.embedded_signatures[-1]
    if last.evaluate_signature_coverage() < SignatureCoverageLevel.ENTIRE_REVISION:
        return True
    _, _, start, length = (int(each) for each in last.byte_range)
    is_newest = last.signed_revision == reader.xrefs.total_revisions - 1
    return is_newest and bool(pdf[start + length :].strip())


async def _stamps(file: _File) -> tuple[list[tuple[int, datetime]], list[Reason]]:
    """(revision, time) of every archive stamp that is good; a stamp that is not counts as a reason."""
    good: list[tuple[int, datetime]] = []
    reasons: list[Reason] = []
    later = file.now
    # From the last to the first: a stamp whose certificate has run out is held by the next one over it.
    for stamp in reversed(list(file.reader.embedded_timestamp_signatures)):
        status = await async_validate_pdf_timestamp(stamp, file.context(later))
        if not (status.valid and status.intact):
            reasons.append(Reason(key="signing.verify.stamp_broken"))
        elif status.trusted:
            later = status.timestamp
            good.append((stamp.signed_revision, later))
        elif file.roots:
            reasons.append(Reason(key="signing.verify.stamp_untrusted"))
    return good, reasons


async def _signer(
    file: _File, signature: EmbeddedPdfSignature, stamps: list[tuple[int, datetime]], number: int
) -> tuple[SignerVerdict, list[Reason]]:
    covering = [at for revision, at in stamps if revision > signature.signed_revision]
    stamped_at = min(covering, default=None)
    status = await async_validate_pdf_signature(signature, file.context(stamped_at or file.now))
    reasons = list(_reasons(status, bool(file.roots), number))
    facts = facts_of(signature.signer_cert)
    return (
        SignerVerdict(
            name=facts.name,
            serial=facts.serial,
            issuer=facts.issuer,
            valid=not reasons,
            trusted=bool(status.trusted),
            claimed_at=signature.self_reported_timestamp,
            stamped_at=stamped_at,
            level=_level(file.reader, stamped_at),
        ),
        reasons,
    )


def _reasons(status: PdfSignatureStatus, has_roots: bool, number: int) -> Iterator[Reason]:
    if not status.intact or not status.valid:
        yield Reason(key="signing.verify.broken", signer=number)
        return
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        yield Reason(key="signing.verify.uncovered", signer=number)
    if not status.docmdp_ok or status.modification_level is None:
        yield Reason(key="signing.verify.changed", signer=number)
    if status.revocation_details is not None:
        day = f"{status.revocation_details.revocation_date:%d.%m.%Y}"
        yield Reason(key="signing.verify.revoked", signer=number, params=(("day", day),))
    elif not status.trusted:
        yield _untrusted(status, has_roots, number)
    elif not status.bottom_line and status.docmdp_ok:
        yield Reason(key="signing.verify.broken", signer=number)


def _untrusted(status: PdfSignatureStatus, has_roots: bool, number: int) -> Reason:
    if not has_roots:
        return Reason(key="signing.verify.no_roots", signer=number)
    problem = str(status.trust_problem_indic or "")
    if "EXPIRED" in problem or "OUT_OF_BOUNDS" in problem:
        day = f"{status.signing_cert.not_valid_after:%d.%m.%Y}"
        return Reason(key="signing.verify.expired", signer=number, params=(("day", day),))
    if "CHAIN_CONSTRAINTS" in problem or "SIG_CONSTRAINTS" in problem:
        return Reason(key="signing.verify.usage", signer=number)
    return Reason(key="signing.verify.untrusted", signer=number)


def _level(reader: PdfFileReader, stamped_at: datetime | None) -> str:
    """How long the signature will be checkable, in the words of ETSI."""
    has_proofs = "/DSS" in reader.root
    if stamped_at is None:
        return "B-LT" if has_proofs else "B-B"
    return "B-LTA" if has_proofs else "B-T"
