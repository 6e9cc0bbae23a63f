"""The hub's command line as IT staff and scripts use it: exit codes, JSON, secrets never as arguments."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import create_engine, text

from judge_desk.domain.errors import NewerStore
from judge_desk.hub import admin
from judge_desk.hub.db import migrate
from judge_desk.hub.db.engine import open_engine
from judge_desk.protocol import http
from tests.live_hub import PASSWORD, LiveHub, fresh_database, good, refused

VERSIONS = Path(migrate.__file__).parent / "migrations" / "versions"


@pytest.fixture
def places(tmp_path: Path) -> list[str]:
    return ["--database", f"sqlite:///{tmp_path / 'hub.db'}", "--blobs", str(tmp_path / "blobs"), "--json"]


def add_court(places: list[str]) -> int:
    names = ["--name-kk", "Сот", "--name-ru", "Суд", "--name-en", "Court"]
    return admin.main(["add-court", "--court", "court1", "--code", "7101", *names, *places])


def add_user(places: list[str], password: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv(admin.PASSWORD_VARIABLE, password)
    person = ["--court", "court1", "--user", "u1", "--person", "p1", "--name", "Ахметова А. Б.", "--role", "judge"]
    return admin.main(["add-user", *person, *places])


def test_a_court_from_nothing_to_served(places: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert admin.main(["migrate", *places]) == 0
    assert add_court(places) == 0
    assert add_user(places, PASSWORD, monkeypatch) == 0
    assert admin.main(["rotate-keys", *places]) == 0
    assert admin.main(["verify-audit", *places]) == 0
    command = [sys.executable, "-m", "judge_desk.bootstrap.hub", "serve", "--listen", "127.0.0.1:0", *places]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        url = json.loads(running.stdout.readline())["url"]
        try:
            assert good(httpx2.get(f"{url}{http.HEALTH}", trust_env=False)).json() == {"ok": True}
        finally:
            running.send_signal(signal.SIGTERM)
        assert running.wait(30) in (0, -signal.SIGTERM)
        assert running.stderr is not None
        assert running.stderr.read() == ""


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_new_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "hub.db"
    assert admin.main(["migrate", "--database", f"sqlite:///{file}"]) == 0
    assert [each.name for each in tmp_path.iterdir() if each.stat().st_mode & 0o077] == []


def test_the_first_migration_says_what_it_did(places: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert admin.main(["migrate", *places]) == 0
    assert admin.main(["migrate", *places]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    newest = migrate.REVISIONS[-1]
    assert (first, second) == ({"before": None, "after": newest}, {"before": newest, "after": newest})


def test_bad_input_is_two(
    places: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add_user(places, PASSWORD, monkeypatch) == 2
    add_court(places)
    assert add_user(places, "short", monkeypatch) == 2
    assert admin.main(["revoke-device", "none", *places]) == 2
    assert admin.main(["migrate", "--database", "mysql://x"]) == 2
    assert admin.main(["serve", "--listen", "nowhere", *places]) == 2
    assert "hub." not in capsys.readouterr().err


def test_an_unknown_command_is_two(places: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        admin.main(["fly", *places])
    assert left.value.code == 2


def test_a_database_out_of_reach_is_three(capsys: pytest.CaptureFixture[str]) -> None:
    assert admin.main(["--lang", "ru", "migrate", "--database", "postgresql://x@127.0.0.1:1/x"]) == 3
    assert "База данных" in capsys.readouterr().err


def test_a_broken_audit_is_one(places: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    add_court(places)
    engine = create_engine(places[1])
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_no_delete"))
        connection.execute(text("DELETE FROM audit"))
    engine.dispose()
    capsys.readouterr()
    assert admin.main(["verify-audit", *places]) == 1
    assert json.loads(capsys.readouterr().out)["faults"][0]["chain"] == "court:court1"


def test_a_revoked_device_and_a_new_password_take_effect_at_once(
    sqlite_hub: LiveHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = ["--database", sqlite_hub.database_url]
    assert add_user(places, PASSWORD, monkeypatch) == 0
    desk = sqlite_hub.stranger()
    desk.enrol("u1")
    assert admin.main(["rotate-keys", *places]) == 0
    good(desk.ask_pull())
    assert admin.main(["revoke-device", desk.device_id, *places]) == 0
    assert refused(desk.ask_pull()) == (403, "device_revoked")
    assert add_user(places, "another password", monkeypatch) == 0
    sqlite_hub.stranger().enrol("u1", "another password")


def test_the_revisions_are_those_of_the_scripts() -> None:
    assert tuple(sorted(path.name[1:5] for path in VERSIONS.glob("v[0-9]*.py"))) == migrate.REVISIONS


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_the_scripts_make_the_tables_of_the_code(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from judge_desk.hub.db.tables import metadata

    def differences(url: str) -> list[object]:
        engine = open_engine(url)
        migrate.migrate(engine)
        with engine.connect() as connection:
            found = list(compare_metadata(MigrationContext.configure(connection), metadata))
        engine.dispose()
        return found

    if backend == "sqlite":
        assert differences(f"sqlite:///{tmp_path / 'hub.db'}") == []
        return
    with fresh_database(request.getfixturevalue("postgresql")) as url:
        assert differences(url) == []


@pytest.mark.parametrize("command", ["migrate", "rotate-keys", "serve"])
def test_a_newer_database_is_refused_and_not_touched(
    places: list[str], tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    add_court(places)
    engine = open_engine(places[1])
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("UPDATE hub_state SET oldest_program = '9998'"))
    with pytest.raises(NewerStore):
        migrate.check(engine)
    engine.dispose()
    before = (tmp_path / "hub.db").read_bytes()
    assert admin.main([command, *places]) == 3
    assert (tmp_path / "hub.db").read_bytes() == before
    assert "9999" in capsys.readouterr().err
