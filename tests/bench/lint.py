"""How long it takes to check a 60-page act, against putting the same act on paper: at most half.

    python -m tests.bench.lint

All run in this process, warm: each time another act, alone, with its twin in the other language, and with a text that
is no twin, so that nearly every paragraph differs; CPU seconds, medians of 5.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from statistics import median

from judge_desk.assistant.lint import LintTask, lint
from judge_desk.domain.acts import ActText, Block, Run
from judge_desk.domain.cases import Language
from judge_desk.domain.citations import CitationReader
from judge_desk.domain.mentions import MentionReader
from judge_desk.drafting.pdf import render_pdf
from judge_desk.services.law import rule_book
from tests.unit.drafting.acts import META, long_act

ROUNDS = 5
PARAGRAPHS = 640  # sixty pages
MOST_RATIO = 0.5


def act(seed: int, language: Language = Language.RUSSIAN) -> ActText:
    """Sixty pages of which no two paragraphs are alike, since a text that was read before is not read again."""
    made = long_act(language, paragraphs=PARAGRAPHS, seed=seed)
    parts = tuple(replace(part, blocks=tuple(_own(block, seed) for block in part.blocks)) for part in made.parts)
    return replace(made, parts=parts)


def _own(block: Block, seed: int) -> Block:
    return replace(block, runs=(*block.runs, Run(text=f" № {seed}-{block.id}.", marks=()))) if block.runs else block


def checked(text: ActText, twin: ActText | None = None, reader: MentionReader | None = None) -> int:
    return len(lint(LintTask(act=text, book=rule_book(), today=date(2026, 11, 22), twin=twin, reader=reader)))


def typed(text: ActText, twin: ActText) -> float:
    """The seconds of the second check, when one paragraph has changed since the first."""
    reader = MentionReader(CitationReader(rule_book().law))
    checked(text, twin, reader)
    first = text.parts[1].blocks[3]
    blocks = tuple(_own(block, 99) if block is first else block for block in text.parts[1].blocks)
    edited = replace(text, parts=(text.parts[0], replace(text.parts[1], blocks=blocks), *text.parts[2:]))
    return timed(partial(checked, edited, twin, reader))


def timed(job: Callable[[], object]) -> float:
    begun = time.process_time()
    job()
    return time.process_time() - begun


def main() -> int:
    checked(act(0))
    render_pdf(act(0), META)
    rows: list[tuple[float, ...]] = []
    for seed in range(1, ROUNDS + 1):
        text, other, third = act(seed), act(seed + 100), act(seed, Language.KAZAKH)
        rows.append(
            (
                timed(partial(render_pdf, text, META)),
                timed(partial(checked, text)),
                timed(partial(checked, text, third)),
                timed(partial(checked, other, third)),
                typed(text, third),
            )
        )
    paper, alone, paired, unlike, again = (median(column) for column in zip(*rows, strict=True))
    print(f"rendering 60 pages {paper:6.3f} s")
    print(f"lint               {alone:6.3f} s   {alone / paper:4.2f} × (at most {MOST_RATIO} ×)")
    print(f"lint with its twin {paired:6.3f} s   {paired / paper:4.2f} × (at most {MOST_RATIO} ×)")
    print(f"lint with no twin  {unlike:6.3f} s   {unlike / paper:4.2f} ×")
    print(f"after a keystroke  {again:6.3f} s   {again / paper:4.2f} ×")
    return 0 if max(alone, paired) / paper <= MOST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
