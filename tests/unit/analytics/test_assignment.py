"""The drawing: every hard rule on random countries, replay, relaxation in words, and input that cannot be kept."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import replace

import pytest

from judge_desk.analytics import assignment
from judge_desk.analytics.assignment import Terms, audit, draw, program_of
from judge_desk.analytics.pool import Pool
from judge_desk.domain.campaigns import Conflict, Drawing, DrawingRule, PoolMember
from judge_desk.domain.errors import BadInput


def country(number: int, seed: int, conflicts: int = 2) -> tuple[list[PoolMember], list[Conflict]]:
    """Judges over twenty regions and three branches, and random conflicts between them."""
    rng = random.Random(seed)
    names = [f"J{at:04d}" for at in range(number)]
    members = []
    for name in names:
        region = rng.randrange(20)
        tongues = rng.choice((["kk"], ["ru"], ["kk", "ru"], ["kk", "ru"]))
        members.append(
            PoolMember(
                id=name,
                court=f"C{region}-{rng.randrange(4)}",
                region=f"R{region}",
                branch=rng.choices(("civil", "criminal", "administrative"), (5, 3, 2))[0],
                languages=frozenset(tongues),
            )
        )
    return members, [Conflict(rng.choice(names), rng.choice(names), "kin") for _ in range(conflicts * number)]


def faults(members: list[PoolMember], conflicts: list[Conflict], drawing: Drawing, per_judge: int) -> list[str]:
    """The rules once more, by another hand than the program's own audit."""
    by_id = {each.id: each for each in members}
    barred = {frozenset((each.one, each.other)) for each in conflicts}
    found = []
    for pair in drawing.pairs:
        one, two = by_id[pair.reviewer], by_id[pair.subject]
        found += (
            ["self"] * (one is two) + ["court"] * (one.court == two.court) + ["region"] * (one.region == two.region)
        )
        found += ["branch"] * (one.branch != two.branch) + ["language"] * (not one.languages & two.languages)
        found += ["conflict"] * (frozenset((one.id, two.id)) in barred)
        found += ["reciprocal"] * ((two.id, one.id) in {(each.reviewer, each.subject) for each in drawing.pairs})
    forms = Counter(each.subject for each in drawing.pairs)
    load = Counter(each.reviewer for each in drawing.pairs)
    extra = Counter(each.subject for each in drawing.bridges)
    found += [f"forms {each.id}" for each in members if forms[each.id] - extra[each.id] != per_judge]
    found += [f"load {each.id}" for each in members if not drawing.low <= load[each.id] <= drawing.high]
    return found


def parts(members: list[PoolMember], drawing: Drawing) -> dict[str, int]:
    """Connected parts of each branch by flooding."""
    beside: defaultdict[str, set[str]] = defaultdict(set)
    for pair in drawing.pairs:
        beside[f"r{pair.reviewer}"].add(f"s{pair.subject}")
        beside[f"s{pair.subject}"].add(f"r{pair.reviewer}")
    seen: set[str] = set()
    found: Counter[str] = Counter()
    for member in members:
        if f"s{member.id}" in seen:
            continue
        found[member.branch] += 1
        front = {f"s{member.id}"}
        while front:
            seen |= front
            front = set().union(*(beside[each] for each in front)) - seen
    return dict(found)


@pytest.mark.parametrize(("number", "seed"), [(60, 1), (60, 2), (150, 3), (300, 4)])
def test_every_rule_is_kept(number: int, seed: int) -> None:
    members, conflicts = country(number, seed)
    drawing = draw(members, conflicts, per_judge=3, seed=seed)
    assert faults(members, conflicts, drawing, 3) == []
    assert drawing.violations == ()
    assert drawing.is_optimal
    assert set(parts(members, drawing).values()) == {1}
    assert not {(each.subject, each.reviewer) for each in drawing.reserves} & {
        (each.subject, each.reviewer) for each in drawing.pairs
    }
    barred = {frozenset((each.one, each.other)) for each in conflicts}
    assert not barred & {frozenset((each.reviewer, each.subject)) for each in drawing.reserves}


def test_the_same_seed_draws_the_same_and_the_order_of_rows_does_not_matter() -> None:
    members, conflicts = country(80, 5)
    one = draw(members, conflicts, per_judge=3, seed=7)
    again = draw(members[::-1], conflicts[::-1], per_judge=3, seed=7)
    other = draw(members, conflicts, per_judge=3, seed=8)
    assert (one.pairs, one.reserves, one.input_sha256) == (again.pairs, again.reserves, again.input_sha256)
    assert one.pairs != other.pairs
    moved = [replace(members[0], court="elsewhere"), *members[1:]]
    assert draw(moved, conflicts, per_judge=3, seed=7).input_sha256 != one.input_sha256


def test_a_judge_without_enough_reviewers_is_named_with_the_rule() -> None:
    members, _ = country(40, 6)
    lonely = members[0].id
    conflicts = [Conflict(lonely, each.id, "friend") for each in members[1:38]]
    drawing = draw(members, conflicts, per_judge=3, seed=1)
    assert drawing.pairs == ()
    assert [(each.judge, each.rule) for each in drawing.violations] == [(lonely, DrawingRule.CONFLICT)]


def test_four_judges_cannot_review_each_other() -> None:
    members = [PoolMember(id=name, court=name) for name in "abcd"]
    drawing = draw(members, [], per_judge=2, seed=1)
    assert {each.rule for each in drawing.violations} == {DrawingRule.RECIPROCAL}
    assert drawing.pairs == ()
    assert draw([*members, PoolMember(id="e", court="e")], [], per_judge=2, seed=1).violations == ()


def test_limits_of_load_that_do_not_suffice_are_named() -> None:
    members = [PoolMember(id=f"j{at}", court=f"{at}", load=1) for at in range(9)]
    drawing = draw(members, [], per_judge=2, seed=1)
    assert {each.rule for each in drawing.violations} == {DrawingRule.LOAD}


def test_only_the_lower_bound_of_the_load_gives_way() -> None:
    """One judge may review nobody: everybody else is of that judge's region."""
    members = [PoolMember(id=f"j{at:02d}", court=f"c{at}", region=f"r{at}") for at in range(12)]
    members.append(PoolMember(id="k", court="k", region="k", is_subject=False))
    conflicts = [Conflict("k", each.id) for each in members[:-1]]
    drawing = draw(members, conflicts, per_judge=3, seed=1)
    assert drawing.relaxed
    assert drawing.low == 0
    assert drawing.violations == ()


def test_parts_of_a_branch_are_bridged() -> None:
    """Two halves that conflicts keep apart but for one open pair: one form more links them."""
    members = [PoolMember(id=f"a{at}", court=f"a{at}") for at in range(7)]
    members += [PoolMember(id=f"b{at}", court=f"b{at}") for at in range(7)]
    conflicts = [
        Conflict(one.id, two.id) for one in members[:7] for two in members[7:] if (one.id, two.id) != ("a0", "b0")
    ]
    drawing = draw(members, conflicts, per_judge=3, seed=1)
    assert drawing.components == {"": 1}
    assert drawing.violations == ()
    assert {frozenset((each.reviewer, each.subject)) for each in drawing.pairs} & {frozenset(("a0", "b0"))}


def test_the_audit_sees_what_is_broken() -> None:
    members = [PoolMember(id=name, court=name, region="north" if name in "ab" else name) for name in "abcdef"]
    pool = Pool.of(members, [Conflict("c", "d")])
    pairs = [(0, 1), (2, 3), (4, 5), (5, 4)]
    found = {each.rule for each in audit(pool, Terms(1, 0, 1), pairs)}
    assert found == {
        DrawingRule.REGION,
        DrawingRule.CONFLICT,
        DrawingRule.RECIPROCAL,
        DrawingRule.SELF,
        DrawingRule.CONNECTED,
    }


def test_progress_is_told_and_can_end_the_work() -> None:
    members, conflicts = country(60, 1)
    told: list[str] = []
    draw(members, conflicts, per_judge=3, seed=1, progress=lambda stage, _percent: told.append(stage))
    assert told == ["solve", "reserves"]
    with pytest.raises(BadInput):
        draw([], [], per_judge=3, seed=1)


def test_the_programs_matrix_is_the_rules() -> None:
    members, conflicts = country(60, 1)
    pool = Pool.of(members, conflicts)
    program = program_of(pool, Terms.of(pool, 3), 1, assignment.CANDIDATES)
    assert program.matrix.shape[1] == len(program.cost) == int(program.matrix[:60].sum())
    assert pool.allowed[program.reviewer, program.subject].all()
    per_subject = Counter(program.subject.tolist())
    assert max(per_subject.values()) <= assignment.CANDIDATES
