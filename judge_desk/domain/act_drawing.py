"""Which acts of a judge are read: drawn at random from a stated period, spread over the categories, open to replay."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from judge_desk.domain.campaigns import ActDrawing


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolAct:
    """An act that may be drawn; ``stratum`` is its category. One without a day is never drawn: nobody could say whether
    it lies in the period."""

    id: str
    judge_id: str
    stratum: str
    text: str
    decided_on: date | None = None
    title: str = ""
    language: str = "kk"
    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def in_period(act: PoolAct, from_on: date, to_on: date) -> bool:
    return act.decided_on is not None and from_on <= act.decided_on <= to_on


def drawn_acts(acts: Iterable[PoolAct], seed: int, drawing: ActDrawing) -> dict[str, tuple[PoolAct, ...]]:
    """Acts of each judge within the period, from different strata as long as there are any, by the published seed
    alone: neither the order of the pool nor a library's random numbers have a say."""
    found: dict[str, tuple[PoolAct, ...]] = {}
    by_judge: defaultdict[str, list[PoolAct]] = defaultdict(list)
    for act in acts:
        if in_period(act, drawing.from_on, drawing.to_on):
            by_judge[act.judge_id].append(act)
    for judge_id, own in sorted(by_judge.items()):
        order = sorted(own, key=lambda act: sha256(f"{seed}\0{act.judge_id}\0{act.id}".encode()).digest())
        seen: Counter[str] = Counter()
        rounds: list[tuple[int, int, PoolAct]] = []
        for place, act in enumerate(order):
            rounds.append((seen[act.stratum], place, act))
            seen[act.stratum] += 1
        ranked = sorted(rounds, key=lambda each: each[:2])
        found[judge_id] = tuple(act for _, _, act in ranked[: drawing.number])
    return found


def pool_sha256(acts: Iterable[PoolAct]) -> str:
    """Names a pool by all that the drawing goes by and by the texts, whatever the order of its lines."""
    lines = sorted(
        "\0".join((each.id, each.judge_id, each.stratum, str(each.decided_on), sha256(each.text.encode()).hexdigest()))
        for each in acts
    )
    return sha256("\n".join(lines).encode()).hexdigest()
