"""The encrypted file: what opens it, what is refused, and what a thief reads."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import sqlcipher3
from sqlcipher3 import dbapi2

from judge_desk.domain.errors import DamagedStore, DiskFull, NewerStore, StoreLocked, StoreProblem
from judge_desk.domain.kinds import Kind
from judge_desk.store import search
from judge_desk.store.engine import GUARD, SCHEMA, check_integrity, explain, make_engine, open_engine
from judge_desk.store.unit_of_work import Store
from tests.factories import NOW, STORE_KEY, a_note, open_store


def test_a_store_opens_again_with_its_key_and_with_no_other(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    path = tmp_path / "desk.db"
    engine = open_engine(path, STORE_KEY)
    assert check_integrity(engine)
    engine.dispose()

    before = path.read_bytes()
    with pytest.raises(DamagedStore):
        open_engine(path, bytes(32))
    assert path.read_bytes() == before


def test_pages_are_guarded_by_what_processors_do_themselves(store: Store) -> None:
    with store.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA cipher_hmac_algorithm").scalar_one() == "HMAC_SHA256" == GUARD


def test_the_parts_of_the_index_lie_side_by_side_behind_a_first_pull(store: Store) -> None:
    with store.writing() as connection:
        for part in range(8):
            numbers = range(part * 500 + 1, part * 500 + 501)
            words = [(number, " ".join(f"{number * place % 997}" for place in range(25))) for number in numbers]
            search.add_cases(connection, words)
    with store.reading() as connection:
        segments = "SELECT count(DISTINCT segid) FROM search_words_idx"
        assert connection.exec_driver_sql(segments).scalar_one() == 8, "else each fourth one writes all anew"


@pytest.mark.parametrize("value", [None, b"", b"\x00\xff"])
def test_the_driver_knows_at_once_how_to_bind(tmp_path: Path, value: bytes | None) -> None:
    store = open_store(tmp_path)
    with store.reading() as connection:
        assert connection.exec_driver_sql("SELECT ?", (value,)).scalar_one() == value
    store.close()
    assert (type(value), dbapi2.PrepareProtocol) in dbapi2.adapters, "else it looks for one in vain, value by value"


def test_nothing_that_is_saved_can_be_read_without_the_key(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    marker = "КАНАРЕЙКА canary-4711"
    with store.unit_of_work("judge-1", "note.save") as work:
        work.put(Kind.NOTE, "user:judge-1", a_note("case", text=marker))
    found = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    store.close()
    found += b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())

    for piece in ("КАНАРЕЙКА", "canary", "note", "SQLite format"):
        assert piece.encode() not in found
        assert piece.encode("utf-16-le") not in found


def test_a_store_of_a_newer_program_is_refused_untouched(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store.engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA + 1}")
    store.close()
    before = (tmp_path / "desk.db").read_bytes()

    with pytest.raises(NewerStore) as fault:
        open_store(tmp_path)
    assert fault.value.params == {"found": SCHEMA + 1, "known": SCHEMA}
    assert (tmp_path / "desk.db").read_bytes() == before


def test_a_newer_store_with_an_unfolded_log_is_not_touched(tmp_path: Path) -> None:
    """The newer program was killed: its schema's number and its last rows stand in the log alone."""
    lived, killed = tmp_path / "lived", tmp_path / "killed"
    lived.mkdir()
    killed.mkdir()
    store = open_store(lived)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA + 1}")
        connection.exec_driver_sql("CREATE TABLE later (id TEXT)")
        connection.commit()
    names = ("desk.db", "desk.db-wal")
    for name in names:
        shutil.copy(lived / name, killed / name)
    store.close()
    before = {name: (killed / name).read_bytes() for name in names}
    assert all(before.values())

    for _ in range(2):
        with pytest.raises(NewerStore):
            open_store(killed)
        assert {name: (killed / name).read_bytes() for name in names} == before


@pytest.mark.parametrize("harm", ["head", "middle", "cut"])
def test_damage_is_told_apart_from_health(tmp_path: Path, harm: str) -> None:
    store = open_store(tmp_path)
    with store.unit_of_work("judge-1", "note.save") as work:
        for number in range(300):
            work.put(Kind.NOTE, "user:judge-1", a_note("case", id=f"n{number}", text="слово " * 200))
    store.close()
    path = tmp_path / "desk.db"
    content = bytearray(path.read_bytes())
    if harm == "cut":
        content = content[: len(content) // 2]
    else:
        place = 100 if harm == "head" else len(content) // 2
        content[place : place + 64] = bytes(64)
    path.write_bytes(content)

    try:
        engine = open_engine(path, STORE_KEY)
    except DamagedStore:
        return
    try:
        assert not check_integrity(engine)
    finally:
        engine.dispose()


def test_a_full_disk_and_other_faults_have_their_words() -> None:
    def told(message: str) -> StoreProblem:
        return explain(sa.exc.OperationalError("SELECT secret", {"name": "secret"}, Exception(message)))

    assert isinstance(told("database or disk is full"), DiskFull)
    assert isinstance(told("database disk image is malformed"), DamagedStore)
    assert type(told("database is locked")) is StoreProblem
    assert "secret" not in str(told("database is locked"))


def test_a_reader_sees_one_state_while_others_write(store: Store) -> None:
    count = sa.text("SELECT count(*) FROM note")
    with store.reading() as reader:
        assert reader.execute(count).scalar() == 0
        with store.unit_of_work("judge-1", "note.save") as work:
            work.put(Kind.NOTE, "user:judge-1", a_note("case"))
        assert reader.execute(count).scalar() == 0
    with store.reading() as reader:
        assert reader.execute(count).scalar() == 1


def test_what_a_reader_writes_is_not_kept(store: Store) -> None:
    with store.reading() as connection:
        connection.exec_driver_sql("DELETE FROM person")
    with store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM person").scalar() == 1


def test_a_closed_store_stays_closed(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store.reading() as connection:
        on_loan: Any = connection.connection.dbapi_connection
        store.close()
        assert connection.exec_driver_sql("SELECT count(*) FROM note").scalar() == 0, "what is being read may end"
    with pytest.raises(sqlcipher3.ProgrammingError, match="closed"):
        on_loan.execute("SELECT 1")
    store.path.unlink()
    with pytest.raises(StoreLocked), store.reading():
        pass
    store.close()
    assert not store.path.exists(), "made anew behind its destruction"


def test_the_key_shows_in_no_text_of_the_engine(tmp_path: Path) -> None:
    engine = make_engine(tmp_path / "x.db", STORE_KEY)
    assert STORE_KEY.hex() not in f"{engine!r} {engine.url} {NOW}"
    engine.dispose()
