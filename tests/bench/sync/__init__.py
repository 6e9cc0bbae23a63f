"""Sync under the clock: one court over SQLite, and a country's hub over PostgreSQL against raw baselines.

    python -m tests.bench.sync [court|country|peers|scale|queries|desks ...] [--cases 10000] [--rounds 5]

Without a name: ``court``. Each part prints its lines with the limit behind them, medians of the rounds, baselines in
the same run. Hub and raw server run in processes of their own.
"""

from tests.bench.sync.one_court import CHEAP, COURT, PASSPHRASE, cases, desk, hub, seeded

__all__ = ["CHEAP", "COURT", "PASSPHRASE", "cases", "desk", "hub", "seeded"]
