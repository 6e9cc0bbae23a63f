"""One person's desk on this PC: enrols it, unlocks it, wires key, store, files, sync and services together, and
closes them."""

from __future__ import annotations

import platform
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from judge_desk.bootstrap.door import Door
from judge_desk.bootstrap.leaving import Leaving
from judge_desk.domain.errors import (
    BadInput,
    ClockBehind,
    DamagedStore,
    HubUnreachable,
    KnownError,
    LeaseEnded,
    NotFound,
    SignInProblem,
)
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Court, Person
from judge_desk.domain.scopes import court_scope
from judge_desk.drafting import memory
from judge_desk.protocol import codec
from judge_desk.protocol.api import EnrolAnswer, SessionRequest
from judge_desk.protocol.courier import public_half
from judge_desk.protocol.http import VERIFY
from judge_desk.runtime import settings
from judge_desk.runtime.clock import Clock
from judge_desk.security.courier_keys import CourierKeys, courier_secret
from judge_desk.security.device_key import DeviceKey
from judge_desk.security.keyslot import STANDARD, Cost
from judge_desk.security.store_key import StoreKey
from judge_desk.services.context import DeskContext, Outside
from judge_desk.services.desk import Desk
from judge_desk.services.file_plan import FilePlans
from judge_desk.services.hub_side import HubSide
from judge_desk.services.index_loop import IndexLoop
from judge_desk.services.pdf_worker import PdfWorker
from judge_desk.services.stamp_loop import StampLoop
from judge_desk.store import arrivals, courier, session_data
from judge_desk.store.attachment_files import AttachmentFiles
from judge_desk.store.session_data import COURT, DEVICE, HUB_KEY, PERSON
from judge_desk.store.tables import attachment
from judge_desk.store.unit_of_work import Store, write_row
from judge_desk.sync.bandwidth import Bandwidth
from judge_desk.sync.engine import Progress, SyncEngine
from judge_desk.sync.loop import SyncLoop
from judge_desk.sync.transport import HttpHub, ShutOut

DATABASE = "desk.db"
FILES = "files"
DEVICE_KEY = "device.json"
TRUST = "trust"
"""Roots of authorities, put here by the court's IT."""
SWEEP_SECONDS = 3_600.0
"""Files that no row names are swept once nothing has been written to them for so long."""
GONE = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", FILES, DEVICE_KEY)
"""What goes when the device is shut out."""
BYTES_OF_KBIT = 125
FIRST_SYNC_SECONDS = 1.0
"""After the unlock: the first page is read and drawn meanwhile, undisturbed."""


@dataclass(frozen=True, slots=True)
class OpenProfile:
    """Everything of an unlocked profile; ``close`` ends it in the right order."""

    desk: Desk
    context: DeskContext
    engine_for: Callable[[Callable[[Progress], None]], SyncEngine]
    hub: HttpHub
    loop: SyncLoop | None
    index: IndexLoop
    shut_out: Callable[[ShutOut], KnownError]
    """Destroys what is here where the hub truly ordered so, and gives the sentence to show."""
    stamps: StampLoop

    def start(self) -> None:
        """Begin to sync and to index behind the window."""
        self.index.start()
        self.stamps.start()
        self.desk.courier.on_taken = self.index.wake
        if self.loop is not None:
            self.loop.listen(lambda _standing, changes: self.index.wake(changes))
            self.loop.listen(lambda _standing, _changes: self.stamps.wake())
            self.context.store.on_saved = self.loop.nudge
            self.loop.start()

    def close(self) -> None:
        """Stop the sync, the index, the connection, then the store, and let go of remembered text; the key is dropped
        by whoever holds the sign-in."""
        if self.loop is not None:
            self.loop.stop()
        self.index.stop()
        self.stamps.stop()
        self.hub.close()
        self.context.store.close()
        memory.forget()


class Profile:
    """The folder of one person on this PC."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        *,
        cost: Cost = STANDARD,
        use_keyring: bool = True,
        sync_seconds: float | None = None,
        door: Door | None = None,
    ) -> None:
        """``sync_seconds`` between two cycles; None: as the settings say. ``door``: of the same folder, made before."""
        self.door = door or Door(folder, clock, cost=cost, use_keyring=use_keyring)
        self.folder, self.settings, self.sign_in = self.door.folder, self.door.settings, self.door.sign_in
        self._clock = clock
        self._sync_seconds = sync_seconds
        self._leaving = Leaving(self.folder, self.settings, lambda: self.sign_in, GONE)
        self._leaving.go_on()

    @property
    def is_enrolled(self) -> bool:
        return self.door.is_enrolled

    def enrol(self, hub_url: str, user: str, password: str, passphrase: str) -> None:
        """Make this PC a device of the hub. May be called again after a failure, or for a device that was shut out.

        Raises:
            HubProblem: the hub could not be reached or refused.
            BadInput: the passphrase is too short, or the profile holds another person's work.
            StoreProblem, KeyringProblem: as SignIn and Store. A first enrolment that fails leaves nothing behind.
        """
        is_first = not (self.folder / DATABASE).exists()
        if is_first:
            self._begin_anew()
        try:
            key = self.sign_in.create(passphrase) if is_first else self.sign_in.unlock(passphrase, for_sync_only=True)
            hub = HttpHub(hub_url)
            try:
                request = self._device_key(key).enrol_request(user, password, platform.node() or "desk")
                answer = hub.enrol(replace(request, courier_key=public_half(courier_secret(key))))
            finally:
                hub.close()
            self._keep(key, answer)
            self.settings.set(settings.HUB_URL, hub_url)
            self.settings.set(settings.USER_NAME, user)
        except KnownError:
            if is_first:
                self._begin_anew()
            raise
        finally:
            self.sign_in.lock()

    def unlock(self, passphrase: str, *, with_loop: bool) -> OpenProfile:
        """Open the desk; ``with_loop`` also makes the thread that syncs (not yet started).

        A desk that stays shut until it has heard the hub (lease, clock) asks it first. Raises as SignIn.unlock.
        """
        try:
            key = self.sign_in.unlock(passphrase)
        except (LeaseEnded, ClockBehind) as shut:
            self._hear_hub(passphrase, shut)
            key = self.sign_in.unlock(passphrase)
        try:
            return self._open(key, with_loop=with_loop)
        except BaseException:
            self.sign_in.lock()
            raise

    def _hear_hub(self, passphrase: str, shut: SignInProblem) -> None:
        """Send what is owed and take what is new, withdrawn rights among it; show nothing. Raises ``shut`` without a
        link."""
        key = self.sign_in.unlock(passphrase, for_sync_only=True)
        try:
            opened = self._open(key, with_loop=False)
            try:
                report = opened.engine_for(lambda _progress: None).cycle(threading.Event(), with_files=False)
                opened.desk.sync.note(report)
            except ShutOut as shut_out:
                raise opened.shut_out(shut_out) from None
            finally:
                opened.close()
            if report.hub_time is not None:
                self.sign_in.hub_heard(report.hub_time)
        except HubUnreachable:
            raise shut from None
        finally:
            self.sign_in.lock()

    def _begin_anew(self) -> None:
        """Remove what a first enrolment that was cut off left: a key that never opened anything, perhaps under another
        passphrase."""
        self.sign_in.destroy()
        for name in (DEVICE_KEY, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
            (self.folder / name).unlink(missing_ok=True)

    def _device_key(self, key: StoreKey) -> DeviceKey:
        path = self.folder / DEVICE_KEY
        try:
            return DeviceKey.load(path, key)
        except NotFound:
            return DeviceKey.create(path, key)
        except DamagedStore:
            path.unlink()
            return DeviceKey.create(path, key)

    def _keep(self, key: StoreKey, answer: EnrolAnswer) -> None:
        """Who this desk belongs to, so that it can open before its first sync."""
        store = Store(self.folder / DATABASE, key.database_key(), self._clock)
        try:
            with store.writing() as connection:
                before = session_data.get(connection, PERSON, Person)
                if before is not None and before.id != answer.person.id:
                    raise BadInput("errors.other_person")
                session_data.put(connection, DEVICE, answer.device_id)
                session_data.put(connection, PERSON, answer.person)
                session_data.put(connection, COURT, answer.court)
                session_data.put(connection, HUB_KEY, answer.hub_key)
                courier.begin(connection, answer.courier_key)
                scope = court_scope(answer.court.id)
                write_row(connection, Kind.COURT, scope, answer.court.id, codec.encode(answer.court).decode())
                write_row(connection, Kind.PERSON, scope, answer.person.id, codec.encode(answer.person).decode())
        finally:
            store.close()

    def _open(self, key: StoreKey, *, with_loop: bool) -> OpenProfile:
        store = Store(self.folder / DATABASE, key.database_key(), self._clock)
        try:
            return self._over(store, key, with_loop=with_loop)
        except BaseException:
            store.close()
            raise

    def _over(self, store: Store, key: StoreKey, *, with_loop: bool) -> OpenProfile:
        """Everything over the open store, which stays the caller's to close when this fails."""
        device_id, context = self._context(store)
        files = context.files
        hub = self._hub(key, device_id)

        plans = FilePlans(self.settings, self._clock, lambda: desk.terms.rules.holidays)
        sign = partial(self._sign, key)

        def engine_for(on_progress: Callable[[Progress], None]) -> SyncEngine:
            return SyncEngine(store, files, hub, on_progress, plan=plans, sign=sign)

        def shut_out(problem: ShutOut) -> KnownError:
            return self._leaving.wipe(store, problem, sign)

        loop = self._loop(engine_for, hub, shut_out) if with_loop else None
        desk = Desk.over(
            context,
            loop,
            HubSide(self._courier_keys(store, key, device_id, context), hub, self.sign_in.hub_heard),
            plans,
        )
        reader = PdfWorker()
        desk.search.use_extractor(reader.extract_pages)
        index = IndexLoop(desk.search, reader.close, first_after_seconds=FIRST_SYNC_SECONDS)
        return OpenProfile(desk, context, engine_for, hub, loop, index, shut_out, StampLoop(desk.signing))

    def _loop(
        self,
        engine_for: Callable[[Callable[[Progress], None]], SyncEngine],
        hub: HttpHub,
        shut_out: Callable[[ShutOut], KnownError],
    ) -> SyncLoop:
        return SyncLoop(
            engine_for,
            self._clock,
            self.sign_in.hub_heard,
            every_seconds=self._sync_seconds or self.settings.get(settings.SYNC_MINUTES) * 60.0,
            first_after_seconds=FIRST_SYNC_SECONDS,
            hub=hub,
            on_shut_out=shut_out,
        )

    def _courier_keys(self, store: Store, key: StoreKey, device_id: str, context: DeskContext) -> CourierKeys:
        with store.reading() as connection:
            hub_key = session_data.get(connection, HUB_KEY, str) or ""
            hub_courier_key = courier.hub_key(connection)
        return CourierKeys(
            court_id=context.court.id,
            device_id=device_id,
            secret=courier_secret(key),
            device_key=lambda: DeviceKey.load(self.folder / DEVICE_KEY, key),
            hub_key=hub_key,
            hub_courier_key=hub_courier_key,
        )

    def _sign(self, key: StoreKey, message: bytes) -> str:
        return DeviceKey.load(self.folder / DEVICE_KEY, key).sign(message)

    def _context(self, store: Store) -> tuple[str, DeskContext]:
        """The device's id at the hub, and whose desk this is; raises NotFound."""
        with store.reading() as connection:
            device_id = session_data.get(connection, DEVICE, str)
            person = session_data.get(connection, PERSON, Person)
            court = session_data.get(connection, COURT, Court)
        if device_id is None or person is None or court is None:
            raise NotFound("errors.not_enrolled")
        files = AttachmentFiles(self.folder / FILES)
        with store.writing() as connection:
            arrivals.adopt(connection)
        _sweep(store, files)
        return device_id, DeskContext(
            store=store, files=files, clock=self._clock, person=person, court=court, outside=self._outside()
        )

    def _outside(self) -> Outside:
        hub = self.settings.get(settings.HUB_URL).rstrip("/")
        return Outside(
            verify_url=f"{hub}{VERIFY}" if hub else "",
            chosen_stamp_url=lambda: self.settings.get(settings.STAMP_URL),
            trust=self.folder / TRUST,
        )

    def _hub(self, key: StoreKey, device_id: str) -> HttpHub:
        path = self.folder / DEVICE_KEY

        def signed(at: datetime | None) -> SessionRequest:
            # Read when a session is due: a desk whose device key is damaged still opens what is here.
            return DeviceKey.load(path, key).session_request(device_id, at or self._clock.now())

        chosen = self.settings
        bandwidth = Bandwidth(
            self._clock,
            down=lambda: chosen.get(settings.FETCH_KBIT) * BYTES_OF_KBIT,
            up=lambda: chosen.get(settings.SEND_KBIT) * BYTES_OF_KBIT,
        )
        return HttpHub(chosen.get(settings.HUB_URL), signed, bandwidth=bandwidth)


def _sweep(store: Store, files: AttachmentFiles) -> None:
    """Remove what a kill left behind: files that no row names."""
    with store.reading() as connection:
        known = set(connection.execute(attachment.select().with_only_columns(attachment.c.file_name)).scalars())
    files.sweep(known, quiet_seconds=SWEEP_SECONDS)
