"""The window's entry: builds the program over one profile. The only part of bootstrap that reaches Qt."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from judge_desk.bootstrap import doctor
from judge_desk.bootstrap.gate import ProfileGate
from judge_desk.bootstrap.profile import Profile
from judge_desk.desktop.app import DesktopApp
from judge_desk.desktop.local import Check
from judge_desk.i18n.translator import Translator
from judge_desk.runtime import logs
from judge_desk.runtime.clock import SystemClock


def make_app(profile: Profile, gate: ProfileGate) -> DesktopApp:
    """The program over a profile, not yet shown."""
    logs.set_up(profile.folder)
    return DesktopApp(
        gate,
        profile.settings,
        profile.folder,
        SystemClock(),
        checks=_checks(profile.folder),
        argv=sys.argv,
    )


def run_desktop(folder: Path) -> int:
    """Show the window of the profile in ``folder`` until it is closed; returns the exit code."""
    profile = Profile(folder, SystemClock())
    return make_app(profile, ProfileGate(profile)).run()


def _checks(folder: Path) -> Callable[[str], Sequence[Check]]:
    def in_words(language: str) -> Sequence[Check]:
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
