"""Footnotes on paper: each begins at the foot of the page that holds its mark, and goes on overleaf if it must."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from judge_desk.domain.acts import Align, Block, Run
from judge_desk.drafting.lines import RAISED_SIZE, Line, break_lines
from judge_desk.drafting.sheets import BODY_HEIGHT, BODY_WIDTH, BOTTOM, LEFT, Sheet
from judge_desk.drafting.tags import Tag

SIZE, LEADING, HANG = 10.5, 13.2, 14.0
GAP = 9.0  # between the text and the rule, and under the rule
TORN_FROM = 8  # a note of more lines than this may be parted
LEAST = 3  # so many lines of it then stand with its mark
MOST = BODY_HEIGHT * 0.6


class Foot:
    """One note. ``link`` is the element of its mark, ``note`` that of its words; ``place`` is (page, height in points)
    of its first line once that is drawn; ``said`` is what a reader says of the link."""

    def __init__(self, number: str, block: Block, language: str, said: str) -> None:
        self.number, self.said = number, said
        self.note = Tag("Note", language, id=f"note-{number}")
        self._label, self._words = self.note.child("Lbl"), self.note.child("P")
        self._reference = Tag("Reference")
        self.link = self._reference.child("Link")
        self.lines = break_lines(block.runs, size=SIZE, width=BODY_WIDTH - HANG, align=Align.JUSTIFY)
        self.count = max(len(self.lines), 1)
        self.place = (0, 0.0)

    @property
    def least(self) -> float:
        """The height that must be free on the page of its mark."""
        return (self.count if self.count <= TORN_FROM else LEAST) * LEADING

    def refer_from(self, around: Tag) -> None:
        """The mark was drawn inside this element."""
        around.pieces.append(self._reference)

    def paint(self, sheet: Sheet, start: int, stop: int, top: float) -> None:
        if start == 0:
            self.place = (sheet.index, top)
            label = break_lines((Run(text=self.number),), size=SIZE * RAISED_SIZE, width=HANG * 4, align=Align.START)
            sheet.begin(self._label)
            sheet.lines(label, LEFT, top + SIZE * 0.2, round(SIZE * RAISED_SIZE, 2), LEADING)
            sheet.end()
        if self.lines[start:stop]:
            sheet.begin(self._words)
            sheet.lines(self.lines[start:stop], LEFT + HANG, top, SIZE, LEADING)
            sheet.end()


def feet_of(strips: Iterable[Iterable[Line]], notes: Mapping[str, Foot]) -> dict[int, list[Foot]]:
    """The notes whose marks stand in each strip of an item, by the strip's number."""
    if not notes:
        return {}
    found = {at: [notes[mark] for line in lines for mark in line.marks] for at, lines in enumerate(strips)}
    return {at: feet for at, feet in found.items() if feet}


class FootRoom:
    """The foot of the page that is being filled, and what it hands on to the next one."""

    def __init__(self) -> None:
        self._held: list[tuple[Foot, int, int]] = []
        self._handed_on: list[tuple[Foot, int]] = []
        self.height = 0.0

    @property
    def hands_on(self) -> bool:
        return bool(self._handed_on)

    def needed(self, feet: Sequence[Foot]) -> float:
        """How much more the foot takes at least for these notes."""
        rule = 2 * GAP if feet and not self.height else 0.0
        return rule + sum(foot.least for foot in feet)

    def take(self, feet: Sequence[Foot], free: float) -> None:
        """Keep room for notes whose marks were just drawn; ``free`` is the height that is left for them."""
        for at, foot in enumerate(feet):
            free -= self._put(foot, 0, free - self.needed(feet[at + 1 :]))

    def close(self, sheet: Sheet) -> None:
        """Draw what is held at the foot of the page."""
        if self._held:
            top = BOTTOM + self.height - GAP
            sheet.rule(top)
            top -= GAP
            for foot, start, stop in self._held:
                foot.paint(sheet, start, stop, top)
                top -= (stop - start) * LEADING
        self._held, self.height = [], 0.0

    def open(self) -> None:
        """On the next page, what did not fit on the last one comes first."""
        rest, self._handed_on = self._handed_on, []
        for foot, start in rest:
            self._put(foot, start, MOST - self.height)

    def _put(self, foot: Foot, start: int, free: float) -> float:
        """Hold as many lines as are free, at least one unless others wait before it; returns the height taken."""
        if self._handed_on:
            self._handed_on.append((foot, start))
            return 0.0
        rule = 0.0 if self.height else 2 * GAP
        stop = min(start + max(int((free - rule + 0.01) / LEADING), 1), foot.count)
        self._held.append((foot, start, stop))
        taken = rule + (stop - start) * LEADING
        self.height += taken
        if stop < foot.count:
            self._handed_on.append((foot, stop))
        return taken
