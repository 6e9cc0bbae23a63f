"""Everything that a PDF says beside its pages: information, XMP, bookmarks, structure, form fields, labels, names."""

from __future__ import annotations

import io
from typing import Any

import pikepdf

DRAWN = ("/Length1", "/Width", "/N")
"""What fonts, pictures and colour profiles have: no words."""


def beside_the_pages(body: bytes) -> str:
    """Every string, name and readable stream of the file but what its pages draw, one to a line."""
    found: list[str] = []
    with pikepdf.open(io.BytesIO(body)) as pdf:
        pages = {page.Contents.objgen for page in pdf.pages}
        for each in pdf.objects:
            if each.objgen not in pages:
                _take(each, found)
        _take(pdf.trailer.get("/Info", pikepdf.Dictionary()), found)
    return "\n".join(found)


def page_words(body: bytes) -> str:
    """What is to be read on all pages."""
    import pypdfium2

    document = pypdfium2.PdfDocument(body)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def _take(thing: Any, found: list[str]) -> None:
    if isinstance(thing, pikepdf.Stream):
        if not any(key in thing for key in DRAWN):
            found.append(thing.read_bytes().decode("utf-8", "replace"))
        thing = thing.stream_dict
    if isinstance(thing, pikepdf.Dictionary):
        for key, value in thing.items():
            found.append(str(key))
            if not getattr(value, "is_indirect", False):
                _take(value, found)
    elif isinstance(thing, pikepdf.Array):
        for value in thing:
            if not getattr(value, "is_indirect", False):
                _take(value, found)
    elif isinstance(thing, pikepdf.String | pikepdf.Name):
        found.append(str(thing))
