"""Writes the hash locks that the installer builds from: every package, its version and the hashes of its files.

Run `python -m judge_desk.bootstrap.locks` after a change of ranges in pyproject.toml. A lock holds for Linux, Windows
and macOS alike (markers tell them apart) and names no server, so that a court's own mirror serves as well.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from judge_desk.bootstrap.setup import project_root
from judge_desk.bootstrap.system_packages import SetupError
from judge_desk.runtime import paths

LOCKED_EXTRAS = ("desktop", "hub")
INSTALLER = "installer"
"""The dependency group with the tools that build the installer."""
_ENTRY = re.compile(r"^([a-z0-9][a-z0-9-]*)==([^\s;\\]+)(?: ; (.+?))? \\$")
_HASH = re.compile(r"^    --hash=sha256:([0-9a-f]{64})(?: \\)?$")
_OPTIONS = (
    "--universal",
    "--generate-hashes",
    "--no-annotate",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--python-version=3.11",
)


@dataclass(frozen=True, slots=True)
class Locked:
    """One package of a lock; `marker` is empty when it is needed everywhere."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def lock_file(extra: str) -> Path:
    """Where the lock of an extra, or of the installer's tools, lies."""
    return paths.resource("locks", f"{extra}.txt")


def parse_lock(text: str) -> list[Locked]:
    """The packages of a lock.

    Raises:
        ValueError: a line that is neither a package nor a hash, or a package without a hash.
    """
    found = list(_entries(text))
    for entry in found:
        if not entry.hashes:
            raise ValueError(f"{entry.name} has no hash")
    return found


def _entries(text: str) -> Iterator[Locked]:
    head: tuple[str, str, str] | None = None
    hashes: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        entry, digest = _ENTRY.match(line), _HASH.match(line)
        if entry:
            if head:
                yield Locked(*head, tuple(hashes))
            head, hashes = (entry[1], entry[2], entry[3] or ""), []
        elif digest and head:
            hashes.append(digest[1])
        else:
            raise ValueError(f"line {number} is neither a package nor a hash")
    if head:
        yield Locked(*head, tuple(hashes))


def lock_command(extra: str, target: Path) -> list[str]:
    """The call of uv that resolves an extra of pyproject.toml, or its group of tools, into a lock for every platform.

    Raises:
        SetupError: uv is not installed.
    """
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        raise SetupError(f"uv is needed. Type: {sys.executable} -m pip install uv   and start again.")
    source = ["--group", extra] if extra == INSTALLER else ["pyproject.toml", "--extra", extra]
    return [uv, "pip", "compile", "-q", *source, *_OPTIONS, "--output-file", str(target)]


def write_locks() -> list[Path]:
    """Resolve anew and write every lock; an entry that need not change keeps its version.

    Raises:
        SetupError: uv is not installed or could not resolve the ranges.
    """
    written: list[Path] = []
    for extra in (*LOCKED_EXTRAS, INSTALLER):
        target = lock_file(extra)
        if subprocess.run(lock_command(extra, target), cwd=project_root(), check=False).returncode:
            raise SetupError(f"uv could not resolve the extra {extra}.")
        parse_lock(target.read_text(encoding="utf-8"))
        written.append(target)
    return written


def main() -> int:
    """Write the locks; 0 when done, 3 when it could not be."""
    try:
        for path in write_locks():
            print(path.name)
    except SetupError as error:
        print(f"judge-desk locks: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
