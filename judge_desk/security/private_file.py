"""Small files that only their owner may read, replaced whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from judge_desk.domain.errors import StoreProblem
from judge_desk.runtime import logs
from judge_desk.runtime.disk import known_error, sync_folder
from judge_desk.runtime.paths import private_dir

log = logs.topic("security")


def replace_file(path: Path, content: bytes) -> None:
    """Write the file with mode 0600 so that a cut at any moment leaves the old content or the new one.

    Raises:
        DiskFull: no room; the old content stands.
        StoreProblem: the folder cannot be written; the old content stands.
    """
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        private_dir(path.parent)
        _write_new(beside, content)
        os.replace(beside, path)
        sync_folder(path.parent)
    except OSError as fault:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise known_error(fault, "security.file.unwritable", name=path.name) from None


def _write_new(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def read_file(path: Path) -> bytes | None:
    """The content, or None where no such file is. A mode that others could read is put right first.

    Raises:
        StoreProblem: the file is there and cannot be read.
    """
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            path.chmod(0o600)
            log.warning("tightened the mode of %s", path.name)
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        raise StoreProblem("security.file.unreadable", name=path.name) from None
