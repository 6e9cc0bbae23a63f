"""Facts that stand in an act otherwise than the case has them now, and how the act takes them over."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from judge_desk.domain.acts import ActText, Block, Run, normalised, runs_of, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FactDifference:
    """``stands`` in the act for ``field`` (empty: a blank), ``known`` is what the case says today."""

    field: str
    stands: str
    known: str


def differing(act: ActText, values: Mapping[str, str]) -> tuple[FactDifference, ...]:
    """Each fact once, in reading order. A fact that the case does not know any more stays as it was written."""
    found: dict[tuple[str, str], FactDifference] = {}
    for block in act.blocks():
        for field, runs in groupby(runs_of(block), key=lambda run: run.field):
            stretch = tuple(runs)
            known = values.get(field, "")
            stands = "" if stretch[0].blank else text_of(stretch)
            if field and known and stands != known:
                found.setdefault((field, stands), FactDifference(field=field, stands=stands, known=known))
    return tuple(found.values())


def renewed(act: ActText, values: Mapping[str, str], fields: Collection[str]) -> ActText:
    """The act with these fields as the case has them; everything else stays to the letter."""
    wanted = {field: values[field] for field in fields if values.get(field)}
    parts = (replace(part, blocks=tuple(_renewed(block, wanted) for block in part.blocks)) for part in act.parts)
    return normalised(replace(act, parts=tuple(parts)))


def _renewed(block: Block, wanted: Mapping[str, str]) -> Block:
    rows = tuple(
        replace(row, cells=tuple(replace(cell, runs=_filled(cell.runs, wanted)) for cell in row.cells))
        for row in block.rows
    )
    return replace(block, runs=_filled(block.runs, wanted), rows=rows)


def _filled(runs: tuple[Run, ...], wanted: Mapping[str, str]) -> tuple[Run, ...]:
    filled: list[Run] = []
    for field, stretch in groupby(runs, key=lambda run: run.field):
        if field in wanted:
            # A stretch of several looks becomes one, in the look of its beginning.
            filled.append(replace(next(stretch), text=wanted[field], blank=False))
        else:
            filled.extend(stretch)
    return tuple(filled)
