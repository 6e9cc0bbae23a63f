"""Takes a campaign in from files: judges and conflicts as CSV, acts as JSON Lines; faults are named, not fatal.

The judges may as well come from the list of who is due (``services.due_judges``).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from judge_desk.domain.act_drawing import PoolAct, in_period
from judge_desk.domain.campaigns import Conflict, PoolMember
from judge_desk.domain.errors import BadInput, BadRow
from judge_desk.domain.ids import is_id
from judge_desk.protocol.review_forms import review_form
from judge_desk.services.campaigns import CampaignService

MOST_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFiles:
    """What the commission chose; ``conflicts`` may be left out.

    The judges come from a file, or are the ``members`` that the list of who is due gave; where both are there, the file
    tells who may review and the list whose acts are read. ``months_back`` None: as the rules of the day say.
    """

    title: str
    acts: Path
    judges: Path | None = None
    members: tuple[PoolMember, ...] = ()
    conflicts: Path | None = None
    per_judge: int
    seed: int
    due_on: date
    months_back: int | None = None
    acts_each: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """The campaign that was prepared, the rows that were left out, and how many acts lie outside the period."""

    campaign_id: str
    refused: tuple[BadRow, ...]
    outside: int = 0


def prepare_from(service: CampaignService, files: CampaignFiles) -> Taken:
    """Prepare a campaign and blind its acts; raises BadInput where a file is none or nobody is left."""
    from judge_desk.analytics.pool_files import read_conflicts, read_judges  # numpy is not on the start path

    members, refused = read_judges(files.judges) if files.judges else (files.members, ())
    if files.judges and files.members:
        chosen = {each.id for each in files.members if each.is_subject}
        members = tuple(replace(each, is_subject=each.id in chosen) for each in members)
    no_conflicts: tuple[tuple[Conflict, ...], tuple[BadRow, ...]] = ((), ())
    conflicts, more = read_conflicts(files.conflicts, members) if files.conflicts else no_conflicts
    acts, bad = read_acts(files.acts, service.directory())
    campaign_id = service.prepare(
        files.title,
        review_form(),
        members,
        conflicts,
        per_judge=files.per_judge,
        seed=files.seed,
        due_on=files.due_on,
    )
    service.take_acts(campaign_id, acts, months_back=files.months_back, number=files.acts_each)
    drawing = service.row(campaign_id).campaign.act_drawing
    outside = 0 if drawing is None else sum(not in_period(each, drawing.from_on, drawing.to_on) for each in acts)
    return Taken(campaign_id, (*refused, *more, *bad), outside)


def read_acts(path: Path, known: Collection[str] | None = None) -> tuple[tuple[PoolAct, ...], tuple[BadRow, ...]]:
    """Acts from JSON Lines: id, judge, date and text are needed; category, title, language, names and places may
    follow. An act without a day is refused: nobody could say whether it lies in the period; and so is one whose judge
    is not ``known``, unless None is given: a name that is not known is neither taken out nor found."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput("ratings.file.size", file=path.name)
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise BadInput("ratings.file.unreadable", file=path.name) from None
    good: list[PoolAct] = []
    refused: list[BadRow] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            good.append(_act(path.name, number, line, known))
        except BadRow as fault:
            refused.append(fault)
    return tuple(good), tuple(refused)


def _act(file: str, number: int, line: str, known: Collection[str] | None) -> PoolAct:
    try:
        told: Any = json.loads(line)
    except ValueError:
        raise BadRow("campaigns.row.object", file=file, line=number, field="-") from None
    if not isinstance(told, dict):
        raise BadRow("campaigns.row.object", file=file, line=number, field="-")
    for name in ("id", "judge", "text"):
        if not isinstance(told.get(name), str) or not told[name].strip() or (name == "judge" and not is_id(told[name])):
            raise BadRow("campaigns.row.field", file=file, line=number, field=name)
    if known is not None and told["judge"] not in known:
        raise BadRow("campaigns.row.nameless", file=file, line=number, field="judge")
    try:
        decided_on = date.fromisoformat(str(told.get("date", "")))
    except ValueError:
        raise BadRow("campaigns.row.date", file=file, line=number, field="date") from None
    return PoolAct(
        id=told["id"],
        decided_on=decided_on,
        judge_id=told["judge"],
        stratum=str(told.get("category", "")),
        text=told["text"],
        title=str(told.get("title", "")),
        language=str(told.get("language", "kk")),
        names=tuple(str(each) for each in told.get("names", ())),
        places=tuple(str(each) for each in told.get("places", ())),
    )
