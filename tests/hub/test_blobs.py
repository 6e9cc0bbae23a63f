"""Where files lie: one contract for the folder and for a real S3 server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from judge_desk.domain.errors import BadInput, NotFound
from judge_desk.hub.blobs import PIECE_BYTES, BlobStore, FolderBlobs, open_blobs
from tests.live_s3 import BUCKET, S3Server

BIG = os.urandom(PIECE_BYTES * 2 + 12345)


@pytest.fixture(params=["folder", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BlobStore:
    if request.param == "folder":
        return open_blobs(str(tmp_path / "blobs"))
    server: S3Server = request.getfixturevalue("s3_server")
    for name, value in server.variables.items():
        monkeypatch.setenv(name, value)
    return open_blobs(f"s3://{BUCKET}/{tmp_path.name}")


def pieces(content: bytes, size: int = 1 << 20) -> Iterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


@pytest.mark.parametrize("content", [b"", b"x", BIG], ids=["empty", "small", "in many parts"])
def test_what_was_put_comes_back(blobs: BlobStore, content: bytes) -> None:
    blobs.put("a/b/c", pieces(content))
    assert blobs.size("a/b/c") == len(content)
    assert b"".join(blobs.read("a/b/c")) == content


def test_any_range_can_be_read(blobs: BlobStore) -> None:
    blobs.put("a", [BIG])
    middle = PIECE_BYTES - 3
    assert b"".join(blobs.read("a", middle, middle + 7)) == BIG[middle : middle + 7]
    assert b"".join(blobs.read("a", len(BIG) - 5)) == BIG[-5:]
    assert b"".join(blobs.read("a", 0, len(BIG) + 5)) == BIG
    assert b"".join(blobs.read("a", len(BIG))) == b""


def test_what_is_not_there_is_told_before_the_first_byte(blobs: BlobStore) -> None:
    assert blobs.size("none") is None
    with pytest.raises(NotFound):
        blobs.read("none")
    blobs.delete(["none"])


def test_a_later_put_replaces_and_delete_removes(blobs: BlobStore) -> None:
    blobs.put("a", [b"one"])
    blobs.put("a", [b"other"])
    assert b"".join(blobs.read("a")) == b"other"
    blobs.delete(["a", "none"])
    assert blobs.size("a") is None


@pytest.mark.parametrize("length", [10, len(BIG)], ids=["small", "in many parts"])
def test_a_put_that_fails_leaves_nothing(blobs: BlobStore, length: int) -> None:
    class CutError(Exception):
        pass

    def cut() -> Iterator[bytes]:
        yield from pieces(BIG[:length])
        raise CutError

    with pytest.raises(CutError):
        blobs.put("a", cut())
    assert blobs.size("a") is None


def test_a_failed_put_leaves_no_file_in_the_folder(tmp_path: Path) -> None:
    def cut() -> Iterator[bytes]:
        yield b"x"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="space"):
        FolderBlobs(tmp_path).put("a/b", cut())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("place", ["ftp://x", "s3://"])
def test_a_place_that_is_none_is_refused(place: str) -> None:
    with pytest.raises(BadInput):
        open_blobs(place)
