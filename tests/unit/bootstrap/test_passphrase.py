"""Changing the passphrase from the command line: the new one opens, the old one no longer does."""

from __future__ import annotations

from pathlib import Path

import pytest

from judge_desk.bootstrap import cli
from judge_desk.domain.errors import WrongPassphrase
from judge_desk.runtime.clock import SystemClock
from judge_desk.security.session import SignIn
from judge_desk.security.vault import Vault
from judge_desk.sync.roads import is_private


def test_the_new_passphrase_opens_and_the_old_one_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SignIn(tmp_path, SystemClock(), vault=Vault(tmp_path, use_keyring=False)).create("бірінші сөйлем")
    monkeypatch.setenv("JUDGE_DESK_PASSPHRASE", "бірінші сөйлем")
    monkeypatch.setenv("JUDGE_DESK_NEW_PASSPHRASE", "екінші сөйлем")
    assert cli.main(["passphrase", "--profile", str(tmp_path)]) == 0
    with pytest.raises(WrongPassphrase):
        SignIn(tmp_path, SystemClock()).unlock("бірінші сөйлем")
    SignIn(tmp_path, SystemClock()).unlock("екінші сөйлем")


def test_a_wrong_passphrase_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SignIn(tmp_path, SystemClock(), vault=Vault(tmp_path, use_keyring=False)).create("бірінші сөйлем")
    monkeypatch.setenv("JUDGE_DESK_PASSPHRASE", "басқа сөйлем")
    monkeypatch.setenv("JUDGE_DESK_NEW_PASSPHRASE", "екінші сөйлем")
    assert cli.main(["passphrase", "--profile", str(tmp_path)]) == 3
    SignIn(tmp_path, SystemClock()).unlock("бірінші сөйлем")


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("https://hub.sud.kz", True),
        ("http://127.0.0.1:8443", True),
        ("http://localhost", True),
        ("http://[::1]:80", True),
        ("http://hub.sud.kz", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://10.0.0.5:8443", False),
    ],
)
def test_clear_text_goes_nowhere_but_to_this_machine(url: str, *, private: bool) -> None:
    assert is_private(url) is private
