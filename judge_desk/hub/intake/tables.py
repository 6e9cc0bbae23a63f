"""Reads a register's rows out of CSV or XLSX, whatever its encoding; cells come as text or as dates."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from judge_desk.domain.errors import BadInput
from judge_desk.hub.intake.archive import check_members
from judge_desk.hub.intake.mapping import ColumnMap
from judge_desk.hub.intake.report import Report

MOST_BYTES = 512 << 20
MOST_ROWS = 2_000_000
LONGEST_CELL = 200_000
Cell = str | date
Row = tuple[int, dict[str, Cell]]
"""Line (from 1, as an editor counts) and cells by column."""


def read_rows(path: Path, mapped: ColumnMap, report: Report) -> Iterator[Row]:
    """The rows of a register; a broken one is refused in ``report``. Raises BadInput where the whole file is none."""
    if path.stat().st_size > MOST_BYTES:
        raise BadInput("intake.file.too_large", file=path.name, most=MOST_BYTES >> 20)
    with path.open("rb") as file:
        start = file.read(4)
    rows = _xlsx(path) if start == b"PK\x03\x04" else _csv(path, mapped, report)
    return _named(rows, path.name, mapped, report)


def _named(rows: Iterator[tuple[int, list[Cell]]], name: str, mapped: ColumnMap, report: Report) -> Iterator[Row]:
    head: list[str] = []
    for line, cells in rows:
        if not any(cells):
            continue
        if not head:
            head = [str(cell).strip() for cell in cells]
            _check_head(head, name, mapped)
            continue
        if len(cells) != len(head):
            report.refuse("intake.row.cells", file=name, line=line, found=len(cells), expected=len(head))
        elif line > MOST_ROWS:
            raise BadInput("intake.file.too_many_rows", file=name, most=MOST_ROWS)
        else:
            yield line, dict(zip(head, cells, strict=True))
    if not head:
        raise BadInput("intake.file.empty", file=name)


def _check_head(head: list[str], name: str, mapped: ColumnMap) -> None:
    for column in (mapped.key, *mapped.columns.values()):
        if column not in head:
            raise BadInput("intake.file.no_column", file=name, column=column)
    doubled = next((column for column in head if column and head.count(column) > 1), "")
    if doubled in (mapped.key, *mapped.columns.values()):
        raise BadInput("intake.file.doubled_column", file=name, column=doubled)


def _csv(path: Path, mapped: ColumnMap, report: Report) -> Iterator[tuple[int, list[Cell]]]:
    text = decode(path.read_bytes(), path.name, mapped.encoding, report)
    first = text[:65_536].splitlines()[0] if text.strip() else ""
    delimiter = mapped.delimiter or max(",;\t|", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    csv.field_size_limit(max(LONGEST_CELL, csv.field_size_limit()))
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            report.refuse("intake.row.broken", file=path.name, line=before + 1)
            before = reader.line_num
            continue
        # A quoted cell may run over several lines; the row is named by its first.
        yield before + 1, list(cells)
        before = reader.line_num


def decode(content: bytes, name: str, encoding: str, report: Report) -> str:
    """Bytes to text: what the map says, a byte-order mark, UTF-8, else the Kazakh form of Windows-1251.

    KZ-1048 gives Russian letters the places that 1251 gives them and has the Kazakh ones besides, so it reads both.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = encoding or "utf-16"
    if b"\0" in content[:4096] and "16" not in encoding:
        raise BadInput("intake.file.not_a_table", file=name)
    for candidate in (encoding,) if encoding else ("utf-8-sig", "kz1048"):
        try:
            text = content.decode(candidate)
        except UnicodeDecodeError:
            continue
        if candidate == "kz1048":
            report.warn("intake.file.guessed_encoding", file=name, encoding="Windows-1251 / KZ-1048")
        return text
    raise BadInput("intake.file.encoding", file=name)


def _xlsx(path: Path) -> Iterator[tuple[int, list[Cell]]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    # What a damaged workbook raises out of openpyxl: SyntaxError is the XML parser's.
    damaged: tuple[type[Exception], ...] = (zipfile.BadZipFile, zlib.error, InvalidFileException, EOFError, SyntaxError)
    damaged += (AttributeError, KeyError, IndexError, TypeError, ValueError)
    book = None
    try:
        with zipfile.ZipFile(path) as archive:
            check_members(archive, path.name)
        book = load_workbook(path, read_only=True, data_only=True)
        width = 0
        for line, values in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            cells = [_cell(value) for value in values]
            # Sheets carry empty cells at the right that nobody wrote; the head says how many columns count.
            while len(cells) > max(width, 1) and cells[-1] == "":
                cells.pop()
            width = width or len(cells)
            yield line, cells + [""] * (width - len(cells))
    except damaged:
        raise BadInput("intake.file.not_a_table", file=path.name) from None
    finally:
        if book is not None:
            book.close()


def _cell(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
