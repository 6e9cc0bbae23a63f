"""A download over a link that drops goes on where it was, whatever was cut, killed, full or a lie."""

import hashlib
import random
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judge_desk.domain.errors import BadInput, DamagedStore, DiskFull
from judge_desk.store import attachment_files, sealed_chunks
from judge_desk.store.attachment_files import AttachmentFiles

CHUNK = 64


def some_bytes(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def files(tmp_path: Path) -> AttachmentFiles:
    return AttachmentFiles(tmp_path / "files", chunk_bytes=CHUNK, reserve_bytes=0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.mark.parametrize("cut", range(0, 4 * CHUNK + 1, 7))
def test_a_link_cut_at_any_byte_loses_none(files: AttachmentFiles, cut: int) -> None:
    content = some_bytes(4 * CHUNK)
    with files.begin(sha256(content), len(content)) as part:
        part.append(content[:cut])
    with files.resume(part.stored) as later:
        assert later.offset == cut
        later.append(content[cut:])
        stored = later.finish()
    assert files.read_all(stored) == content


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(0, 6 * CHUNK), steps=st.lists(st.integers(0, 2 * CHUNK), max_size=12), seed=st.integers(0, 99))
def test_any_pieces_with_any_pauses_make_the_same_file(
    files: AttachmentFiles, size: int, steps: list[int], seed: int
) -> None:
    content = some_bytes(size, seed)
    part = files.begin(sha256(content), size)
    for step in steps:
        part.append(content[part.offset : part.offset + step])
        if step % 2:
            part.suspend()
            part = files.resume(part.stored)
    part.append(content[part.offset :])
    assert files.read_all(part.finish()) == content


def test_a_kill_at_any_length_of_the_part_goes_on_at_what_is_proven(files: AttachmentFiles, folder: Path) -> None:
    """No suspend: the file ends wherever the system had come, whole chunks or a torn one."""
    content = some_bytes(4 * CHUNK)
    first = files.begin(sha256(content), len(content))
    first.append(content)
    first.finish()
    whole = (folder / first.stored.name).read_bytes()
    layout = sealed_chunks.Layout(len(content), CHUNK)
    for length in range(len(whole) + 1):
        files.delete(first.stored.name)
        (folder / f"{first.stored.name}.part").write_bytes(whole[:length])
        part = files.resume(first.stored)
        assert part.offset == sum(layout.plain_bytes(n) for n in range(4) if layout.place(n) + CHUNK + 16 <= length)
        part.append(content[part.offset :])
        assert files.read_all(part.finish()) == content


def test_noise_behind_a_part_is_cut_off(files: AttachmentFiles, folder: Path) -> None:
    """What a file system may leave behind the last write after a power cut."""
    content = some_bytes(4 * CHUNK)
    for came in (content, content[: 2 * CHUNK + 1]):
        with files.begin(sha256(content), len(content)) as part:
            part.append(came)
        if came == content:
            part = files.resume(part.stored)
            part.finish()
            (folder / part.stored.name).rename(folder / f"{part.stored.name}.part")
        with (folder / f"{part.stored.name}.part").open("ab") as file:
            file.write(bytes(20 * CHUNK))
        with files.resume(part.stored) as later:
            assert later.offset == len(came)
            later.append(content[later.offset :])
            assert files.read_all(later.finish()) == content


def test_a_torn_or_foreign_tail_costs_less_than_a_chunk(files: AttachmentFiles, folder: Path) -> None:
    content = some_bytes(3 * CHUNK)
    with files.begin(sha256(content), len(content)) as part:
        part.append(content[: CHUNK + 40])
    tail = folder / f"{part.stored.name}.tail"
    whole = tail.read_bytes()
    for torn in (b"", whole[:-1], bytes(len(whole))):
        tail.write_bytes(torn)
        resumed = files.resume(part.stored)
        assert resumed.offset == CHUNK
        resumed._file.close()
    tail.write_bytes(whole)
    (folder / f"{part.stored.name}.part").write_bytes(b"")
    with files.resume(part.stored) as resumed:
        assert resumed.offset == 0


def test_large_files_put_their_tail_down_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed program has lost at most 256 KiB of what came over a slow link."""
    monkeypatch.setattr(attachment_files, "_TAIL_SECONDS", 0.0)
    files, content = AttachmentFiles(tmp_path / "files", reserve_bytes=0), some_bytes(3 << 20)
    part = files.begin(sha256(content), len(content))
    for start in range(0, 2_000_000, 50_000):
        part.append(content[start : start + 50_000])
    part._file.close()  # as a kill does: nothing is put down by it
    later = files.resume(part.stored)
    assert 2_000_000 - (256 << 10) - 50_000 < later.offset <= 2_000_000
    later.append(content[later.offset :])
    assert files.read_all(later.finish()) == content


def test_a_kill_between_the_rename_and_the_row_is_taken_up(files: AttachmentFiles) -> None:
    content = some_bytes(2 * CHUNK)
    with files.begin(sha256(content), len(content)) as part:
        part.append(content)
        part.finish()
    with files.resume(part.stored) as again:
        assert again.offset == len(content)
        assert files.read_all(again.finish()) == content


def test_a_download_that_lied_is_thrown_away(files: AttachmentFiles, folder: Path) -> None:
    content = some_bytes(2 * CHUNK)
    part = files.begin(sha256(content), len(content))
    part.append(content[:-1] + b"x")
    with pytest.raises(DamagedStore):
        part.finish()
    assert list(folder.iterdir()) == []
    part = files.begin(sha256(content), len(content))
    with pytest.raises(DamagedStore):
        part.append(content + b"x")
    assert list(folder.iterdir()) == []


def test_an_unfinished_download_says_how_far_it_is_and_stays(files: AttachmentFiles) -> None:
    content = some_bytes(2 * CHUNK)
    with files.begin(sha256(content), len(content)) as part:
        part.append(content[:100])
        with pytest.raises(BadInput) as raised:
            part.finish()
    assert raised.value.params == {"have": 100, "size": 2 * CHUNK}
    with files.resume(part.stored) as later:
        assert later.offset == 100


def test_a_write_that_failed_may_be_made_again(files: AttachmentFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full for a moment: what was taken is still there when there is room again."""
    content = some_bytes(5 * CHUNK)
    part = files.begin(sha256(content), len(content))
    part.append(content[:CHUNK])
    full = [OSError(28, "No space left on device")]

    def sometimes(file: BinaryIO, piece: bytes) -> None:
        file.write(piece[:20])
        if full:
            raise full.pop()
        file.write(piece[20:])

    with monkeypatch.context() as patch:
        patch.setattr(sealed_chunks, "write_whole", sometimes)
        with pytest.raises(DiskFull):
            part.append(content[CHUNK : 3 * CHUNK])
        part.append(content[part.offset :])
        stored = part.finish()
    assert files.read_all(stored) == content
