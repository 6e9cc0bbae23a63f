"""``judge-desk backup`` and ``judge-desk restore``: the profile in one file, and back on this PC or another."""

from __future__ import annotations

import argparse
from pathlib import Path

from judge_desk.cli.answer import Exit, message, print_json


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    out = subparsers.add_parser("backup", help="back up a profile into one encrypted file")
    out.add_argument("file", type=Path, metavar="FILE")
    out.add_argument("--own-files-only", action="store_true", help="leave out files that the hub holds as well")
    out.set_defaults(func=run_backup)
    into = subparsers.add_parser("restore", help="make a profile of a backup, on this PC or another")
    into.add_argument("file", type=Path, metavar="FILE")
    into.add_argument("--new-device", action="store_true", help="the PC that was is lost: enrol this one afterwards")
    into.set_defaults(func=run_restore)
    for each in (out, into):
        each.add_argument("--profile", required=True, type=Path, metavar="DIR")
        each.add_argument("--json", action="store_true")


def run_backup(arguments: argparse.Namespace) -> int:
    made = arguments.backup(arguments.profile, arguments.file, own_files_only=arguments.own_files_only)
    message(
        arguments.text("backup.cli.code", code=made.code) if made.is_new else arguments.text("backup.cli.same_code")
    )
    if arguments.json:
        values = {"out": str(arguments.file), "bytes": made.bytes, "files": made.files}
        # A code that was shown before stays where it was written down.
        print_json({**values, "recovery_code": made.code} if made.is_new else values)
    else:
        print(arguments.text("backup.cli.done", out=str(arguments.file), bytes=made.bytes, files=made.files))
    return Exit.DONE


def run_restore(arguments: argparse.Namespace) -> int:
    files = arguments.restore(arguments.file, arguments.profile, new_device=arguments.new_device)
    if arguments.json:
        print_json({"profile": str(arguments.profile), "files": files, "enrol": arguments.new_device})
    else:
        key = "backup.cli.restored_new" if arguments.new_device else "backup.cli.restored"
        print(arguments.text(key, profile=str(arguments.profile), files=files))
    return Exit.DONE
