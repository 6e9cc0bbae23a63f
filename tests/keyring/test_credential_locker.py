"""The vault against the Credential Locker of Windows, which keeps its own for the person who is signed in."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.keyring.conftest import VAULT_PROGRAM

pytestmark = [
    pytest.mark.keyring,
    pytest.mark.skipif(sys.platform != "win32", reason="the keyring of Windows; test_secret_service.py is Linux's"),
]


def vault(profile: Path, *calls: tuple[str, ...]) -> list[Any]:
    """What a vault answers to the calls, from a process of its own; an error as its key behind "! "."""
    command = [sys.executable, "-X", "utf8", "-c", VAULT_PROGRAM, str(profile)]
    done = subprocess.run(
        command, input=json.dumps(calls), capture_output=True, text=True, encoding="utf-8", check=True
    )
    answers: list[Any] = json.loads(done.stdout)
    return answers


def test_the_secret_is_in_the_locker_and_outlives_the_program(tmp_path: Path) -> None:
    made, place = vault(tmp_path, ("make_device_secret",), ("place",))
    assert place == "keyring"
    assert len(bytes.fromhex(made)) == 32
    assert vault(tmp_path, ("device_secret",)) == [made]
    assert [path.name for path in tmp_path.iterdir()] == ["vault.json"]
    assert vault(tmp_path, ("destroy",), ("device_secret",)) == [None, "! security.device_secret.missing"]


def test_other_secrets_come_and_go(tmp_path: Path) -> None:
    calls = [("make_device_secret",), ("get", "refresh"), ("put", "refresh", "ә" * 1280), ("get", "refresh")]
    assert vault(tmp_path, *calls)[1:] == [None, None, "ә" * 1280]
    assert vault(tmp_path, ("drop", "refresh"), ("get", "refresh"), ("destroy",)) == [None, None, None]


def test_two_profiles_of_one_person_do_not_meet(tmp_path: Path) -> None:
    secrets = [vault(tmp_path / name, ("make_device_secret",))[0] for name in ("a", "b")]
    assert secrets[0] != secrets[1]
    for name in ("a", "b"):
        vault(tmp_path / name, ("destroy",))
