"""The door of the window: sign-in, unlock and lock over one profile, as desktop/shell asks for it.

What lies behind the door (services, store, sync) is loaded by ``prepare``, while the person types the passphrase.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from judge_desk.bootstrap.door import Door
from judge_desk.bootstrap.loading import loading
from judge_desk.desktop.local import BackupMade
from judge_desk.desktop.pages import HOME, load_page
from judge_desk.desktop.shell.ports import GateState, Opened
from judge_desk.domain.errors import StoreLocked

if TYPE_CHECKING:
    from judge_desk.bootstrap.profile import OpenProfile, Profile


class ProfileGate:
    """desktop.shell.ports.Gate over a door; remembers what is open so that it can be closed.

    ``profile`` gives what lies behind the door; asked for once, when it is needed first.
    """

    def __init__(self, door: Door, profile: Callable[[], Profile]) -> None:
        self._door = door
        self._load = profile
        self._profile: Profile | None = None
        self._open: OpenProfile | None = None

    @property
    def state(self) -> GateState:
        if self._open is not None:
            return GateState.OPEN
        return GateState.LOCKED if self._door.is_enrolled else GateState.NEW

    def seconds_to_wait(self) -> int:
        return self._door.seconds_to_wait()

    def prepare(self) -> None:
        self._behind()
        with loading():
            import sqlcipher3  # noqa: F401  the store opens with it, right behind the key

            from judge_desk.desktop.shell import desk_facts  # noqa: F401  unlock imports it again, at no cost
            from judge_desk.services import law

            law.mention_reader()
            load_page(HOME)

    def unlock(self, passphrase: str) -> Opened:
        from judge_desk.desktop.shell.desk_facts import DeskFacts

        opened = self._behind().unlock(passphrase, with_loop=True)
        self._open = opened
        opened.start()
        return Opened(opened.desk, DeskFacts(opened.desk))

    def enrol(self, hub: str, user: str, password: str, passphrase: str) -> Opened:
        self._behind().enrol(hub, user, password, passphrase)
        return self.unlock(passphrase)

    def lock(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None
        self._door.sign_in.lock()

    def back_up(self, passphrase: str, target: Path, *, own_files_only: bool) -> BackupMade:
        """desktop.local.Keeping: what was typed must open this very desk, or nobody could open the copy."""
        from judge_desk.bootstrap import backup

        if self._open is None:
            raise StoreLocked
        self._door.sign_in.check(passphrase)
        profile = self._behind()
        made = backup.make(
            profile, self._open, passphrase, target, self._open.context.clock, own_files_only=own_files_only
        )
        return BackupMade(bytes=made.bytes, files=made.files, new_code=made.code if made.is_new else "")

    def change_passphrase(self, old: str, new: str) -> None:
        self._door.sign_in.change_passphrase(old, new)

    def _behind(self) -> Profile:
        if self._profile is None:
            with loading():
                self._profile = self._load()
        return self._profile
