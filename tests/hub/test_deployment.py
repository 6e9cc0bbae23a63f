"""The DDL of the help page `deployment` does what it says, and the hub's statements stay within one court's part."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub import upkeep
from judge_desk.hub.db import chain, migrate, tables
from judge_desk.hub.db.engine import open_engine
from judge_desk.protocol import http
from judge_desk.protocol.operations import Outcome
from judge_desk.runtime.clock import SystemClock
from judge_desk.runtime.paths import resource
from tests.contract.records import a_case, a_note
from tests.contract.test_push import a_document, a_hearing
from tests.live_hub import LiveHub, fresh_database, good, hub_over

PAGES = {language: resource(f"help/deployment.{language}.md").read_text("utf-8") for language in ("en", "kk", "ru")}
SHARDED = {table.name for table in tables.metadata.sorted_tables} - tables.EVERYWHERE
BY_ID_ALONE = re.compile(r"FROM device\s+WHERE device\.id = ")
"""Opening a session: the one question that is asked before the court is known."""


def script(language: str, name: str) -> str:
    """The SQL of the page that begins with ``-- name``."""
    [found] = [
        each for each in re.findall(r"```sql\n(.*?)```", PAGES[language], re.S) if each.startswith(f"-- {name}\n")
    ]
    return str(found)


@pytest.mark.parametrize("name", ["partitions", "citus"])
def test_the_page_says_the_same_in_every_language(name: str) -> None:
    assert script("kk", name) == script("ru", name) == script("en", name)
    for page in PAGES.values():
        for table in tables.EVERYWHERE:
            assert f"`{table}`" in page


def test_every_key_of_a_courts_rows_begins_with_the_court() -> None:
    for table in tables.metadata.sorted_tables:
        if table.name in tables.EVERYWHERE:
            continue
        assert next(iter(table.primary_key.columns)).name == "court_id", table.name
        for constraint in table.constraints:
            columns = getattr(constraint, "columns", ())
            if type(constraint).__name__ == "UniqueConstraint":
                assert "court_id" in {each.name for each in columns}, table.name


@pytest.fixture
def empty(postgresql: str) -> Iterator[Engine]:
    """A database with the hub's tables and nothing in them."""
    with fresh_database(postgresql) as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def partitioned(empty: Engine, tmp_path: Path) -> Iterator[LiveHub]:
    with empty.begin() as connection:
        connection.exec_driver_sql(script("en", "partitions").replace("%", "%%"))
    with hub_over(empty.url.render_as_string(hide_password=False), tmp_path) as hub:
        yield hub


def test_the_partitions_hold_every_table_of_a_court_and_nothing_is_lost_of_the_rest(partitioned: LiveHub) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with partitioned.engine.connect() as connection:
        found = set(connection.scalars(text("SELECT relname FROM pg_class WHERE relkind = 'p'")))
        parts = connection.scalar(
            text("SELECT count(*) FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE relkind = 'r'")
        )
        assert found == SHARDED
        assert parts == 16 * len(SHARDED)
        context = MigrationContext.configure(connection, opts={"include_name": _is_ours})
        assert compare_metadata(context, tables.metadata) == []
    migrate.check(partitioned.engine)


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    return kind != "table" or re.search(r"_p\d+$", name or "") is None


def test_what_must_not_change_still_does_not(partitioned: LiveHub) -> None:
    for table in ("audit", "revision"):
        with partitioned.engine.connect() as connection:
            names = set(connection.scalars(text(f"SELECT tgname FROM pg_trigger WHERE tgrelid = '{table}'::regclass")))
        assert names, table
    with pytest.raises(Exception, match="append only"), partitioned.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit"))


class Seen:
    """The statements of a block with their values, as the driver got them."""

    def __init__(self) -> None:
        self.statements: list[tuple[str, Any]] = []

    def note(self, _connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        first = values[0] if isinstance(values, list) and values else values
        self.statements.append((statement, first))


@contextmanager
def seen_by(engine: Engine) -> Iterator[Seen]:
    seen = Seen()
    event.listen(engine, "before_cursor_execute", seen.note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", seen.note)


def a_day(hub: LiveHub) -> None:
    """Every call of a desk, with most kinds of writes in it."""
    hub.add_person("judge", Role.JUDGE)
    hub.add_person("board", Role.COMMISSION)
    for n in range(6):
        hub.put((f"case:k{n}", Kind.CASE, f"k{n}", a_case(f"k{n}", secretary_id="")))
    hub.registry.grant_many("court1", [("board", "dossier:judge", Role.COMMISSION)])
    desk = hub.desk("judge")
    desk.pull()
    content = b"%PDF-1.7"
    document = a_document(content, case_id="k1")
    desk.upload(document.sha256, content, "case:k1")
    operations = [desk.operation(f"case:k{n}", Kind.NOTE, f"n{n}", a_note(f"n{n}", case_id=f"k{n}")) for n in range(6)]
    operations.append(desk.operation("case:k1", Kind.HEARING, "h1", a_hearing("h1", case_id="k1")))
    assert {each.outcome for each in desk.push(*operations)} == {Outcome.APPLIED}
    assert desk.push_one("case:k1", Kind.NOTE, "n1", a_note("n1", text="2", case_id="k1"), 1).rev == 2
    assert desk.push_one("case:k1", Kind.NOTE, "n1", None, 2).rev == 3
    desk.push(*operations[:2])
    desk.pull()
    desk.pull(limit=3)
    good(desk.http.get(http.blob_path(document.sha256)))
    good(desk.http.post(http.LOST, json={"mids": [1, 2, 99]}))
    hub.desk("board").pull()
    hub.registry.withdraw_many("court1", [("judge", "case:k5")])
    desk.pull()


def test_a_day_over_partitions_reads_one_part_of_each_table(partitioned: LiveHub) -> None:
    with seen_by(partitioned.engine) as seen:
        a_day(partitioned)
    with partitioned.engine.connect() as connection:
        assert list(chain.faults(connection)) == []
    with partitioned.engine.connect() as connection:
        read = {table: parts_of(connection, seen, table) for table in SHARDED}
    assert all(number <= 1 for number in read.values()), read
    # Those that a pull and a push stand on were truly looked at.
    for table in ("entity", "scope", "scope_grant", "mutation", "device", "blob_ref"):
        assert read[table] == 1, table


def parts_of(connection: Connection, seen: Seen, table: str) -> int:
    """The most parts of a table that one statement's plan may read or write."""
    most = 0
    for statement, values in dict.fromkeys((each, json.dumps(value, default=str)) for each, value in seen.statements):
        if not re.match(r"\s*(SELECT|UPDATE|DELETE|WITH)", statement) or BY_ID_ALONE.search(statement):
            continue
        if not re.search(rf"\b{table}\b", statement):
            continue
        real = next(
            value for each, value in seen.statements if each == statement and json.dumps(value, default=str) == values
        )
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", real).scalar()
        found = set(re.findall(rf'"Relation Name": "({table}_p\d+)"', json.dumps(plan)))
        most = max(most, len(found))
    return most


def test_upkeep_works_over_partitions(partitioned: LiveHub) -> None:
    a_day(partitioned)
    later = SystemClock().now() + upkeep.TOMBSTONES + upkeep.UPLOADS
    assert upkeep.clear(partitioned.engine, partitioned.blobs, later).tombstones == 1


CITUS = """
CREATE SCHEMA stands_in;
CREATE TABLE stands_in.made (name text PRIMARY KEY, how text);
CREATE FUNCTION create_reference_table(name regclass) RETURNS void LANGUAGE sql AS
    $$ INSERT INTO stands_in.made VALUES (name::text, 'everywhere') $$;
CREATE FUNCTION create_distributed_table(
    name regclass, col text, distribution_type text DEFAULT 'hash', colocate_with text DEFAULT 'default',
    shard_count int DEFAULT 32
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_index AS i WHERE i.indrelid = name AND i.indisunique AND NOT EXISTS (
            SELECT FROM pg_attribute AS a WHERE a.attrelid = name AND a.attname = col AND a.attnum = ANY (i.indkey)
        )
    ) THEN RAISE EXCEPTION 'cannot create constraint on "%": it must include the distribution column', name; END IF;
    IF colocate_with <> 'default' AND NOT EXISTS (SELECT FROM stands_in.made AS m WHERE m.name = colocate_with)
    THEN RAISE EXCEPTION 'relation % is not distributed', colocate_with; END IF;
    INSERT INTO stands_in.made VALUES (name::text, colocate_with);
END $$;
"""
"""What Citus checks first of all, for a server without Citus: unique keys must hold the column that it shards by."""


def test_the_calls_for_citus_name_every_table_once(empty: Engine) -> None:
    with empty.begin() as connection:
        page = script("en", "citus")
        has_citus = connection.scalar(text("SELECT count(*) FROM pg_available_extensions WHERE name = 'citus'"))
        if not has_citus:
            connection.exec_driver_sql(CITUS.replace("%", "%%"))
            page = page.replace("CREATE EXTENSION IF NOT EXISTS citus;\n", "")
        connection.exec_driver_sql(page.replace("%", "%%"))
        if has_citus:
            rows = connection.execute(text("SELECT table_name::text, citus_table_type FROM citus_tables")).all()
            made = {name: kind == "reference" for name, kind in rows}
        else:
            rows = connection.execute(text("SELECT name, how FROM stands_in.made")).all()
            made = {name: how == "everywhere" for name, how in rows}
            assert {how for name, how in rows if name in SHARDED} == {"court", "default"}
    assert {name for name, everywhere in made.items() if everywhere} == tables.EVERYWHERE
    assert {name for name, everywhere in made.items() if not everywhere} == SHARDED
