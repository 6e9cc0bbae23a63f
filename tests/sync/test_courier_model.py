"""Any mix of sticks and network ends in agreement: sticks that are lost, come twice, out of order, or behind the
network; nothing is lost, nothing doubled, nothing shown that is not theirs."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import rule, run_state_machine_as_test

from judge_desk.domain.errors import BadInput
from judge_desk.hub.courier import Courier
from judge_desk.runtime.clock import SystemClock
from judge_desk.store.outbox import OutboxState
from judge_desk.sync.report import SyncReport
from tests.live_hub import LiveHub
from tests.sync.sticks import device_of
from tests.sync.test_model import DESKS, ROUNDS, WHICH, CourtModel

EXAMPLES = int(os.environ.get("JUDGE_DESK_MODEL_EXAMPLES", "8"))
REFUSALS = {"courier.seen", "courier.part_waits"}
_numbers = count(1)


class StickModel(CourtModel):
    """The court's day with a drawer of sticks beside the network; a stick stays in the drawer when it was read."""

    def __init__(self) -> None:
        super().__init__()
        self.drawer: list[tuple[Path, int, bool]] = []
        """File, whose desk, and whether it goes to the hub."""
        self.court_desk = Courier(self.hub.engine, self.hub.blobs, SystemClock())

    @rule(place=DESKS)
    def write_stick(self, place: int) -> None:
        self.drawer.append((self.from_desk(place), place, True))

    @rule(place=DESKS)
    def write_answer(self, place: int) -> None:
        self.drawer.append((self.from_hub(place), place, False))

    @rule(which=WHICH)
    def read_stick(self, which: int) -> None:
        """Any of them, be it for the second time."""
        stick = self.pick(self.drawer, which)
        if stick is None:
            return
        path, place, to_hub = stick
        try:
            if to_hub:
                self.court_desk.take_in([path])
            else:
                report = self.desks[place].desk.courier.read([path]).report
                assert report.mismatches == 0
        except BadInput as refused:
            if refused.key not in REFUSALS:
                raise

    @rule(which=WHICH)
    def lose_stick(self, which: int) -> None:
        if self.drawer:
            self.drawer.pop(which % len(self.drawer))

    def from_desk(self, place: int) -> Path:
        written = self.desks[place].desk.courier.write(self.new_stick())
        assert written is not None
        return written.parts[0]

    def from_hub(self, place: int) -> Path:
        return self.court_desk.write_out(device_of(self.desks[place]), self.new_stick()).parts[0]

    def new_stick(self) -> Path:
        folder = self.folder / f"stick{next(_numbers)}"
        folder.mkdir()
        return folder / "x.jdc"

    def come_to_rest(self) -> None:
        """Without any network: every stick of the drawer, the newest first, then round trips until nothing moves."""
        for path, place, to_hub in reversed(self.drawer):
            with suppress(BadInput):
                if to_hub:
                    self.court_desk.take_in([path])
                else:
                    self.desks[place].desk.courier.read([path])
        for _ in range(ROUNDS):
            moved = sum(self.exchange(place) for place in range(len(self.desks)))
            if not moved:
                return
        raise AssertionError("they never agree")

    def exchange(self, place: int) -> int:
        desk = self.desks[place]
        self.court_desk.take_in([self.from_desk(place)])
        taken = desk.desk.courier.read([self.from_hub(place)])
        report: SyncReport = taken.report
        assert (report.mismatches, taken.waiting) == (0, 0)
        moved = report.pushed + report.pulled + report.merged + report.conflicts + report.refused
        for row in desk.desk.sync.attention():
            self.decide(place, 0, "dismiss" if row.state is OutboxState.REFUSED else "keep_mine")
            moved += 1
        return moved


def test_any_mix_of_sticks_and_network_ends_in_agreement(sqlite_hub: LiveHub, tmp_path: Path) -> None:
    StickModel.hub, StickModel.folder = sqlite_hub, tmp_path
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    chosen = settings(max_examples=EXAMPLES, stateful_step_count=50, deadline=None, suppress_health_check=checks)
    run_state_machine_as_test(StickModel, settings=chosen)
