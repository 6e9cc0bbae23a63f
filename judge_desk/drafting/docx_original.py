"""A Word file as it was before somebody changed it with changes tracked, and what these changes were, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from judge_desk.drafting.docx_changes import LeftOut, LeftOutKind
from judge_desk.drafting.docx_runs import LETTERS, W, as_typed, attribute
from judge_desk.drafting.docx_styles import is_on
from judge_desk.drafting.docx_tracked import Change, Comment, Piece
from judge_desk.drafting.foreign_text import cleaned

LINE = "judge-desk-line"
"""The attribute by which the reader says to which block a line went."""
_ADDED = (f"{W}ins", f"{W}moveTo")
_REMOVED = (f"{W}del", f"{W}moveFrom")
_LOOKS = tuple(f"{W}{name}Change" for name in ("rPr", "pPr", "tblPr", "tcPr", "trPr", "sectPr", "numbering"))
_SAME = Piece(text="")


@dataclass(slots=True)
class Tracked:
    """``lines`` by the number that each paragraph bears now; ``left_out`` cannot be said of single words."""

    lines: dict[str, tuple[Piece, ...]] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def authors(self) -> tuple[str, ...]:
        changed = (each.author for pieces in self.lines.values() for each in pieces if each.change is not Change.SAME)
        return tuple(sorted({author for author in (*changed, *(each.author for each in self.left_out)) if author}))


def take_back(held: Collection[str], *roots: Any) -> Tracked:
    """Take every tracked change back in these trees; they are changed in place. ``held`` as for ``RunReader``."""
    found = Tracked()
    for root in roots:
        _take_back_rows(root, found)
        looks = Counter(attribute(each, "author") for each in root.iter(*_LOOKS))
        found.left_out += [
            LeftOut(kind=LeftOutKind.LOOKS, text=str(count), author=author) for author, count in sorted(looks.items())
        ]
        _take_back_lines(root, found, held)
    return found


def comments_of(root: Any | None) -> list[Comment]:
    """What was said beside the text."""
    found: list[Comment] = []
    for each in () if root is None else root.iterchildren(f"{W}comment"):
        text = cleaned(
            " ".join("".join(t.text or "" for t in line.iter(f"{W}t")) for line in each.iter(f"{W}p"))
        ).strip()
        if text:
            number, author = attribute(each, "id"), attribute(each, "author")
            found.append(Comment(number=number, text=text, author=author, at=_moment(each)))
    return found


def _take_back_rows(root: Any, found: Tracked) -> None:
    for row in list(root.iter(f"{W}tr")):
        for name, form in (("ins", "— → {}"), ("del", "{} → —")):
            change = row.find(f"{W}trPr/{W}{name}")
            if change is None:
                continue
            text = cleaned(" ".join(each.text or "" for each in row.iter(f"{W}t", f"{W}delText"))).strip()
            found.left_out.append(
                LeftOut(kind=LeftOutKind.ROW, text=form.format(text), author=attribute(change, "author"))
            )
            if name == "ins":
                row.getparent().remove(row)


def _take_back_lines(root: Any, found: Tracked, held_styles: Collection[str]) -> None:
    reader = _Pieces(held_styles)
    held: list[Piece] = []
    # All are read first: a line may hold others, in a text box, and what is taken back in one is joined to the next.
    for line, pieces in [(line, list(reader.inside(line, _SAME))) for line in root.iter(f"{W}p")]:
        end = line.find(f"{W}pPr/{W}rPr/{W}ins")
        gone = line.find(f"{W}pPr/{W}rPr/{W}del")
        _undo(line)
        following = line.getnext()
        if end is not None and following is not None and following.tag == f"{W}p":
            held = [*held, *pieces, _change(end, Change.ADDED, "\n")]
            _join(line, following)
            continue
        if gone is not None and any(each.text.strip() and each.change is Change.SAME for each in pieces):
            text = "".join(each.text for each in pieces if each.change is not Change.ADDED).strip()
            found.left_out.append(LeftOut(kind=LeftOutKind.JOINED, text=text[-80:], author=attribute(gone, "author")))
        number = str(len(found.lines))
        line.set(LINE, number)
        found.lines[number] = (*held, *pieces)
        held = []


def _undo(line: Any) -> None:
    """The line without what was added, and with what was removed."""
    for each in list(line.iter(*_ADDED)):
        if each.getparent().tag != f"{W}rPr" and each.getparent() is not None:
            each.getparent().remove(each)
    for each in list(line.iter(*_REMOVED)):
        parent = each.getparent()
        if parent.tag == f"{W}rPr":
            continue
        for child in list(each):
            each.addprevious(child)
        parent.remove(each)
    for each in line.iter(f"{W}delText"):
        each.tag = f"{W}t"


def _join(line: Any, following: Any) -> None:
    """What is left of a line goes to the beginning of the next, whose end both have."""
    at = 0 if following.find(f"{W}pPr") is None else 1
    for child in reversed([each for each in line if each.tag != f"{W}pPr"]):
        following.insert(at, child)
    line.getparent().remove(line)


class _Pieces:
    """Reads lines one after the other; a comment may be open across several."""

    def __init__(self, held: Collection[str]) -> None:
        self._held = held
        self._open: set[str] = set()

    def inside(self, element: Any, state: Piece) -> Iterator[Piece]:
        for child in element:
            if child.tag in _ADDED or child.tag in _REMOVED:
                # What one hand added and another removed was never in the text.
                if state.change is Change.SAME:
                    yield from self.inside(
                        child, _change(child, Change.ADDED if child.tag in _ADDED else Change.REMOVED)
                    )
            elif child.tag == f"{W}r":
                yield from self._run(child, state)
            elif child.tag == f"{W}commentRangeStart":
                self._open.add(attribute(child, "id"))
            elif child.tag == f"{W}commentRangeEnd":
                self._open.discard(attribute(child, "id"))
            elif child.tag not in (f"{W}pPr", f"{W}rPr", f"{W}sdtPr"):
                yield from self.inside(child, state)

    def _run(self, run: Any, state: Piece) -> Iterator[Piece]:
        properties = run.find(f"{W}rPr")
        if properties is not None and is_on(properties.find(f"{W}vanish")):
            return
        names = ((str(child.tag).removeprefix(W), child) for child in run)
        text = "".join(
            cleaned(child.text or "") if name in ("t", "delText") else LETTERS.get(name, "") for name, child in names
        )
        text = as_typed(text, properties, self._held)
        lone = {attribute(each, "id") for each in run.iter(f"{W}commentReference")}
        if text or lone:
            yield Piece(
                text=text,
                change=state.change,
                author=state.author,
                at=state.at,
                comments=frozenset(self._open | lone),
            )


def _change(element: Any, change: Change, text: str = "") -> Piece:
    return Piece(text=text, change=change, author=attribute(element, "author"), at=_moment(element))


def _moment(element: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(attribute(element, "date"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
