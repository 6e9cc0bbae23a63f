"""`judge-desk-hub seed`: makes the demo court in a hub's database and blob store, and tells the passwords once."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import Any

from judge_desk.hub.blobs import open_blobs
from judge_desk.hub.command_line import add_places, answer, opened
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.hub.demo_court.seeding import seed
from judge_desk.runtime.clock import SystemClock


def add_parser(commands: Any) -> None:
    """Add ``seed`` to argparse's subparsers; ``arguments.run`` does it."""
    parser = commands.add_parser("seed", help="make a demo court", description="make a demo court")
    add_places(parser)
    parser.add_argument("--cases", type=int, default=300, metavar="N", help="open cases of the judge")
    parser.add_argument("--documents", type=int, default=25, metavar="M", help="documents in a case, on average")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed and day give the same court")
    parser.add_argument("--anchor", type=date.fromisoformat, metavar="DATE", help="the day that counts as today")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    """Seed, and print the accounts with their passwords: they are kept nowhere."""
    plan = SeedPlan(
        anchor=arguments.anchor or SystemClock().today(),
        cases=max(arguments.cases, 1),
        documents=max(arguments.documents, 1),
        seed=arguments.seed,
    )
    written = 0

    def progress(done: int, total: int) -> None:
        nonlocal written
        written = done
        sys.stderr.write(f"\r{done} / {total}")

    with opened(arguments, with_blobs=True) as (_, registry):
        court = seed(registry, open_blobs(arguments.blobs), plan, progress)
    sys.stderr.write("\n")
    lines = "\n".join(f"{user}\t{password}" for user, password in court.passwords.items())
    cases = len(court.dockets)
    answer(arguments, lines, court=court.cast.court.id, cases=cases, documents=written, accounts=court.passwords)
    return 0
