"""Opens a Word file from a stranger: a ZIP with limits, no macros, no entities, nothing fetched from anywhere."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any

from lxml import etree

from judge_desk.domain.errors import BadInput

MOST_BYTES = 64 << 20
MOST_PARTS = 3_000
MOST_PART_BYTES = 64 << 20
MOST_RATIO = 200
"""A part packed tighter than this, and larger than a megabyte, is a bomb: real XML packs ten to thirty to one."""
_SMALL = 1 << 20
_MACROS = ("vbaproject.bin", "vbadata.xml", "activex", "/macros/")
_EMBEDDED = ("word/embeddings/",)


@dataclass(frozen=True, slots=True)
class Package:
    """The parts that are read; None where the file has none. ``embedded`` counts objects of other programs."""

    document: Any
    numbering: Any | None
    styles: Any | None
    notes: tuple[tuple[str, Any], ...]
    embedded: int


def open_package(data: bytes) -> Package:
    """Read the file; raises BadInput: no Word file, macros, a bomb, broken XML."""
    if len(data) > MOST_BYTES:
        raise BadInput("outputs.docx.size")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive)
    # What zipfile raises for a file that is none: a packing it does not know is NotImplementedError, a locked one
    # RuntimeError, a cut one any of the others.
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise BadInput("outputs.docx.none") from None


def _read(archive: zipfile.ZipFile) -> Package:
    entries = archive.infolist()
    if len(entries) > MOST_PARTS:
        raise BadInput("outputs.docx.bomb")
    names = [entry.filename.lower() for entry in entries]
    if any(mark in name for name in names for mark in _MACROS):
        raise BadInput("outputs.docx.macros")
    if "word/document.xml" not in names:
        raise BadInput("outputs.docx.none")
    types = _part(archive, "[Content_Types].xml")
    if types is not None and b"macroEnabled" in etree.tostring(types):
        raise BadInput("outputs.docx.macros")
    document = _part(archive, "word/document.xml")
    if document is None:
        raise BadInput("outputs.docx.none")
    notes = [(name, _part(archive, f"word/{name}.xml")) for name in ("footnotes", "endnotes", "comments")]
    return Package(
        document=document,
        numbering=_part(archive, "word/numbering.xml"),
        styles=_part(archive, "word/styles.xml"),
        notes=tuple((name, root) for name, root in notes if root is not None),
        embedded=sum(name.startswith(_EMBEDDED) for name in names),
    )


def _part(archive: zipfile.ZipFile, name: str) -> Any | None:
    try:
        entry = archive.getinfo(name)
    except KeyError:
        return None
    if entry.file_size > MOST_PART_BYTES or (
        entry.file_size > _SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1)
    ):
        raise BadInput("outputs.docx.bomb")
    with archive.open(entry) as part:
        # The size that the archive states may lie.
        text = part.read(MOST_PART_BYTES + 1)
    if len(text) > MOST_PART_BYTES:
        raise BadInput("outputs.docx.bomb")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError:
        raise BadInput("outputs.docx.none") from None
    if root.getroottree().docinfo.doctype:
        raise BadInput("outputs.docx.none")
    return root
