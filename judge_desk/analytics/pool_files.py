"""Reads the judges of a drawing and their conflicts from CSV; a broken row is named and leaves the others alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from judge_desk.analytics.rating_files import Row, read_table
from judge_desk.domain.campaigns import Conflict, PoolMember
from judge_desk.domain.errors import BadRow

JUDGE_NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "judge", "judge_id", "subject", "person", "reviewer", "name", "судья"),
    "court": ("court", "court_id", "суд", "сот"),
    "region": ("region", "oblast", "область", "регион", "облыс"),
    "branch": ("branch", "specialisation", "specialization", "jurisdiction", "chamber", "instance"),
    "panel": ("panel", "collegium"),
    "sex": ("sex", "gender", "пол"),
    "languages": ("languages", "language", "langs", "lang"),
    "load": ("load", "max_load", "capacity", "limit"),
    "is_subject": ("is_subject", "due", "reviewed"),
    "is_reviewer": ("is_reviewer", "can_review", "reviews"),
}
CONFLICT_NAMES: Mapping[str, tuple[str, ...]] = {
    "one": ("one", "reviewer", "judge", "a", "judge_a", "judge1", "judge_1", "id1", "first", "from", "left", "id"),
    "other": ("other", "subject", "b", "judge_b", "judge2", "judge_2", "id2", "second", "to", "right", "with"),
    "reason": ("reason", "rule", "kind", "type", "why", "conflict"),
}
YES = frozenset({"1", "yes", "true", "y", "да", "иә", ""})
NO = frozenset({"0", "no", "false", "n", "нет", "жоқ"})


def read_judges(path: Path) -> tuple[tuple[PoolMember, ...], tuple[BadRow, ...]]:
    """The judges and the rows that were none; raises BadInput for a file without ids."""
    columns, rows, refused = read_table(path, JUDGE_NAMES, ("id",))
    members: dict[str, PoolMember] = {}
    for row in rows:
        try:
            member = _member(path.name, row, columns)
        except BadRow as error:
            refused.append(error)
            continue
        if member.id in members:
            refused.append(BadRow("campaigns.row.twice", file=path.name, line=row.line, field=columns["id"]))
        members.setdefault(member.id, member)
    return tuple(members.values()), tuple(sorted(refused, key=lambda error: error.line))


def read_conflicts(path: Path, members: tuple[PoolMember, ...]) -> tuple[tuple[Conflict, ...], tuple[BadRow, ...]]:
    """Conflicts between known judges; a row with an unknown one is refused, because its rule could not be kept."""
    columns, rows, refused = read_table(path, CONFLICT_NAMES, ())
    if not {"one", "other"} <= columns.keys():
        columns = _first_two(path, rows, columns)
    known = {each.id for each in members}
    found = []
    for row in rows:
        one, other = row.cells.get(columns["one"], ""), row.cells.get(columns["other"], "")
        strange = next((name for name in ("one", "other") if row.cells.get(columns[name], "") not in known), None)
        if strange is not None:
            field = columns[strange]
            refused.append(BadRow("campaigns.row.unknown_judge", file=path.name, line=row.line, field=field))
        else:
            found.append(Conflict(one, other, row.cells.get(columns.get("reason", ""), "")))
    return tuple(found), tuple(sorted(refused, key=lambda error: error.line))


def _first_two(path: Path, rows: list[Row], columns: dict[str, str]) -> dict[str, str]:
    heads = list(rows[0].cells) if rows else ["", " "]
    if len(heads) < 2:
        raise BadRow("ratings.file.column", file=path.name, line=1, field="other")
    return {**columns, "one": heads[0], "other": heads[1]}


def _member(file: str, row: Row, columns: Mapping[str, str]) -> PoolMember:
    def cell(name: str) -> str:
        return row.cells.get(columns.get(name, ""), "")

    def truth(name: str) -> bool:
        word = cell(name).casefold()
        if word not in YES | NO:
            raise BadRow("campaigns.row.yes_or_no", file=file, line=row.line, field=columns[name])
        return word in YES

    if not cell("id"):
        raise BadRow("ratings.row.empty", file=file, line=row.line, field=columns["id"])
    load = cell("load")
    if load and not load.isdecimal():
        raise BadRow("campaigns.row.load", file=file, line=row.line, field=columns["load"])
    return PoolMember(
        id=cell("id"),
        court=cell("court"),
        region=cell("region"),
        branch=cell("branch"),
        panel=cell("panel"),
        sex=cell("sex"),
        languages=frozenset(each.casefold() for each in re.split(r"[\s,;/|+]+", cell("languages")) if each),
        load=int(load) if load else None,
        is_subject=truth("is_subject"),
        is_reviewer=truth("is_reviewer"),
    )
