"""Whole acts out of a case's phrases: the text of a draft on the desk, and the blinded act that a peer reviews."""

from __future__ import annotations

from typing import Any

from judge_desk.domain.acts import ActKind, ActText, Align, Block, BlockKind, Cell, Numbering, Part, PartKind, Row, Run
from judge_desk.domain.cases import Language
from judge_desk.hub.demo_court import phrases
from judge_desk.hub.demo_court.dockets import Docket
from judge_desk.hub.demo_court.wording import Word, russian


def decision(docket: Docket, known: dict[str, Any], language: str) -> ActText:
    """A decision on the merits, granted in part."""
    words = phrases.read("court_day")["act"][language]
    wording = docket.category.wordings[language]

    def blocks(prefix: str, texts: list[str], kind: BlockKind = BlockKind.PARAGRAPH) -> tuple[Block, ...]:
        filled = [text.format_map(known).replace("..", ".") for text in texts]
        return tuple(_block(f"{prefix}{number}", text, kind) for number, text in enumerate(filled, start=1))

    pools = phrases.filings(language).pools
    heard = [*wording.against, *pools["objections"][:5], *pools["examined"]]
    described = [words["claims"], *wording.story, words["position_one"], words["position_two"], *heard]
    reasons = [*words["reasons"][:3], *wording.law, *pools["law"][:4], *words["reasons"][3:]]
    head = (
        _block("name", words["name_of_republic"], BlockKind.HEADING),
        _block("kind", words["decision"].upper(), BlockKind.HEADING),
    )
    signature = Block(
        id="signature",
        kind=BlockKind.SIGNATURE,
        rows=(Row(cells=(_cell("Судья", Align.START), _cell(known["judge"], Align.END))),),
    )
    return ActText(
        language=Language(language),
        kind=ActKind.DECISION,
        parts=(
            Part(kind=PartKind.INTRODUCTORY, blocks=head + blocks("intro", [words["introduction"]])),
            Part(kind=PartKind.DESCRIPTIVE, blocks=blocks("story", described)),
            Part(kind=PartKind.REASONING, blocks=blocks("reason", reasons)),
            Part(
                kind=PartKind.OPERATIVE,
                blocks=(
                    _block("operative", words["operative_head"], BlockKind.HEADING),
                    *blocks("order", words["operative"], BlockKind.LIST_ITEM),
                    signature,
                ),
            ),
        ),
    )


def _block(block_id: str, text: str, kind: BlockKind) -> Block:
    runs = (Run(text=text),)
    if kind is BlockKind.LIST_ITEM:
        return Block(id=block_id, kind=kind, runs=runs, numbering=Numbering.DECIMAL)
    return Block(id=block_id, kind=kind, runs=runs)


def _cell(text: str, align: Align) -> Cell:
    return Cell(runs=(Run(text=text),), align=align)


def blinded(known: dict[str, Any], language: str) -> dict[str, Any]:
    """The same facts without anybody's name, address, number or court."""
    court = {"kk": "Аудандық сот", "ru": "Районный суд"}[language]
    hidden = {
        "judge": "***",
        "secretary": "***",
        "case_number": "***",
        "number": "***",
        "address": "***",
        "court": Word(court),
    }
    return {**known, **hidden, "one": _letter("А.", language), "two": _letter("Б.", language)}


def _letter(letter: str, language: str) -> Word:
    if language == "ru":
        return russian("|".join([letter] * 5))
    endings = {"gen": "ның", "dat": "ға", "acc": "ны", "ins": "мен", "abl": "дан", "loc": "да"}
    return Word(letter, {case: f"{letter}-{ending}" for case, ending in endings.items()}, letter)
