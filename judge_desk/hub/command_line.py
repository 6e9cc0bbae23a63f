"""What every command of the hub shares: where its data are, how they are opened, and how it answers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from sqlalchemy import Engine, select

from judge_desk.domain.errors import BadInput
from judge_desk.hub.blobs import BlobStore, open_blobs
from judge_desk.hub.db import migrate, tables
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.registry import Registry


def add_places(parser: argparse.ArgumentParser) -> None:
    """The options that every command has: where the database and the files are, and how to answer."""
    parser.add_argument("--database", required=True, metavar="URL", help="sqlite:///FILE or postgresql://…")
    parser.add_argument("--blobs", metavar="DIR-or-URL", help="a folder, or s3://BUCKET/PREFIX")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")


@contextmanager
def opened(arguments: argparse.Namespace, *, with_blobs: bool = False) -> Iterator[tuple[Engine, Registry]]:
    """The database, migrated as it must be, and a registry over it. Raises BadInput, also for a place without a file
    where there must be some; NewerStore, NotMigrated."""
    if with_blobs and not arguments.blobs:
        raise BadInput("hub.blobs_missing")
    engine = open_engine(arguments.database)
    try:
        if engine.dialect.name == "sqlite":
            migrate.migrate(engine)
        migrate.check(engine)
        blobs = open_blobs(arguments.blobs) if with_blobs else None
        if blobs is not None and _knows_files(engine) and _is_empty(blobs):
            raise BadInput("hub.blobs_empty")
        yield engine, Registry(engine, blobs)
    finally:
        engine.dispose()


def _knows_files(engine: Engine) -> bool:
    with engine.connect() as connection:
        return connection.execute(select(tables.blob.c.sha256).limit(1)).first() is not None


def _is_empty(blobs: BlobStore) -> bool:
    try:
        return blobs.is_empty()
    except OSError:
        return False  # away: whoever asks for a file is told to come again


def answer(arguments: argparse.Namespace, text: str, **values: Any) -> None:
    """Say what was done: values as JSON on stdout where that was asked for, else the sentence."""
    line = msgspec.json.encode(values).decode() if arguments.json else text
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
