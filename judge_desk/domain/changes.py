"""What a use case touched, so that every open page can refresh itself and no page needs to know another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ALL_IDS = "*"


@dataclass(frozen=True, slots=True)
class Changes:
    """Pairs of (kind, id); the id ``*`` stands for "many of that kind"."""

    touched: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, kind: str, *ids: str) -> Changes:
        return cls(frozenset((kind, each) for each in ids or (ALL_IDS,)))

    @classmethod
    def of_pairs(cls, pairs: Iterable[tuple[str, str]]) -> Changes:
        return cls(frozenset(pairs))

    def __or__(self, other: Changes) -> Changes:
        return Changes(self.touched | other.touched)

    def __bool__(self) -> bool:
        return bool(self.touched)

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(kind for kind, _ in self.touched)

    def touches(self, kind: str, record_id: str | None = None) -> bool:
        """Whether something of this kind (or this very record) may have changed."""
        if record_id is None:
            return kind in self.kinds
        return (kind, record_id) in self.touched or (kind, ALL_IDS) in self.touched
