"""Attachment files come back byte for byte or not at all, whatever is cut, changed or full."""

import gc
import hashlib
import io
import os
import random
import shutil
import subprocess
import sys
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judge_desk.domain.errors import DamagedStore, DiskFull, KnownError, NotFound, StoreProblem
from judge_desk.store import sealed_chunks
from judge_desk.store.attachment_files import AttachmentFiles, StoredFile

CHUNK = 64
MARKER = "құпия материал МАРКЕР-7140"
BORDERS = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1, 5 * CHUNK + 3]
Usage = namedtuple("Usage", "total used free")


def some_bytes(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def endings(folder: Path) -> set[str]:
    return {path.suffix for path in folder.iterdir()}


@pytest.fixture
def files(tmp_path: Path) -> AttachmentFiles:
    return AttachmentFiles(tmp_path / "files", chunk_bytes=CHUNK, reserve_bytes=0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


def written(files: AttachmentFiles, content: bytes) -> StoredFile:
    return files.write(io.BytesIO(content), sha256(content), len(content))


@pytest.mark.parametrize("size", BORDERS)
def test_every_size_around_a_border_comes_back(files: AttachmentFiles, size: int) -> None:
    content = some_bytes(size)
    stored = written(files, content)
    assert stored.size == size
    assert stored.sha256 == sha256(content)
    assert files.has(stored)
    files.verify(stored)
    assert files.read_all(stored) == content
    assert files.write(io.BytesIO(content)).sha256 == stored.sha256


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=5 * CHUNK), data=st.data())
def test_any_walk_through_a_file_reads_what_a_plain_file_reads(
    files: AttachmentFiles, content: bytes, data: st.DataObject
) -> None:
    plain = io.BytesIO(content)
    with files.open(written(files, content)) as file:
        for _ in range(8):
            if data.draw(st.booleans()):
                place = data.draw(st.integers(0, len(content) + 3))
                assert file.seek(place) == plain.seek(place)
            length = data.draw(st.integers(0, 3 * CHUNK))
            assert file.read(length) == plain.read(length)
            assert file.tell() == plain.tell()
        assert file.seek(0, io.SEEK_END) == len(content)


def test_a_range_opens_only_its_own_chunks(files: AttachmentFiles, folder: Path) -> None:
    content = some_bytes(10 * CHUNK)
    stored = written(files, content)
    path = folder / stored.name
    damaged = bytearray(path.read_bytes())
    damaged[sealed_chunks.HEADER_BYTES + 5] ^= 1
    path.write_bytes(damaged)
    assert files.read_range(stored, 3 * CHUNK - 7, 50) == content[3 * CHUNK - 7 : 3 * CHUNK + 43]
    with pytest.raises(DamagedStore):
        files.read_range(stored, 0, 1)


def test_any_changed_byte_is_seen(files: AttachmentFiles, folder: Path) -> None:
    stored = written(files, some_bytes(2 * CHUNK + 5))
    path = folder / stored.name
    whole = path.read_bytes()
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << (place % 8)
        path.write_bytes(damaged)
        with pytest.raises(DamagedStore):
            files.read_all(stored)
    path.write_bytes(whole)
    files.verify(stored)


def test_any_truncation_and_any_addition_is_seen_before_a_byte_is_read(files: AttachmentFiles, folder: Path) -> None:
    stored = written(files, some_bytes(2 * CHUNK))
    path = folder / stored.name
    whole = path.read_bytes()
    for content in [whole[:place] for place in range(len(whole))] + [whole + b"x"]:
        path.write_bytes(content)
        assert not files.has(stored)
        with pytest.raises(DamagedStore):
            files.open(stored)


def test_a_file_cut_at_a_chunk_border_does_not_pass_for_a_shorter_one(files: AttachmentFiles, folder: Path) -> None:
    """Even for somebody who also changes the size in the row: the last chunk says that it is the last."""
    stored = written(files, some_bytes(3 * CHUNK))
    path = folder / stored.name
    path.write_bytes(path.read_bytes()[: sealed_chunks.Layout(3 * CHUNK, CHUNK).place(2)])
    with pytest.raises(DamagedStore):
        files.open(replace(stored, size=2 * CHUNK))


def test_chunks_cannot_change_places_and_files_cannot_change_names(files: AttachmentFiles, folder: Path) -> None:
    stored = written(files, some_bytes(3 * CHUNK))
    path, layout = folder / stored.name, sealed_chunks.Layout(3 * CHUNK, CHUNK)
    whole = path.read_bytes()
    first, second = whole[layout.place(0) : layout.place(1)], whole[layout.place(1) : layout.place(2)]
    path.write_bytes(whole[: layout.place(0)] + second + first + whole[layout.place(2) :])
    with pytest.raises(DamagedStore):
        files.read_all(stored)
    other = "0" * 32
    (folder / other).write_bytes(whole)
    with pytest.raises(DamagedStore):
        files.read_all(replace(stored, name=other))
    with pytest.raises(DamagedStore):
        files.read_all(replace(stored, name=other, key=bytes(32)))


def test_a_missing_file_and_a_wrong_name_are_told_apart(files: AttachmentFiles) -> None:
    stored = written(files, b"text")
    files.delete(stored.name)
    files.delete(stored.name)
    assert not files.has(stored)
    with pytest.raises(NotFound):
        files.open(stored)
    with pytest.raises(ValueError, match="name"):
        files.open(replace(stored, name="../key.json"))


def test_a_stream_that_is_not_what_was_announced_is_not_kept(files: AttachmentFiles, folder: Path) -> None:
    content = some_bytes(3 * CHUNK)
    for hash_given, size_given in ((sha256(b"other"), len(content)), (sha256(content), len(content) - 1)):
        with pytest.raises(DamagedStore) as raised:
            files.write(io.BytesIO(content), hash_given, size_given)
        assert raised.value.key == "security.attachment.mismatch"
    assert list(folder.iterdir()) == []


def test_a_source_that_breaks_leaves_nothing(files: AttachmentFiles, folder: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        files.write(Broken())
    assert list(folder.iterdir()) == []


def test_nothing_planted_stands_on_the_disk_in_clear(tmp_path: Path) -> None:
    """Whole files, parts, tails, names: none of them holds a word of a document or its hash."""
    files = AttachmentFiles(tmp_path / "files", reserve_bytes=0)
    content = (MARKER * 60_000).encode()
    written(files, content)
    part = files.begin(sha256(content), len(content))
    part.append(content[: (1 << 20) + 300_000])
    part.suspend()
    assert endings(tmp_path / "files") == {"", ".part", ".tail"}
    for path in (tmp_path / "files").iterdir():
        on_disk = path.read_bytes()
        for word in (MARKER.encode(), MARKER.encode()[:12], sha256(content).encode(), bytes.fromhex(sha256(content))):
            assert word not in on_disk
        assert sha256(content)[:8] not in path.name


def test_the_key_is_not_shown(files: AttachmentFiles) -> None:
    stored = written(files, b"text")
    assert stored.key.hex() not in repr(stored)
    assert repr(stored.key) not in repr(stored)


def test_equal_documents_look_unlike_on_the_disk(files: AttachmentFiles, folder: Path) -> None:
    first, second = written(files, b"text" * 40), written(files, b"text" * 40)
    assert first.name != second.name
    assert first.key != second.key
    assert (folder / first.name).read_bytes()[16:] != (folder / second.name).read_bytes()[16:]


@pytest.mark.skipif(os.name != "posix", reason="modes and limits of POSIX")
def test_files_are_for_their_owner_alone(files: AttachmentFiles, folder: Path) -> None:
    stored = written(files, b"text")
    assert (folder / stored.name).stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.name != "posix", reason="a real limit needs setrlimit")
def test_a_disk_that_really_fills_up_gives_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    """A process whose files may not grow past 300 KB: the system itself refuses the write in the middle of a chunk."""
    program = """
import io, resource, signal, sys
from pathlib import Path
from judge_desk.domain.errors import DiskFull
from judge_desk.store.attachment_files import AttachmentFiles
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
files = AttachmentFiles(Path(sys.argv[1]), chunk_bytes=65536, reserve_bytes=0)
content = bytes(500_000)
try:
    files.write(io.BytesIO(content))
except DiskFull as fault:
    print(fault.key)
part = files.begin("0" * 64, len(content))
try:
    part.append(content)
except DiskFull as fault:
    print(fault.key)
part.suspend()
print(files.resume(part.stored).offset)
"""
    command = [sys.executable, "-c", program, str(tmp_path / "files")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path.cwd())
    # What came is not lost either: the whole chunks fit, and so does the tail, in a file of its own.
    assert done.stdout.split() == ["errors.disk_full", "errors.disk_full", "500000"], done.stderr
    assert endings(tmp_path / "files") <= {".part", ".tail"}


def test_room_is_kept_for_the_drafts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = AttachmentFiles(tmp_path / "files", reserve_bytes=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10_000, 8_900, 1_100))
    with pytest.raises(DiskFull):
        files.begin(sha256(b""), 101)
    with pytest.raises(DiskFull):
        files.write(io.BytesIO(b"x" * 101), size=101)
    assert list((tmp_path / "files").iterdir()) == []
    files.begin(sha256(b""), 100).discard()


def test_a_rename_that_fails_leaves_nothing(
    files: AttachmentFiles, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(os, "replace", refused)
    with pytest.raises(StoreProblem) as raised:
        written(files, b"text")
    assert raised.value.key == "security.attachment.unwritable"
    assert list(folder.iterdir()) == []


def test_the_sweep_takes_what_no_row_names_and_nothing_else(files: AttachmentFiles, folder: Path) -> None:
    kept, dropped = written(files, b"kept"), written(files, b"dropped")
    with files.begin(sha256(b"text"), 4) as part:
        part.append(b"te")
    (folder / "notes.txt").write_text("not ours")
    at_start = AttachmentFiles(folder, chunk_bytes=CHUNK, reserve_bytes=0)
    during = at_start.write(io.BytesIO(b"a file whose row is not committed yet"))
    assert at_start.sweep({kept.name, part.stored.name}) == 1
    assert not at_start.has(dropped)
    assert at_start.read_all(kept) == b"kept"
    assert at_start.has(during)
    with at_start.resume(part.stored) as resumed:
        assert resumed.offset == 2
    assert (folder / "notes.txt").exists()
    assert at_start.sweep({kept.name}) == 2


def test_the_sweep_leaves_what_another_program_is_writing(files: AttachmentFiles, folder: Path) -> None:
    """Such as the window, between the printed act and its row, while the command line opens the same desk."""
    fresh, old = written(files, b"fresh"), written(files, b"old")
    os.utime(folder / old.name, (0, 0))
    assert AttachmentFiles(folder, chunk_bytes=CHUNK, reserve_bytes=0).sweep(set(), quiet_seconds=60) == 1
    assert (files.has(fresh), files.has(old)) == (True, False)


def test_no_failure_leaves_a_file_open(files: AttachmentFiles, folder: Path) -> None:
    """A file left open cannot be deleted on Windows; so each failure closes what it opened."""
    stored = written(files, some_bytes(CHUNK))
    (folder / stored.name).write_bytes(b"JDF1")
    for call in (lambda: files.open(stored), lambda: files.verify(stored), lambda: files.read_range(stored, 0, 1)):
        with pytest.raises(KnownError):
            call()
    gc.collect()
    assert [each.path for each in psutil.Process().open_files() if str(folder) in each.path] == []
