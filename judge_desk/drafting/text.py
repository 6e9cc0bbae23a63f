"""An act as plain text for mail, search and old printers: a block to a paragraph, lists numbered, tables by tabs."""

from __future__ import annotations

from judge_desk.domain.acts import ActText, markers


def render_text(act: ActText) -> str:
    """The whole act; blocks are divided by an empty line, list items by none, and the last line ends."""
    numbers = markers(act)
    out: list[str] = []
    was_item = False
    for block in act.blocks():
        is_item = block.id in numbers
        indent = "  " * (block.level - 1)
        line = f"{indent}{numbers[block.id]} {block.text}" if is_item else block.text
        if out and not (is_item and was_item):
            out.append("")
        out.append(line)
        was_item = is_item
    return "\n".join(out) + "\n"
