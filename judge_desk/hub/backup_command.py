"""The commands ``backup``, ``restore`` and ``restored`` of the hub."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from judge_desk.domain.errors import BadInput
from judge_desk.hub import backups, generations
from judge_desk.hub.command_line import add_places, answer, opened
from judge_desk.runtime.clock import SystemClock


def add_parser(commands: Any) -> None:
    """Add the three commands to argparse's subparsers; ``arguments.run`` does each."""
    backup = _add(commands, "backup", _backup, "copy a hub over SQLite and a folder, while it serves")
    backup.add_argument("folder", type=Path, metavar="FOLDER", help="the same folder again takes only what is new")
    restore = _add(commands, "restore", _restore, "put such a copy where no hub is yet")
    restore.add_argument("folder", type=Path, metavar="FOLDER")
    text = "tell a hub that its database was restored; PostgreSQL's own restores and failovers are noticed without it"
    _add(commands, "restored", _restored, text)


def _add(commands: Any, name: str, run: Any, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    add_places(parser)
    parser.set_defaults(run=run)
    return parser


def _backup(arguments: argparse.Namespace) -> int:
    with opened(arguments) as (engine, _):
        made = backups.back_up(engine, _folder(arguments.blobs), arguments.folder, SystemClock().now())
    answer(
        arguments, f"{arguments.folder}: {made.files}", folder=str(arguments.folder), files=made.files, bytes=made.bytes
    )
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    try:
        url = make_url(arguments.database)
    except ArgumentError:
        raise BadInput("hub.bad_database_url") from None
    if url.get_backend_name() != "sqlite" or not url.database:
        raise BadInput("hub.backup.postgresql")
    generation = backups.restore(arguments.folder, Path(url.database), _folder(arguments.blobs))
    answer(arguments, f"{generation}", generation=generation)
    return 0


def _restored(arguments: argparse.Namespace) -> int:
    with opened(arguments) as (engine, _):
        generation = generations.begin(engine, SystemClock().now())
    answer(arguments, f"{generation}", generation=generation)
    return 0


def _folder(blobs: str | None) -> Path | None:
    """The folder of the files; None where they lie in an object store, which keeps copies of its own."""
    return None if not blobs or blobs.startswith("s3://") else Path(blobs.removeprefix("file://"))
