"""The door of the window: sign-in, unlock and lock over one profile, as desktop/shell asks for it."""

from __future__ import annotations

from judge_desk.bootstrap.profile import OpenProfile, Profile
from judge_desk.desktop.shell.desk_facts import DeskFacts
from judge_desk.desktop.shell.ports import GateState, Opened
from judge_desk.security.session import State


class ProfileGate:
    """desktop.shell.ports.Gate over a Profile; remembers what is open so that it can be closed."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._open: OpenProfile | None = None

    @property
    def state(self) -> GateState:
        if self._open is not None:
            return GateState.OPEN
        return GateState.LOCKED if self._profile.is_enrolled else GateState.NEW

    def seconds_to_wait(self) -> int:
        return self._profile.sign_in.seconds_to_wait() if self._profile.sign_in.state is not State.NEW else 0

    def unlock(self, passphrase: str) -> Opened:
        opened = self._profile.unlock(passphrase, with_loop=True)
        self._open = opened
        opened.start()
        return Opened(opened.desk, DeskFacts(opened.desk))

    def enrol(self, hub: str, user: str, password: str, passphrase: str) -> Opened:
        self._profile.enrol(hub, user, password, passphrase)
        return self.unlock(passphrase)

    def lock(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None
        self._profile.sign_in.lock()
