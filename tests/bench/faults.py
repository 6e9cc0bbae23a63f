"""Faults, played for real and counted: ``python -m tests.bench.faults [--hard | --line [--times 4]] [--steps 2000]``.

``--hard``: over PostgreSQL, with SIGKILL of desk, hub and database backends, full disks on both sides, clocks that jump
by years, a hub restored from an older backup and two days of work without a link; needs root (a quarter of an hour).
``--line``: a 20 MB file over 512 kbit/s with 700 ms, 2 % loss and a cut every three minutes, in real time (about
thirteen minutes), or in a world some times faster. Without it: Hypothesis' state machine of a judge with two desks, a
secretary and a hub, for so many steps in one court.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from hypothesis.strategies._internal.lazy import unwrap_strategies

from judge_desk.domain.errors import HubProblem
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import case_scope
from judge_desk.sync.backoff import delay_seconds
from judge_desk.sync.report import SyncReport
from tests import factories
from tests.bench import hard_days
from tests.live_hub import hub_over
from tests.poor_link import Line, poor_link
from tests.sync.faulty_link import small_requests
from tests.sync.test_model import CourtModel
from tests.sync.test_poor_link import JUDGE, desk_at

FILE_BYTES = 20 << 20


def play_line(line: Line, size: int = FILE_BYTES) -> dict[str, Any]:
    """Fetch one file over the line as the loop would, backing off after each break; what it took."""
    content = os.urandom(size)
    with tempfile.TemporaryDirectory() as name, hub_over(f"sqlite:///{name}/hub.db", Path(name)) as hub:
        hub.add_person(JUDGE, Role.JUDGE)
        case = factories.a_case(court_id=hub.court.id, judge_id=JUDGE)
        scope = case_scope(case.id)
        sha256, length = hub.registry.add_blob(hub.court.id, scope, content)
        document = factories.a_document(case.id, content, sha256=sha256, size=length)
        hub.put((scope, Kind.CASE, case.id, case), (scope, Kind.DOCUMENT, document.id, document))
        with poor_link(hub.url, line) as link:
            desk = desk_at(hub, link, Path(name) / "desk")
            began, failures, broken, rows_at = time.monotonic(), 0, 0, 0.0
            while desk.desk.sync.outlook().files_to_fetch or not rows_at:
                try:
                    desk.opened.engine_for(lambda _progress: None).cycle(
                        threading.Event(), SyncReport(), fetch_seconds=10 if not rows_at else 1e9
                    )
                    failures = 0
                except HubProblem:
                    broken, failures = broken + 1, failures + 1
                    time.sleep(delay_seconds(failures, 0.5))
                if not rows_at and desk.desk.cases.find_number(case.number):
                    rows_at = time.monotonic() - began
            seconds = time.monotonic() - began
            with desk.desk.documents.content(document.id) as opened:
                whole = opened.read() == content
            desk.close()
    least = size * 8 / (line.kbit * 1000)
    return {
        "file_mb": size >> 20,
        "whole": whole,
        "seconds": round(seconds, 1),
        "seconds_at_full_rate": round(least, 1),
        "rows_after_seconds": round(rows_at, 1),
        "cuts": link.cuts,
        "broken_off": broken,
        "lost_packets": link.lost_packets,
        "fetched_again_percent": round(100 * (link.bytes_down / size - 1), 1),
    }


_SELDOM = (
    "file_document restart reassign delete_note delete_draft kill_desk clock_jumps back_up restore two_days_offline"
)
WEIGHTS = {"sync": 8, "decide": 3, "arrive": 3, "sync_in_trouble": 2, **dict.fromkeys(_SELDOM.split(), 1)}
"""How often a step is taken, against 4 for what is not named: people write more than they throw away."""


STEPS_AN_HOUR = 5


class Days(RuleBasedStateMachine):
    """A court for as many hours as there is time, drawn by Hypothesis. It ends a run at 80 % of its BUFFER_SIZE, which
    no setting reaches: with each step drawn by itself behind 1,092 of them at most. So it draws an hour, and the hour
    tells its steps."""

    model: ClassVar[type[CourtModel]]
    most_steps: ClassVar[int]

    def __init__(self) -> None:
        super().__init__()
        self.court = self.model()
        self.left = self.most_steps
        self.steps = [each for each in self.court.rules for _ in range(WEIGHTS.get(each.function.__name__, 4))]

    @rule(hour=st.integers(0, (1 << 16) - 1))
    def work(self, hour: int) -> None:
        """In hour 0 nothing happens; the first days that Hypothesis plays, its plainest, have no other."""
        chance = random.Random(hour)
        for _ in range(min(STEPS_AN_HOUR, self.left) if hour else 0):
            self.left -= 1
            step = chance.choice(self.steps)
            step.function(self.court, **{name: drawn(each, chance) for name, each in step.arguments.items()})
            self.court.counts["steps"] += 1
            self.court.counts[f"step {step.function.__name__}"] += 1

    def teardown(self) -> None:
        self.court.teardown()


def drawn(strategy: Any, chance: random.Random) -> Any:
    """A value of one of the model's own strategies."""
    inner = unwrap_strategies(strategy)  # type: ignore[no-untyped-call]  # hypothesis' own, without types
    if hasattr(inner, "elements"):
        return chance.choice(list(inner.elements))
    return chance.randint(inner.start, inner.end) if hasattr(inner, "start") else chance.random() < 0.5


def play_model(steps: int, courts: int, seed: int) -> dict[str, Any]:
    """Random days at court under faults; raises when something is lost, doubled or leaked."""
    with tempfile.TemporaryDirectory() as name, hub_over(f"sqlite:///{name}/hub.db", Path(name)) as hub:
        CourtModel.hub, CourtModel.folder = hub, Path(name)
        with small_requests():
            return _days(CourtModel, steps, courts, seed)


def play_hard_days(steps: int, courts: int, seed: int) -> dict[str, Any]:
    """The same over PostgreSQL, where processes are killed, disks fill up, clocks jump and backups come back."""
    with hard_days.world() as found:
        CourtModel.hub, CourtModel.folder, hard_days.HardCourt.world = found.hub, found.disk, found
        return _days(hard_days.HardCourt, steps, courts, seed)


def _days(model: type[CourtModel], steps: int, courts: int, seed: int) -> dict[str, Any]:
    model.counts.clear()
    Days.model, Days.most_steps = model, steps
    began, load = time.monotonic(), os.getloadavg()[0]
    chosen = settings(
        max_examples=1 + courts,
        stateful_step_count=2 * steps // STEPS_AN_HOUR,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(hypothesis.seed(seed)(Days), settings=chosen)
    counts = dict(sorted(model.counts.items()))
    figures = {"courts": courts, "seed": seed, "seconds": round(time.monotonic() - began, 1)}
    return {**figures, "load of the machine before": round(load, 2), **counts}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--line", action="store_true", help="the poor line in real time")
    parser.add_argument("--hard", action="store_true", help="kills, full disks, clocks, backups; needs root")
    parser.add_argument("--times", type=float, default=1, help="a world so many times faster, all in proportion")
    parser.add_argument("--steps", type=int, default=2_000)
    parser.add_argument("--courts", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    if chosen.line:
        found = play_line(Line().faster(chosen.times))
    else:
        found = (play_hard_days if chosen.hard else play_model)(chosen.steps, chosen.courts, chosen.seed)
    if chosen.json:
        sys.stdout.write(json.dumps(found) + "\n")
    else:
        sys.stdout.write("".join(f"{name:28} {value}\n" for name, value in found.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
