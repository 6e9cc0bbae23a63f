"""Migrations without a stop: the program before goes on over expanded tables, and processes do not get in the way."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from judge_desk.domain.errors import NewerStore
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.hub.db import migrate
from judge_desk.hub.db.engine import open_engine
from judge_desk.protocol.operations import Outcome
from tests.contract.records import a_case, a_note
from tests.live_hub import LiveHub, fresh_database

VERSIONS = Path(migrate.__file__).parent / "migrations" / "versions"
TAKES_AWAY = {
    "drop_table",
    "drop_column",
    "drop_index",
    "drop_constraint",
    "alter_column",
    "rename_table",
    "batch_alter_table",
}


def faults(source: str) -> list[str]:
    """Why a script that says it only expands does more than that."""
    tree = ast.parse(source)
    said = {
        each.targets[0].id: ast.literal_eval(each.value)
        for each in tree.body
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name) and each.targets[0].id == "KIND"
    }
    if said.get("KIND") not in ("expand", "contract"):
        return ["says neither expand nor contract"]
    found: list[str] = []
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    if said["KIND"] == "contract":
        return [] if "oldest_program" in source else ["does not raise oldest_program"]
    for call in calls:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if name in TAKES_AWAY:
            found.append(name)
        if name == "add_column" and not _may_be_left_out(call):
            found.append("add_column that must be filled")
    return found


def _may_be_left_out(call: ast.Call) -> bool:
    """Whether a program that does not know the new column can still insert rows."""
    column = call.args[1]
    assert isinstance(column, ast.Call)
    given = {each.arg: each.value for each in column.keywords}
    nullable = given.get("nullable")
    return "server_default" in given or nullable is None or ast.literal_eval(nullable) is True


@pytest.mark.parametrize("path", sorted(VERSIONS.glob("v[0-9]*.py")), ids=lambda path: path.stem)
def test_a_script_does_what_it_says(path: Path) -> None:
    assert faults(path.read_text()) == []


@pytest.mark.parametrize(
    ("line", "is_fault"),
    [
        ("op.add_column('entity', sa.Column('x', sa.Text(), nullable=True))", False),
        ("op.add_column('entity', sa.Column('x', sa.Text(), nullable=False, server_default=''))", False),
        ("op.create_index('ix', 'entity', ['x'])", False),
        ("op.add_column('entity', sa.Column('x', sa.Text(), nullable=False))", True),
        ("op.drop_column('entity', 'body')", True),
        ("op.alter_column('entity', 'body', new_column_name='text')", True),
    ],
)
def test_the_rule_can_tell(line: str, is_fault: bool) -> None:
    assert bool(faults(f"KIND = 'expand'\ndef upgrade():\n    {line}\n")) == is_fault
    assert faults("def upgrade(): pass")
    assert faults("KIND = 'contract'\ndef upgrade(): pass")


def expand(engine: Engine) -> None:
    """What the next release's first migration may do, while this release's processes run."""
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE entity ADD COLUMN language VARCHAR(8)"))
        connection.execute(text("ALTER TABLE mutation ADD COLUMN took INTEGER DEFAULT 0 NOT NULL"))
        connection.execute(text("ALTER TABLE scope_grant ADD COLUMN given_by VARCHAR(80)"))
        connection.execute(
            text("CREATE TABLE later (court_id VARCHAR(80), id VARCHAR(80), PRIMARY KEY (court_id, id))")
        )
        connection.execute(text("CREATE INDEX ix_entity_language ON entity (court_id, language)"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))


def test_the_program_before_goes_on_over_expanded_tables(live_hub: LiveHub) -> None:
    live_hub.add_person("judge", Role.JUDGE)
    live_hub.put(("case:k1", Kind.CASE, "k1", a_case(secretary_id="")))
    desk = live_hub.desk("judge")
    assert desk.push_one("case:k1", Kind.NOTE, "n1", a_note()).outcome is Outcome.APPLIED
    expand(live_hub.engine)
    # The process that runs, with its prepared statements:
    assert desk.push_one("case:k1", Kind.NOTE, "n1", a_note(text="2"), 1).rev == 2
    assert desk.push_one("case:k1", Kind.NOTE, "n1", None, 2).rev == 3
    desk.upload("ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73", b"content", "case:k1")
    live_hub.registry.grant_many("court1", [("judge", "case:k2", Role.JUDGE)])
    assert desk.pull().ends
    # One of it that is started anew, and its migrate, which leaves the newer tables alone:
    migrate.check(live_hub.engine)
    assert migrate.migrate(live_hub.engine) == ("0002", "0002")
    live_hub.desk("judge").pull()


def test_contracted_tables_refuse_the_program_before(live_hub: LiveHub) -> None:
    expand(live_hub.engine)
    with live_hub.engine.begin() as connection:
        connection.execute(text("UPDATE hub_state SET oldest_program = '0002'"))
    with pytest.raises(NewerStore):
        migrate.check(live_hub.engine)
    with pytest.raises(NewerStore):
        migrate.migrate(live_hub.engine)


def test_ids_are_compared_byte_by_byte_whatever_the_language_of_the_server(empty_databases: list[str]) -> None:
    url = empty_databases[0]
    migrate_once(url)
    engine = open_engine(url)
    with engine.connect() as connection:
        columns = connection.execute(
            text(
                "SELECT collation_name, count(*) FROM information_schema.columns"
                " WHERE table_schema = 'public' AND character_maximum_length = 80 GROUP BY 1"
            )
        ).all()
    engine.dispose()
    ((collation, count),) = columns
    assert (collation, count > 40) == ("C", True)


@pytest.fixture
def empty_databases(tmp_path: Path, postgresql: str) -> Iterator[list[str]]:
    with fresh_database(postgresql) as url:
        engine = open_engine(url)
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
        yield [url, f"sqlite:///{tmp_path / 'hub.db'}"]


def migrate_once(url: str) -> tuple[str | None, str]:
    engine = open_engine(url)
    try:
        return migrate.migrate(engine)
    finally:
        engine.dispose()


def test_four_that_migrate_at_once_do_it_once(empty_databases: list[str]) -> None:
    newest = migrate.REVISIONS[-1]
    for url in empty_databases:
        with ThreadPoolExecutor(4) as pool:
            results = list(pool.map(migrate_once, [url] * 4))
        assert sorted(results, key=str) == sorted([(None, newest), *[(newest, newest)] * 3], key=str)


def test_all_that_open_a_new_file_at_once_get_it(tmp_path: Path) -> None:
    def opened(number: int) -> None:
        engine = open_engine(f"sqlite:///{tmp_path / f'{number}.db'}")
        try:
            with engine.connect():
                pass
        finally:
            engine.dispose()

    with ThreadPoolExecutor(8) as pool:  # eight after eight at the same file; of a hundred, five collided
        list(pool.map(opened, [number for number in range(100) for _ in range(8)]))


def test_two_that_serve_at_once_over_a_new_file_do_not_collide(tmp_path: Path) -> None:
    places = ["--database", f"sqlite:///{tmp_path / 'hub.db'}", "--blobs", str(tmp_path / "blobs"), "--json"]
    command = [sys.executable, "-m", "judge_desk.bootstrap.hub", "serve", "--listen", "127.0.0.1:0", *places]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        for each in started:
            assert each.stdout is not None
            assert json.loads(each.stdout.readline())["port"]
    finally:
        for each in started:
            each.terminate()
            assert each.communicate(timeout=30)[1] == ""
    assert [each.returncode for each in started] == [0, 0]
