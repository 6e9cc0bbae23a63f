"""The sign-in of a folder is one, whichever thread asks for it first."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

import pytest

from judge_desk.bootstrap.door import Door
from judge_desk.runtime.clock import FixedClock
from judge_desk.security.session import SignIn


def test_two_threads_that_ask_first_get_the_same_sign_in(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, whole = threading.Barrier(2, timeout=0.5), Door._new_sign_in

    def meet(door: Door) -> SignIn:
        with suppress(threading.BrokenBarrierError):
            both.wait()
        return whole(door)

    monkeypatch.setattr(Door, "_new_sign_in", meet)
    door, found = Door(tmp_path, clock, use_keyring=False), list[SignIn]()
    threads = [threading.Thread(target=lambda: found.append(door.sign_in)) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found[0] is found[1] is door.sign_in, "what the one unlocks, the other would not lock"
