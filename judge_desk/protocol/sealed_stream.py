"""A sealed stream of bytes of any length: what a courier file and a backup consist of behind their heads.

Frames of 256 KiB, each sealed with AES-256-GCM under one key that is used for this stream alone. A frame's number and
whether it is the last are its nonce, so that frames cannot be changed, moved, left out or cut off unnoticed.
"""

from __future__ import annotations

import io
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from judge_desk.domain.errors import BadInput

KEY_BYTES = 32
FRAME_BYTES = 256 << 10
TAG_BYTES = 16
DAMAGED = "courier.damaged"


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class SealedWriter:
    """Seals what is written; ``close`` must be called, without it the stream counts as cut off. The file stays open."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        self._file, self._cipher = file, AESGCM(key)
        self._held = bytearray()
        self._number = 0

    def write(self, plain: bytes) -> None:
        """Raises OSError as the file does."""
        self._held += plain
        while len(self._held) > FRAME_BYTES:  # the last frame is sealed by close, however full
            self._seal(bytes(self._held[:FRAME_BYTES]), last=False)
            del self._held[:FRAME_BYTES]

    def close(self) -> None:
        self._seal(bytes(self._held), last=True)
        self._held.clear()

    def _seal(self, plain: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), plain, None))
        self._number += 1


class SealedReader(io.RawIOBase):
    """Opens a stream from where the file stands to its end; raises BadInput ``courier.damaged`` before a wrong byte is
    given out, and for a stream that was cut off."""

    def __init__(self, file: BinaryIO, key: bytes, damaged: str = DAMAGED) -> None:
        super().__init__()
        self._file, self._cipher, self._damaged = file, AESGCM(key), damaged
        self._held = b""
        self._number = 0
        self._ended = False
        self._ahead = file.read(FRAME_BYTES + TAG_BYTES)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # any buffer will do
        while not self._held and not self._ended:
            self._held = self._frame()
        count = min(len(buffer), len(self._held))
        buffer[:count] = self._held[:count]
        self._held = self._held[count:]
        return count

    def exactly(self, size: int) -> bytes:
        """So many bytes; raises BadInput where the stream ends before."""
        found = bytearray()
        while len(found) < size:
            piece = self.read(size - len(found))
            if not piece:
                raise BadInput(self._damaged)
            found += piece
        return bytes(found)

    def _frame(self) -> bytes:
        sealed, self._ahead = self._ahead, self._file.read(FRAME_BYTES + TAG_BYTES)
        self._ended = not self._ahead
        try:
            plain = self._cipher.decrypt(_nonce(self._number, last=self._ended), sealed, None)
        except InvalidTag:
            raise BadInput(self._damaged) from None
        self._number += 1
        return plain
