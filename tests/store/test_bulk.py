"""Rows read past SQLAlchemy fail in our words like all others."""

from __future__ import annotations

from pathlib import Path

import pytest

from judge_desk.domain.errors import DamagedStore
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import case_scope
from judge_desk.runtime.clock import SystemClock
from judge_desk.store import arrivals
from judge_desk.store.unit_of_work import Store
from tests import factories

KEY = bytes(32)
PAGE_BYTES = 4096
SCOPE = case_scope("case-1")


def test_a_damaged_page_is_told_as_one(tmp_path: Path) -> None:
    file = tmp_path / "desk.db"
    store = Store(file, KEY, SystemClock())
    store.close()
    empty = file.stat().st_size
    store = Store(file, KEY, SystemClock())
    with store.unit_of_work("judge1", "note.save") as work:
        for number in range(500):
            work.put(Kind.NOTE, SCOPE, factories.a_note("case-1", id=f"note-{number}", text="words " * 50))
        work.connection.exec_driver_sql("UPDATE note SET rev = 1")
        work.connection.exec_driver_sql("DELETE FROM outbox")
    store.close()
    content = bytearray(file.read_bytes())
    for place in range(empty, len(content), PAGE_BYTES):
        content[place + 100] ^= 1
    file.write_bytes(content)
    store = Store(file, KEY, SystemClock())
    try:
        with pytest.raises(DamagedStore), store.reading() as connection:
            arrivals.mismatches(connection, {SCOPE: 1})
    finally:
        store.close()
