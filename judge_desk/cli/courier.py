"""``judge-desk courier``: exchange with the hub by memory stick."""

from __future__ import annotations

import argparse
from pathlib import Path

from judge_desk.cli.answer import Exit, print_json
from judge_desk.protocol import courier
from judge_desk.services.courier import Taken, Written

MEGABYTE = 1 << 20


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    top = subparsers.add_parser("courier", help="exchange with the hub by memory stick")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="out|in")
    out = verbs.add_parser("out", help="write what is owed to the hub")
    out.add_argument("file", type=Path, metavar="FILE-or-FOLDER")
    size, least = courier.PART_BYTES // MEGABYTE, courier.LEAST_PART_BYTES // MEGABYTE
    out.add_argument("--part-mb", type=int, default=size, metavar="N", help=f"size of one file, at least {least}")
    out.set_defaults(func=run_out)
    into = verbs.add_parser("in", help="take in what the hub has written for this desk")
    into.add_argument("files", nargs="+", type=Path, metavar="FILE-or-FOLDER")
    into.set_defaults(func=run_in)
    for each in (out, into):
        each.add_argument("--profile", required=True, type=Path, metavar="DIR")
        each.add_argument("--json", action="store_true")


def run_out(arguments: argparse.Namespace) -> int:
    with arguments.open_desk(arguments.profile) as opened:
        written: Written = opened.desk.courier.write(arguments.file, part_bytes=arguments.part_mb * MEGABYTE)
    values = {
        "number": written.number,
        "operations": written.operations,
        "files": written.files,
        "bytes": written.bytes,
        "parts": [str(each) for each in written.parts],
    }
    if arguments.json:
        print_json(values)
    else:
        print(arguments.text("courier.cli.written", **{**values, "parts": len(written.parts)}))
    return Exit.DONE


def run_in(arguments: argparse.Namespace) -> int:
    """Exit 1 when something now waits for the judge, or a part of the bundle is still to come."""
    with arguments.open_desk(arguments.profile) as opened:
        taken: Taken = opened.desk.courier.read(arguments.files)
    report = taken.report.as_json()
    if arguments.json:
        print_json({**report, "numbers": taken.numbers, "next_part": taken.next_part, "waiting": taken.waiting})
    else:
        print(arguments.text("courier.cli.taken", **report))
        if taken.next_part:
            print(arguments.text("courier.taken.next_part", part=taken.next_part))
        if taken.waiting:
            print(arguments.text("courier.taken.waiting", n=taken.waiting))
    findings = taken.report.refused or taken.report.conflicts or taken.next_part or taken.waiting
    return Exit.FINDINGS if findings else Exit.DONE
