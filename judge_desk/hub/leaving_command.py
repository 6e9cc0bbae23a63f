"""``judge-desk-hub rescued``: unsent work that desks had to forget, for the chair who decides what becomes of it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import msgspec

from judge_desk.hub import leaving
from judge_desk.hub.command_line import add_places, answer, opened
from judge_desk.runtime.clock import SystemClock


def add_parser(commands: Any) -> None:
    """Add ``rescued`` to argparse's subparsers."""
    text = "unsent work that desks sealed for the court before they forgot it"
    parser = commands.add_parser("rescued", help=text, description=text)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    for name, run, says in (
        ("list", _list, "what lies here"),
        ("open", _open, "open one; it is noted in the audit"),
        ("take-keys", _take_keys, "move the keys from the hub to a file for the court's safe"),
    ):
        verb = verbs.add_parser(name, help=says, description=says)
        add_places(verb)
        verb.add_argument("--court", required=True, metavar="ID")
        verb.set_defaults(run=run)
        if name == "open":
            verb.add_argument("id", metavar="ID")
            verb.add_argument("--by", required=True, metavar="PERSON_ID", help="who opens it, for the audit")
            verb.add_argument("--keys", type=Path, metavar="FILE", help="the file that take-keys wrote")
        if name != "list":
            verb.add_argument("--out", required=True, type=Path, metavar="FILE")


def _list(arguments: argparse.Namespace) -> int:
    with opened(arguments) as (engine, _):
        found = [row._asdict() for row in leaving.rescued(engine, arguments.court)]
    lines = [f"{each['id']} {each['received_at']} {each['person_id']} {each['scope']}" for each in found]
    answer(arguments, "\n".join(lines) or "-", rescued=found)
    return 0


def _open(arguments: argparse.Namespace) -> int:
    keys = msgspec.json.decode(arguments.keys.read_bytes(), type=dict[str, str]) if arguments.keys else {}
    with opened(arguments) as (engine, _):
        now = SystemClock().now()
        bundle = leaving.open_rescue(engine, arguments.court, arguments.id, actor=arguments.by, at=now, secrets=keys)
    _write_privately(arguments.out, msgspec.json.format(msgspec.json.encode(bundle)))
    answer(arguments, str(arguments.out), operations=len(bundle.operations), scope=bundle.scope)
    return 0


def _take_keys(arguments: argparse.Namespace) -> int:
    with opened(arguments) as (engine, _):
        # The file comes first: a key that was forgotten before it was written down would be lost.
        _write_privately(arguments.out, msgspec.json.encode(leaving.secrets_of(engine, arguments.court)))
        kept = leaving.forget_secrets(engine, arguments.court)
    answer(arguments, str(arguments.out), keys=kept)
    return 0


def _write_privately(path: Path, content: bytes) -> None:
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(content)
