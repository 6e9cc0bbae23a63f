"""Draws reviewers: an integer program over candidates that a published seed picked, audited and open to replay.

    each judge has exactly k reviewers; each reviewer writes between k-1 and k+1 forms; nobody reviews a reviewer
    of the own acts; of all such drawings the one with the least random cost is taken.

The bound of the load from below alone may give way by itself. A drawing whose branches fall into parts is drawn again
with the next seed, and at last bridged by single forms, because severity cannot be compared across parts.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse.csgraph import connected_components

from judge_desk.analytics.pool import Keys, Pool
from judge_desk.domain.campaigns import Conflict, Drawing, DrawingRule, Pair, PoolMember, Violation
from judge_desk.domain.errors import BadInput

CANDIDATES = 25
WIDER = (25, 100, 400)
ATTEMPTS = 5
LARGEST_COST = 1000
SECONDS = 600.0
LARGEST_DIAGNOSIS = 120
Progress = Callable[[str, int], None]
"""(stage, of 100) told while the work goes on; an exception raised in it ends the work."""


@dataclass(frozen=True, slots=True)
class Program:
    """The integer program: one 0/1 variable a candidate pair, by reviewer and subject."""

    reviewer: NDArray[np.int64]
    subject: NDArray[np.int64]
    cost: NDArray[np.float64]
    matrix: sp.csr_array
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def solve(self) -> OptimizeResult:
        """The bare solver on this program."""
        return milp(
            self.cost,
            integrality=np.ones(len(self.cost)),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(self.matrix, self.low, self.high),
            options={"time_limit": SECONDS},
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """What the drawing is asked for: reviewers a judge, and the bounds of a reviewer's load."""

    per_judge: int
    low: int
    high: int

    @classmethod
    def of(cls, pool: Pool, per_judge: int) -> Terms:
        mean = per_judge * int(pool.subjects.sum()) / max(int(pool.reviewers.sum()), 1)
        return cls(per_judge, max(math.floor(mean) - 1, 0), math.ceil(mean) + 1)


def draw(
    members: Sequence[PoolMember],
    conflicts: Sequence[Conflict],
    *,
    per_judge: int,
    seed: int,
    progress: Progress = lambda _stage, _percent: None,
) -> Drawing:
    """Draw ``per_judge`` reviewers for each subject; ``violations`` says who and what stood in the way, if any did.

    Raises BadInput for no judges or no reviewers asked for.
    """
    started = time.perf_counter()
    if per_judge < 1 or not any(each.is_subject for each in members):
        raise BadInput("campaigns.draw.nothing")
    pool = Pool.of(members, conflicts)
    short = pool.shortages(per_judge)
    if short:
        return _without(pool, per_judge, seed, started, short)
    terms = Terms.of(pool, per_judge)
    spent = 0.0
    best: _Drawn | None = None
    for attempt in range(ATTEMPTS):
        progress("solve", 10 + 80 * attempt // ATTEMPTS)
        drawn = _attempt(pool, terms, seed, attempt)
        spent += drawn.seconds if drawn else 0.0
        if drawn is None:
            break
        best = drawn
        if max(_components(pool, drawn.pairs).values()) == 1:
            break
    if best is None:
        return _without(pool, per_judge, seed, started, _diagnosis(pool, terms, seed))
    progress("reserves", 90)
    return _finished(pool, terms, best, seed=seed, started=started, spent=spent)


@dataclass(frozen=True, slots=True)
class _Drawn:
    pairs: list[tuple[int, int]]
    attempt: int
    candidates: int
    relaxed: bool
    is_optimal: bool
    gap: float | None
    seconds: float


def program_of(pool: Pool, terms: Terms, seed: int, candidates: int, *, relaxed: bool = False) -> Program:
    """The program over the first ``candidates`` eligible reviewers of each subject in the seed's order."""
    order = pool.order(seed)
    reviewer, subject = _picked(pool, order, candidates)
    cost = (order[reviewer, subject] % np.uint64(LARGEST_COST)).astype(float) + 1
    size, count = len(pool.members), len(reviewer)
    one, two = _reciprocal(reviewer, subject, size)
    columns = np.arange(count)
    rows = [subject, reviewer + size, np.repeat(np.arange(len(one)), 2) + 2 * size]
    places = [columns, columns, np.stack([one, two], axis=1).reshape(-1)]
    shape = (2 * size + len(one), count)
    ones = np.ones(sum(len(each) for each in rows))
    matrix = sp.csr_array(sp.coo_array((ones, (np.concatenate(rows), np.concatenate(places))), shape=shape))
    asked = np.where(pool.subjects, terms.per_judge, 0)
    high = np.array([terms.high if each.load is None else min(each.load, terms.high) for each in pool.members])
    low = np.minimum(0 if relaxed else terms.low, high) * pool.reviewers
    return Program(
        reviewer,
        subject,
        cost,
        matrix,
        np.concatenate([asked, low, np.zeros(len(one))]).astype(float),
        np.concatenate([asked, high, np.ones(len(one))]).astype(float),
    )


def _picked(pool: Pool, order: Keys, candidates: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    reviewers, subjects = [], []
    for index in np.flatnonzero(pool.subjects):
        eligible = np.flatnonzero(pool.allowed[:, index])
        if len(eligible) > candidates:
            eligible = eligible[np.argpartition(order[eligible, index], candidates - 1)[:candidates]]
        reviewers.append(np.sort(eligible))
        subjects.append(np.full(len(eligible), index))
    return np.concatenate(reviewers), np.concatenate(subjects)


def _reciprocal(
    reviewer: NDArray[np.int64], subject: NDArray[np.int64], size: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Columns that would make two judges review each other."""
    key = reviewer * size + subject
    order = np.argsort(key)
    turned = subject * size + reviewer
    where = np.minimum(np.searchsorted(key[order], turned), len(key) - 1)
    met = (key[order][where] == turned) & (reviewer < subject)
    return np.flatnonzero(met), order[where[met]]


def _attempt(pool: Pool, terms: Terms, seed: int, attempt: int) -> _Drawn | None:
    """Solve with ever more candidates, first with both bounds of the load, then without the lower one."""
    seconds = 0.0
    widest = int(pool.allowed.sum(axis=0).max())
    for candidates in WIDER:
        for relaxed in (False, True):
            program = program_of(pool, terms, seed + attempt, max(candidates, terms.per_judge), relaxed=relaxed)
            begun = time.perf_counter()
            found = program.solve()
            seconds += time.perf_counter() - begun
            if found.x is not None:
                taken = found.x > 0.5
                pairs = list(zip(program.reviewer[taken].tolist(), program.subject[taken].tolist(), strict=True))
                gap = None if found.mip_gap is None else float(found.mip_gap)
                return _Drawn(pairs, attempt, candidates, relaxed, found.status == 0, gap, seconds)
        if candidates >= widest:
            break
    return None


def _components(pool: Pool, pairs: Sequence[tuple[int, int]]) -> dict[str, int]:
    """How many parts each branch falls into, subjects and reviewers being two sides of one judge."""
    if not pairs:
        return {"": 0}
    label = _labels(pool, pairs)
    found: dict[str, set[int]] = {}
    for _, subject in pairs:
        found.setdefault(pool.members[subject].branch, set()).add(int(label[subject]))
    return {branch: len(parts) for branch, parts in sorted(found.items())}


def _labels(pool: Pool, pairs: Sequence[tuple[int, int]]) -> NDArray[np.int32]:
    """The part of each subject, then of each reviewer."""
    size = len(pool.members)
    reviewer, subject = np.array(pairs).T
    graph = sp.coo_array((np.ones(len(pairs)), (subject, reviewer + size)), shape=(2 * size, 2 * size))
    return np.asarray(connected_components(graph, directed=False)[1])


def _finished(pool: Pool, terms: Terms, drawn: _Drawn, *, seed: int, started: float, spent: float) -> Drawing:
    order = pool.order(seed + drawn.attempt)
    bridges = _bridges(pool, terms, order, drawn.pairs)
    pairs = [*drawn.pairs, *bridges]
    return Drawing(
        pairs=_named(pool, pairs),
        reserves=_named(pool, _reserves(pool, terms, order, pairs)),
        bridges=_named(pool, bridges),
        violations=audit(pool, terms, pairs, relaxed=drawn.relaxed),
        is_optimal=drawn.is_optimal,
        gap=drawn.gap,
        seconds=time.perf_counter() - started,
        solver_seconds=spent,
        seed=seed,
        attempt=drawn.attempt,
        per_judge=terms.per_judge,
        candidates=drawn.candidates,
        low=0 if drawn.relaxed else terms.low,
        high=terms.high,
        relaxed=drawn.relaxed,
        components=_components(pool, pairs),
        input_sha256=pool.input_sha256,
        solver=f"scipy {scipy.__version__} HiGHS",
    )


def _bridges(pool: Pool, terms: Terms, order: Keys, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """One more form wherever it links two parts of a branch and breaks no rule, the first in the seed's order."""
    found: list[tuple[int, int]] = []
    while max(_components(pool, [*pairs, *found]).values()) > 1:
        whole = [*pairs, *found]
        label = _labels(pool, whole)
        size = len(pool.members)
        open_pairs = _open_pairs(pool, terms, whole)
        rated = np.bincount(np.array(whole)[:, 0], minlength=size) > 0
        open_pairs &= (label[size:, None] != label[None, :size]) & rated[:, None]
        if not open_pairs.any():
            break
        reviewers, subjects = np.nonzero(open_pairs)
        first = int(np.argmin(order[reviewers, subjects]))
        found.append((int(reviewers[first]), int(subjects[first])))
    return found


def _open_pairs(pool: Pool, terms: Terms, pairs: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
    """Reviewer × subject: pairs that could still be added without breaking a rule."""
    reviewer, subject = np.array(pairs).T
    load = np.bincount(reviewer, minlength=len(pool.members))
    most = np.array([terms.high if each.load is None else min(each.load, terms.high) for each in pool.members])
    free = pool.allowed & (load < most)[:, None]
    free[reviewer, subject] = False
    free[subject, reviewer] = False
    return np.asarray(free)


def _reserves(pool: Pool, terms: Terms, order: Keys, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """One further reviewer for each subject, whoever has the fewest forms and reserves; none where nobody is left."""
    free = pool.allowed.copy()
    reviewer, subject = np.array(pairs).T
    free[reviewer, subject] = free[subject, reviewer] = False
    load = np.bincount(reviewer, minlength=len(pool.members)) * 4
    most = np.array([terms.high + 1 if each.load is None else each.load for each in pool.members]) * 4
    found = []
    for index in np.flatnonzero(pool.subjects):
        eligible = np.flatnonzero(free[:, index] & (load < most))
        if not len(eligible):
            continue
        light = eligible[load[eligible] == load[eligible].min()]
        taken = int(light[np.argmin(order[light, index])])
        # A reserve weighs less than a form: most are never called.
        load[taken] += 1
        free[index, taken] = False
        found.append((taken, int(index)))
    return found


def audit(
    pool: Pool, terms: Terms, pairs: Sequence[tuple[int, int]], *, relaxed: bool = False
) -> tuple[Violation, ...]:
    """Every rule once more, pair by pair from the members themselves; empty is what a drawing must give."""
    found = [
        Violation(pool.members[subject].id, rule)
        for reviewer, subject in pairs
        for rule, barred in pool.barred.items()
        if barred[reviewer, subject]
    ]
    known = set(pairs)
    found += [Violation(pool.members[s].id, DrawingRule.RECIPROCAL) for r, s in pairs if r < s and (s, r) in known]
    forms = np.bincount([s for _, s in pairs], minlength=len(pool.members))
    load = np.bincount([r for r, _ in pairs], minlength=len(pool.members))
    for index, member in enumerate(pool.members):
        most = terms.high if member.load is None else min(member.load, terms.high)
        least = 0 if relaxed or not member.is_reviewer else min(terms.low, most)
        if not least <= load[index] <= most:
            found.append(Violation(member.id, DrawingRule.LOAD, int(load[index])))
        if member.is_subject and forms[index] < terms.per_judge:
            found.append(Violation(member.id, DrawingRule.SELF, int(forms[index])))
    parts = _components(pool, pairs)
    found += [Violation(branch, DrawingRule.CONNECTED, number) for branch, number in parts.items() if number > 1]
    return tuple(found)


def _named(pool: Pool, pairs: Sequence[tuple[int, int]]) -> tuple[Pair, ...]:
    # Members stand in the order of their ids, so their numbers sort as their names would.
    return tuple(Pair(pool.members[one].id, pool.members[two].id) for one, two in sorted(pairs))


def _diagnosis(pool: Pool, terms: Terms, seed: int) -> tuple[Violation, ...]:
    """Who stays short in the best drawing with gaps, and which common rule, lifted alone, would help the most."""
    program = program_of(pool, terms, seed, LARGEST_DIAGNOSIS, relaxed=True)
    missing = {rule: _missing(pool, program, rule) for rule in (None, DrawingRule.RECIPROCAL, DrawingRule.LOAD)}
    short = missing.pop(None)
    best = min((rule for rule in missing if rule), key=lambda rule: missing[rule].sum())
    return tuple(
        Violation(pool.members[index].id, best, terms.per_judge - round(float(short[index])))
        for index in np.flatnonzero(short > 0.5)
    )


def _missing(pool: Pool, program: Program, lifted: DrawingRule | None) -> NDArray[np.float64]:
    """Forms that each subject lacks when as few as possible are lacking and one rule is lifted."""
    size, count = len(pool.members), len(program.cost)
    matrix = sp.hstack([program.matrix, sp.csr_array(sp.eye_array(program.matrix.shape[0], size))], format="csr")
    high = program.high.copy()
    if lifted is DrawingRule.LOAD:
        high[size : 2 * size] = np.inf
    if lifted is DrawingRule.RECIPROCAL:
        high[2 * size :] = np.inf
    found = milp(
        np.concatenate([np.zeros(count), np.ones(size)]),
        integrality=np.concatenate([np.ones(count), np.zeros(size)]),
        bounds=Bounds(0, np.concatenate([np.ones(count), np.full(size, np.inf)])),
        constraints=LinearConstraint(matrix, program.low, high),
        options={"time_limit": 60.0},
    )
    return np.zeros(size) if found.x is None else np.asarray(found.x[count:])


def _without(pool: Pool, per_judge: int, seed: int, started: float, violations: tuple[Violation, ...]) -> Drawing:
    """No drawing: only what stood in its way."""
    terms = Terms.of(pool, per_judge)
    return Drawing(
        pairs=(),
        reserves=(),
        bridges=(),
        violations=violations,
        is_optimal=False,
        gap=None,
        seconds=time.perf_counter() - started,
        solver_seconds=0.0,
        seed=seed,
        attempt=0,
        per_judge=per_judge,
        candidates=0,
        low=terms.low,
        high=terms.high,
        relaxed=False,
        components={},
        input_sha256=pool.input_sha256,
        solver=f"scipy {scipy.__version__} HiGHS",
    )
