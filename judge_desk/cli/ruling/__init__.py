"""`judge-desk ruling`: begin an act on a form, check it, put it on paper, without a window; one verb to a module."""

from __future__ import annotations

import argparse

from judge_desk.cli.ruling import diff, lint, new, render, sign, verify
from judge_desk.cli.ruling.files import read_act

VERBS = (new, lint, render, sign, verify, diff)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Hang every verb on the main parser; each sets `func`, which returns the exit code."""
    ruling = subparsers.add_parser("ruling", help="begin an act on a form, check it, put it on paper")
    verbs = ruling.add_subparsers(dest="verb", required=True, metavar="|".join(verb.NAME for verb in VERBS))
    for verb in VERBS:
        verb.add_options(verbs.add_parser(verb.NAME, help=verb.HELP))


__all__ = ["add_parser", "read_act"]
