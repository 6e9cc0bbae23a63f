"""Two texts compared: blocks by their ids, words inside a block, and nothing lost on either side."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from judge_desk.domain.act_differences import Change, Piece, compare, word_pieces
from judge_desk.domain.acts import ActKind, ActText, Block, Mark, Part, PartKind, Run
from judge_desk.domain.cases import Language

WORDS = "сот талап қоюшының дәлелдерін тыңдап 1250 теңге, ұйғарым; «шарт» — заң".split()


def an_act(*blocks: tuple[str, str]) -> ActText:
    made = tuple(Block(id=block_id, runs=(Run(text=text),)) for block_id, text in blocks)
    return ActText(language=Language.KAZAKH, kind=ActKind.DECISION, parts=(Part(kind=PartKind.REASONING, blocks=made),))


def test_a_changed_word_is_marked_and_its_neighbours_are_not() -> None:
    pieces = word_pieces("Сот талапты қанағаттандырды.", "Сот талапты ішінара қанағаттандырды.")
    assert pieces == (
        Piece(Change.SAME, "Сот талапты "),
        Piece(Change.ADDED, "ішінара "),
        Piece(Change.SAME, "қанағаттандырды."),
    )
    assert word_pieces("1250 теңге", "1350 теңге") == (
        Piece(Change.REMOVED, "1250"),
        Piece(Change.ADDED, "1350"),
        Piece(Change.SAME, " теңге"),
    )


@pytest.mark.parametrize("seed", range(200))
def test_both_texts_can_be_put_together_again(seed: int) -> None:
    dice = random.Random(seed)
    older = dice.choices(WORDS, k=dice.randint(0, 30))
    newer = [word for word in older if dice.random() > 0.2]
    for _ in range(dice.randint(0, 5)):
        newer.insert(dice.randint(0, len(newer)), dice.choice(WORDS))
    before, after = " ".join(older), " ".join(newer)
    pieces = word_pieces(before, after)
    assert "".join(piece.text for piece in pieces if piece.change is not Change.ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.change is not Change.REMOVED) == after


def test_blocks_are_added_removed_moved_and_changed() -> None:
    older = an_act(("a", "бір"), ("b", "екі"), ("c", "үш"), ("d", "төрт"))
    newer = an_act(("c", "үш"), ("a", "бір"), ("d", "төрт жарым"), ("e", "бес"))
    found = {(block.newer or block.older).id: block.change for block in compare(older, newer).blocks}  # type: ignore[union-attr]
    assert {found["a"], found["c"]} == {Change.SAME, Change.MOVED}
    assert (found["b"], found["d"], found["e"]) == (Change.REMOVED, Change.CHANGED, Change.ADDED)
    assert compare(older, older).count == 0
    assert compare(older, newer).count == 4


def test_bold_alone_is_told_as_a_look() -> None:
    older = an_act(("a", "бір"))
    bold = Block(id="a", runs=(Run(text="бір", marks=(Mark.BOLD,)),))
    newer = replace(older, parts=(replace(older.parts[0], blocks=(bold,)),))
    (block,) = compare(older, newer).blocks
    assert block.change is Change.CHANGED
    assert block.looks
    assert block.pieces == (Piece(Change.SAME, "бір"),)
