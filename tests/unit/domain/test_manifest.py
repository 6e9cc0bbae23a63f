"""The root over a scope: order does not matter, everything else does."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from judge_desk.domain.manifest import EMPTY, Leaf, differences, root, total

LEAVES = st.lists(
    st.builds(
        Leaf,
        kind=st.sampled_from(["case", "document", "note"]),
        id=st.text("abc123", min_size=1, max_size=6),
        rev=st.integers(1, 5),
        sha256=st.sampled_from(["", "0" * 64, "f" * 64]),
    ),
    unique_by=lambda leaf: (leaf.kind, leaf.id),
    max_size=12,
)


@given(LEAVES, st.randoms())
def test_the_order_in_which_records_come_does_not_matter(leaves: list[Leaf], chance: object) -> None:
    shuffled = list(leaves)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    assert root(shuffled) == root(leaves)


@given(LEAVES.filter(bool), st.data())
def test_any_other_record_gives_another_root(leaves: list[Leaf], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(leaves) - 1))
    leaf = leaves[place]
    changed = data.draw(
        st.sampled_from(
            [
                replace(leaf, rev=leaf.rev + 1),
                replace(leaf, id=leaf.id + "x"),
                replace(leaf, kind=leaf.kind + "x"),
                replace(leaf, sha256="a" * 64),
            ]
        )
    )
    others = leaves[:place] + leaves[place + 1 :]
    assert root([*others, changed]) != root(leaves)
    assert root(others) != root(leaves)
    assert [each.id for each in differences("case:1", leaves, others)] == [leaf.id]


def test_nothing_has_a_root_of_its_own_and_a_single_record_is_no_node() -> None:
    one = Leaf("case", "a", 1)
    assert root([]) == EMPTY
    assert root([one]) != EMPTY
    assert total({"case:1": root([one])}) != root([one])
    assert total({}) == EMPTY


def test_differences_say_what_is_wrong_as_the_desk_sees_it() -> None:
    ours = [Leaf("case", "a", 2), Leaf("note", "only-here", 1), Leaf("document", "d", 1, "0" * 64)]
    hubs = [Leaf("case", "a", 3), Leaf("note", "only-there", 1), Leaf("document", "d", 1, "1" * 64)]
    found = {(each.id, each.reason, each.ours, each.hubs) for each in differences("case:a", ours, hubs)}
    assert found == {
        ("a", "revision", 2, 3),
        ("only-here", "extra", 1, 0),
        ("only-there", "missing", 0, 1),
        ("d", "revision", 1, 1),
    }
