"""What belongs to this PC and not to the court: the choices, the folder, the checks of the installation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

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
class LocalDesk:
    """Handed to every page. ``checks(language)`` runs off the main thread."""

    settings: Settings
    appearance: Appearance
    profile: Path
    checks: Callable[[str], Sequence[Check]]
