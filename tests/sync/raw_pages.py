"""What lies in a desk's files, decrypted page by page: the free ones too, which no query shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE, RESERVE, SALT, IV = 4096, 80, 16, 16


def pages(database: Path, key: bytes) -> Iterator[bytes]:
    """Every page of a SQLCipher 4 file under a raw key."""
    content = database.read_bytes()
    for start in range(0, len(content), PAGE):
        page = content[start : start + PAGE]
        cipher_text = page[SALT if start == 0 else 0 : PAGE - RESERVE]
        iv = page[PAGE - RESERVE : PAGE - RESERVE + IV]
        decryptor = Cipher(algorithms.AES(key[:32]), modes.CBC(iv)).decryptor()
        yield decryptor.update(cipher_text) + decryptor.finalize()


def log_bytes(database: Path) -> int:
    """The log's length: 0 when nothing of the past lies in it."""
    log = database.with_name(f"{database.name}-wal")
    return log.stat().st_size if log.exists() else 0


def holds(folder: Path, database: Path, key: bytes, marker: str) -> list[str]:
    """Where a marker is found: in a page of the database, or in the clear in any file of the folder."""
    wanted = [marker.encode(), marker.lower().encode()]
    found = [f"page {no}" for no, page in enumerate(pages(database, key)) if any(each in page for each in wanted)]
    for path in folder.rglob("*"):
        if path.is_file() and any(each in path.read_bytes() for each in wanted):
            found.append(path.name)
    return found
