"""The steps of build_installer.py that decide something."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import build_installer
from judge_desk.bootstrap.setup import environment_python
from judge_desk.bootstrap.system_packages import SetupError

ROOT = Path(__file__).resolve().parents[4]


def test_the_date_is_the_one_that_was_told_or_the_last_commits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    assert build_installer.source_date() == 1_767_225_600
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert build_installer.source_date() > 1_700_000_000


def test_a_build_that_cannot_be_ends_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise SetupError("readelf is needed.")

    monkeypatch.setattr(build_installer, "build", fail)
    assert build_installer.main(["--target", "folder"]) == 3
    assert capsys.readouterr().err == "build_installer: readelf is needed.\n"


def test_the_environment_is_made_once_for_the_same_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[list[str]] = []

    def run(command: list[str], complaint: str, **_: str) -> None:
        made.append(command)
        (tmp_path / "venv").mkdir(exist_ok=True)

    monkeypatch.setattr(build_installer, "run", run)
    for _ in range(2):
        assert build_installer.environment(tmp_path / "venv") == environment_python(tmp_path / "venv")
    assert [command[1:3] for command in made] == [["-m", "venv"], ["-m", "pip"]]
    assert {"--require-hashes", "--only-binary"} <= set(made[1])
    assert [Path(word).name for word in made[1] if word.endswith(".txt")] == ["desktop.txt", "hub.txt", "installer.txt"]
    monkeypatch.setattr(sys, "version", "another Python")
    build_installer.environment(tmp_path / "venv")
    assert len(made) == 4


def test_a_missing_program_is_named() -> None:
    with pytest.raises(SetupError, match="strip failed"):
        build_installer.run(["no-such-program-of-ours"], "strip failed")


def test_a_program_that_fails_its_self_test_is_not_packed(tmp_path: Path) -> None:
    for name, code in (("judge-desk", 1), ("judge-desk-hub", 0)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {code}\n")
        (tmp_path / name).chmod(0o755)
    if sys.platform == "win32":
        pytest.skip("a shell script is no program there")
    with pytest.raises(SetupError, match="failed its self-test"):
        build_installer.self_test(tmp_path)
    (tmp_path / "judge-desk").write_text("#!/bin/sh\nexit 0\n")
    build_installer.self_test(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="signs with a shell command")
def test_only_packages_are_handed_to_the_signer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "desk.deb").write_text("")
    monkeypatch.setenv("SIGN_COMMAND", "cp -t '{}'".format(tmp_path / "signed here"))
    (tmp_path / "signed here").mkdir()
    build_installer.sign(tmp_path / "desk.deb")
    build_installer.sign(tmp_path)
    assert [path.name for path in (tmp_path / "signed here").iterdir()] == ["desk.deb"]
