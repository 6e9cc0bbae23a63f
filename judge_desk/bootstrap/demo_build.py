"""Tells the folder of another build's demo from one of this build: what lies in it may look otherwise, and none of it
is worth keeping."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from judge_desk.bootstrap.demo_files import ACCOUNTS
from judge_desk.domain.errors import BadInput
from judge_desk.security.private_file import replace_file

if TYPE_CHECKING:
    from sqlalchemy import MetaData

BUILD = "build"
"""Its file in the folder."""


def require(folder: Path) -> None:
    """Raises BadInput for a demo that another build has filled; a new one is marked as this build's."""
    file, here = folder / BUILD, _fingerprint().encode()
    if not file.is_file() and not (folder / ACCOUNTS).exists():
        replace_file(file, here)
    elif not file.is_file() or file.read_bytes() != here:
        raise BadInput("demo.other_build")


def _fingerprint() -> str:
    """Of all tables of desk and hub, of what bodies are packed against, and of how pages are guarded. Released
    databases are upgraded; between two builds of one release only this tells."""
    from judge_desk.hub.db import tables as hub_tables  # SQLAlchemy is long to load: behind the window
    from judge_desk.store import bodies, engine
    from judge_desk.store import tables as desk_tables

    parts = [
        *_ddl(desk_tables.metadata),
        *_ddl(hub_tables.metadata),
        *desk_tables.SEARCH_DDL,
        desk_tables.CASE_WORDS_DDL,
        bodies.DICTIONARY,
        engine.GUARD,
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _ddl(metadata: MetaData) -> Iterator[str]:
    from sqlalchemy.dialects import sqlite
    from sqlalchemy.schema import CreateIndex, CreateTable

    dialect = sqlite.dialect()
    for table in metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect))
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            yield str(CreateIndex(index).compile(dialect=dialect))
