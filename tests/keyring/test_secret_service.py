"""The vault against a real Secret Service, in each state in which a judge's desktop may leave it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.keyring.conftest import VAULT_PROGRAM, Desktop

pytestmark = pytest.mark.keyring

PASSWORD = "password of the desktop"


def vault(desktop: Desktop, profile: Path, *calls: tuple[str, ...]) -> list[Any]:
    """What a vault answers to the calls, from a process of its own; an error as its key behind "! "."""
    answers: list[Any] = json.loads(desktop.run(VAULT_PROGRAM, str(profile), stdin=json.dumps(calls)))
    return answers


def test_the_secret_is_in_the_keyring_and_outlives_program_and_daemon(desktop: Desktop, tmp_path: Path) -> None:
    desktop.start_keyring(PASSWORD)
    made, place = vault(desktop, tmp_path, ("make_device_secret",), ("place",))
    assert place == "keyring"
    assert len(bytes.fromhex(made)) == 32
    assert vault(desktop, tmp_path, ("device_secret",)) == [made]
    desktop.stop_keyring()
    desktop.start_keyring(PASSWORD)
    assert vault(desktop, tmp_path, ("device_secret",)) == [made]


def test_nothing_of_it_lies_in_the_profile_or_in_clear(desktop: Desktop, tmp_path: Path) -> None:
    desktop.start_keyring(PASSWORD)
    (made, _) = vault(desktop, tmp_path, ("make_device_secret",), ("put", "refresh", "marker-7140-refresh"))
    assert [path.name for path in tmp_path.iterdir()] == ["vault.json"]
    desktop.stop_keyring()
    stored = [path.read_bytes() for path in (desktop.home / "data").rglob("*.keyring")]
    assert stored
    for content in stored:
        assert b"marker-7140-refresh" not in content
        assert bytes.fromhex(made) not in content


def test_other_secrets_come_and_go(desktop: Desktop, tmp_path: Path) -> None:
    desktop.start_keyring(PASSWORD)
    calls = [("make_device_secret",), ("get", "refresh"), ("put", "refresh", "ә" * 1280), ("get", "refresh")]
    assert vault(desktop, tmp_path, *calls)[1:] == [None, None, "ә" * 1280]
    assert vault(desktop, tmp_path, ("drop", "refresh"), ("get", "refresh"), ("drop", "refresh")) == [None, None, None]
    assert vault(desktop, tmp_path, ("destroy",), ("device_secret",)) == [None, "! security.device_secret.missing"]


def test_two_profiles_of_one_user_do_not_meet(desktop: Desktop, tmp_path: Path) -> None:
    desktop.start_keyring(PASSWORD)
    secrets = [vault(desktop, tmp_path / name, ("make_device_secret",))[0] for name in ("a", "b")]
    assert secrets[0] != secrets[1]
    assert [vault(desktop, tmp_path / name, ("device_secret",))[0] for name in ("a", "b")] == secrets
    vault(desktop, tmp_path / "a", ("destroy",))
    assert vault(desktop, tmp_path / "b", ("device_secret",)) == [secrets[1]]


def test_without_a_keyring_the_file_serves(desktop: Desktop, tmp_path: Path) -> None:
    made, place = vault(desktop, tmp_path, ("make_device_secret",), ("place",))
    assert place == "file"
    assert vault(desktop, tmp_path, ("device_secret",)) == [made]
    desktop.environment.pop("DBUS_SESSION_BUS_ADDRESS")
    assert vault(desktop, tmp_path / "no-bus", ("make_device_secret",), ("place",))[1] == "file"


def test_a_keyring_that_is_away_later_is_named(desktop: Desktop, tmp_path: Path) -> None:
    desktop.start_keyring(PASSWORD)
    vault(desktop, tmp_path, ("make_device_secret",))
    desktop.stop_keyring()
    assert vault(desktop, tmp_path, ("device_secret",)) == ["! security.keyring.gone"]


def test_a_keyring_that_was_never_unlocked_is_named_and_nothing_is_made(desktop: Desktop, tmp_path: Path) -> None:
    desktop.start_keyring(None)
    assert vault(desktop, tmp_path, ("make_device_secret",)) == ["! security.keyring.dismissed"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("password", [None, "another password"])
def test_a_locked_keyring_is_named_and_opens_later(desktop: Desktop, tmp_path: Path, password: str | None) -> None:
    desktop.start_keyring(PASSWORD)
    (made,) = vault(desktop, tmp_path, ("make_device_secret",))
    desktop.stop_keyring()
    desktop.start_keyring(password)
    assert vault(desktop, tmp_path, ("device_secret",)) == ["! security.keyring.locked"]
    desktop.stop_keyring()
    desktop.start_keyring(PASSWORD)
    assert vault(desktop, tmp_path, ("device_secret",)) == [made]


def test_a_daemon_that_dies_while_the_vault_is_open_is_named(desktop: Desktop, tmp_path: Path) -> None:
    desktop.start_keyring(PASSWORD)
    assert desktop.daemon is not None
    code = (
        "import os, signal, sys\nfrom pathlib import Path\n"
        "from judge_desk.domain.errors import KeyringProblem\nfrom judge_desk.security.vault import Vault\n"
        "vault = Vault(Path(sys.argv[1])); vault.make_device_secret()\n"
        "os.kill(int(sys.argv[2]), signal.SIGKILL)\n"
        "try:\n    while True:\n        vault.device_secret()\n"
        "except KeyringProblem as fault:\n    print(fault.key)\n"
    )
    said = desktop.run(code, str(tmp_path), str(desktop.daemon.pid))
    assert said.strip().startswith("security.keyring.")


def test_a_secret_of_another_desktop_does_not_open_this_one(new_desktop: Any, tmp_path: Path) -> None:
    first, second = new_desktop(), new_desktop()
    for desktop in (first, second):
        desktop.start_keyring(PASSWORD)
    vault(first, tmp_path, ("make_device_secret",))
    assert vault(second, tmp_path, ("device_secret",)) == ["! security.device_secret.missing"]
