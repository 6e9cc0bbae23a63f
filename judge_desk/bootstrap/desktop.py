"""The window's entry: builds the program over one profile. The only part of bootstrap that reaches Qt."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from judge_desk.bootstrap.door import Door
from judge_desk.bootstrap.gate import ProfileGate
from judge_desk.bootstrap.screen import require_screen
from judge_desk.desktop.app import DesktopApp
from judge_desk.desktop.local import Check
from judge_desk.i18n.translator import Translator
from judge_desk.runtime import logs
from judge_desk.runtime.clock import SystemClock

if TYPE_CHECKING:
    from judge_desk.bootstrap.profile import Profile


def make_app(door: Door, gate: ProfileGate) -> DesktopApp:
    """The program before the door of a profile, not yet shown."""
    logs.set_up(door.folder)
    return DesktopApp(
        gate,
        door.settings,
        door.folder,
        SystemClock(),
        checks=_checks(door.folder),
        argv=sys.argv,
    )


def run_desktop(folder: Path) -> int:
    """Show the window of the profile in ``folder`` until it is closed; returns the exit code. Raises NoScreen."""
    require_screen()
    door = Door(folder, SystemClock())
    return make_app(door, ProfileGate(door, partial(profile_behind, door))).run()


def profile_behind(door: Door) -> Profile:
    """Loads SQLAlchemy and all services: while the passphrase is typed, not before the window stands."""
    from judge_desk.bootstrap.profile import Profile

    return Profile(door.folder, SystemClock(), door=door)


def _checks(folder: Path) -> Callable[[str], Sequence[Check]]:
    def in_words(language: str) -> Sequence[Check]:
        from judge_desk.bootstrap import doctor  # knows everything behind the door

        text = Translator(language)
        return [
            Check(
                id=each.id,
                ok=each.ok,
                message=text(each.message_key, **each.params),
                cure="" if each.ok else text(each.cure_key, **each.params),
            )
            for each in doctor.check_up(folder)
        ]

    return in_words
