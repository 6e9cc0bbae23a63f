"""How long a 60-page act takes to be laid out again after a keystroke, against laying it out for the first time.

    python -m tests.bench.preview

In this process, warm; medians of 7. Each keystroke is another letter in another paragraph; no two paragraphs are alike.
"""

from __future__ import annotations

import time
from dataclasses import replace
from statistics import median

from judge_desk.domain.acts import ActText, Run
from judge_desk.drafting.memory import forget
from judge_desk.drafting.pdf import render_pdf
from tests.unit.drafting.acts import META, long_act

ROUNDS = 7
PARAGRAPHS = 600  # sixty pages
LIMIT = 0.2


def typed(act: ActText, letters: str) -> ActText:
    """The act with some letters more at the end of a paragraph in its middle."""
    longest = max(act.parts, key=lambda part: len(part.blocks))
    place = len(longest.blocks) // 2 + len(letters)
    while not longest.blocks[place].runs:
        place += 1
    block = longest.blocks[place]
    changed = replace(block, runs=(*block.runs, Run(text=letters)))
    blocks = (*longest.blocks[:place], changed, *longest.blocks[place + 1 :])
    return replace(act, parts=tuple(replace(part, blocks=blocks) if part is longest else part for part in act.parts))


def seconds(act: ActText) -> float:
    begun = time.process_time()
    render_pdf(act, META)
    return time.process_time() - begun


def measure() -> tuple[float, float]:
    """Median seconds of a first rendering and of one after a keystroke."""
    act = long_act(paragraphs=PARAGRAPHS)
    seconds(act)
    whole, again = [], []
    for number in range(ROUNDS):
        forget()
        whole.append(seconds(act))
        again.append(seconds(typed(act, "х" * (number + 1))))
    return median(whole), median(again)


def main() -> None:
    whole, again = measure()
    print(f"60-page act after a keystroke: {again * 1000:.0f} ms, whole {whole * 1000:.0f} ms", end="")
    print(f", ratio {again / whole:.2f} (at most {LIMIT})")


if __name__ == "__main__":
    main()
