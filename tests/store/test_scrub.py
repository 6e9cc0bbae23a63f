"""A word that was dropped from the index is still in its file until the index is written anew."""

from __future__ import annotations

from pathlib import Path

from judge_desk.store import scrub
from judge_desk.store.tables import SEARCH_WORDS
from tests.factories import STORE_KEY, open_store
from tests.sync import raw_pages

WORD = "qzx7bgkv"


def test_dropped_words_leave_the_file_with_the_scrub(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    database = tmp_path / "desk.db"
    with store.writing() as connection:
        insert = f"INSERT INTO {SEARCH_WORDS} (rowid, words) VALUES (?, ?)"
        rows = [(number, f"word{number} other{number % 7}") for number in range(1, 3000)]
        connection.exec_driver_sql(insert, [*rows, (5000, WORD)])
    with store.writing() as connection:
        connection.exec_driver_sql(f"DELETE FROM {SEARCH_WORDS} WHERE rowid = 5000")
        scrub.owe(connection)
    scrub.empty_log(store.engine)
    assert raw_pages.holds(tmp_path, database, STORE_KEY, WORD), "a dead entry"

    steps, is_done = 0, False
    while not is_done:
        with store.writing() as connection:
            is_done = scrub.step(connection)
        steps += 1
        assert steps < 100
    scrub.empty_log(store.engine)
    assert raw_pages.holds(tmp_path, database, STORE_KEY, WORD) == []
    with store.reading() as connection:
        assert not scrub.is_owed(connection)
        found = connection.exec_driver_sql(f"SELECT count(*) FROM {SEARCH_WORDS} WHERE words MATCH 'word77'")
        assert found.scalar_one() == 1, "what was not dropped is still found"
    store.close()
