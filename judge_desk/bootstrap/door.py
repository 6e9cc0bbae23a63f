"""What a profile's folder tells before it is opened: light enough to be loaded before the window's first paint."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from judge_desk.runtime import paths
from judge_desk.runtime.clock import Clock
from judge_desk.runtime.settings import HUB_URL, Settings
from judge_desk.security import file_names

if TYPE_CHECKING:
    from judge_desk.security.keyslot import Cost
    from judge_desk.security.session import SignIn


class Door:
    """The sign-in and the settings of one person's folder on this PC."""

    def __init__(self, folder: Path, clock: Clock, *, cost: Cost | None = None, use_keyring: bool = True) -> None:
        self.folder = paths.private_dir(folder)
        self.settings = Settings(folder)
        self._clock, self._cost, self._use_keyring = clock, cost, use_keyring
        self._making = threading.Lock()
        self._sign_in: SignIn | None = None

    @property
    def is_enrolled(self) -> bool:
        return (self.folder / file_names.KEY).is_file() and bool(self.settings.get(HUB_URL))

    def seconds_to_wait(self) -> int:
        """How long the passphrase field stays shut after wrong tries; asks the sign-in only if there were any."""
        return self.sign_in.seconds_to_wait() if (self.folder / file_names.TRIES).exists() else 0

    @property
    def sign_in(self) -> SignIn:
        """Loads the ciphers. The window and the thread that prepares behind it may both come first: of two, one would
        be unlocked and the other locked at the end, and the key would stay."""
        with self._making:
            if self._sign_in is None:
                self._sign_in = self._new_sign_in()
            return self._sign_in

    def _new_sign_in(self) -> SignIn:
        from judge_desk.security.keyslot import STANDARD
        from judge_desk.security.session import SignIn
        from judge_desk.security.vault import Vault

        vault = Vault(self.folder, use_keyring=self._use_keyring)
        return SignIn(self.folder, self._clock, vault=vault, cost=self._cost or STANDARD)
