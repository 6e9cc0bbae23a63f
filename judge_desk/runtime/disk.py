"""What a disk may answer, in our words: one place that knows which system errors mean "full"."""

import errno
import os
from pathlib import Path

from judge_desk.domain.errors import DiskFull, StoreProblem

# EFBIG: a quota of the process, or a file system that holds no file of this size.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})


def known_error(fault: OSError, key: str, **params: str | int) -> StoreProblem:
    """The KnownError for a failed write: DiskFull where the disk is full, else a StoreProblem with the key given."""
    if fault.errno in _NO_ROOM:
        return DiskFull()
    return StoreProblem(key, **params)


def sync_folder(folder: Path) -> None:
    """Make a rename in the folder last through a power cut; Windows does so by itself."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
