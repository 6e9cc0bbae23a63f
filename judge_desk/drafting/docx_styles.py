"""What the styles of a Word file mean for an act: kind, level, numbering, and the emphasis that a style brings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from judge_desk.domain.acts import BlockKind, Mark, Numbering

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"^(?:heading|заголовок|тақырып)\s*(\d)$")
_DEEPEST = 20


def is_on(element: Any | None) -> bool:
    """A switch of Word: there, and not switched off."""
    return element is not None and element.get(f"{W}val") not in ("0", "false", "off")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a paragraph stands. ``list_id`` names its list; ``own`` is emphasis that belongs to the kind of block."""

    name: str
    kind: BlockKind
    level: int = 1
    numbering: Numbering = Numbering.DASH
    list_id: str = ""
    marks: tuple[Mark, ...] = ()

    def gives(self, mark: Mark) -> bool:
        """Whether the kind of block looks so anyway."""
        return mark is Mark.BOLD and self.kind is BlockKind.HEADING


class Styles:
    """The styles and lists of one file; either may be missing."""

    def __init__(self, styles: Any | None, numbering: Any | None) -> None:
        found = [] if styles is None else list(styles.iterchildren(f"{W}style"))
        self._styles = {str(each.get(f"{W}styleId")): each for each in found}
        self._lists = _lists(numbering)

    def of(self, paragraph: Any) -> Style:
        """The style of a paragraph."""
        chain = self._chain(_value(paragraph.find(f"{W}pPr/{W}pStyle")))
        name = _name(chain[0]) if chain else ""
        if (level := self._heading_level(chain)) is not None:
            return Style(name=name, kind=BlockKind.HEADING, level=level)
        if (item := self._list_item(paragraph, chain)) is not None:
            list_id, depth, numbering = item
            return Style(name=name, kind=BlockKind.LIST_ITEM, level=depth, numbering=numbering, list_id=list_id)
        if any(_name(each).casefold() in {"quote", "intense quote", "цитата", "дәйексөз"} for each in chain):
            return Style(name=name, kind=BlockKind.QUOTATION)
        return Style(name=name, kind=BlockKind.PARAGRAPH, marks=_marks(chain))

    def named(self, name: str) -> frozenset[str]:
        """The ids of the styles of a name: other programs keep the name and give an id of their own."""
        return frozenset(key for key, style in self._styles.items() if _name(style) == name)

    def table_name(self, table: Any) -> str:
        """The name of a table's style."""
        style = self._styles.get(_value(table.find(f"{W}tblPr/{W}tblStyle")))
        return "" if style is None else _name(style)

    def _chain(self, style_id: str) -> list[Any]:
        """The style and those it is based on."""
        chain: list[Any] = []
        while style_id in self._styles and len(chain) < _DEEPEST:
            style = self._styles[style_id]
            if style in chain:
                break
            chain.append(style)
            style_id = _value(style.find(f"{W}basedOn"))
        return chain

    def _heading_level(self, chain: list[Any]) -> int | None:
        for style in chain:
            name = _name(style).casefold()
            if name in {"title", "название"}:
                return 1
            if found := _HEADING.match(name):
                return min(max(int(found[1]), 1), 3)
            outline = _value(style.find(f"{W}pPr/{W}outlineLvl"))
            if outline.isdecimal() and int(outline) < 9:
                return min(int(outline) + 1, 3)
        return None

    def _list_item(self, paragraph: Any, chain: list[Any]) -> tuple[str, int, Numbering] | None:
        holders = [paragraph.find(f"{W}pPr/{W}numPr"), *(each.find(f"{W}pPr/{W}numPr") for each in chain)]
        for holder in holders:
            if holder is None:
                continue
            list_id = _value(holder.find(f"{W}numId"))
            if list_id in {"", "0"}:
                return None
            depth = _value(holder.find(f"{W}ilvl")) or "0"
            level = min(int(depth) + 1, 3) if depth.isdecimal() else 1
            return list_id, level, self._lists.get((list_id, level - 1), Numbering.DASH)
        return None


def _lists(numbering: Any | None) -> dict[tuple[str, int], Numbering]:
    """What stands before the items, by list and depth."""
    found: dict[tuple[str, int], Numbering] = {}
    if numbering is None:
        return found
    shapes = {each.get(f"{W}abstractNumId"): each for each in numbering.iterchildren(f"{W}abstractNum")}
    for each in numbering.iterchildren(f"{W}num"):
        shape = shapes.get(_value(each.find(f"{W}abstractNumId")))
        for level in [] if shape is None else shape.iterchildren(f"{W}lvl"):
            depth = str(level.get(f"{W}ilvl") or "0")
            form, text = _value(level.find(f"{W}numFmt")), _value(level.find(f"{W}lvlText"))
            if depth.isdecimal():
                found[str(each.get(f"{W}numId")), int(depth)] = _numbering(form, text)
    return found


def _numbering(form: str, text: str) -> Numbering:
    if form in {"bullet", "none", ""}:
        return Numbering.DASH
    return Numbering.BRACKET if text.rstrip().endswith(")") else Numbering.DECIMAL


def _marks(chain: list[Any]) -> tuple[Mark, ...]:
    found = []
    for mark, name in ((Mark.BOLD, "b"), (Mark.ITALIC, "i")):
        settings = [each.find(f"{W}rPr/{W}{name}") for each in chain]
        if is_on(next((each for each in settings if each is not None), None)):
            found.append(mark)
    return tuple(found)


def _value(element: Any | None) -> str:
    return "" if element is None else str(element.get(f"{W}val") or "")


def _name(style: Any) -> str:
    return _value(style.find(f"{W}name"))
