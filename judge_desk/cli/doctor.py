"""``judge-desk doctor``: what is wrong with this desk, and the cure; names no case."""

from __future__ import annotations

import argparse
from pathlib import Path

from judge_desk.cli.answer import Exit, print_json
from judge_desk.services.doctor import Check


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    doctor = subparsers.add_parser("doctor", help="check this desk and name the cures")
    doctor.add_argument("--profile", type=Path, metavar="DIR", default=None)
    doctor.add_argument("--deep", action="store_true", help="read every file against its hash")
    doctor.add_argument("--repair", action="store_true", help="have what differs come anew with the next exchange")
    doctor.add_argument("--json", action="store_true")
    doctor.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    checks: list[Check] = list(arguments.check_up(arguments.profile, deep=arguments.deep, mends=arguments.repair))
    good = all(check.ok for check in checks)
    if arguments.json:
        print_json({"ok": good, "checks": [_as_json(arguments, check) for check in checks]})
    else:
        for check in checks:
            words = _as_json(arguments, check)
            print(f"{'+' if check.ok else '!'} {words['message']}" + (f"  {words['cure']}" if words["cure"] else ""))
            for each in check.named:
                print("    " + " ".join(str(value) for value in each.values()))
    return Exit.DONE if good else Exit.FINDINGS


def _as_json(arguments: argparse.Namespace, check: Check) -> dict[str, object]:
    message = arguments.text(check.message_key, **check.params)
    cure = "" if check.ok else arguments.text(check.cure_key, **check.params)
    return {"id": check.id, "ok": check.ok, "message": message, "cure": cure, "named": [dict(e) for e in check.named]}
