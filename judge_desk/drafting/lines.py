"""Breaks a paragraph into lines and writes each line's drawing operators.

Lines are first filled one by one; where that leaves wide gaps or one short word alone at the end, the paragraph is
broken anew as a whole, so that no line pays for the others.
"""

from __future__ import annotations

from dataclasses import dataclass

from judge_desk.domain.acts import Align, Mark, Run
from judge_desk.drafting.fonts import face, face_of
from judge_desk.drafting.held_words import at_hyphens, holds
from judge_desk.drafting.memory import remembering

SOFT_HYPHEN = "\u00ad"
SPACE = 250  # all four faces; a test watches it
SPACE_HEX = "0020"
_GAPS = " \u00a0"
_GAP_HEX = ("0020", "00a0")
SHRINK = 0.14  # the share of a space that may be taken away to fit one more word
LOOSE = 1.1  # a gap stretched by more than this many spaces makes the paragraph be broken anew
WIDEST = 4.5  # a gap that would be stretched by more spaces than this is not: the line then ends short of the margin
RUNT = 0.12  # a last line shorter than this share of the column is a runt
RAISED = 4  # added to the number of a face: the mark of a note, small and above the line
RAISED_SIZE = 0.65  # of the letters beside it


@dataclass(frozen=True, slots=True)
class Stretch:
    """What follows a note's mark on its line, or such a mark itself: `mark` is its number, `at` the distance in points
    from where the line begins, `width` in points that of a mark."""

    ops: str
    first: int
    last: int
    at: float
    mark: str = ""
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """One finished line: `ops` draws it from where the pen stands, beginning in face `first`, ending in face `last`.

    Only a line with marks of notes has a `rest`, each stretch of which is placed by itself.
    """

    ops: str
    first: int
    last: int
    shift: float = 0.0
    underlines: tuple[tuple[float, float], ...] = ()
    rest: tuple[Stretch, ...] = ()

    @property
    def marks(self) -> tuple[str, ...]:
        """The numbers of the notes whose marks stand on this line."""
        return tuple(stretch.mark for stretch in self.rest if stretch.mark)


@dataclass(slots=True)
class _Unit:
    """What is never torn: pieces of (face, underlined, text); `gap` when a space follows."""

    width: int
    pieces: list[tuple[int, bool, str]]
    gap: bool = True


def letters_of(runs: tuple[Run, ...]) -> dict[int, set[str]]:
    """Which letters each face must be able to draw."""
    letters: dict[int, set[str]] = {}
    for run in runs:
        letters.setdefault(face_of(run.marks), set()).update(run.text)
    return letters


def natural_width(runs: tuple[Run, ...], size: float, bold: bool = False) -> float:
    """The width in points of the runs on one line."""
    return sum(unit.width + (SPACE if unit.gap else 0) for unit in _units(runs, bold, 10**9)) * size / 1000


@remembering(20_000)
def break_lines(
    runs: tuple[Run, ...], *, size: float, width: float, indent: float = 0.0, align: Align, bold: bool = False
) -> tuple[Line, ...]:
    """Break runs into lines of `width` points at `size` points; the first is `indent` shorter.

    Raises BadInput for a letter that the font lacks. Text is neither added nor lost: a line's own space ends it.
    """
    limit = int(width * 1000 / size)
    first_limit = limit - int(indent * 1000 / size)
    units = _units(runs, bold, first_limit)
    ends = _fill(units, first_limit, limit)
    if align is Align.JUSTIFY and _is_poor(units, ends, first_limit, limit):
        ends = _balance(units, first_limit, limit) or ends
        if _is_torn(units, ends, first_limit, limit, WIDEST):
            # A line that ends short of the margin is worse than a name that parts from its initials.
            units = _units(runs, bold, first_limit, is_strict=False)
            ends = _balance(units, first_limit, limit) or _fill(units, first_limit, limit)
    elif align is Align.CENTRE and len(ends) > 1:
        ends = _evened(units, ends, limit)
    lines, start = [], 0
    for end in ends:
        room = first_limit if start == 0 else limit
        shift = indent if start == 0 else 0.0
        line = _line(units[start:end], room, size, align=align, indent=shift, is_last=end == len(units))
        lines.append(line)
        start = end
    return tuple(lines)


def _units(runs: tuple[Run, ...], bold: bool, limit: int, *, is_strict: bool = True) -> list[_Unit]:
    units: list[_Unit] = []
    for run in runs:
        number = face_of(run.marks) | (1 if bold else 0) | (RAISED if run.note else 0)
        measure = _raised_width if run.note else face(number).width
        lined = Mark.UNDERLINE in run.marks
        first, *others = run.text.replace(SOFT_HYPHEN, "").split(" ")
        if not units:
            units.append(_Unit(measure(first), [(number, lined, first)]))
        elif first:
            last = units[-1]
            last.pieces[:] = [*(piece for piece in last.pieces if piece[2]), (number, lined, first)]
            last.width += measure(first)
        if "-" in run.text:
            pieces = (piece for word in others for piece in at_hyphens(word))
            units.extend(_Unit(measure(piece), [(number, lined, piece)], gap) for piece, gap in pieces)
        else:
            units.extend(_Unit(measure(word), [(number, lined, word)]) for word in others)
    if units:
        units[-1].gap = False
    return _bound(units, limit, is_strict)


def _raised_width(number: str) -> int:
    """All faces have figures of one width."""
    return round(face(0).width(number) * RAISED_SIZE)


def _bound(units: list[_Unit], limit: int, is_strict: bool) -> list[_Unit]:
    """Tie short words to what they govern, and cut what is wider than the column."""
    bound: list[_Unit] = []
    for unit in units:
        before = bound[-1] if bound else None
        if before and _holds(before, unit, is_strict) and before.width + SPACE + unit.width <= limit // 2:
            number, lined, text = before.pieces[-1]
            before.pieces[-1] = (number, lined, text + " ")
            before.width += SPACE + unit.width
            before.pieces.extend(unit.pieces)
            before.gap = unit.gap
        elif unit.width > limit:
            bound.extend(_cut(unit, limit))
        else:
            bound.append(unit)
    return bound


def _holds(unit: _Unit, following: _Unit, is_strict: bool) -> bool:
    """Whether a line must not end between the two."""
    last, text = unit.pieces[-1][0], unit.pieces[-1][2]
    if not unit.gap or not text or last & RAISED:
        return False
    return holds(text, following.pieces[0][2], is_strict=is_strict)


def _cut(unit: _Unit, limit: int) -> list[_Unit]:
    parts: list[_Unit] = []
    for number, lined, text in unit.pieces:
        measure = face(number & ~RAISED).widths
        for letter in text:
            width = measure[ord(letter)]
            if not parts or parts[-1].width + width > limit:
                parts.append(_Unit(0, [(number, lined, "")], gap=False))
            held = parts[-1].pieces[-1]
            if held[:2] == (number, lined):
                parts[-1].pieces[-1] = (number, lined, held[2] + letter)
            else:
                parts[-1].pieces.append((number, lined, letter))
            parts[-1].width += width
    parts[-1].gap = unit.gap
    return parts


def _fill(units: list[_Unit], first_limit: int, limit: int) -> list[int]:
    """Fill lines one by one; returns the end of each line."""
    ends: list[int] = []
    used, slack, room = 0, 0.0, first_limit
    gap = 0
    for position, unit in enumerate(units):
        if used and used + gap + unit.width > room + slack:
            ends.append(position)
            used, slack, room, gap = 0, 0.0, limit, 0
        used += gap + unit.width
        gap = SPACE if unit.gap else 0
        slack += gap * SHRINK
    if units:
        ends.append(len(units))
    return ends


def _evened(units: list[_Unit], ends: list[int], limit: int) -> list[int]:
    """Centred lines of about one length: the narrowest column that takes no line more."""
    least, most = limit // 2, limit
    while most - least > SPACE:
        middle = (least + most) // 2
        tried = _fill(units, middle, middle)
        if len(tried) > len(ends):
            least = middle
        else:
            most, ends = middle, tried
    return ends


def _is_poor(units: list[_Unit], ends: list[int], first_limit: int, limit: int) -> bool:
    """Whether a gap is stretched too far, or the last line is a runt."""
    start = ends[-2] if len(ends) > 1 else 0
    is_runt = len(ends) > 1 and sum(unit.width for unit in units[start:]) < limit * RUNT
    return is_runt or _is_torn(units, ends, first_limit, limit, LOOSE)


def _is_torn(units: list[_Unit], ends: list[int], first_limit: int, limit: int, most: float) -> bool:
    """Whether a gap is stretched by more than `most` spaces."""
    start, room = 0, first_limit
    for end in ends[:-1]:
        rest = room - sum(unit.width for unit in units[start:end])
        if rest > (most + 1) * SPACE * max(end - start - 1, 1):
            return True
        start, room = end, limit
    return False


def _balance(units: list[_Unit], first_limit: int, limit: int) -> list[int]:
    """The ends that make the sum of cubed gaps least over the whole paragraph; empty when no way fits."""
    count = len(units)
    best: list[float] = [0.0] + [float("inf")] * count
    came: list[int] = [0] * (count + 1)
    for start in range(count):
        if best[start] == float("inf"):
            continue
        room = first_limit if start == 0 else limit
        used, gaps = 0, 0
        for end in range(start + 1, count + 1):
            used += units[end - 1].width
            cost = _badness(used, gaps, room, end == count)
            if used + gaps * SPACE * (1 - SHRINK) > room and end > start + 1:
                break
            if best[start] + cost < best[end]:
                best[end], came[end] = best[start] + cost, start
            gaps += 1 if units[end - 1].gap else 0
    ends, at = [], count
    while at:
        ends.append(at)
        at = came[at]
    return ends[::-1]


def _badness(used: int, gaps: int, room: int, is_last: bool) -> float:
    if is_last:
        return 3.0 if used < room * RUNT else 0.0
    stretch = (room - used) / (SPACE * max(gaps, 1)) - 1
    return float(abs(stretch) ** 3) + 0.05


def _line(units: list[_Unit], room: int, size: float, *, align: Align, indent: float, is_last: bool) -> Line:
    gaps = sum(unit.gap for unit in units[:-1])
    rest = room - sum(unit.width for unit in units) - gaps * SPACE
    gaps += sum(_inner_gaps(unit) for unit in units)
    stretch = 0
    if gaps and ((align is Align.JUSTIFY and not is_last) or rest < 0):
        stretch = round(rest / gaps)
        stretch = stretch if stretch <= WIDEST * SPACE else 0
    shift = indent
    if align is Align.CENTRE:
        shift += rest / 2 * size / 1000
    elif align is Align.END:
        shift += rest * size / 1000
    return _draw(units, stretch, size, shift)


def _inner_gaps(unit: _Unit) -> int:
    return sum(text.count(gap) for _, _, text in unit.pieces for gap in _GAPS)


def _spread(text: str, stretch: int) -> str:
    """The text in hexadecimal; spaces that hold words together stretch like all others."""
    shown = text.encode("utf-16-be").hex()
    if not any(gap in text for gap in _GAPS):
        return shown
    letters = [shown[at : at + 4] for at in range(0, len(shown), 4)]
    return "".join(f"{letter}>{-stretch}<" if letter in _GAP_HEX else letter for letter in letters)


def _draw(units: list[_Unit], stretch: int, size: float, shift: float) -> Line:
    pen = _Pen(units[0].pieces[0][0], size)
    for unit in units:
        for number, lined, text in unit.pieces:
            if number & RAISED:
                pen.mark(number & ~RAISED, text)
                continue
            pen.turn_to(number)
            pen.shown.append(_spread(text, stretch) if stretch else text.encode("utf-16-be").hex())
            width = face(number).width(text) + stretch * sum(map(text.count, _GAPS))
            if lined:
                pen.underlines.append((pen.at * size / 1000, width * size / 1000))
            pen.at += width
        if unit.gap:
            pen.shown.append(f"{SPACE_HEX}>{-stretch}<" if stretch else SPACE_HEX)
            pen.at += SPACE + stretch
    return pen.finished(shift)


class _Pen:
    """Writes a line's operators; at each mark of a note it begins anew, since the mark is an element by itself."""

    def __init__(self, number: int, size: float) -> None:
        self._size = size
        self._first = self._current = number & ~RAISED
        self._begun = self.at = 0
        self._open = "[<"
        self._out: list[str] = []
        self._stretches: list[Stretch] = []
        self.shown: list[str] = []
        self.underlines: list[tuple[float, float]] = []

    def turn_to(self, number: int) -> None:
        """What follows is in this face."""
        if number != self._current:
            text, held = "".join(self.shown), ""
            if text.endswith("<"):
                # The stretch of the gap before the turn: readers on PDFium drop one that ends its array.
                text, _, held = text[:-1].rpartition(">")
            self._out.append(f"{self._open}{text}>]TJ/F{number} {self._size:g} Tf")
            self._open = f"[{held}<"
            self.shown.clear()
            self._current = number

    def mark(self, number: int, text: str) -> None:
        """The number of a note, raised; it takes part in no stretching."""
        self._end()
        width = _raised_width(text)
        ops = f"[<{text.encode('utf-16-be').hex()}>]TJ"
        scale = self._size / 1000
        self._stretches.append(Stretch(ops, number, number, self.at * scale, text, width * scale))
        self.at += width
        self._begun, self._first = self.at, self._current

    def finished(self, shift: float) -> Line:
        if not self._stretches:
            ops = "".join([*self._out, f"{self._open}{''.join(self.shown)}>]TJ"])
            return Line(ops, self._first, self._current, shift, tuple(self.underlines))
        self._end()
        begin, *rest = self._stretches
        underlines = tuple(self.underlines)
        if begin.mark:
            # A mark that opens its line: nothing stands before it.
            return Line("", begin.first, begin.first, shift, underlines, tuple(self._stretches))
        return Line(begin.ops, begin.first, begin.last, shift, underlines, tuple(rest))

    def _end(self) -> None:
        if self.shown or self._out:
            ops = "".join([*self._out, f"{self._open}{''.join(self.shown)}>]TJ"])
            self._open = "[<"
            self._stretches.append(Stretch(ops, self._first, self._current, self._begun * self._size / 1000))
        self._out.clear()
        self.shown.clear()
