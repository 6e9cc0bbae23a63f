"""A public code is one act's, also when two courts bring it in the same instant."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select, text

from judge_desk.domain.act_codes import new_code
from judge_desk.domain.documents import Document, DocumentKind
from judge_desk.hub import public_acts
from judge_desk.hub.db import engine as database
from judge_desk.hub.db import tables
from tests.factories import a_document
from tests.live_hub import LiveHub

WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


def an_act(content: bytes, code: str) -> Document:
    return a_document("k1", content, kind=DocumentKind.ACT, code=code, filed_by="judge")


def test_of_two_that_bring_one_code_at_once_one_has_it(postgresql_hub: LiveHub) -> None:
    engine, code = postgresql_hub.engine, new_code()
    with engine.connect() as first, ThreadPoolExecutor(1) as pool:
        public_acts.keep(first, "court1", "case:k1", [an_act(b"first", code)])
        other = [an_act(b"second", code)]
        second = pool.submit(
            database.write, engine, lambda connection: public_acts.keep(connection, "court2", "case:k1", other)
        )
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watch:
            while not second.done() and not watch.scalar(WAITING):
                pass
        first.commit()
        second.result()
    with engine.connect() as connection:
        assert connection.scalars(select(tables.act_file.c.court_id)).all() == ["court1"]
        assert public_acts.is_code(connection, code)
