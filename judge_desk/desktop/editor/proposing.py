"""Puts proposed words in the place of quoted ones; only what differs is written, so that facts beside it stay."""

from __future__ import annotations

from PySide6.QtGui import QTextCursor

from judge_desk.desktop.editor import commands, formats, notes
from judge_desk.desktop.editor.formats import NOTE_SIGN


def put_words(place: QTextCursor, words: str) -> None:
    """Write ``words`` over the selection, in one step; a line end among them begins a new paragraph, and a paragraph of
    which nothing is left goes. The cursor ends behind what was written."""
    quote = formats.as_typed(place.selectedText()).replace(NOTE_SIGN, "")
    plain = formats.as_typed(words)
    before = _alike(quote, plain)
    behind = _alike(quote[before:][::-1], plain[before:][::-1])
    with notes.kept(place):
        _narrow(place, before, behind)
        _write(place, words[before : len(words) - behind])
        is_emptied = not words and place.block().length() == 1
        if is_emptied and commands.table_at(place) is None and not notes.is_note(place.block()):
            _drop_line(place)


def _alike(one: str, other: str) -> int:
    """How many letters two texts begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other)))


def _narrow(place: QTextCursor, before: int, behind: int) -> None:
    """Select what differs; marks of notes count as no letter."""
    start, end = place.selectionStart(), place.selectionEnd()
    text = place.selectedText()
    places = [start + at for at, letter in enumerate(text) if letter != NOTE_SIGN] + [end]
    first, last = places[before], places[len(places) - 1 - behind]
    place.setPosition(first)
    place.setPosition(max(first, last), QTextCursor.MoveMode.KeepAnchor)


def _write(place: QTextCursor, words: str) -> None:
    lines = words.split("\n")
    if len(lines) > 1 and commands.table_at(place) is not None:
        lines = [" ".join(lines)]
    is_above = len(lines) > 1 and not lines[-1] and place.atBlockStart() and not place.hasSelection()
    if is_above and place.block().length() > 1 and not notes.is_note(place.block()):
        # A new paragraph before this one: the words that stand here keep their block.
        commands.split(place)
        place.movePosition(QTextCursor.MoveOperation.PreviousBlock)
        lines.pop()
    place.insertText(lines[0], commands.typing_format(place))
    for line in lines[1:]:
        if not notes.is_note(place.block()):
            commands.split(place)
        place.insertText(line, commands.typing_format(place))


def _drop_line(place: QTextCursor) -> None:
    line = place.block()
    is_alone = commands.is_part_line(line.previous()) and (
        not line.next().isValid() or commands.is_part_line(line.next())
    )
    if not is_alone:
        notes.remove_line(line)
