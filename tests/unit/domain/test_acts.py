"""The canonical form of an act: hashes that hold for decades, numbering, and refusals that name the block."""

from __future__ import annotations

import json
import unicodedata

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge_desk.domain.acts import (
    LONGEST_WORD,
    ActKind,
    ActText,
    Block,
    BlockKind,
    CaseReference,
    Cell,
    Mark,
    Numbering,
    Part,
    PartKind,
    Row,
    Run,
    act_hash,
    blanks,
    canonical_json,
    check_act,
    markers,
    new_block_id,
    normalised,
    plain_text,
)
from judge_desk.domain.cases import Language
from judge_desk.domain.errors import BadInput


def act_of(*blocks: Block) -> ActText:
    part = Part(kind=PartKind.OPERATIVE, blocks=blocks)
    return ActText(language=Language.KAZAKH, kind=ActKind.DECISION, parts=(part,))


def paragraph(text: str, block_id: str = "b1") -> Block:
    return Block(id=block_id, runs=(Run(text=text),))


def test_canonical_json_leaves_defaults_out_and_sorts_keys() -> None:
    assert canonical_json(act_of(paragraph("Талап қанағаттандырылсын."))).decode() == (
        '{"kind":"decision","language":"kk","parts":[{"blocks":'
        '[{"id":"b1","runs":[{"text":"Талап қанағаттандырылсын."}]}],"kind":"operative"}],"schema":1}'
    )


def test_hash_of_a_known_act_never_changes() -> None:
    act = act_of(paragraph("Талап қанағаттандырылсын."))
    assert act_hash(act) == "476639bb68410210797e4dd76d9e154d3de65d9c3153319c8ef8e4c074e57f90"


def test_canonical_form_is_read_back_as_the_same_act() -> None:
    run = Run(text="§ 5", marks=(Mark.BOLD,), norm="cpc.226", reference=CaseReference(document_id="d1", page=3))
    table = Block(
        id="t", kind=BlockKind.TABLE, rows=(Row(cells=(Cell(runs=(run,)), Cell()), header=True),), widths=(40, 60)
    )
    act = act_of(table, paragraph("x"))
    assert msgspec.json.decode(canonical_json(act), type=ActText) == act


def test_hash_sees_a_single_mark() -> None:
    plain, bold = Run(text="500"), Run(text="500", marks=(Mark.BOLD,))
    assert act_hash(act_of(Block(id="b", runs=(plain,)))) != act_hash(act_of(Block(id="b", runs=(bold,))))


@given(st.text(max_size=40))
def test_hash_does_not_depend_on_how_letters_are_composed(text: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert act_hash(act_of(paragraph(composed))) == act_hash(act_of(paragraph(decomposed)))


def test_normalised_joins_runs_of_one_appearance_only() -> None:
    runs = (Run(text="а"), Run(text="и\u0306"), Run(text=""), Run(text="б", marks=(Mark.ITALIC, Mark.BOLD)))
    (block,) = normalised(act_of(Block(id="b", runs=runs))).blocks()
    assert block.runs == (Run(text="ай"), Run(text="б", marks=(Mark.BOLD, Mark.ITALIC)))


def item(block_id: str, level: int = 1, numbering: Numbering = Numbering.DECIMAL, *, restart: bool = False) -> Block:
    kind = BlockKind.LIST_ITEM
    return Block(id=block_id, kind=kind, level=level, numbering=numbering, restart=restart, runs=(Run(text=block_id),))


def test_list_items_are_counted_by_depth_and_start_again_after_other_blocks() -> None:
    act = act_of(
        item("a"), item("b", 2, Numbering.BRACKET), item("c", 2, Numbering.BRACKET), item("d"),
        item("e", 2, Numbering.BRACKET), paragraph("-", "p"), item("f"), item("g", numbering=Numbering.DASH),
        item("h", restart=True),
    )  # fmt: skip
    assert list(markers(act).values()) == ["1.", "1)", "2)", "2.", "1)", "1.", "–", "1."]


def test_plain_text_holds_numbers_and_table_cells() -> None:
    table = Block(
        id="t", kind=BlockKind.TABLE, rows=(Row(cells=(Cell(runs=(Run(text="а"),)), Cell(runs=(Run(text="б"),)))),)
    )
    assert plain_text(act_of(item("x"), table)) == "1. x\nа\tб"


def test_blanks_names_every_missing_fact() -> None:
    act = act_of(Block(id="b", runs=(Run(text="____", field="claim.sum", blank=True), Run(text="x", field="court"))))
    assert blanks(act) == (("b", "claim.sum"),)


def test_new_block_ids_pass_the_check() -> None:
    check_act(act_of(paragraph("a", new_block_id()), paragraph("b", new_block_id())))


@pytest.mark.parametrize(
    ("key", "act"),
    [
        ("acts.bad.block_id", act_of(paragraph("a"), paragraph("b"))),
        ("acts.bad.block_id", act_of(paragraph("a", "../x"))),
        ("acts.bad.word", act_of(paragraph("ә" * (LONGEST_WORD + 1)))),
        ("acts.bad.letter", act_of(paragraph("a\x07b"))),
        ("acts.bad.letter", act_of(paragraph("a\ufeffb"))),
        ("acts.bad.level", act_of(Block(id="b", kind=BlockKind.HEADING, level=4))),
        ("acts.bad.columns", act_of(Block(id="b", kind=BlockKind.TABLE, rows=(Row(cells=(Cell(),) * 13),)))),
        (
            "acts.bad.ragged",
            act_of(Block(id="b", kind=BlockKind.TABLE, rows=(Row(cells=(Cell(),)), Row(cells=(Cell(),) * 2)))),
        ),
        ("acts.bad.widths", act_of(Block(id="b", kind=BlockKind.TABLE, rows=(Row(cells=(Cell(),)),), widths=(60, 60)))),
        ("acts.bad.schema", ActText(language=Language.RUSSIAN, kind=ActKind.RULING, schema=2)),
        (
            "acts.bad.part_order",
            ActText(
                language=Language.RUSSIAN,
                kind=ActKind.RULING,
                parts=(Part(kind=PartKind.OPERATIVE), Part(kind=PartKind.REASONING)),
            ),
        ),
    ],
)
def test_an_act_that_cannot_be_shown_is_refused_by_name(key: str, act: ActText) -> None:
    with pytest.raises(BadInput) as caught:
        check_act(act)
    assert caught.value.key == key


def test_blocks_without_ids_are_not_read() -> None:
    wire = json.dumps({"language": "kk", "kind": "decision", "parts": [{"kind": "operative", "blocks": [{}]}]})
    with pytest.raises(msgspec.ValidationError, match="blocks"):
        msgspec.json.decode(wire, type=ActText)
