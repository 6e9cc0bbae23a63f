"""Guessing costs time that a restart does not give back; a judge who mistypes twice does not notice."""

import json
from pathlib import Path

import pytest

from judge_desk.domain.errors import TriesExhausted, WrongPassphrase
from judge_desk.runtime.clock import FixedClock
from judge_desk.security.keyslot import KeySlot
from judge_desk.security.tries import Tries, pause_seconds

SECRET = bytes(32)


def fail(slot: KeySlot, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(WrongPassphrase):
            slot.open("wrong passphrase", SECRET)


def test_the_pause_grows_and_ends_growing() -> None:
    assert [pause_seconds(count) for count in (0, 1, 2, 3, 4, 5, 10, 11, 1000)] == [0, 0, 0, 5, 10, 20, 640, 900, 900]


def test_the_third_failure_shuts_the_door_also_to_the_right_passphrase(slot: KeySlot, clock: FixedClock) -> None:
    slot.create("right passphrase", SECRET)
    fail(slot, 3)
    with pytest.raises(TriesExhausted) as raised:
        slot.open("right passphrase", SECRET)
    assert raised.value.seconds == 5
    clock.advance(seconds=4.5)
    assert slot.tries.seconds_left() == 1
    clock.advance(seconds=0.5)
    slot.open("right passphrase", SECRET)
    fail(slot, 2)


def test_a_restart_does_not_start_afresh(slot: KeySlot, clock: FixedClock, tmp_path: Path) -> None:
    slot.create("right passphrase", SECRET)
    fail(slot, 3)
    with pytest.raises(TriesExhausted):
        KeySlot(tmp_path / "key.json", clock).open("right passphrase", SECRET)


def test_a_try_counts_before_it_is_made(tmp_path: Path, clock: FixedClock) -> None:
    """Killing the program while it derives saves nobody the pause."""
    for _ in range(3):
        Tries(tmp_path / "key.tries", clock).admit()
    with pytest.raises(TriesExhausted):
        Tries(tmp_path / "key.tries", clock).admit()


def test_a_clock_set_back_neither_skips_the_pause_nor_makes_it_a_year(tmp_path: Path, clock: FixedClock) -> None:
    door = Tries(tmp_path / "key.tries", clock)
    for _ in range(3):
        door.admit()
    clock.advance(days=-365)
    assert door.seconds_left() == 5
    clock.advance(seconds=5)
    assert door.seconds_left() == 0


def test_a_broken_count_keeps_nobody_out(tmp_path: Path, clock: FixedClock) -> None:
    (tmp_path / "key.tries").write_bytes(b"\xff{")
    door = Tries(tmp_path / "key.tries", clock)
    door.admit()
    assert json.loads((tmp_path / "key.tries").read_bytes())["count"] == 1
    door.clear()
    door.clear()
    assert not (tmp_path / "key.tries").exists()


def test_a_count_that_cannot_be_written_keeps_nobody_out(tmp_path: Path, clock: FixedClock) -> None:
    (tmp_path / "file").write_text("")
    Tries(tmp_path / "file" / "key.tries", clock).admit()
