"""What apt is asked for, worked out of what dpkg and apt say."""

import subprocess
import sys

import pytest

from judge_desk.bootstrap import system_packages
from judge_desk.bootstrap.system_packages import SetupError, choose, missing, parse_installed, parse_offered

OK = "install ok installed"
LISTING = f"libegl1:amd64\t{OK}\nxvfb\tdeinstall ok config-files\nlibglib2.0-0t64:amd64\t{OK}\n"
POLICY = """libcups2:
  Installed: (none)
  Candidate: (none)
libcups2t64:
  Installed: (none)
  Candidate: 2.4.7
"""


def test_only_what_is_fully_installed_counts() -> None:
    assert parse_installed(LISTING) == {"libegl1", "libglib2.0-0t64"}


def test_any_name_of_a_need_satisfies_it() -> None:
    needs = (("libglib2.0-0t64", "libglib2.0-0"), ("xvfb",))
    assert missing(needs, parse_installed(LISTING)) == [("xvfb",)]


def test_the_name_that_this_release_offers_is_chosen() -> None:
    offered = parse_offered(POLICY)
    assert choose(("libcups2t64", "libcups2"), offered) == "libcups2t64"
    assert choose(("libnew", "libold"), offered) == "libold"


def test_without_a_right_to_apt_there_is_one_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "has_apt", lambda: True)
    monkeypatch.setattr(system_packages, "installed_packages", lambda: {"libegl1"})
    monkeypatch.setattr(system_packages, "apt_prefix", lambda: None)
    answer = subprocess.CompletedProcess(["apt-cache"], 0, stdout=POLICY, stderr="")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: answer)
    with pytest.raises(SetupError, match="sudo apt-get install xvfb libcups2t64 ") as caught:
        system_packages.ensure([("libegl1",), ("xvfb",), ("libcups2t64", "libcups2")])
    assert "\n" not in str(caught.value)


def test_apt_is_asked_once_for_all_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def answer(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 0, stdout=POLICY, stderr="")

    monkeypatch.setattr(system_packages, "has_apt", lambda: True)
    monkeypatch.setattr(system_packages, "installed_packages", set)
    monkeypatch.setattr(system_packages, "apt_prefix", lambda: ["sudo", "-n"])
    monkeypatch.setattr(subprocess, "run", answer)
    assert system_packages.ensure([("libcups2t64", "libcups2"), ("xvfb",)]) == ["libcups2t64", "xvfb"]
    as_root = [command for command in asked if command[0] == "sudo"]
    assert [command[:4] for command in as_root] == [["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"]] * 2
    assert [command[command.index("apt-get") + 1] for command in as_root] == ["update", "install"]
    assert asked[-1][-2:] == ["libcups2t64", "xvfb"]


def test_a_failed_apt_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 100)

    monkeypatch.setattr(system_packages, "has_apt", lambda: True)
    monkeypatch.setattr(system_packages, "installed_packages", set)
    monkeypatch.setattr(system_packages, "apt_prefix", list)
    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(SetupError, match=r"Type: env .* apt-get update"):
        system_packages.ensure([("xvfb",)])


def test_elsewhere_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "has_apt", lambda: False)
    assert system_packages.ensure(system_packages.WINDOW) == []


@pytest.mark.parametrize(("prefix", "expected"), [("/usr", True), ("/srv/python", False), ("C:\\Python", False)])
def test_only_the_system_python_needs_its_library_from_apt(
    monkeypatch: pytest.MonkeyPatch, prefix: str, *, expected: bool
) -> None:
    monkeypatch.setattr(sys, "base_prefix", prefix)
    needs = system_packages.python_library_needs()
    assert bool(needs) is expected
    assert all(name.startswith("libpython3.") for need in needs for name in need)


def test_the_browser_is_no_door_to_a_snap() -> None:
    """Ubuntu's chromium and firefox only call snap, which needs a running systemd and its store."""
    names = {name for need in (*system_packages.WINDOW, *system_packages.TESTS) for name in need}
    assert not {name for name in names if name.startswith(("chromium", "firefox", "thunderbird"))}
