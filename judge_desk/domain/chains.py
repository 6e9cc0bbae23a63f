"""Chains of sealed entries, of whatever is sealed: each link says what it holds and names the link before it, so that
whoever changes, adds or takes away one entry must change every later link, and somebody still holds the true ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

FIRST_LINK = "0" * 64


class Link(Protocol):
    """One link: ``said`` is what its hash covers beside its number and the hash before it, in a fixed order."""

    @property
    def number(self) -> int: ...
    @property
    def previous(self) -> str: ...
    @property
    def hash(self) -> str: ...
    @property
    def sealed_id(self) -> str:
        """The record that was sealed."""
        ...

    @property
    def sealed_sha256(self) -> str:
        """Its content at that moment."""
        ...

    @property
    def said(self) -> tuple[str, ...]: ...


class ChainFault(StrEnum):
    """ALTERED: the entry is not the one that was sealed. MISSING: a sealed entry is gone. UNSEALED: an entry without
    a link. BROKEN: the link itself does not follow from the one before. REPLACED: a link that this desk saw before is
    another one now."""

    ALTERED = "altered"
    MISSING = "missing"
    UNSEALED = "unsealed"
    BROKEN = "broken"
    REPLACED = "replaced"


def link_hash(number: int, previous: str, *said: str) -> str:
    """SHA-256 over what a link says, in hexadecimal."""
    return sha256("\n".join((str(number), previous, *said)).encode()).hexdigest()


def chain_faults(
    links: Iterable[Link], hashes: Mapping[str, str], seen: tuple[int, str] = (0, FIRST_LINK), *, complete: bool = True
) -> tuple[tuple[str, ChainFault], ...]:
    """(record id, fault) of everything wrong in one chain.

    ``hashes`` gives the SHA-256 of each record here, by id; where a record was sealed several times, its last link
    counts. ``seen`` is the number and hash of the last link that this desk found whole before. ``complete`` False: not
    every sealed record must be here.
    """
    chain = sorted(links, key=lambda each: each.number)
    last = {link.sealed_id: link.number for link in chain}
    found: list[tuple[str, ChainFault]] = []
    previous = FIRST_LINK
    for number, link in enumerate(chain, 1):
        whole = link_hash(link.number, link.previous, *link.said)
        if (link.number, link.previous, link.hash) != (number, previous, whole):
            found.append((link.sealed_id, ChainFault.BROKEN))
        held = hashes.get(link.sealed_id)
        if held is None and complete:
            found.append((link.sealed_id, ChainFault.MISSING))
        elif held not in (None, link.sealed_sha256) and last[link.sealed_id] == link.number:
            found.append((link.sealed_id, ChainFault.ALTERED))
        if link.number == seen[0] and link.hash != seen[1]:
            found.append((link.sealed_id, ChainFault.REPLACED))
        previous = link.hash
    if seen[0] > len(chain):
        found.append(("", ChainFault.MISSING))
    found += [(record_id, ChainFault.UNSEALED) for record_id in hashes if record_id not in last]
    return tuple(found)
