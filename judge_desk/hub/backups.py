"""Backups of a hub over SQLite and a folder: taken while it serves, checked before they are put back.

A hub over PostgreSQL is backed up by PostgreSQL itself (base backup and WAL archive, see the help page `deployment`).
The database is copied first and the files after it: files are never changed or removed, so every file that the copied
database names is in the copy too. Files that the backup holds already are not copied again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from sqlalchemy import Engine

from judge_desk.domain.errors import BadInput
from judge_desk.hub import generations
from judge_desk.hub.db import migrate
from judge_desk.hub.db.engine import open_engine

DATABASE, FILES, MANIFEST = "hub.db", "blobs", "backup.json"


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds, written last: a folder without it is no backup."""

    at: datetime
    revision: str
    generation: int
    sha256: str
    files: int
    bytes: int


def back_up(engine: Engine, blobs: Path | None, target: Path, at: datetime) -> Manifest:
    """Copy database and files into ``target``; again into the same folder takes only what is new."""
    if engine.dialect.name != "sqlite":
        raise BadInput("hub.backup.postgresql")
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    (target / MANIFEST).unlink(missing_ok=True)
    copied = target / f".{DATABASE}"
    copied.unlink(missing_ok=True)
    with engine.connect() as connection:
        generation = generations.current(connection)
    with closing(sqlite3.connect(str(engine.url.database))) as source, closing(sqlite3.connect(copied)) as copy:
        source.backup(copy)
    copied.chmod(0o600)
    copied.replace(target / DATABASE)
    files, size = _copy_files(blobs, target / FILES) if blobs is not None else (0, 0)
    manifest = Manifest(
        at=at,
        revision=migrate.REVISIONS[-1],
        generation=generation,
        sha256=_sha256(target / DATABASE),
        files=files,
        bytes=size,
    )
    (target / MANIFEST).write_bytes(msgspec.json.encode(manifest))
    return manifest


def restore(source: Path, database: Path, blobs: Path | None) -> int:
    """Put a backup where no hub is yet, as a new generation; that generation.

    Raises BadInput for a folder that is no whole backup, and for places that are taken: nothing is overwritten.
    """
    try:
        manifest = msgspec.json.decode((source / MANIFEST).read_bytes(), type=Manifest)
    except (FileNotFoundError, msgspec.DecodeError):
        raise BadInput("hub.backup.none_there") from None
    if _sha256(source / DATABASE) != manifest.sha256:
        raise BadInput("hub.backup.damaged")
    if database.exists():
        raise BadInput("hub.backup.database_there")
    if blobs is not None and (source / FILES).exists():
        _copy_files(source / FILES, blobs)
    database.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source / DATABASE, database)
    database.chmod(0o600)
    engine = open_engine(f"sqlite:///{database}")
    try:
        migrate.migrate(engine)
        return generations.begin(engine, datetime.now(UTC))
    finally:
        engine.dispose()


def _copy_files(source: Path, target: Path) -> tuple[int, int]:
    """Files and bytes that ``target`` then holds of ``source``; parts of uploads under way are left out."""
    number = size = 0
    for path in sorted(source.rglob("*")):
        place = path.relative_to(source)
        if not path.is_file() or path.name.startswith(".") or "parts" in place.parts:
            continue
        _copy(path, target / place)
        number, size = number + 1, size + path.stat().st_size
    return number, size


def _copy(source: Path, target: Path) -> None:
    if target.exists() and target.stat().st_size == source.stat().st_size:
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = target.with_name(f".{target.name}")
    with source.open("rb") as read, unfinished.open("wb") as written:
        shutil.copyfileobj(read, written, 1 << 20)
        written.flush()
        os.fsync(written.fileno())
    unfinished.replace(target)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise BadInput("hub.backup.none_there") from None
