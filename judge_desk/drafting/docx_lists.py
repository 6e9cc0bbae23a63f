"""Lists in a Word file: each list of an act is one of Word's own, so that numbers go on when somebody adds an item."""

from __future__ import annotations

from typing import Any

from docx.document import Document as WordFile
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from judge_desk.domain.acts import Block, Numbering

LEVELS = 3
INDENT_TWIPS, HANGING_TWIPS = 709, 400
FIRST_NUMBER = 100


def _format(numbering: Numbering, level: int) -> tuple[str, str]:
    endings = {Numbering.DECIMAL: ".", Numbering.BRACKET: ")"}
    if numbering not in endings:
        return "bullet", "–"
    return "decimal", f"%{level}{endings[numbering]}"


class ListMaker:
    """Opens a list at the first item, and a new one where the act counts anew or changes the kind of its numbers."""

    def __init__(self, word: WordFile) -> None:
        self._root: Any = word.part.numbering_part.element
        self._count = FIRST_NUMBER
        self._kinds: dict[int, Numbering] = {}
        self._levels: dict[int, Any] = {}
        self._number = 0

    def end(self) -> None:
        """Something else than an item follows."""
        self._kinds, self._levels, self._number = {}, {}, 0

    def add(self, paragraph: Paragraph, block: Block) -> None:
        """Make the paragraph an item of the list that is open."""
        known = self._kinds.get(block.level)
        if not self._number or (known is not None and (block.restart or known is not block.numbering)):
            self._begin()
        if block.level not in self._kinds:
            self._kinds[block.level] = block.numbering
            self._shape(block.level, block.numbering)
        properties: Any = paragraph._p.get_or_add_pPr()
        number = properties.get_or_add_numPr()
        number.get_or_add_ilvl().val = block.level - 1
        number.get_or_add_numId().val = self._number

    def _begin(self) -> None:
        self._kinds, self._levels = {}, {}
        self._count += 1
        self._number = self._count
        shape = OxmlElement("w:abstractNum")
        shape.set(qn("w:abstractNumId"), str(self._number))
        kind = OxmlElement("w:multiLevelType")
        kind.set(qn("w:val"), "multilevel")
        shape.append(kind)
        for level in range(1, LEVELS + 1):
            self._levels[level] = _level(level)
            shape.append(self._levels[level])
        before = self._root.find(qn("w:num"))
        self._root.append(shape) if before is None else before.addprevious(shape)
        made = OxmlElement("w:num")
        made.set(qn("w:numId"), str(self._number))
        link = OxmlElement("w:abstractNumId")
        link.set(qn("w:val"), str(self._number))
        made.append(link)
        self._root.append(made)

    def _shape(self, level: int, numbering: Numbering) -> None:
        form, text = _format(numbering, level)
        self._levels[level].find(qn("w:numFmt")).set(qn("w:val"), form)
        self._levels[level].find(qn("w:lvlText")).set(qn("w:val"), text)


def _level(level: int) -> Any:
    element = OxmlElement("w:lvl")
    element.set(qn("w:ilvl"), str(level - 1))
    for name, value in (("start", "1"), ("numFmt", "bullet"), ("lvlText", "–"), ("lvlJc", "left")):
        child = OxmlElement(f"w:{name}")
        child.set(qn("w:val"), value)
        element.append(child)
    properties, indent = OxmlElement("w:pPr"), OxmlElement("w:ind")
    indent.set(qn("w:left"), str(INDENT_TWIPS + HANGING_TWIPS * level))
    indent.set(qn("w:hanging"), str(HANGING_TWIPS))
    properties.append(indent)
    element.append(properties)
    return element
