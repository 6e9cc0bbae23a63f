"""The one broadcast of what changed: services answer with ``Changes``, every open page decides whether it cares.

For page-writers: after a use case call ``context.events.announce(changes, self)``; the shell then calls
``Page.refresh(changes)`` of every built page that is on screen, and marks the others stale until they are shown.
A page that already shows the new state may skip its own announcement: ``initiator is self``.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal

from judge_desk.domain.changes import Changes


class Events(QObject):
    """Carries changes on the main thread.

    Signals:
        changed: (Changes, initiator or None), initiator being the QObject that caused them.
    """

    changed = Signal(object, object)
    _from_elsewhere = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._from_elsewhere.connect(self.announce, Qt.ConnectionType.QueuedConnection)

    def announce(self, changes: Changes, initiator: QObject | None = None) -> None:
        """Tell everybody; nothing happens for empty changes. Call on the main thread."""
        if changes:
            self.changed.emit(changes, initiator)

    def announce_from_thread(self, changes: Changes) -> None:
        """The same from any thread, such as that of the sync."""
        self._from_elsewhere.emit(changes)
