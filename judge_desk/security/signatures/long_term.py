"""Makes a signature last: what its check needs in thirty years, and an archive time stamp, added behind it.

An incremental update: the bytes that were signed stay as they are, and so does every earlier signature.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import InvisSigSettings
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.validation.dss import async_add_validation_info
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError

from judge_desk.domain.errors import BadInput, StampRefused, StampUnreachable
from judge_desk.security.signatures.quiet import quiet
from judge_desk.security.signatures.time_stamps import CourtTimeStamper

_HIDDEN = InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)
_NO_PATH = (SignatureValidationError, PathBuildingError, PathValidationError, SigningError)


@dataclass(frozen=True, slots=True, kw_only=True)
class StampPlace:
    """Where stamps come from. ``roots`` are believed for signers and for the server alike."""

    url: str
    roots: tuple[x509.Certificate, ...]


def lasting(pdf: bytes, place: StampPlace, now: datetime) -> bytes:
    """The signed file with validation data and an archive time stamp (B-LTA).

    Raises StampUnreachable when a server was away (try again later), StampRefused for a stamp that cannot be believed;
    BadInput for a file that cannot be read.
    """
    if not place.roots:
        raise StampRefused("signing.stamp.untrusted")
    try:
        return asyncio.run(_lasting(pdf, place, now))
    except PdfError:
        raise BadInput("signing.bad.file") from None


async def _lasting(pdf: bytes, place: StampPlace, now: datetime) -> bytes:
    for number in range(len(PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures)):
        pdf = await _with_proofs(pdf, number, place.roots)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    server = CourtTimeStamper(place.url, place.roots, now)
    count = len(writer.prev.embedded_timestamp_signatures)
    stamper = PdfTimeStamper(server, field_name=f"Timestamp{count + 1}", invis_settings=_HIDDEN)
    context = _context(place.roots)
    try:
        with quiet():
            output = await stamper.async_timestamp_pdf(writer, "sha256", validation_context=context)
    except _NO_PATH:
        raise StampRefused("signing.stamp.untrusted") from None
    except OSError:
        raise StampUnreachable from None
    finally:
        await context.aclose()
    return bytes(output.getvalue())


async def _with_proofs(pdf: bytes, number: int, roots: Sequence[x509.Certificate]) -> bytes:
    """Certificates and revocation data of one signature; a signer whom the court does not know gets none."""
    reader = PdfFileReader(io.BytesIO(pdf))
    signature = reader.embedded_regular_signatures[number]
    output = io.BytesIO()
    context = _context(roots)
    try:
        with quiet():
            await async_add_validation_info(signature, context, output=output)
    except _NO_PATH:
        return pdf
    except OSError:
        raise StampUnreachable from None
    finally:
        await context.aclose()
    return output.getvalue()


def _context(roots: Sequence[x509.Certificate]) -> ValidationContext:
    return ValidationContext(trust_roots=list(roots), allow_fetching=True, revocation_mode="soft-fail")
