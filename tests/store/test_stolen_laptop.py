"""A thief has the whole profile folder: record, database, attachments, device key. It opens nothing, names nobody."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import sqlcipher3

from judge_desk.domain.errors import DamagedStore, TriesExhausted, WrongPassphrase
from judge_desk.runtime.clock import FixedClock
from judge_desk.security.device_key import DeviceKey
from judge_desk.security.keyslot import Cost
from judge_desk.security.session import SignIn
from judge_desk.security.vault import Vault
from judge_desk.store.attachment_files import AttachmentFiles, StoredFile
from judge_desk.store.engine import open_engine

PASSPHRASE = "Ұзақ жол, ескі қайың"
MARKER = "МАРКЕР-7140 құпия іс"
NAME = "Сейтқали Әлия Маратқызы"


@pytest.fixture
def laptop(tmp_path: Path, clock: FixedClock) -> Iterator[Path]:
    """A profile after a day's work, as it stands when the lid is shut."""
    sign_in = new_start(tmp_path, clock)
    key = sign_in.create(PASSPHRASE)
    sign_in.hub_heard(clock.now())
    DeviceKey.create(tmp_path / "device.json", key)
    stored = AttachmentFiles(tmp_path / "files").write(io.BytesIO((MARKER * 50_000).encode()))
    part = AttachmentFiles(tmp_path / "files").begin(stored.sha256, stored.size)
    part.append(MARKER.encode() * 40_000)
    part.suspend()
    engine = open_engine(tmp_path / "desk.db", key.database_key())
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE stolen (name TEXT, text TEXT, file_key BLOB)")
        insert = sa.text("INSERT INTO stolen VALUES (:name, :text, :file_key)")
        connection.execute(insert, {"name": NAME, "text": MARKER, "file_key": stored.key})
    # Not disposed before the theft: the write-ahead log lies beside the database.
    sign_in.lock()
    yield tmp_path
    engine.dispose()


def new_start(folder: Path, clock: FixedClock) -> SignIn:
    cheap = Cost(memory_kib=128, iterations=1, lanes=1)
    return SignIn(folder, clock, vault=Vault(folder, use_keyring=False), cost=cheap)


def test_no_word_of_a_case_stands_anywhere_in_the_folder(laptop: Path) -> None:
    paths = [path for path in laptop.rglob("*") if path.is_file()]
    assert len(paths) >= 8
    for path in paths:
        content = path.read_bytes()
        for word in (MARKER, NAME, PASSPHRASE):
            assert word.encode() not in content
            assert word.encode("utf-16-le") not in content
        assert re.search("7140|Сейт", path.name) is None


def test_no_bytes_of_the_folder_are_a_key_to_its_database_or_files(laptop: Path) -> None:
    """Every 32 bytes that stand in the small files, raw or in hex, are tried as the key."""
    candidates = {bytes(32)}
    for path in laptop.glob("*.*"):
        if path.suffix in {".json", ".secrets", ".sealed"}:
            content = path.read_bytes()
            candidates |= {content[start : start + 32] for start in range(len(content) - 31)}
            candidates |= {bytes.fromhex(found[:64].decode()) for found in re.findall(rb"[0-9a-f]{64}", content)}
    (name,) = [path.name for path in (laptop / "files").iterdir() if not path.suffix]
    files, size = AttachmentFiles(laptop / "files"), len(MARKER.encode()) * 50_000
    for key in candidates:
        with pytest.raises(DamagedStore):
            files.open(StoredFile(name=name, key=key, size=size, sha256=""))
        assert not opens_database(laptop / "desk.db", key)


def opens_database(path: Path, key: bytes) -> bool:
    connection = sqlcipher3.connect(str(path))
    try:
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_log_level=NONE")
        return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone())
    except sqlcipher3.DatabaseError:
        return False
    finally:
        connection.close()


def test_guessing_is_refused_and_slowed(laptop: Path, clock: FixedClock) -> None:
    thief = new_start(laptop, clock)
    for guess in ("password1", "12345678", "qwertyui"):
        with pytest.raises(WrongPassphrase):
            thief.unlock(guess)
    with pytest.raises(TriesExhausted):
        thief.unlock(PASSPHRASE)


def test_the_owner_finds_everything_again(laptop: Path, clock: FixedClock) -> None:
    """The same folder, with the passphrase: or the tests above would pass over noise."""
    key = new_start(laptop, clock).unlock(PASSPHRASE)
    engine = open_engine(laptop / "desk.db", key.database_key())
    with engine.connect() as connection:
        name, text, file_key = connection.exec_driver_sql("SELECT name, text, file_key FROM stolen").one()
    engine.dispose()
    assert (name, text) == (NAME, MARKER)
    assert opens_database(laptop / "desk.db", key.database_key())
    (file_name,) = [path.name for path in (laptop / "files").iterdir() if not path.suffix]
    content = (MARKER * 50_000).encode()
    found = StoredFile(name=file_name, key=file_key, size=len(content), sha256="")
    assert AttachmentFiles(laptop / "files").read_all(found) == content
    assert DeviceKey.load(laptop / "device.json", key).sign(b"x")
