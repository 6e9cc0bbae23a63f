"""Brings a desk's database from any older schema to this build's: one step a file, a copy kept before the first.

Context: a desk may be offline for weeks and then meet a program two versions newer, with drafts that are nowhere else.
Decision: Alembic's operations, called in code; the number in the database's ``user_version`` is the only truth about
where it stands, and it moves in the transaction of the step. Before the first step the closed file is copied beside
itself (``NAME.before-N``), still encrypted with the same key; the first start that finds nothing to do removes it,
because a copy would outlive what is forgotten in the database itself.
Alternatives: Alembic's own version table and environment script (a second truth, and files that a frozen program must
find on disk); models diffed at start (a guess about somebody's only copy).
Consequences: a step that fails leaves the database as it was, at its old number, and the program says so.
"""

from __future__ import annotations

import importlib
import pkgutil
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from judge_desk.domain.errors import DiskFull, StoreProblem
from judge_desk.runtime.disk import known_error
from judge_desk.store.migrations import versions


class Step(NamedTuple):
    """``number`` is the schema that the step leads to."""

    number: int
    upgrade: Callable[[Operations], None]


def steps() -> list[Step]:
    """All steps in order; a file's name begins with its number."""
    names = sorted(each.name for each in pkgutil.iter_modules(versions.__path__))
    return [Step(int(name[:4]), importlib.import_module(f"{versions.__name__}.{name}").upgrade) for name in names]


def upgrade(engine: sa.Engine, path: Path) -> None:
    """Take every step the database has not seen; raises DiskFull or StoreProblem, with the database as it was."""
    with engine.connect() as connection:
        found = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    open_steps = [step for step in steps() if step.number > found]
    if not open_steps:
        return
    _keep_copy(engine, path, found)
    for step in open_steps:
        _take(engine, step)


def _take(engine: sa.Engine, step: Step) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        step.upgrade(Operations(MigrationContext.configure(connection)))
        connection.exec_driver_sql(f"PRAGMA user_version={step.number}")
        connection.commit()


def _keep_copy(engine: sa.Engine, path: Path, found: int) -> None:
    """The file alone is the whole database once its log is written back and nobody has it open."""
    with engine.connect() as connection:
        busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
    engine.dispose()
    if busy:
        raise StoreProblem("errors.store_in_use")
    if shutil.disk_usage(path.parent).free < 2 * path.stat().st_size:
        raise DiskFull
    copy = path.with_name(f"{path.name}.before-{found + 1}")
    part = path.with_name(f"{path.name}.copying")
    try:
        shutil.copy2(path, part)
        part.replace(copy)
    except OSError as fault:
        part.unlink(missing_ok=True)
        raise known_error(fault, "errors.store") from None
