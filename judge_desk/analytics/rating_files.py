"""Reads tables of a review from CSV as offices write them: any column order, separator, quoting and byte order mark.

A broken row is named by file, line and field, and never spoils the others; an empty score is a missing one.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from judge_desk.domain.errors import BadInput, BadRow
from judge_desk.domain.ratings import Rating

MOST_BYTES = 256 * 1024 * 1024
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "."})
NAMES: Mapping[str, tuple[str, ...]] = {
    "subject": ("subject", "judge", "ratee", "person", "essay", "target", "субъект", "судья"),
    "rater": ("rater", "reviewer", "judge_by", "assessor", "оценщик", "рецензент", "бағалаушы"),
    "criterion": ("criterion", "criteria", "item", "trait", "критерий", "өлшем"),
    "score": ("score", "rating", "value", "mark", "балл", "оценка", "ұпай"),
    "act": ("act", "document", "акт"),
}
SEPARATORS = ",;\t|"
NO_TABLE = re.compile(r"\s*(#|sep=.\s*$)", re.IGNORECASE)
"""A remark, or the line by which a spreadsheet is told the separator: neither is the head of the table."""
LARGEST_SCORE = 1e6
LONGEST_ROW = 20
"""So many lines may one quoted cell hold."""
REQUIRED = ("subject", "rater", "criterion", "score")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file, counted from 1, and its cells by column."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class RatingsRead:
    """The good rows, what was wrong with the others, and how many scores were left empty."""

    ratings: tuple[Rating, ...]
    refused: tuple[BadRow, ...]
    missing: int


def read_ratings(path: Path) -> RatingsRead:
    """Ratings from a CSV of subject, rater, criterion, score (and act); raises BadInput for a file that is none."""
    columns, rows, refused = read_table(path, NAMES, REQUIRED)
    good: dict[tuple[str, str, str, str], tuple[int, Rating]] = {}
    missing = 0
    for row in rows:
        try:
            rating = _rating(path.name, row, columns)
        except BadRow as error:
            refused.append(error)
            continue
        if rating is None:
            missing += 1
            continue
        key = (rating.subject, rating.act, rating.rater, rating.criterion)
        if key in good:
            first = good[key][0]
            refused.append(BadRow("ratings.row.twice", file=path.name, line=row.line, field="score", first=first))
        else:
            good[key] = (row.line, rating)
    refused.sort(key=lambda error: error.line)
    return RatingsRead(tuple(rating for _, rating in good.values()), tuple(refused), missing)


def read_groups(path: Path) -> tuple[dict[str, dict[str, str]], tuple[BadRow, ...]]:
    """By grouping: the group of each person, from a CSV of an id and a column for each grouping."""
    columns, rows, refused = read_table(path, {"id": ("id", *NAMES["subject"], *NAMES["rater"])}, ("id",))
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        name = row.cells.get(columns["id"], "")
        if not name:
            refused.append(BadRow("ratings.row.empty", file=path.name, line=row.line, field=columns["id"]))
            continue
        for column, cell in row.cells.items():
            if column != columns["id"] and cell:
                found.setdefault(column, {})[name] = cell
    return found, tuple(sorted(refused, key=lambda error: error.line))


def _rating(file: str, row: Row, columns: Mapping[str, str]) -> Rating | None:
    for field in ("subject", "rater", "criterion"):
        if not row.cells.get(columns[field], ""):
            raise BadRow("ratings.row.empty", file=file, line=row.line, field=columns[field])
    if columns["score"] not in row.cells:
        raise BadRow("ratings.row.short", file=file, line=row.line, field=columns["score"])
    text = row.cells[columns["score"]]
    if text.casefold() in MISSING:
        return None
    try:
        score = float(text.replace(",", "."))
    except ValueError:
        score = math.nan
    if not abs(score) <= LARGEST_SCORE or "_" in text:
        raise BadRow("ratings.row.number", file=file, line=row.line, field=columns["score"])
    subject, rater, criterion = (row.cells[columns[field]] for field in ("subject", "rater", "criterion"))
    return Rating(subject, rater, criterion, score, row.cells.get(columns.get("act", ""), ""))


def read_table(
    path: Path, names: Mapping[str, Sequence[str]], required: Sequence[str]
) -> tuple[dict[str, str], list[Row], list[BadRow]]:
    """(our column: theirs, rows, broken rows) of a CSV with a head line; raises BadInput where the head falls short."""
    lines = _text(path).splitlines()
    start = next((index for index, line in enumerate(lines) if line.strip() and not NO_TABLE.match(line)), None)
    if start is None:
        raise BadInput("ratings.file.empty", file=path.name)
    separator = max(SEPARATORS, key=lines[start].count)
    head = [cell.strip() for cell in next(csv.reader([lines[start]], delimiter=separator))]
    columns = _columns(head, names)
    for field in required:
        if field not in columns:
            raise BadRow("ratings.file.column", file=path.name, line=start + 1, field=field)
    good: list[Row] = []
    broken: list[BadRow] = []
    for line, cells in _cells(lines, start + 1, separator, len(head)):
        if cells is None or any(cells[len(head) :]):
            broken.append(BadRow("ratings.row.broken", file=path.name, line=line, field=head[-1]))
        elif any(cells):
            good.append(Row(line, dict(zip(head, cells, strict=False))))
    return columns, good, broken


def _cells(lines: list[str], start: int, separator: str, width: int) -> Iterator[tuple[int, list[str] | None]]:
    """(line, cells) of each row; None for a quote that nothing closes within a few lines."""
    index = start
    while index < len(lines):
        for more in range(1, LONGEST_ROW + 1):
            try:
                cells = next(csv.reader(["\n".join(lines[index : index + more])], delimiter=separator, strict=True), [])
            except csv.Error:
                continue
            # A quote left open may close at the next row's: then the cells do not fit.
            if more == 1 or len(cells) == width:
                yield index + 1, [cell.strip() for cell in cells]
                index += more
                break
        else:
            yield index + 1, None
            index += 1


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput("ratings.file.size", file=path.name)
        body = path.read_bytes()
    except OSError:
        raise BadInput("ratings.file.unreadable", file=path.name) from None
    wide = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1251"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput("ratings.file.letters", file=path.name)


def _columns(head: Sequence[str], names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    known = {each.casefold(): each for each in reversed(head)}
    found = {ours: next((known[each] for each in theirs if each in known), None) for ours, theirs in names.items()}
    return {ours: theirs for ours, theirs in found.items() if theirs is not None}
