"""How long the comparison of two 60-page versions takes, against difflib over all their words: at most as long.

    python -m tests.bench.compare

Three kinds of change, medians of 5: a day's edits (every tenth paragraph), every paragraph, and a chapter moved.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from difflib import SequenceMatcher
from functools import partial
from statistics import median

from judge_desk.domain.act_differences import compare
from judge_desk.domain.acts import ActText, Block, Run, plain_text
from tests.unit.drafting.acts import long_act

ROUNDS = 5
PARAGRAPHS = 600  # sixty pages
LIMIT = 1.0


def edited(act: ActText, every: int) -> ActText:
    """Words changed in the middle of every so many paragraphs."""

    def changed(number: int, block: Block) -> Block:
        if not block.runs or number % every:
            return block
        return replace(
            block, runs=(Run(text="Сот қосымша мынаны анықтады: "), *block.runs[1:], Run(text=" Түзетілді."))
        )

    return _with_blocks(act, lambda blocks: tuple(changed(*each) for each in enumerate(blocks)))


def moved(act: ActText) -> ActText:
    """The second third of each part behind the last."""

    def turned(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        third = len(blocks) // 3
        return (*blocks[:third], *blocks[2 * third :], *blocks[third : 2 * third])

    return _with_blocks(act, turned)


def _with_blocks(act: ActText, change: Callable[[tuple[Block, ...]], tuple[Block, ...]]) -> ActText:
    return replace(act, parts=tuple(replace(part, blocks=change(part.blocks)) for part in act.parts))


def by_difflib(older: ActText, newer: ActText) -> None:
    before, after = (re.findall(r"\w+", plain_text(act)) for act in (older, newer))
    SequenceMatcher(None, before, after).get_opcodes()


def seconds(job: Callable[[], object]) -> float:
    begun = time.process_time()
    job()
    return time.process_time() - begun


def main() -> None:
    act = long_act(paragraphs=PARAGRAPHS)
    for name, other in (("a day's edits", edited(act, 10)), ("every paragraph", edited(act, 1)), ("moved", moved(act))):
        ours = median(seconds(partial(compare, act, other)) for _ in range(ROUNDS))
        theirs = median(seconds(partial(by_difflib, act, other)) for _ in range(ROUNDS))
        print(f"{name}: {ours * 1000:.0f} ms, difflib {theirs * 1000:.0f} ms", end="")
        print(f", ratio {ours / theirs:.3f} (at most {LIMIT})")


if __name__ == "__main__":
    main()
