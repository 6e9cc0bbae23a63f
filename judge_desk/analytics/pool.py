"""Who may review whom: the hard rules as matrices over all pairs, and the published order in which pairs are tried.

The order comes from a hash of seed and names, not from a library's random numbers: no later version of anything, and
no other order of rows in the file, draws another lot.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from judge_desk.domain.campaigns import Conflict, DrawingRule, PoolMember, Violation

Pairs = NDArray[np.bool_]
Keys = NDArray[np.uint64]


@dataclass(frozen=True)
class Pool:
    """Members sorted by id; matrices are reviewers × subjects over all members."""

    members: tuple[PoolMember, ...]
    conflicts: tuple[Conflict, ...]
    _orders: dict[int, Keys] = field(default_factory=dict)

    @classmethod
    def of(cls, members: Sequence[PoolMember], conflicts: Sequence[Conflict]) -> Pool:
        ordered = tuple(sorted(members, key=lambda each: each.id))
        return cls(ordered, tuple(sorted(conflicts, key=lambda each: (each.one, each.other, each.reason))))

    @cached_property
    def number(self) -> dict[str, int]:
        return {each.id: index for index, each in enumerate(self.members)}

    @cached_property
    def input_sha256(self) -> str:
        """Of everything that was drawn from, in a canonical form."""
        members = [
            [*(each.id, each.court, each.region, each.branch, each.panel), sorted(each.languages), each.load]
            for each in self.members
        ]
        conflicts = [[each.one, each.other, each.reason] for each in self.conflicts]
        sides = [self.subjects.tolist(), self.reviewers.tolist()]
        body = json.dumps([members, sides, conflicts], ensure_ascii=False, separators=(",", ":"))
        return sha256(body.encode()).hexdigest()

    @cached_property
    def subjects(self) -> NDArray[np.bool_]:
        return np.array([each.is_subject for each in self.members])

    @cached_property
    def reviewers(self) -> NDArray[np.bool_]:
        return np.array([each.is_reviewer for each in self.members])

    @cached_property
    def barred(self) -> Mapping[DrawingRule, Pairs]:
        """For each rule between two judges, the pairs that it rules out; each matrix is symmetric."""
        return {
            DrawingRule.SELF: np.eye(len(self.members), dtype=bool),
            DrawingRule.COURT: self._equal(lambda each: each.court),
            DrawingRule.REGION: self._equal(lambda each: each.region),
            DrawingRule.PANEL: self._equal(lambda each: each.panel),
            DrawingRule.BRANCH: self._apart(lambda each: each.branch),
            DrawingRule.LANGUAGE: self._no_common_language(),
            DrawingRule.CONFLICT: self._declared(),
        }

    @cached_property
    def allowed(self) -> Pairs:
        """Reviewer × subject: whatever no rule between two judges rules out."""
        allowed = np.logical_and.outer(self.reviewers, self.subjects)
        for pairs in self.barred.values():
            allowed &= ~pairs
        return allowed

    def order(self, seed: int) -> Keys:
        """A number for each pair that looks random and follows from the seed and the two names alone."""
        if seed not in self._orders:
            hashes = (sha256(f"{seed}\0{each.id}".encode()).digest() for each in self.members)
            own = np.array([int.from_bytes(each[:8], "big") for each in hashes], dtype=np.uint64)
            self._orders[seed] = _mixed(own[:, None] * np.uint64(3) + _mixed(own.copy())[None, :])
        return self._orders[seed]

    def shortages(self, per_judge: int) -> tuple[Violation, ...]:
        """Subjects with too few reviewers left, and the rule that took the most of them."""
        left = self.allowed.sum(axis=0)
        found = []
        for index in np.flatnonzero(self.subjects & (left < per_judge)):
            taken = {rule: int((pairs[:, index] & self.reviewers).sum()) for rule, pairs in self.barred.items()}
            worst = max(self.barred, key=lambda rule: (rule is not DrawingRule.SELF) * taken[rule])
            worst = worst if taken[worst] else DrawingRule.SELF
            found.append(Violation(self.members[index].id, worst, int(left[index])))
        return tuple(found)

    def _codes(self, value: Callable[[PoolMember], str]) -> NDArray[np.int64]:
        """One number for each text; an empty one is like no other."""
        known: dict[str, int] = {}
        texts = [value(each).casefold() for each in self.members]
        return np.array([known.setdefault(text, len(known)) if text else -1 - at for at, text in enumerate(texts)])

    def _equal(self, value: Callable[[PoolMember], str]) -> Pairs:
        codes = self._codes(value)
        return np.asarray(codes[:, None] == codes[None, :]) & ~np.eye(len(codes), dtype=bool)

    def _apart(self, value: Callable[[PoolMember], str]) -> Pairs:
        codes = self._codes(value)
        known = codes >= 0
        return np.asarray(codes[:, None] != codes[None, :]) & np.logical_and.outer(known, known)

    def _no_common_language(self) -> Pairs:
        tongues = sorted(set().union(*(each.languages for each in self.members)))
        bits = {name: 1 << place for place, name in enumerate(tongues)}
        reads = np.array([sum(bits[each] for each in member.languages) for member in self.members], dtype=np.uint32)
        known = reads > 0
        return np.asarray((reads[:, None] & reads[None, :]) == 0) & np.logical_and.outer(known, known)

    def _declared(self) -> Pairs:
        barred = np.zeros((len(self.members), len(self.members)), dtype=bool)
        for each in self.conflicts:
            one, other = self.number.get(each.one), self.number.get(each.other)
            if one is not None and other is not None:
                barred[one, other] = barred[other, one] = True
        return barred


def _mixed(keys: Keys) -> Keys:
    """One round of a xorshift and a multiplication, in place: what goes in is hashed already."""
    keys ^= keys >> np.uint64(32)
    keys *= np.uint64(0xD6E8FEB86659FD93)
    keys ^= keys >> np.uint64(32)
    return keys
