"""The reading order of a file, noted while its pages are drawn: what a screen reader follows, and PDF/UA demands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from judge_desk.drafting.pdf_file import PdfFile, text_string


@dataclass(slots=True, eq=False)
class Tag:
    """One element of the structure. `pieces` are marked stretches (page, number on the page) or further elements."""

    role: str
    language: str = ""
    attributes: str = ""
    pieces: list[Tag | tuple[int, int]] = field(default_factory=list)
    alt: str = ""
    """What is said in place of a picture."""
    widgets: list[tuple[int, int]] = field(default_factory=list)
    """Form fields and links as (page, object number)."""
    id: str = ""
    """What other elements know it by; a note must have one."""

    def child(self, role: str, language: str = "", attributes: str = "") -> Tag:
        tag = Tag(role, language, attributes)
        self.pieces.append(tag)
        return tag


def write_tags(file: PdfFile, root: Tag, pages: list[int], owners: list[list[Tag]], fields: Sequence[Tag] = ()) -> int:
    """Write the tree; `pages` are page objects, `owners` says by page which element each marked stretch belongs to.

    `fields` are the elements of form fields, in the order of their keys, which follow those of the pages.
    Returns the object number of the StructTreeRoot.
    """
    top = file.take()
    numbers: dict[int, int] = {}
    _write(file, root, top, pages, numbers)
    rows = "".join(
        f"{page}[{' '.join(f'{numbers[id(owner)]} 0 R' for owner in held)}]" for page, held in enumerate(owners)
    )
    rows += "".join(f" {len(pages) + at} {numbers[id(tag)]} 0 R" for at, tag in enumerate(fields))
    parents = file.add(f"<</Nums[{rows}]>>")
    following = len(pages) + len(fields)
    file.add(
        f"<</Type/StructTreeRoot/K {numbers[id(root)]} 0 R/ParentTree {parents} 0 R/ParentTreeNextKey {following}>>",
        top,
    )
    return top


def _write(file: PdfFile, tag: Tag, parent: int, pages: list[int], numbers: dict[int, int]) -> int:
    number = numbers[id(tag)] = file.take()
    home = next((piece[0] for piece in tag.pieces if isinstance(piece, tuple)), None)
    kids = []
    for piece in tag.pieces:
        if isinstance(piece, Tag):
            kids.append(f"{_write(file, piece, number, pages, numbers)} 0 R")
        elif piece[0] == home:
            kids.append(str(piece[1]))
        else:
            kids.append(f"<</Type/MCR/Pg {pages[piece[0]]} 0 R/MCID {piece[1]}>>")
    kids += [f"<</Type/OBJR/Pg {pages[place]} 0 R/Obj {widget} 0 R>>" for place, widget in tag.widgets]
    page = f"/Pg {pages[home]} 0 R" if home is not None else ""
    language = f"/Lang({tag.language})" if tag.language else ""
    attributes = f"/A{tag.attributes}" if tag.attributes else ""
    alt = f"/Alt{text_string(tag.alt)}" if tag.alt else ""
    # A form field alone stands without brackets: checkers of signatures look for it there when a second judge signs.
    name = f"/ID({tag.id})" if tag.id else ""
    held = kids[0] if len(kids) == len(tag.widgets) == 1 else f"[{' '.join(kids)}]"
    inside = f"/K{held}{name}{language}{attributes}{alt}"
    return file.add(f"<</Type/StructElem/S/{tag.role}/P {parent} 0 R{page}{inside}>>", number)
