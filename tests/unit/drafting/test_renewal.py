"""Facts taken over into an act: only those that differ, only where they stand, and nothing else moves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from judge_desk.domain.acts import ActKind, ActText, Block, BlockKind, Cell, Mark, Part, PartKind, Row, Run, normalised
from judge_desk.domain.cases import Language
from judge_desk.drafting.renewal import FactDifference, differing, renewed

FIELDS = ("claimants", "claim.sum", "judge")


def act_of(*blocks: Block) -> ActText:
    part = Part(kind=PartKind.REASONING, blocks=blocks)
    return normalised(ActText(language=Language.RUSSIAN, kind=ActKind.DECISION, parts=(part,)))


def paragraph(*runs: Run) -> Block:
    return Block(id="p1", runs=runs)


SUM = Run(text="1 000 ₸", field="claim.sum")
BLANK = Run(text="[судья]", field="judge", blank=True)


def test_a_fact_that_changed_is_named_with_both_readings() -> None:
    act = act_of(paragraph(Run(text="Сумма "), SUM, Run(text=".")))
    assert differing(act, {"claim.sum": "2 000 ₸"}) == (
        FactDifference(field="claim.sum", stands="1 000 ₸", known="2 000 ₸"),
    )
    assert differing(act, {"claim.sum": "1 000 ₸"}) == ()


def test_a_fact_that_is_known_at_last_fills_its_blank() -> None:
    act = act_of(paragraph(Run(text="Судья "), BLANK))
    assert differing(act, {"judge": "Ахметов Е."}) == (FactDifference(field="judge", stands="", known="Ахметов Е."),)
    filled = renewed(act, {"judge": "Ахметов Е."}, ["judge"])
    assert [run.text for run in filled.parts[0].blocks[0].runs] == ["Судья ", "Ахметов Е."]
    assert not any(run.blank for block in filled.blocks() for run in block.runs)


def test_a_fact_that_the_case_lost_stays_as_it_was_written() -> None:
    act = act_of(paragraph(SUM))
    assert differing(act, {}) == ()
    assert renewed(act, {}, ["claim.sum"]) == act


def test_a_fact_in_two_looks_is_one_fact() -> None:
    bold = Run(text="Иб", field="claimants", marks=(Mark.BOLD,))
    act = act_of(paragraph(bold, Run(text="раев", field="claimants")))
    assert differing(act, {"claimants": "Ибраев"}) == ()
    assert renewed(act, {"claimants": "Сапаров"}, ["claimants"]).parts[0].blocks[0].runs == (
        Run(text="Сапаров", field="claimants", marks=(Mark.BOLD,)),
    )


def test_cells_are_renewed_too() -> None:
    row = Row(cells=(Cell(runs=(SUM,)), Cell(runs=(Run(text="итого"),))))
    act = act_of(Block(id="t1", kind=BlockKind.TABLE, rows=(row,)))
    assert renewed(act, {"claim.sum": "9 ₸"}, ["claim.sum"]).parts[0].blocks[0].text == "9 ₸\tитого"


WORDS = st.text(alphabet="абвәқ ", min_size=1, max_size=8)
RUNS = st.lists(
    st.builds(
        Run,
        text=WORDS,
        field=st.sampled_from(("", *FIELDS)),
        marks=st.sampled_from(((), (Mark.BOLD,))),
    ),
    max_size=6,
).map(tuple)


@given(RUNS, st.dictionaries(st.sampled_from(FIELDS), WORDS), st.sets(st.sampled_from(FIELDS)))
def test_what_is_taken_over_no_longer_differs_and_the_rest_stands(
    runs: tuple[Run, ...], values: dict[str, str], fields: set[str]
) -> None:
    act = act_of(paragraph(*runs))
    after = renewed(act, values, fields)
    assert {each.field for each in differing(after, values)} == {
        each.field for each in differing(act, values) if each.field not in fields
    }
    untouched = [run for run in act.parts[0].blocks[0].runs if run.field not in fields or run.field not in values]
    kept = [run for run in after.parts[0].blocks[0].runs if run.field not in fields or run.field not in values]
    assert "".join(run.text for run in kept) == "".join(run.text for run in untouched)
    assert renewed(after, values, fields) == after
