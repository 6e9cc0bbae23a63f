"""Seconds of a drawing against the bare solver on the same matrix, and what the rules made of it."""

from __future__ import annotations

import time
from statistics import median

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from judge_desk.analytics.assignment import CANDIDATES, Terms, draw, program_of
from judge_desk.analytics.pool import Pool
from tests.unit.analytics.test_assignment import country

SIZES = (60, 300, 800, 2500)
ROUNDS = 3


def table() -> list[str]:
    lines = ["| n | s | solver, s | × | violations | components |", "|---|---|---|---|---|---|"]
    for number in SIZES:
        members, conflicts = country(number, 1)
        pool = Pool.of(members, conflicts)
        ours, bare = [], []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            drawing = draw(members, conflicts, per_judge=3, seed=1)
            ours.append(time.perf_counter() - started)
            program = program_of(pool, Terms.of(pool, 3), 1, CANDIDATES)
            started = time.perf_counter()
            milp(
                program.cost,
                integrality=np.ones(len(program.cost)),
                bounds=Bounds(0, 1),
                constraints=LinearConstraint(program.matrix, program.low, program.high),
            )
            bare.append(time.perf_counter() - started)
        seconds, solver = median(ours), median(bare)
        parts = max(drawing.components.values())
        faults = len(drawing.violations)
        lines.append(f"| {number} | {seconds:.2f} | {solver:.2f} | {seconds / solver:.2f} | {faults} | {parts} |")
    return lines
