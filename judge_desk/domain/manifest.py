"""What a scope holds, as one hash: equal on desk and hub exactly when every record is there at the same revision and
every document names the same file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from judge_desk.domain.kinds import Kind

EMPTY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True, order=True)
class Leaf:
    """One record: its kind, id and revision, and the SHA-256 of its file (empty: it has none)."""

    kind: str
    id: str
    rev: int
    sha256: str = ""

    @property
    def is_document(self) -> bool:
        return self.kind == Kind.DOCUMENT


def root(leaves: Iterable[Leaf]) -> str:
    """The Merkle root (64 hex digits) over the leaves in the order of kind and id; EMPTY for none.

    Leaves and nodes are hashed under different first bytes, so that neither can be taken for the other.
    """
    texts = (f"{each.kind} {each.id} {each.rev} {each.sha256}" for each in sorted(leaves))
    return _tree([hashlib.sha256(b"\0" + text.encode()).digest() for text in texts])


def total(roots: Mapping[str, str]) -> str:
    """The root over the roots of many scopes, by scope."""
    texts = (f"{scope} {roots[scope]}" for scope in sorted(roots))
    return _tree([hashlib.sha256(b"\0" + text.encode()).digest() for text in texts])


def _tree(level: list[bytes]) -> str:
    if not level:
        return EMPTY
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [hashlib.sha256(b"\1" + left + right).digest() for left, right in pairs]
        # One without a partner goes up as it is.
        level = above + level[len(level) - len(level) % 2 :]
    return level[0].hex()


@dataclass(frozen=True, slots=True)
class Difference:
    """What desk and hub do not agree on: ``reason`` is missing, extra or revision, seen from the desk."""

    scope: str
    kind: str
    id: str
    reason: str
    ours: int = 0
    hubs: int = 0


def differences(scope: str, ours: Iterable[Leaf], hubs: Iterable[Leaf]) -> list[Difference]:
    """By kind and id; a document with another hash counts as another revision."""
    mine = {(each.kind, each.id): each for each in ours}
    theirs = {(each.kind, each.id): each for each in hubs}
    found: list[Difference] = []
    for key in sorted(mine.keys() | theirs.keys()):
        here, there = mine.get(key), theirs.get(key)
        if here == there:
            continue
        reason = "missing" if here is None else "extra" if there is None else "revision"
        found.append(Difference(scope, *key, reason, here.rev if here else 0, there.rev if there else 0))
    return found
