"""Backs up a profile into one file, and makes a profile of such a file, on this PC or the one that comes after it.

A profile's key is held by two halves, the passphrase and this PC's secret. In a backup the recovery code takes the
second place; at the restore a new PC makes a secret of its own. So the rules of the key stay what they are everywhere.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from judge_desk.bootstrap.profile import DATABASE, DEVICE_KEY, FILES, TRUST, OpenProfile, Profile
from judge_desk.domain.errors import BadInput, DamagedStore, DeviceSecretMissing
from judge_desk.runtime import settings
from judge_desk.runtime.clock import Clock
from judge_desk.runtime.disk import known_error
from judge_desk.runtime.paths import private_dir
from judge_desk.runtime.settings import Settings
from judge_desk.security import backup_file, file_names
from judge_desk.security.backup_file import Content, Head
from judge_desk.security.keyslot import STANDARD, Cost, KeySlot
from judge_desk.security.private_file import replace_file
from judge_desk.security.recovery_code import new_code, secret_of
from judge_desk.security.store_key import StoreKey
from judge_desk.security.vault import Vault
from judge_desk.store import backup
from judge_desk.store.engine import check_integrity
from judge_desk.store.unit_of_work import Store

SINGLE_FILES = (DEVICE_KEY, settings.FILE_NAME, "standing.sealed")
_SLOT = "slot.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """``code`` must be kept apart from the file, on paper; ``is_new``: nobody has seen it before."""

    bytes: int
    files: int
    code: str
    is_new: bool


def make(
    profile: Profile,
    opened: OpenProfile,
    passphrase: str,
    target: Path,
    clock: Clock,
    *,
    own_files_only: bool = False,
    cost: Cost = STANDARD,
) -> Backup:
    """A backup of an unlocked profile. Raises StoreProblem, DiskFull, BadInput, with nothing left behind."""
    key = profile.sign_in.key
    store = opened.context.store
    with store.reading() as connection:
        code = backup.code(connection)
    is_new = not code
    if is_new:
        code = new_code()
        with store.writing() as connection:
            backup.keep_code(connection, code)
    with _scratch(profile.folder) as scratch:
        slot = KeySlot(scratch / _SLOT, clock, cost)
        slot.wrap(key, passphrase, secret_of(code))
        backup.snapshot(store, scratch / DATABASE)
        with store.reading() as connection:
            names = backup.files(connection, own_only=own_files_only)
        contents = [
            Content(DATABASE, scratch / DATABASE),
            *_small(profile.folder),
            *_attachments(profile.folder, names),
        ]
        head = Head(
            version=backup_file.VERSION,
            made_at=clock.now().isoformat(),
            slot=(scratch / _SLOT).read_bytes(),
            salt=secrets.token_bytes(32),
        )
        size = backup_file.write(target, head, key, contents)
    return Backup(bytes=size, files=sum(each.name.startswith(FILES) for each in contents), code=code, is_new=is_new)


def _small(folder: Path) -> Iterator[Content]:
    for name in SINGLE_FILES:
        if (folder / name).is_file():
            yield Content(name, folder / name)
    if (folder / TRUST).is_dir():
        for path in sorted((folder / TRUST).iterdir()):
            if path.is_file():
                yield Content(f"{TRUST}/{path.name}", path)


def _attachments(folder: Path, names: list[str]) -> Iterator[Content]:
    for name in names:
        if (folder / FILES / name).is_file():
            yield Content(f"{FILES}/{name}", folder / FILES / name)


def restore(
    file: Path,
    folder: Path,
    passphrase: str,
    code: str,
    clock: Clock,
    *,
    new_device: bool = False,
    use_keyring: bool = True,
    cost: Cost = STANDARD,
) -> int:
    """Make the profile ``folder`` of a backup; the count of its document files. Nothing of it is there until all is.

    ``new_device``: the device that was is lost or shut out; this PC must be enrolled before it opens.
    Raises BadInput, WrongPassphrase, NewerStore, DamagedStore, DiskFull, StoreProblem, KeyringProblem.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BadInput("backup.not_empty")
    head = backup_file.read_head(file)
    with _scratch(folder.parent if folder.parent.is_dir() else Path(tempfile.gettempdir())) as scratch:
        key = _open_slot(head, scratch, passphrase, code, clock)
        made = private_dir(scratch / "profile")
        names = _unpack(file, key, made)
        _prepare_store(made, key, clock, names)
        if new_device:
            _leave_device(made)
        vault = Vault(made, use_keyring=use_keyring)
        KeySlot(made / file_names.KEY, clock, cost).wrap(key, passphrase, vault.make_device_secret())
        key.forget()
        try:
            if folder.exists():
                folder.rmdir()
            made.rename(folder)
        except OSError as fault:
            raise known_error(fault, "backup.unwritable") from None
    return len(names)


def _open_slot(head: Head, scratch: Path, passphrase: str, code: str, clock: Clock) -> StoreKey:
    replace_file(scratch / _SLOT, head.slot)
    try:
        return KeySlot(scratch / _SLOT, clock).open(passphrase, secret_of(code))
    except DeviceSecretMissing:
        raise BadInput("backup.bad_code") from None


def _unpack(file: Path, key: StoreKey, made: Path) -> set[str]:
    """Write every content to its place; the names of the document files."""
    names: set[str] = set()
    for name, pieces in backup_file.read(file, key):
        folder, _, last = name.rpartition("/")
        if folder not in ("", FILES, TRUST) or Path(last).name != last or last in ("", ".", ".."):
            raise BadInput(backup_file.DAMAGED)
        path = private_dir(made / folder) / last
        try:
            with path.open("xb") as target:
                for piece in pieces:
                    target.write(piece)
            path.chmod(0o600)
        except OSError as fault:
            raise known_error(fault, "backup.unwritable") from None
        if folder == FILES:
            names.add(last)
    return names


def _prepare_store(made: Path, key: StoreKey, clock: Clock, names: set[str]) -> None:
    store = Store(made / DATABASE, key.database_key(), clock)
    try:
        if not check_integrity(store.engine):
            raise DamagedStore
        with store.writing() as connection:
            backup.begin_anew(connection, names)
    finally:
        store.close()


def _leave_device(made: Path) -> None:
    """Without an address the desk counts as not enrolled, and enrolment makes a key of its own."""
    (made / DEVICE_KEY).unlink(missing_ok=True)
    Settings(made).set(settings.HUB_URL, "")


@contextmanager
def _scratch(beside: Path) -> Iterator[Path]:
    """A private folder on the same disk, gone afterwards whatever happens."""
    try:
        made = Path(tempfile.mkdtemp(prefix=".judge-desk-", dir=beside))
    except OSError as fault:
        raise known_error(fault, "backup.unwritable") from None
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
