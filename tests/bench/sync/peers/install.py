"""Installs the peers through npm and pip into the user's cache folder, once for each pinned version."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

POUCHDB = ("pouchdb@9.0.0", "express-pouchdb@4.2.0", "express@4")
KINTO = ("kinto[postgresql]==26.5.0",)
ANKI = ("anki==26.9.3",)
_DONE = "installed.txt"


def cache() -> Path:
    """Outside the source tree, where the user's programs keep what can be had again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "judge-desk-bench"


def pouchdb() -> Path:
    """The folder to set as NODE_PATH."""
    folder = _fresh("pouchdb", POUCHDB)
    if folder is not None:
        (folder / "package.json").write_text("{}")
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent", *POUCHDB], cwd=folder, check=True)
        _done(folder, POUCHDB)
    return cache() / "pouchdb" / "node_modules"


def kinto() -> Path:
    """The folder of its programs."""
    return _venv("kinto", KINTO)


def anki() -> Path:
    """The folder of its Python."""
    return _venv("anki", ANKI)


def _venv(name: str, packages: Sequence[str]) -> Path:
    folder = _fresh(name, packages)
    if folder is not None:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *packages], check=True)
        _done(folder, packages)
    return cache() / name / "bin"


def _fresh(name: str, packages: Sequence[str]) -> Path | None:
    """An empty folder to install into; None when these very versions are there."""
    folder = cache() / name
    done = folder / _DONE
    if done.exists() and done.read_text() == "\n".join(packages):
        return None
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _done(folder: Path, packages: Sequence[str]) -> None:
    (folder / _DONE).write_text("\n".join(packages))
