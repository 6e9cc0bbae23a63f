"""What courts install, built for real: the wheel in a new environment and the .deb unpacked pass the self-test, with
nothing of this machine in their environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from judge_desk.bootstrap.system_packages import has_apt

ROOT = Path(__file__).resolve().parents[2]
BUILD_SECONDS = 900
STEPS = ("store", "sync", "search", "render", "window")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not has_apt(), reason="a .deb is made on Debian and its relatives"),
]


@dataclass(frozen=True)
class Installed:
    """The package unpacked, and the environment with the wheel that it was made from."""

    package: Path
    root: Path
    wheel: Path


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("installer")
    # The environment of locked packages stays in build/, so that the next run needs neither network nor minutes.
    command = [sys.executable, str(ROOT / "build_installer.py"), "--target", "deb", "--out", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=BUILD_SECONDS, check=False)
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    (package,) = folder.glob("judge-desk_*.deb")
    subprocess.run(["dpkg-deb", "--extract", str(package), str(folder / "root")], check=True)
    return Installed(package, folder / "root", ROOT / "build" / "venv")


def run(command: list[str], home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A program with nothing in its environment but a home and a path."""
    clean = {"HOME": str(home), "PATH": os.defpath, "JUDGE_DESK_LANGUAGE": "en", **variables}
    return subprocess.run(
        command, env=clean, cwd=home, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False
    )


@pytest.mark.parametrize("way", ["deb", "wheel"])
def test_the_self_test_passes(installed: Installed, tmp_path: Path, way: str) -> None:
    program = installed.root / "usr/bin/judge-desk" if way == "deb" else installed.wheel / "bin/judge-desk"
    done = run([str(program), "--selftest"], tmp_path)
    assert done.returncode == 0, done.stderr
    said = [line.partition(":")[0] for line in done.stderr.splitlines() if ": ok" in line]
    assert tuple(said) == STEPS


def test_hub_and_desk_work_together(installed: Installed, tmp_path: Path) -> None:
    hub = str(installed.root / "usr/bin/judge-desk-hub")
    places = ["--database", f"sqlite:///{tmp_path / 'hub.db'}", "--blobs", str(tmp_path / "blobs")]
    seeded = run([hub, "seed", "--cases", "3", "--documents", "2", "--seed", "1", *places, "--json"], tmp_path)
    assert seeded.returncode == 0, seeded.stderr
    assert run([hub, "verify-audit", *places, "--json"], tmp_path).returncode == 0
    checked = run([str(installed.root / "usr/bin/judge-desk"), "doctor", "--json"], tmp_path)
    checks = {each["id"]: each["ok"] for each in json.loads(checked.stdout)["checks"]}
    assert (checks["texts"], checks["zone"], checks["enrolled"]) == (True, True, False)


def test_a_ruling_is_made_from_a_template(installed: Installed, tmp_path: Path) -> None:
    desk = str(installed.root / "usr/bin/judge-desk")
    listed = json.loads(run([desk, "ruling", "new", "--list", "--json"], tmp_path).stdout)["templates"]
    act = tmp_path / "act.json"
    assert run([desk, "ruling", "new", "--template", listed[0]["id"], "--out", str(act)], tmp_path).returncode == 0
    for kind, start in (("pdf", b"%PDF-1.7"), ("txt", b"")):
        out = act.with_suffix(f".{kind}")
        done = run([desk, "ruling", "render", str(act), "--out", str(out)], tmp_path)
        assert done.returncode == 0, done.stderr
        assert out.read_bytes().startswith(start)


def test_dpkg_can_verify_what_it_installed(installed: Installed, tmp_path: Path) -> None:
    subprocess.run(["dpkg-deb", "--control", str(installed.package), str(tmp_path / "control")], check=True)
    sums = tmp_path / "control/md5sums"
    done = subprocess.run(["md5sum", "--quiet", "--check", str(sums)], cwd=installed.root, check=False)
    assert done.returncode == 0


def test_only_the_qt_that_is_used_is_there(installed: Installed) -> None:
    names = {path.name for path in installed.root.rglob("*") if "PySide6" in path.parts}
    assert {"libQt6Widgets.so.6", "libqxcb.so", "libqwayland.so", "qtbase_kk.qm"} <= names
    assert not [name for name in names if any(word in name for word in ("Qml", "Quick", "WebEngine", "Pdf", "Sql"))]
