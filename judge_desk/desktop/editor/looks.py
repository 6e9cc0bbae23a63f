"""Colours and weights that are laid over the text: they follow the theme and never enter the undo stack."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextBlock, QTextCharFormat, QTextDocument

from judge_desk.desktop.editor import formats
from judge_desk.desktop.editor.formats import Key, Line
from judge_desk.desktop.theme import TYPE, Theme
from judge_desk.domain.acts import BlockKind

_NOTE_GROWTH = 0.85
_TITLE_GROWTH = {1: 1.2, 2: 1.0, 3: 1.0}


class Looks(QSyntaxHighlighter):
    """Names of parts, headings, facts, blanks, references, and what is being looked for."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._needle = ""
        self._wrong_in: Callable[[QTextBlock], list[tuple[int, int]]] = lambda _line: []
        Theme.current().changed.connect(self.rehighlight)

    def set_needle(self, text: str) -> None:
        """Mark every place of a text; an empty one marks none."""
        if text.casefold() != self._needle:
            self._needle = text.casefold()
            self.rehighlight()

    def use_spelling(self, wrong_in: Callable[[QTextBlock], list[tuple[int, int]]]) -> None:
        """``wrong_in`` gives (start, length) of the misspelt words of a line."""
        self._wrong_in = wrong_in

    def highlightBlock(self, text: str) -> None:
        line = self.currentBlock()
        look = line.blockFormat()
        kind = formats.kind_of(look)
        if kind == Line.PART:
            self.setFormat(0, len(text), part_look())
            return
        base = _base_look(kind, formats.level_of(look), header=look.boolProperty(Key.HEADER_ROW))
        if base is not None:
            self.setFormat(0, len(text), base)
        at = line.begin()
        while not at.atEnd():
            fragment = at.fragment()
            over = _meaning_look(fragment.charFormat(), base)
            if over is not None:
                self.setFormat(fragment.position() - line.position(), fragment.length(), over)
            at += 1
        self._underline_wrong(line)
        self._mark_needle(text)

    def _underline_wrong(self, line: QTextBlock) -> None:
        for start, length in self._wrong_in(line):
            for place in range(start, start + length):
                look = self.format(place)
                look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
                look.setUnderlineColor(Theme.current().colour("bad"))
                self.setFormat(place, 1, look)

    def _mark_needle(self, text: str) -> None:
        if not self._needle:
            return
        folded = formats.as_typed(text).casefold()
        start = folded.find(self._needle)
        while start >= 0 and len(folded) == len(text):
            found = self.format(start)
            found.setBackground(Theme.current().colour("mark"))
            self.setFormat(start, len(self._needle), found)
            start = folded.find(self._needle, start + len(self._needle))


def part_look() -> QTextCharFormat:
    """The name of a part: small, quiet capitals."""
    made = QTextCharFormat()
    font = Theme.current().font("caption")
    font.setWeight(QFont.Weight.DemiBold)
    font.setCapitalization(QFont.Capitalization.AllUppercase)
    made.setFont(font)
    made.setForeground(Theme.current().colour("muted"))
    return made


def note_look() -> QTextCharFormat:
    """The words of a footnote: smaller, quieter."""
    made = QTextCharFormat()
    made.setFont(note_font())
    return made


def note_font() -> QFont:
    font = Theme.current().font("act")
    font.setPixelSize(Theme.current().px(TYPE["act"].px * _NOTE_GROWTH))
    return font


def _base_look(kind: str, level: int, *, header: bool) -> QTextCharFormat | None:
    if kind == BlockKind.FOOTNOTE:
        return note_look()
    if kind != BlockKind.HEADING and not header:
        return None
    made = QTextCharFormat()
    made.setFontWeight(QFont.Weight.Bold)
    growth = _TITLE_GROWTH[level] if kind == BlockKind.HEADING else 1.0
    if growth != 1.0:
        font = Theme.current().font("act")
        font.setPixelSize(Theme.current().px(TYPE["act"].px * growth))
        font.setWeight(QFont.Weight.Bold)
        made.setFont(font)
    return made


def _meaning_look(stands: QTextCharFormat, base: QTextCharFormat | None) -> QTextCharFormat | None:
    theme = Theme.current()
    made = QTextCharFormat(base) if base is not None else QTextCharFormat()
    if stands.boolProperty(Key.BLANK):
        made.setBackground(theme.colour("warn_soft"))
        made.setForeground(theme.colour("warn"))
        made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DashUnderline)
    elif stands.hasProperty(Key.FIELD):
        made.setBackground(theme.colour("accent_soft"))
    elif stands.hasProperty(Key.DOCUMENT):
        made.setForeground(theme.colour("accent"))
        made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
    elif stands.hasProperty(Key.NORM):
        made.setForeground(theme.colour("accent"))
    else:
        return None
    return made
