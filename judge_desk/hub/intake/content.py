"""Whether a document is what it says it is, by its own bytes; and how many pages it has."""

from __future__ import annotations

import io
from dataclasses import dataclass

from judge_desk.domain.errors import BadInput

_STARTS: dict[str, tuple[bytes, ...]] = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/tiff": (b"II*\0", b"MM\0*"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (b"PK\x03\x04",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (b"PK\x03\x04",),
    "application/msword": (b"\xd0\xcf\x11\xe0",),
}
PDF, TEXT = "application/pdf", "text/plain"
MEDIA_TYPES = (PDF, TEXT, *_STARTS)


@dataclass(frozen=True, slots=True)
class Looked:
    """``pages`` is 0 where they cannot be counted: a PDF that opens only with a password."""

    pages: int


def look(content: bytes, media_type: str) -> Looked:
    """Check the bytes against the media type; raises BadInput with the reason."""
    if not content:
        raise BadInput("intake.document.empty")
    if media_type == PDF:
        return Looked(_pdf_pages(content))
    if media_type == TEXT:
        return Looked(_text_pages(content))
    starts = _STARTS.get(media_type)
    if starts is None:
        raise BadInput("intake.document.media_type", media_type=media_type[:80])
    if not content.startswith(starts):
        raise BadInput("intake.document.not_that_type", media_type=media_type)
    return Looked(1)


def _pdf_pages(content: bytes) -> int:
    if b"%PDF-" not in content[:1024]:
        raise BadInput("intake.document.not_a_pdf")
    # pikepdf mends what is torn off without a word; a file that lost its end has lost pages.
    if b"%%EOF" not in content[-2048:]:
        raise BadInput("intake.document.truncated")
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            pages = len(pdf.pages)
    except pikepdf.PasswordError:
        return 0
    except pikepdf.PdfError:
        raise BadInput("intake.document.not_a_pdf") from None
    if pages == 0:
        raise BadInput("intake.document.not_a_pdf")
    return pages


def _text_pages(content: bytes) -> int:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput("intake.document.not_text") from None
    if "\0" in text:
        raise BadInput("intake.document.not_text")
    return 1
