"""Opens a ZIP from outside without trusting it: sizes, names and number of members are checked before any is read."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import PurePosixPath

from judge_desk.domain.errors import BadInput
from judge_desk.protocol.limits import BLOB_BYTES

MOST_MEMBERS = 5_000
MOST_TOTAL = 4 << 30
MOST_RATIO = 200
RATIO_COUNTS_FROM = 1 << 20
_CHUNK = 1 << 20


class BadMember(BadInput):
    """One member of an archive that is not read; the others may be."""


def check_members(archive: zipfile.ZipFile, name: str) -> None:
    """Raises BadInput for an archive that would fill the machine: too many members, too large, or a bomb."""
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise BadInput("intake.zip.too_many", file=name, count=len(members), most=MOST_MEMBERS)
    total = sum(each.file_size for each in members)
    if total > MOST_TOTAL:
        raise BadInput("intake.zip.too_large", file=name, most=MOST_TOTAL >> 20)
    for each in members:
        if each.file_size > RATIO_COUNTS_FROM and each.file_size > MOST_RATIO * max(each.compress_size, 1):
            raise BadInput("intake.zip.bomb", file=name)


def is_safe_name(name: str) -> bool:
    """A relative path with plain parts: no drive, no "..", nothing absolute, no control letters."""
    path = PurePosixPath(name)
    return (
        0 < len(name) <= 500
        and "\\" not in name
        and ":" not in name
        and not path.is_absolute()
        and ".." not in path.parts
        and name.isprintable()
    )


def read_member(archive: zipfile.ZipFile, name: str, most: int = BLOB_BYTES) -> bytes:
    """The bytes of a member, never more than ``most`` whatever its header says; raises BadMember."""
    if not is_safe_name(name):
        raise BadMember("intake.document.path")
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise BadMember("intake.document.missing") from None
    if info.flag_bits & 0x1:
        raise BadMember("intake.document.encrypted")
    if info.file_size > most:
        raise BadMember("intake.document.too_large", most=most >> 20)
    parts, size = [], 0
    try:
        with archive.open(info) as member:
            while chunk := member.read(_CHUNK):
                size += len(chunk)
                if size > most:
                    raise BadMember("intake.document.too_large", most=most >> 20)
                parts.append(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError):
        raise BadMember("intake.document.damaged") from None
    return b"".join(parts)
