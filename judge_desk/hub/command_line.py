"""What every command of the hub shares: where its data are, how they are opened, and how it answers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from sqlalchemy import Engine

from judge_desk.domain.errors import BadInput
from judge_desk.hub.blobs import open_blobs
from judge_desk.hub.db import migrate
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.registry import Registry


def add_places(parser: argparse.ArgumentParser) -> None:
    """The options that every command has: where the database and the files are, and how to answer."""
    parser.add_argument("--database", required=True, metavar="URL", help="sqlite:///FILE or postgresql://…")
    parser.add_argument("--blobs", metavar="DIR-or-URL", help="a folder, or s3://BUCKET/PREFIX")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")


@contextmanager
def opened(arguments: argparse.Namespace, *, with_blobs: bool = False) -> Iterator[tuple[Engine, Registry]]:
    """The database, migrated as it must be, and a registry over it. Raises BadInput, NewerStore, NotMigrated."""
    if with_blobs and not arguments.blobs:
        raise BadInput("hub.blobs_missing")
    engine = open_engine(arguments.database)
    try:
        if engine.dialect.name == "sqlite":
            migrate.migrate(engine)
        migrate.check(engine)
        yield engine, Registry(engine, open_blobs(arguments.blobs) if with_blobs else None)
    finally:
        engine.dispose()


def answer(arguments: argparse.Namespace, text: str, **values: Any) -> None:
    """Say what was done: values as JSON on stdout where that was asked for, else the sentence."""
    line = msgspec.json.encode(values).decode() if arguments.json else text
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
