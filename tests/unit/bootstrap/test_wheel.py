"""A wheel carries what is not code, catalogs compiled, and speaks without its source tree."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SPEAK = "from judge_desk.i18n import Translator; print(Translator('kk', strict=True)('word.act.ruling'))"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, built and unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_resources_lie_inside_the_package(unpacked: Path) -> None:
    resources = unpacked / "judge_desk" / "_resources"
    missing = [
        name
        for name in ("glossary.toml", "i18n/kk.mo", "i18n/ru.mo", "i18n/en.mo", "fonts", "rules")
        if not (resources / name).exists()
    ]
    assert missing == []


def test_it_speaks_without_its_source_tree(unpacked: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(unpacked), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", SPEAK], cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.stdout.strip() == "ұйғарым", done.stderr


def test_both_commands_are_there(unpacked: Path) -> None:
    (entries,) = unpacked.glob("judge_desk-*.dist-info/entry_points.txt")
    text = entries.read_text(encoding="utf-8")
    assert "judge-desk = judge_desk.bootstrap.cli:main" in text
    assert "judge-desk-hub = judge_desk.bootstrap.hub:main" in text
