"""Puts what is typed on disk: soon after the last key, and at the latest every few seconds while the keys go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from judge_desk.desktop.failures import Failure
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.domain.acts import ActText
from judge_desk.domain.errors import NotAllowed, NotFound, Sealed

PAUSE_MS: Final = 1_200
LONGEST_MS: Final = 4_000
"""From the first unsaved letter to the save; with reading and writing it must stay under five seconds."""
_FINAL: Final = (NotAllowed, NotFound, Sealed)


class SavesDrafts(Protocol):
    """What the desk's service for drafts offers here; ``save`` answers with ``services.drafts.Saved``."""

    def save(self, draft_id: str, act: ActText, title: str = "", *, base: ActText | None = None) -> Any:
        """Write a text to disk."""


@dataclass(slots=True)
class _Held:
    draft_id: str
    base: ActText
    read: Callable[[], ActText]


class Autosave(QObject):
    """``hold(id, act, read)`` begins, ``touch()`` at each edit, ``flush()`` before the text is left.

    Signals:
        saved: (Saved, text that was given to it).
        status_changed: ``is_dirty``, ``saved_at`` or ``failure`` is new.
    """

    saved = Signal(object, object)
    status_changed = Signal()

    def __init__(self, service: SavesDrafts, tasks: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._service, self._tasks = service, tasks
        self._held: _Held | None = None
        self._under_way = 0
        self.is_dirty = False
        self.saved_at: datetime | None = None
        self.failure: Failure | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._longest = QTimer(self, singleShot=True, interval=LONGEST_MS)
        for timer in (self._pause, self._longest):
            timer.timeout.connect(self._save)

    @property
    def base(self) -> ActText | None:
        """The text that is on disk, as far as this desk knows."""
        return None if self._held is None else self._held.base

    @property
    def is_settled(self) -> bool:
        return not self.is_dirty and not self._under_way

    def set_pause(self, seconds: int) -> None:
        """How long after the last key to wait; never so long that the promise of two seconds breaks."""
        self._pause.setInterval(min(PAUSE_MS, seconds * 600))

    def hold(self, draft_id: str, act: ActText, read: Callable[[], ActText], saved_at: datetime | None) -> None:
        """Care for another draft; ``read`` gives its present text on the main thread."""
        self._stop()
        self._held = _Held(draft_id, act, read)
        self.saved_at = saved_at
        self.status_changed.emit()

    def release(self) -> None:
        """Save what is unsaved and care for nothing."""
        self.flush()
        self._stop()
        self._held = None

    def settle_on(self, act: ActText) -> None:
        """The text on disk is this one now (restored, or taken over from another desk)."""
        if self._held is not None:
            self._held.base = act

    def touch(self) -> None:
        """Something was typed."""
        if self._held is None:
            return
        was_dirty, self.is_dirty = self.is_dirty, True
        self._pause.start()
        if not self._longest.isActive():
            self._longest.start()
        if not was_dirty:
            self.status_changed.emit()

    def flush(self) -> None:
        """Save now what is unsaved; the job runs even if the window closes."""
        if self.is_dirty:
            self._save(force=True)

    def _save(self, *, force: bool = False) -> None:
        self._pause.stop()
        self._longest.stop()
        if self._held is None or not self.is_dirty:
            return
        if self._under_way and not force:
            # The answer to the save under way calls again.
            return
        held, act = self._held, self._held.read()
        self.is_dirty = False
        if act == held.base:
            self.status_changed.emit()
            return
        self._under_way += 1
        job = partial(self._service.save, held.draft_id, act, base=held.base)
        self._tasks.run(job, partial(self._done, held, act), partial(self._fail, held), keep=True)

    def _done(self, held: _Held, act: ActText, saved: Any) -> None:
        self._under_way -= 1
        if held is not self._held:
            self.saved.emit(saved, None)
            return
        self.failure = None
        self.saved_at = saved.saved_at
        # A text that came back merged is the base only once it is on screen; until then the next save merges again.
        held.base = act if saved.merged else saved.act
        self.saved.emit(saved, act)
        self.status_changed.emit()
        if self.is_dirty and not self._pause.isActive():
            self._save()

    def _fail(self, held: _Held, failure: Failure) -> None:
        self._under_way -= 1
        if held is not self._held:
            return
        self.failure = failure
        self.is_dirty = True
        if not isinstance(failure.error, _FINAL):
            self._longest.start()
        self.status_changed.emit()

    def _stop(self) -> None:
        self._pause.stop()
        self._longest.stop()
        self.is_dirty = False
        self.failure = None
