"""What a final act carries under its text: a square code, its address and short code, and places for signatures."""

from __future__ import annotations

from dataclasses import dataclass

from judge_desk.domain.act_codes import shown
from judge_desk.domain.acts import Align, Mark, Run
from judge_desk.domain.cases import Language
from judge_desk.drafting import qr
from judge_desk.drafting.feet import Foot
from judge_desk.drafting.lines import Line, break_lines, letters_of
from judge_desk.drafting.sheets import BODY_WIDTH, LEFT, Sheet
from judge_desk.drafting.tags import Tag
from judge_desk.i18n.translator import Translator

SIZE, LEADING = 9.5, 12.6
SIDE = 72.0
"""Points along a side of the square code, its quiet zone included: 25 mm."""
FIELD_WIDTH, FIELD_HEIGHT, FIELD_GAP = 226.0, 50.0, 10.0
FIELD_NAME = "Signature"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckMark:
    """``address`` is where a citizen may ask about the act, ``code`` its short code; both empty: no square code.

    ``signers`` are names or offices: for each a field is kept in which a signature can be placed later. ``corrects``
    names the act that this one corrects, in words.
    """

    address: str = ""
    code: str = ""
    signers: tuple[str, ...] = ("",)
    corrects: str = ""

    @property
    def link(self) -> str:
        """What the square code says."""
        return f"{self.address}?code={self.code}" if self.address else self.code


class CheckItem:
    """Laid down as one piece after the last block; see `judge_desk.drafting.flow.Item`."""

    before, after, keeps_next, whole, repeat_height = 16.0, 0.0, False, True, 0.0

    def __init__(self, mark: CheckMark, language: Language, section: Tag) -> None:
        words = Translator(language)
        self._mark = mark
        self.feet: dict[int, list[Foot]] = {}
        self._figure = section.child("Figure")
        self._figure.alt = words.text("outputs.check.picture", address=mark.address, code=shown(mark.code))
        self._sentences = _sentences(mark, words)
        self._tags = [section.child("P") for _ in self._sentences]
        beside = SIDE + 10 if mark.code else 0.0
        # The first signature stands beside the square code where the words leave room: a ruling of one judge then ends
        # on the page where it is signed.
        self._lines = self._broken(BODY_WIDTH - beside - FIELD_WIDTH - FIELD_GAP)
        self._beside = 1 if mark.code and mark.signers and sum(map(len, self._lines)) * LEADING <= SIDE else 0
        if not self._beside:
            self._lines = self._broken(BODY_WIDTH - beside)
        self._text_height = sum(map(len, self._lines)) * LEADING
        self._tips = [words.text("outputs.field.tip", name=name).strip() for name in mark.signers]
        self._forms = [section.child("Form") for _ in mark.signers]
        self._top_height = max(SIDE if mark.code else 0.0, self._text_height)
        rows = (len(mark.signers) - self._beside + 1) // 2
        self.heights = [self._top_height + rows * (FIELD_HEIGHT + FIELD_GAP)]

    def _broken(self, width: float) -> list[tuple[Line, ...]]:
        return [break_lines(runs, size=SIZE, width=width, align=Align.START) for runs in self._sentences]

    def letters(self) -> dict[int, set[str]]:
        """Every letter that is drawn, by face."""
        return letters_of(tuple(run for sentence in self._sentences for run in sentence))

    def paint(self, sheet: Sheet, start: int, stop: int, top: float) -> None:
        del start, stop
        left = LEFT
        if self._mark.code:
            self._paint_square(sheet, top)
            left += SIDE + 10
        down = top - max((self._top_height - self._text_height) / 2, 0.0)
        for tag, lines in zip(self._tags, self._lines, strict=True):
            sheet.begin(tag)
            sheet.lines(lines, left, down, SIZE, LEADING)
            sheet.end()
            down -= len(lines) * LEADING
        self._place_fields(sheet, top - self._top_height)

    def _paint_square(self, sheet: Sheet, top: float) -> None:
        count, dark = qr.strips(self._mark.link)
        side = SIDE / count
        bottom = top - SIDE
        self._figure.attributes = f"<</O/Layout/BBox[{LEFT:.2f} {bottom:.2f} {LEFT + SIDE:.2f} {top:.2f}]>>"
        sheet.begin(self._figure)
        sheet.squares(
            [(LEFT + column * side, top - (row + 1) * side, length * side, side) for column, row, length in dark]
        )
        sheet.end()

    def _place_fields(self, sheet: Sheet, top: float) -> None:
        boxes = [(1, top + (self._top_height + FIELD_HEIGHT) / 2)] if self._beside else []
        rest = len(self._tips) - self._beside
        boxes += [(at % 2, top - (at // 2) * (FIELD_HEIGHT + FIELD_GAP) - FIELD_GAP) for at in range(rest)]
        for number, ((column, high), tip, form) in enumerate(zip(boxes, self._tips, self._forms, strict=True), start=1):
            x, y = LEFT + column * (BODY_WIDTH - FIELD_WIDTH), high - FIELD_HEIGHT
            sheet.field(form, f"{FIELD_NAME}{number}", tip, (x, y, x + FIELD_WIDTH, y + FIELD_HEIGHT))


def _sentences(mark: CheckMark, words: Translator) -> list[tuple[Run, ...]]:
    """The lines beside the square code."""
    lines: list[tuple[Run, ...]] = []
    if mark.corrects:
        lines.append((Run(text=words.text("outputs.corrects", act=mark.corrects)),))
    if mark.code:
        lines.append((Run(text=words.text("outputs.check.title"), marks=(Mark.BOLD,)),))
        if mark.address:
            lines.append((Run(text=mark.address),))
        code = Run(text=shown(mark.code), marks=(Mark.BOLD,))
        lines.append((Run(text=words.text("outputs.check.code") + " "), code))
    return lines
