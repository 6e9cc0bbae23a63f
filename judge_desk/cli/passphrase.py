"""``judge-desk passphrase``: change what opens this PC's desk; neither the database nor the hub is touched."""

from __future__ import annotations

import argparse
from pathlib import Path

from judge_desk.cli.answer import Exit, message


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    passphrase = subparsers.add_parser("passphrase", help="change the passphrase of this PC")
    passphrase.add_argument("--profile", required=True, type=Path, metavar="DIR")
    passphrase.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    arguments.change_passphrase(arguments.profile)
    message(arguments.text("cli.passphrase.changed"))
    return Exit.DONE
