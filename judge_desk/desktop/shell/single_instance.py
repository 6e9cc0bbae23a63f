"""One desk a profile: a second start brings the first window to the front and ends."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLockFile, QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

LOCK_FILE: Final = "desk.lock"
PATIENCE_MS: Final = 500


class SingleInstance(QObject):
    """Holds the profile's lock while it lives; a lock left by a killed program is taken over.

    Signals:
        called: another start asked us to come to the front.
    """

    called = Signal()

    def __init__(self, profile: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = f"judge-desk-{hashlib.sha256(str(profile.resolve()).encode()).hexdigest()[:16]}"
        self._lock = QLockFile(str(profile / LOCK_FILE))
        self._lock.setStaleLockTime(0)
        self._server: QLocalServer | None = None

    def take(self) -> bool:
        """True when we are the only one; otherwise the other one has been called."""
        if not self._lock.tryLock(0):
            self._call_other()
            return False
        return True

    def listen(self) -> None:
        """Be there for the call of another start; after the first paint, which needs no network."""
        from PySide6.QtNetwork import QLocalServer

        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._answer)
        QLocalServer.removeServer(self._name)
        server.listen(self._name)
        self._server = server

    def release(self) -> None:
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    def _call_other(self) -> None:
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if socket.waitForConnected(PATIENCE_MS):
            socket.disconnectFromServer()

    def _answer(self) -> None:
        if self._server is None:
            return
        connection = self._server.nextPendingConnection()
        connection.close()
        connection.deleteLater()
        self.called.emit()
