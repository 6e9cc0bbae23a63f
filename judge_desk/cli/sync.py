"""``judge-desk enrol`` and ``judge-desk sync``: make this PC a device of the hub, and bring the two level."""

from __future__ import annotations

import argparse
from pathlib import Path

from judge_desk.cli.answer import Exit, print_json
from judge_desk.sync.report import SyncReport


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    enrol = subparsers.add_parser("enrol", help="make this PC a device of the hub")
    enrol.add_argument("--hub", required=True, metavar="URL")
    enrol.add_argument("--user", required=True, metavar="NAME")
    enrol.add_argument("--profile", required=True, type=Path, metavar="DIR")
    enrol.set_defaults(func=run_enrol)
    sync = subparsers.add_parser("sync", help="send what is owed, take what is new")
    sync.add_argument("--profile", required=True, type=Path, metavar="DIR")
    sync.add_argument("--json", action="store_true")
    sync.set_defaults(func=run_sync)


def run_enrol(arguments: argparse.Namespace) -> int:
    arguments.enrol(arguments.profile, arguments.hub, arguments.user)
    return Exit.DONE


def run_sync(arguments: argparse.Namespace) -> int:
    """Exit 1 when something now waits for the judge: a refusal or a conflict."""
    with arguments.open_desk(arguments.profile) as opened:
        report: SyncReport = opened.cycle()
        unknown: int = opened.desk.sync.outlook().strangers
    if arguments.json:
        print_json({**report.as_json(), "unknown": unknown})
    else:
        print(arguments.text("cli.sync.done", **report.as_json()))
        if unknown:
            print(arguments.text("sync.strangers", n=unknown))
    return Exit.FINDINGS if report.refused or report.conflicts else Exit.DONE
