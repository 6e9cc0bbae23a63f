"""Puts a signature into a finished PDF as an incremental update: nothing that stands in the file is touched."""

from __future__ import annotations

import io
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.form_tools import get_single_field_annot
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import (
    InvisSigSettings,
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    enumerate_sig_fields,
)
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from judge_desk.domain.errors import BadInput, SigningProblem
from judge_desk.security.signatures.signer import ActSigner

RESERVED = 32_768
"""Hexadecimal digits kept for the CMS: 16 KiB, enough for a chain of RSA certificates with a stamp in it."""
_Steps = Generator[Any, Any, Any]
_BROKEN = (PdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """A finished file. ``stamp`` is one page of PDF to be shown in the signature's field; empty: nothing is shown."""

    pdf: bytes
    at: datetime
    stamp: bytes = b""
    reason: str = ""
    location: str = ""


def sign_all(files: Sequence[ToSign], signer: ActSigner) -> Iterator[bytes]:
    """Each file with its signature, in order.

    All places are prepared first, so that a file that cannot be signed is named before any PIN is used up. Raises
    BadInput for a file that is no PDF, SigningProblem in the middle where the key goes away.
    """
    prepared = [_prepare(each) for each in files]
    contents = [content for _, content in prepared]
    for (steps, _), cms in zip(prepared, signer.signatures(contents), strict=True):
        yield _placed(steps, cms)


def _prepare(file: ToSign) -> tuple[tuple[_Steps, io.BytesIO], bytes]:
    """The file with an empty place for the signature, and the bytes that are to be signed."""
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(file.pdf), strict=True)
        if writer.prev.encrypted:
            raise BadInput("signing.bad.encrypted")
        is_first = not list(writer.prev.embedded_signatures)
        steps = _embedder(writer)
        field = next(steps)
        if file.stamp:
            _show(writer, field, file.stamp)
        steps.send(
            SigObjSetup(
                sig_placeholder=SignatureObject(
                    timestamp=file.at,
                    subfilter=SigSeedSubFilter.PADES,
                    reason=file.reason or None,
                    location=file.location or None,
                    bytes_reserved=RESERVED,
                ),
                mdp_setup=SigMDPSetup(md_algorithm="sha256", certify=is_first, docmdp_perms=MDPPerm.FILL_FORMS),
            )
        )
        prepared, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    except (SigningError, *_BROKEN):
        raise BadInput("signing.bad.file") from None
    whole = output.getvalue()
    content = whole[: prepared.reserved_region_start] + whole[prepared.reserved_region_end :]
    return (steps, output), content


def _embedder(writer: IncrementalPdfFileWriter) -> _Steps:
    """The next empty field that the act keeps; a file without one gets a field that is not shown."""
    empty = [name for name, _, _ in enumerate_sig_fields(writer, filled_status=False) if name]
    if empty:
        kept: _Steps = PdfCMSEmbedder().write_cms(min(empty), writer, existing_fields_only=True)
        return kept
    taken = sum(1 for _ in enumerate_sig_fields(writer))
    name = f"Signature{taken + 1}"
    hidden = InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)
    spec = SigFieldSpec(name, invis_sig_settings=hidden)
    added: _Steps = PdfCMSEmbedder(new_field_spec=spec).write_cms(name, writer)
    return added


def _show(writer: IncrementalPdfFileWriter, field: Any, stamp: bytes) -> None:
    """Lay the page ``stamp`` into the field as its appearance, unless the field has no size."""
    annotation = get_single_field_annot(field.get_object())
    left, bottom, right, top = (float(edge) for edge in annotation["/Rect"])
    if right - left < 1 or top - bottom < 1:
        return
    page = writer.import_page_as_xobject(PdfFileReader(io.BytesIO(stamp)))
    annotation[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): page})
    writer.update_container(annotation)


def _placed(prepared: tuple[_Steps, io.BytesIO], cms: bytes) -> bytes:
    steps, output = prepared
    if 2 * len(cms) > RESERVED - 2:
        raise SigningProblem("signing.too_long")
    steps.send(cms)
    return output.getvalue()
