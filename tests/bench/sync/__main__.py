"""Runs the parts of the bench that were asked for."""

from __future__ import annotations

import argparse

from tests.bench.sync import country, desks, one_court, queries, scale
from tests.bench.sync.peers import measure as peers


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", default=["court"], help="court, country, peers, scale, desks, queries")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    if "court" in arguments.parts:
        one_court.measure(arguments.cases, arguments.rounds)
    if "country" in arguments.parts:
        country.measure(arguments.rounds)
    if "peers" in arguments.parts:
        peers.measure(min(arguments.rounds, 3))
    if "scale" in arguments.parts:
        scale.measure()
    if "queries" in arguments.parts:
        queries.measure()
    if "desks" in arguments.parts:
        desks.measure()


if __name__ == "__main__":
    main()
