"""Footnotes in a Word file: real ones, in a part of their own, so that Word numbers, shows and moves them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docx.document import Document as WordFile
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from lxml import etree

TEXT_STYLE, REFERENCE_STYLE = "footnote text", "footnote reference"
_SEPARATORS = (("-1", "separator"), ("0", "continuationSeparator"))


class NoteMaker:
    """Collects the notes of one file; ``finish`` adds their part, if there are any."""

    def __init__(self, word: WordFile) -> None:
        self._word = word
        self._root: Any = None
        self._styles: Mapping[str, str] = {}
        self._count = 0

    def add(self) -> tuple[Any, Any]:
        """A new note: the run that is its mark in the text, and the empty paragraph of its words."""
        if self._root is None:
            self._begin()
        self._count += 1
        note = OxmlElement("w:footnote")
        note.set(qn("w:id"), str(self._count))
        paragraph = OxmlElement("w:p")
        properties = OxmlElement("w:pPr")
        style = OxmlElement("w:pStyle")
        style.set(qn("w:val"), self._styles[TEXT_STYLE])
        properties.append(style)
        paragraph.append(properties)
        paragraph.append(self._mark("w:footnoteRef"))
        note.append(paragraph)
        self._root.append(note)
        mark = self._mark("w:footnoteReference")
        mark[-1].set(qn("w:id"), str(self._count))
        return mark, paragraph

    def finish(self) -> None:
        """Put the notes into the file."""
        if self._root is None:
            return
        data = etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)
        package = self._word.part.package
        part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, data, package)
        self._word.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)

    def _begin(self) -> None:
        self._root = parse_xml(f"<w:footnotes {nsdecls('w')}/>")
        for number, kind in _SEPARATORS:
            note, paragraph, run = (OxmlElement(f"w:{name}") for name in ("footnote", "p", "r"))
            note.set(qn("w:type"), kind)
            note.set(qn("w:id"), number)
            run.append(OxmlElement(f"w:{kind}"))
            paragraph.append(run)
            note.append(paragraph)
            self._root.append(note)
        styles = self._word.styles
        text = styles.add_style(TEXT_STYLE, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        text.base_style, text.font.size, text.paragraph_format.space_after = styles["Normal"], Pt(10.5), Pt(0)
        reference = styles.add_style(REFERENCE_STYLE, WD_STYLE_TYPE.CHARACTER, builtin=True)
        reference.font.superscript = True
        self._styles = {TEXT_STYLE: text.style_id, REFERENCE_STYLE: reference.style_id}

    def _mark(self, name: str) -> Any:
        run, properties, style = (OxmlElement(f"w:{each}") for each in ("r", "rPr", "rStyle"))
        style.set(qn("w:val"), self._styles[REFERENCE_STYLE])
        properties.append(style)
        run.append(properties)
        run.append(OxmlElement(name))
        return run
