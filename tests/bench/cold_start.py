"""How long a person waits from the start of the program to a Today page in use, over a cache of 10,000 cases.

    python -m tests.bench.cold_start [--cases 10000] [--rounds 5]

Three fresh processes in turn (start_programs.py), each timed from before its start until its window shows the data and
the event loop has nothing left to do. The hub is out of reach, as on a morning without a link.

- **bare**, the baseline: a PySide6 main window that derives the key at the standard cost, as whoever opens this file
  must, opens it with the same pragmas, and shows 50 rows of it.
- **typed**: our program; a person types the passphrase in two seconds once the form is there, and those are taken off:
  what is left is waiting. The program loads its services meanwhile.
- **at once**: our program, the passphrase at hand from the beginning, so that nothing can be loaded behind typing.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

from judge_desk.bootstrap.profile import DATABASE, Profile
from judge_desk.domain.cases import Case
from judge_desk.domain.hearings import Hearing
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import case_scope
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.registry import Registry
from judge_desk.runtime.clock import SystemClock
from judge_desk.security.keyslot import STANDARD, Cost
from judge_desk.store.engine import GUARD, PRAGMAS
from tests.bench.sync import CHEAP, COURT, PASSPHRASE, cases, desk, hub, seeded

LIMIT = 2.0
TYPING_SECONDS = 2.0
HEARINGS = 14


def seconds_to_use(*words: str) -> float:
    """From before the process starts until it says that it is in use."""
    began = time.monotonic()
    command = [sys.executable, "-m", "tests.bench.start_programs", *words]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "qt.qpa.*=false"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        process.stdout.read()
    if process.returncode or not said:
        raise RuntimeError(f"{words[0]} ended with {process.returncode}")
    return float(said) - began


def a_day(made: list[Case]) -> list[tuple[str, Kind, str, Hearing]]:
    """Hearings of today and tomorrow, so that Today has something to show."""
    morning = SystemClock().now().replace(hour=4, minute=0, second=0, microsecond=0)
    return [
        (
            case_scope(case.id),
            Kind.HEARING,
            f"h{number}",
            Hearing(
                id=f"h{number}",
                case_id=case.id,
                starts_at=morning + timedelta(days=number % 2, minutes=30 * (number // 2)),
                minutes=30,
                room="1",
                judge_id="judge1",
            ),
        )
        for number, case in enumerate(made[:HEARINGS])
    ]


def filled(folder: Path, count: int, cost: Cost = CHEAP) -> str:
    """A profile that has pulled and indexed ``count`` cases; gives the raw key of its database."""
    made = cases(count)
    url = seeded(folder, made)
    engine = open_engine(url)
    Registry(engine).put_many(COURT.id, a_day(made))
    engine.dispose()
    with hub(url, folder / "blobs") as address, desk(address, folder / "desk", cost) as opened:
        opened.engine_for(lambda _progress: None).cycle(threading.Event(), with_files=False)
        while opened.desk.search.index_step(60):
            pass
    sign_in = Profile(folder / "desk", SystemClock(), use_keyring=False).sign_in
    key = sign_in.unlock(PASSPHRASE).database_key().hex()
    sign_in.lock()
    return key


def measure(count: int, rounds: int) -> dict[str, float]:
    """Median seconds of each program, taken in turn."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        key = filled(folder, count, STANDARD)
        desk_folder = str(folder / "desk")
        cost = f"{STANDARD.memory_kib},{STANDARD.iterations},{STANDARD.lanes}"
        programs = {
            "typed": (desk_folder, PASSPHRASE, str(TYPING_SECONDS)),
            "at-once": (desk_folder, PASSPHRASE),
            "bare": (str(folder / "desk" / DATABASE), key, cost, f"cipher_hmac_algorithm={GUARD}", *PRAGMAS),
        }
        taken: dict[str, list[float]] = {name: [] for name in programs}
        for _ in range(rounds):
            for name, words in programs.items():
                taken[name].append(seconds_to_use(name, *words))
    return {name: median(seconds) for name, seconds in taken.items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    found = measure(arguments.cases, arguments.rounds)
    print(f"cold start over {arguments.cases} cases, bare window with the key derived: {found['bare']:.3f} s")
    print(f"a person who types waits {found['typed']:.3f} s, ratio {found['typed'] / found['bare']:.2f} of {LIMIT}")
    print(f"passphrase at hand: {found['at-once']:.3f} s, ratio {found['at-once'] / found['bare']:.2f}")


if __name__ == "__main__":
    main()
