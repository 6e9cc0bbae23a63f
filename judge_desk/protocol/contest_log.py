"""The log of a contest as a file that anybody may keep and check: the vacancy, every link, the hub's public key.

``{"format": "judge-desk-contest-log", "version": 1, "hub_key": hex, "vacancy": {…}, "links": [{…}, …]}``, UTF-8.
It holds no more than the log: the panel by name, applications by ids that say nothing, salted hashes for the rest.
"""

from __future__ import annotations

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from judge_desk.domain.contest_log import ContestLink, LogFault, log_faults, signed_text
from judge_desk.domain.contests import Vacancy
from judge_desk.domain.errors import BadInput
from judge_desk.protocol import codec

FORMAT = "judge-desk-contest-log"
VERSION = 1
MOST_BYTES = 64 * 1024 * 1024


class PublishedLog(msgspec.Struct, frozen=True, kw_only=True):
    """``hub_key`` is the hub's public key (Ed25519, hex); whoever checks compares it with the one the court made
    known."""

    format: str = FORMAT
    version: int = VERSION
    hub_key: str
    vacancy: Vacancy
    links: tuple[ContestLink, ...]


def write(log: PublishedLog) -> bytes:
    """The file."""
    return msgspec.json.format(msgspec.json.encode(log), indent=1)


def read(body: bytes) -> PublishedLog:
    """The log in a file; raises BadInput for one that is none, or of another version."""
    if len(body) > MOST_BYTES:
        raise BadInput("contests.verify.size", most=MOST_BYTES >> 20)
    try:
        log = msgspec.json.decode(body, type=PublishedLog)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadInput("contests.verify.no_log") from None
    if log.format != FORMAT or log.version != VERSION:
        raise BadInput("contests.verify.no_log")
    return log


def faults(log: PublishedLog, hub_key: str = "") -> tuple[tuple[int, str], ...]:
    """(number of the link, fault) of everything wrong; ``hub_key``: the key that is known to be the hub's."""
    found = list(log_faults(log.vacancy, log.links, codec.sha256(log.vacancy)))
    if hub_key and hub_key.strip().lower() != log.hub_key.lower():
        found.append((0, LogFault.NOT_SIGNED.value))
    found += [(each.number, LogFault.NOT_SIGNED.value) for each in log.links if not is_signed(each, log.hub_key)]
    return tuple(sorted(set(found)))


def is_signed(link: ContestLink, hub_key: str) -> bool:
    """Whether the hub of this key (hex) signed the link."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(hub_key))
        key.verify(bytes.fromhex(link.signature), signed_text(link.hash))
    except (ValueError, InvalidSignature):
        return False
    return True
