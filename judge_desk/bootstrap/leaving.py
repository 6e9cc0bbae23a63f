"""The end of a device that the court shut out: what was not sent is sealed, everything else is destroyed, key first.

Each step may be cut: while ``leaving.json`` lies in the profile, the next start goes on. It holds only what the court's
recovery key opens, and receipts, signed while there was a key to sign with.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from judge_desk.domain.errors import DeviceWiped, KnownError
from judge_desk.protocol.api import WipeOrder
from judge_desk.protocol.codes import Code
from judge_desk.protocol.http import wipe_text
from judge_desk.runtime import logs
from judge_desk.runtime.settings import HUB_URL, Settings
from judge_desk.security.private_file import read_file, replace_file
from judge_desk.security.session import SignIn
from judge_desk.store import session_data
from judge_desk.store.session_data import DEVICE, HUB_KEY
from judge_desk.store.unit_of_work import Store
from judge_desk.sync import farewell
from judge_desk.sync.transport import HttpHub, ShutOut

LEAVING = "leaving.json"
log = logs.topic("sync")


class _Leaving(msgspec.Struct, frozen=True):
    hub_url: str
    messages: list[bytes]


class Leaving:
    """One profile on its way out. ``gone`` names what lies in its folder and must go."""

    def __init__(self, folder: Path, settings: Settings, sign_in: Callable[[], SignIn], gone: tuple[str, ...]) -> None:
        self._folder, self._settings, self._sign_in, self._gone = folder, settings, sign_in, gone
        self._file = folder / LEAVING

    @property
    def is_begun(self) -> bool:
        return self._file.exists()

    def wipe(self, store: Store, problem: ShutOut, sign: farewell.Sign) -> KnownError:
        """Destroy the profile if the hub truly ordered it; gives DeviceWiped, else ``problem``: a shut-out device whose
        order nobody can check keeps what it has, shut off from the hub."""
        with store.reading() as connection:
            device_id = session_data.get(connection, DEVICE, str) or ""
            hub_key = session_data.get(connection, HUB_KEY, str) or ""
        if problem.order is None or not _is_true(problem.order, device_id, hub_key):
            return problem
        messages = farewell.packed(store, sign, Code.DEVICE_REVOKED)
        replace_file(self._file, msgspec.json.encode(_Leaving(self._settings.get(HUB_URL), messages)))
        store.close()
        self.destroy()
        self.hand_over()
        return DeviceWiped()

    def destroy(self) -> None:
        """The key first: from then on the rest is noise. Once more is no fault."""
        self._sign_in().destroy()
        for name in self._gone:
            path = self._folder / name
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                _unlink(path)
        self._settings.set(HUB_URL, "")
        log.warning("device wiped")

    def hand_over(self) -> bool:
        """Send what lies sealed; True when the hub has all of it and the last file is gone."""
        content = read_file(self._file)
        if content is None:
            return True
        leaving = msgspec.json.decode(content, type=_Leaving)
        hub = HttpHub(leaving.hub_url)
        try:
            left = farewell.hand_over(hub, leaving.messages)
        finally:
            hub.close()
        if left:
            replace_file(self._file, msgspec.json.encode(_Leaving(leaving.hub_url, left)))
            return False
        self._file.unlink(missing_ok=True)
        return True

    def go_on(self) -> None:
        """At a start: finish what was cut. The handing over may wait for a link, and nobody waits for it."""
        if self.is_begun:
            self.destroy()
            threading.Thread(target=self.hand_over, name="leaving", daemon=True).start()


def _is_true(order: WipeOrder, device_id: str, hub_key: str) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(hub_key))
        key.verify(bytes.fromhex(order.signature), wipe_text(order.device_id, order.ordered_at))
    except (InvalidSignature, ValueError):
        return False
    return order.device_id == device_id


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        # Windows keeps a file that is open: without its key it is noise, and the next start removes it.
        log.warning("a file stays for now")
