"""Exchange with the hub by memory stick: two use cases, and how it stands."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import BadInput
from judge_desk.protocol import courier as protocol
from judge_desk.services import manifest
from judge_desk.services.context import DeskContext
from judge_desk.services.hub_side import HubSide
from judge_desk.store import courier as books
from judge_desk.store import outbox
from judge_desk.sync.courier import DeskCourier, Taken, Written

__all__ = ["CourierService", "CourierView", "Taken", "Written"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierView:
    """``can_exchange``: whether this desk has the keys. ``unconfirmed``: bundles whose receipt has not come back,
    0 when there is nothing to wait for. ``owed``: operations and files that the next bundle will carry."""

    can_exchange: bool
    number: int
    written_at: datetime | None
    unconfirmed: int
    taken_number: int
    taken_at: datetime | None
    owed: int


class CourierService:
    """``side`` None: a desk that nobody has enrolled, as in tests of other things."""

    def __init__(self, context: DeskContext, side: HubSide | None = None) -> None:
        self._context, self._side = context, side
        self.on_taken: Callable[[Changes], object] = lambda _changes: None
        """Called when something came in, on the thread that took it in; the index listens here."""

    def view(self) -> CourierView:
        with self._context.store.reading() as connection:
            known = books.read(connection)
            owed = outbox.owed(connection)
        waits = known.written_at is not None and known.out_number > known.hub_confirmed
        return CourierView(
            can_exchange=self._side is not None and bool(self._side.keys.hub_courier_key),
            number=known.out_number,
            written_at=known.written_at,
            unconfirmed=known.out_number if waits else 0,
            taken_number=known.place.number,
            taken_at=known.taken_at,
            owed=owed.operations + owed.files_out,
        )

    def write(
        self,
        target: Path,
        *,
        stop: threading.Event | None = None,
        progress: Callable[[int], None] = lambda _bytes: None,
        part_bytes: int = protocol.PART_BYTES,
    ) -> Written | None:
        """Everything the hub has not confirmed, into a file, or into a folder under a name that tells nothing; a newer
        bundle there takes the place of an older one. None when it was stopped; then nothing lies there."""
        side = self._ready()
        path = target / f"to-court-{side.keys.device_id[-8:]}{protocol.ENDING}" if target.is_dir() else target
        if not path.parent.is_dir():
            raise BadInput("courier.unwritable")
        return self._courier(side).write(path, stop or threading.Event(), progress, part_bytes=part_bytes)

    def read(
        self,
        paths: Sequence[Path],
        *,
        stop: threading.Event | None = None,
        progress: Callable[[int], None] = lambda _bytes: None,
    ) -> Taken:
        """Take in what the court wrote for this desk in these files or folders; counts as having heard the hub."""
        side = self._ready()
        taken = self._courier(side).take_in(paths, stop or threading.Event(), progress)
        if taken.made_at is not None:
            # What it says about the clock is no news: the stick was under way for as long as it took.
            side.heard(taken.made_at)
        if taken.manifest is not None:
            manifest.take(self._context, taken.manifest, side.keys.hub_key)
        self.on_taken(taken.report.changes)
        return taken

    def _ready(self) -> HubSide:
        if self._side is None or not self._side.keys.hub_courier_key:
            raise BadInput("courier.no_keys")
        return self._side

    def _courier(self, side: HubSide) -> DeskCourier:
        return DeskCourier(self._context.store, self._context.files, side.keys)
