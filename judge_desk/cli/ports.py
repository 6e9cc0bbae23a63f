"""What a command may ask of bootstrap: an open desk, a cycle of the sync, an enrolment, a check-up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from judge_desk.services.desk import Desk
from judge_desk.services.doctor import Check
from judge_desk.sync.report import SyncReport


class CommandDesk(Protocol):
    """An unlocked profile without a window."""

    @property
    def desk(self) -> Desk: ...

    def cycle(self) -> SyncReport:
        """Push, pull and fetch once; raises HubProblem."""


OpenDesk = Callable[[Path], AbstractContextManager[CommandDesk]]
"""Opens the profile in a folder with the passphrase from ``secret_input``; raises as Profile.unlock."""

Enrol = Callable[[Path, str, str], None]
"""(folder, hub, user name): asks for password and passphrase, and makes this PC a device of the hub."""

ChangePassphrase = Callable[[Path], None]
"""Asks for the old passphrase and the new one, and rewrites the key record of the profile in a folder."""


class CheckUp(Protocol):
    """Every check of ``doctor`` on the profile in a folder; needs no passphrase, and says less without one."""

    def __call__(self, folder: Path | None, *, deep: bool, mends: bool) -> Iterable[Check]: ...
