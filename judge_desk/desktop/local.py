"""What belongs to this PC and not to the court: the choices, the folder, the checks of the installation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from judge_desk.desktop.shell.appearance import Appearance
from judge_desk.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Check:
    """One line of ``doctor``: finished sentences; ``cure`` says what to do when it is not ok."""

    id: str
    ok: bool
    message: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup that was written: its size, how many document files, and the recovery code where nobody has seen it yet
    ("" where it is the one that was shown before)."""

    bytes: int
    files: int
    new_code: str


@runtime_checkable
class Keeping(Protocol):
    """How this PC's desk is kept safe; every method runs off the main thread."""

    def back_up(self, passphrase: str, target: Path, *, own_files_only: bool) -> BackupMade:
        """Write the profile into one file. Raises WrongPassphrase, TriesExhausted, DiskFull, StoreProblem, BadInput."""

    def change_passphrase(self, old: str, new: str) -> None:
        """Raises WrongPassphrase, TriesExhausted, BadInput."""


@dataclass(frozen=True, slots=True)
class LocalDesk:
    """Handed to every page. ``checks(language)`` runs off the main thread; ``keeping``: None where nothing is open."""

    settings: Settings
    appearance: Appearance
    profile: Path
    checks: Callable[[str], Sequence[Check]]
    keeping: Keeping | None = None
