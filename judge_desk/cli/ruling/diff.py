"""`judge-desk ruling diff`: what differs between two texts of an act, block by block and word by word."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from judge_desk.cli import answer
from judge_desk.cli.answer import Exit
from judge_desk.cli.ruling.files import read_act
from judge_desk.domain.act_differences import BlockDifference, Change, compare

NAME = "diff"
HELP = "compare two texts of an act"
_SIGNS = {Change.SAME: "{}", Change.REMOVED: "[-{}-]", Change.ADDED: "{{+{}+}}"}


def add_options(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("older", type=Path, help="the older act (JSON)")
    parser.add_argument("newer", type=Path, help="the newer act (JSON)")
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    parser.set_defaults(func=diff)


def diff(arguments: argparse.Namespace) -> int:
    """Compare; 1 when something differs."""
    found = compare(read_act(arguments.older), read_act(arguments.newer))
    differing = [each for each in found.blocks if each.change is not Change.SAME]
    if arguments.json:
        answer.print_json({"count": found.count, "blocks": [_block(each) for each in differing]})
    else:
        for each in differing:
            pieces = "".join(_SIGNS.get(piece.change, "{}").format(piece.text) for piece in each.pieces)
            print(f"{each.change.value}: {pieces}")
    return Exit.FINDINGS if differing else Exit.DONE


def _block(difference: BlockDifference) -> dict[str, Any]:
    block = difference.newer or difference.older
    return {
        "change": difference.change.value,
        "part": difference.part.value,
        "block": block.id if block else "",
        "looks": difference.looks,
        "pieces": [{"change": piece.change.value, "text": piece.text} for piece in difference.pieces],
    }
