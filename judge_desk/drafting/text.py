"""An act as plain text for mail, search and old printers: a block to a paragraph, lists numbered, tables by tabs.

Footnotes stand under a rule behind the last line, as at the foot of one long page; their marks are numbers in brackets.
"""

from __future__ import annotations

from judge_desk.domain.acts import ActText, markers, normalised
from judge_desk.domain.footnotes import note_numbers, notes_of, with_numbers, without_notes

RULE = "—" * 8


def render_text(act: ActText) -> str:
    """The whole act; blocks are divided by an empty line, list items by none, and the last line ends."""
    act = normalised(act)
    numbers, notes = markers(act), note_numbers(act)
    out: list[str] = []
    was_item = False
    for block in without_notes(act.blocks()):
        is_item = block.id in numbers
        indent = "  " * (block.level - 1)
        text = with_numbers(block, notes).text
        line = f"{indent}{numbers[block.id]} {text}" if is_item else text
        if out and not (is_item and was_item):
            out.append("")
        out.append(line)
        was_item = is_item
    if notes:
        words = notes_of(act)
        out += ["", RULE, *(f"[{number}] {words[note].text}" for note, number in notes.items())]
    return "\n".join(out) + "\n"
