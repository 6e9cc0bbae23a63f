"""Acts in which each edit adds one word, for models that look for every word again."""

from __future__ import annotations

from dataclasses import replace

from judge_desk.domain.acts import ActText, Block, Part, PartKind, Run


def an_act(act: ActText, word: str) -> ActText:
    """Three blocks of reasoning and an operative part."""
    reasoning = tuple(Block(id=f"r{number}", runs=(Run(text=f"block {number}"),)) for number in range(3))
    operative = (Block(id="o0", runs=(Run(text=word),)),)
    parts = (Part(kind=PartKind.REASONING, blocks=reasoning), Part(kind=PartKind.OPERATIVE, blocks=operative))
    return replace(act, parts=parts)


def with_word(act: ActText, number: int, word: str) -> ActText:
    """One more word in block ``number``: 0 to 2 of the reasoning, 3 the operative part."""
    block_id = "o0" if number == 3 else f"r{number}"

    def changed(block: Block) -> Block:
        if block.id != block_id:
            return block
        text = "".join(run.text for run in block.runs)
        return replace(block, runs=(Run(text=f"{text} {word}"),))

    parts = tuple(replace(part, blocks=tuple(changed(block) for block in part.blocks)) for part in act.parts)
    return replace(act, parts=parts)
