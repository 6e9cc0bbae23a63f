"""One person's desk on this PC: enrols it, unlocks it, wires key, store, files, sync and services together, and
closes them."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from judge_desk.domain.errors import HubProblem, KnownError, NotFound
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Court, Person
from judge_desk.domain.scopes import court_scope
from judge_desk.protocol import codec
from judge_desk.protocol.api import EnrolAnswer
from judge_desk.runtime import paths, settings
from judge_desk.runtime.clock import Clock
from judge_desk.security.device_key import DeviceKey
from judge_desk.security.keyslot import STANDARD, Cost
from judge_desk.security.session import SignIn, State
from judge_desk.security.store_key import StoreKey
from judge_desk.security.vault import Vault
from judge_desk.services.context import DeskContext
from judge_desk.services.desk import Desk
from judge_desk.services.index_loop import IndexLoop
from judge_desk.services.pdf_worker import PdfWorker
from judge_desk.store import session_data
from judge_desk.store.attachment_files import AttachmentFiles
from judge_desk.store.tables import attachment
from judge_desk.store.unit_of_work import Store, write_row
from judge_desk.sync.engine import Progress, SyncEngine
from judge_desk.sync.loop import SyncLoop
from judge_desk.sync.transport import HttpHub

DATABASE = "desk.db"
FILES = "files"
DEVICE_KEY = "device.json"
DEVICE = "device_id"
PERSON = "person"
COURT = "court"


@dataclass(frozen=True, slots=True)
class OpenProfile:
    """Everything of an unlocked profile; ``close`` ends it in the right order."""

    desk: Desk
    context: DeskContext
    engine_for: Callable[[Callable[[Progress], None]], SyncEngine]
    hub: HttpHub
    loop: SyncLoop | None
    index: IndexLoop

    def start(self) -> None:
        """Begin to sync and to index behind the window."""
        self.index.start()
        if self.loop is not None:
            self.loop.listen(lambda _standing, changes: self.index.wake(changes))
            self.loop.start()

    def close(self) -> None:
        """Stop the sync, the index, the connection, then the store; the key is dropped by whoever holds the sign-in."""
        if self.loop is not None:
            self.loop.stop()
        self.index.stop()
        self.hub.close()
        self.context.store.close()


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
    ) -> None:
        """``sync_seconds`` between two cycles; None: as the settings say."""
        self.folder = paths.private_dir(folder)
        self.settings = settings.Settings(folder)
        self.sign_in = SignIn(folder, clock, vault=Vault(folder, use_keyring=use_keyring), cost=cost)
        self._clock = clock
        self._sync_seconds = sync_seconds

    @property
    def is_enrolled(self) -> bool:
        return self.sign_in.state is not State.NEW and bool(self.settings.get(settings.HUB_URL))

    def enrol(self, hub_url: str, user: str, password: str, passphrase: str) -> None:
        """Make this PC a device of the hub. May be called again after a failure in between.

        Raises:
            HubProblem: the hub could not be reached or refused; nothing usable stays behind but the key record.
            BadInput, StoreProblem, KeyringProblem: as SignIn and Store.
        """
        is_first = self.sign_in.state is State.NEW
        key = self.sign_in.create(passphrase) if is_first else self.sign_in.unlock(passphrase, for_sync_only=True)
        try:
            device_key = self._device_key(key)
            hub = HttpHub(hub_url)
            try:
                answer = hub.enrol(device_key.enrol_request(user, password, platform.node() or "desk"))
            finally:
                hub.close()
            self._keep(key, answer)
            self.settings.set(settings.HUB_URL, hub_url)
            self.settings.set(settings.USER_NAME, user)
        except HubProblem:
            if is_first:
                self.sign_in.destroy()
                (self.folder / DEVICE_KEY).unlink(missing_ok=True)
            raise
        finally:
            self.sign_in.lock()

    def unlock(self, passphrase: str, *, with_loop: bool) -> OpenProfile:
        """Open the desk; ``with_loop`` also makes the thread that syncs (not yet started). Raises as SignIn.unlock."""
        key = self.sign_in.unlock(passphrase)
        try:
            return self._open(key, with_loop=with_loop)
        except KnownError:
            self.sign_in.lock()
            raise

    def _device_key(self, key: StoreKey) -> DeviceKey:
        try:
            return DeviceKey.load(self.folder / DEVICE_KEY, key)
        except NotFound:
            return DeviceKey.create(self.folder / DEVICE_KEY, key)

    def _keep(self, key: StoreKey, answer: EnrolAnswer) -> None:
        """Who this desk belongs to, so that it can open before its first sync."""
        store = Store(self.folder / DATABASE, key.database_key(), self._clock)
        try:
            with store.writing() as connection:
                session_data.put(connection, DEVICE, answer.device_id)
                session_data.put(connection, PERSON, answer.person)
                session_data.put(connection, COURT, answer.court)
                scope = court_scope(answer.court.id)
                write_row(connection, Kind.COURT, scope, answer.court.id, codec.encode(answer.court).decode())
                write_row(connection, Kind.PERSON, scope, answer.person.id, codec.encode(answer.person).decode())
        finally:
            store.close()

    def _open(self, key: StoreKey, *, with_loop: bool) -> OpenProfile:
        store = Store(self.folder / DATABASE, key.database_key(), self._clock)
        with store.reading() as connection:
            device_id = session_data.get(connection, DEVICE, str)
            person = session_data.get(connection, PERSON, Person)
            court = session_data.get(connection, COURT, Court)
        if device_id is None or person is None or court is None:
            store.close()
            raise NotFound("errors.not_enrolled")
        files = AttachmentFiles(self.folder / FILES)
        _sweep(store, files)
        context = DeskContext(store=store, files=files, clock=self._clock, person=person, court=court)
        hub = self._hub(key, device_id)

        def engine_for(on_progress: Callable[[Progress], None]) -> SyncEngine:
            return SyncEngine(store, files, hub, on_progress)

        every = self._sync_seconds or self.settings.get(settings.SYNC_MINUTES) * 60.0
        loop = SyncLoop(engine_for, self._clock, self.sign_in.hub_heard, every_seconds=every) if with_loop else None
        desk = Desk.over(context, loop)
        reader = PdfWorker()
        desk.search.use_extractor(reader.extract_pages)
        return OpenProfile(desk, context, engine_for, hub, loop, IndexLoop(desk.search, reader.close))

    def _hub(self, key: StoreKey, device_id: str) -> HttpHub:
        device_key = self._device_key(key)
        return HttpHub(
            self.settings.get(settings.HUB_URL),
            lambda at: device_key.session_request(device_id, at or self._clock.now()),
        )


def _sweep(store: Store, files: AttachmentFiles) -> None:
    """Remove what a kill left behind: files that no row names."""
    with store.reading() as connection:
        known = set(connection.execute(attachment.select().with_only_columns(attachment.c.file_name)).scalars())
    files.sweep(known)
