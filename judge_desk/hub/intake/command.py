"""`judge-desk-hub import`: takes bundles and registers in, says what came of each row, and never stops at a bad one."""

from __future__ import annotations

import argparse
import sys
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from judge_desk.domain.errors import BadInput, BadRow
from judge_desk.hub.command_line import add_places, answer, opened
from judge_desk.hub.intake.bundle import CASE_FILE, open_bundle
from judge_desk.hub.intake.mapping import ColumnMap, read_map
from judge_desk.hub.intake.register import Entry, court_id_of, entries, made_id, to_case
from judge_desk.hub.intake.report import Report
from judge_desk.hub.intake.shelf import BATCH, Shelf
from judge_desk.hub.intake.tables import read_rows
from judge_desk.hub.registry import Registry
from judge_desk.i18n.translator import Translator

_SUFFIXES = (".zip", ".csv", ".tsv", ".txt", ".xlsx")


def add_parser(commands: Any) -> None:
    """Add ``import`` to argparse's subparsers; ``arguments.run`` does it."""
    text = "take in case bundles and registers"
    parser = commands.add_parser("import", help=text, description=text)
    add_places(parser)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="ZIP, CSV, XLSX, or a folder of them")
    parser.add_argument("--map", type=Path, metavar="MAP.toml", help="column map of the registers")
    parser.add_argument("--court", default="", metavar="ID", help="put the cases into this court, whatever they say")
    parser.add_argument("--judge", default="", metavar="PERSON", help="assign the cases to this judge of the court")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    t: Translator = arguments.texts
    report = Report()
    with opened(arguments, with_blobs=bool(arguments.blobs)) as (engine, registry):
        mapped = read_map(arguments.map) if arguments.map else None
        intake = Intake(
            engine,
            registry,
            report,
            mapped,
            court=arguments.court,
            judge=arguments.judge,
            has_blobs=bool(arguments.blobs),
        )
        for path in arguments.paths:
            intake.take(path)
    told = report.answer(t)
    for fault in told["refused"] + told["warnings"]:
        sys.stderr.write(f"{fault['file']}:{fault['line']}: {fault['field']}: {fault['message']}\n")
    counts = {"imported": report.imported, "updated": report.updated, "refused": len(report.refused)}
    answer(arguments, t.text("intake.done", **counts, documents=report.documents), **told)
    # Nothing came in and something was refused: the call was given bad input, not input with faults in it.
    return 2 if report.refused and not report.imported + report.updated else 0


class Intake:
    """One run of the command over its files. ``court`` and ``judge`` as the options of the command; without a place
    for files a bundle with documents is refused."""

    def __init__(
        self,
        engine: Engine,
        registry: Registry,
        report: Report,
        mapped: ColumnMap | None,
        *,
        court: str = "",
        judge: str = "",
        has_blobs: bool = True,
    ) -> None:
        self._engine = engine
        self._registry = registry
        self._report = report
        self._map = mapped
        self._court = court
        self._judge = judge
        self._has_blobs = has_blobs
        self._shelves: dict[str, Shelf] = {}

    def take(self, path: Path) -> None:
        """Take in a file, or the files of a folder; a file that is none of ours is refused in the report.

        Raises NotFound for a judge who is not at the court: nothing of that file was stored then.
        """
        try:
            for file in self._files(path):
                self._take_file(file)
        except BadRow as fault:
            self._report.refused.append(fault)
        except BadInput as fault:
            self._report.refuse(fault.key, **{"file": path.name, **fault.params})  # type: ignore[arg-type]  # names of params are the catalog's
        except OSError:
            self._report.refuse("intake.file.unreadable", file=path.name)

    def _files(self, path: Path) -> Iterator[Path]:
        if path.is_dir():
            yield from sorted(each for each in path.iterdir() if each.suffix.lower() in _SUFFIXES)
        else:
            yield path

    def _take_file(self, path: Path) -> None:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                if CASE_FILE in archive.namelist() or "[Content_Types].xml" not in archive.namelist():
                    self._take_bundle(archive, path)
                    return
        elif path.suffix.lower() == ".zip":
            raise BadInput("intake.zip.damaged", file=path.name)
        self._take_register(path)

    def _take_bundle(self, archive: zipfile.ZipFile, path: Path) -> None:
        opened = open_bundle(archive, path)
        if opened.bundle.documents and not self._has_blobs:
            raise BadInput("hub.blobs_missing")
        shelf = self._shelf(opened.bundle.case.court)
        case_id = made_id("case", shelf.court_id, opened.bundle.case.key)
        before = shelf.cases([case_id]).get(case_id)
        self._count(shelf, [opened.case(shelf.court_id, before)])
        opened.note_strangers(self._report)
        self._report.documents += shelf.put_documents(opened.documents(case_id, self._report))

    def _take_register(self, path: Path) -> None:
        if self._map is None:
            raise BadInput("intake.map.missing", file=path.name)
        rows = entries(read_rows(path, self._map, self._report), self._map, path.name, self._report)
        while batch := list(islice(rows, BATCH)):
            for court in sorted({each.court for each in batch}):
                self._shelve([each for each in batch if each.court == court], self._shelf(court))

    def _shelve(self, batch: list[Entry], shelf: Shelf) -> None:
        ids = [made_id("case", shelf.court_id, each.key) for each in batch]
        known = shelf.cases(ids)
        pairs = zip(batch, ids, strict=True)
        self._count(shelf, [to_case(entry, shelf.court_id, known.get(case_id)) for entry, case_id in pairs])

    def _count(self, shelf: Shelf, cases: list[Any]) -> None:
        written = shelf.put(cases)
        self._report.imported += written.new
        self._report.updated += written.changed + written.same
        self._report.unchanged += written.same

    def _shelf(self, name: str) -> Shelf:
        court_id = self._court or court_id_of(name)
        if court_id not in self._shelves:
            self._shelves[court_id] = Shelf.of(self._engine, self._registry, court_id, name, self._judge)
        return self._shelves[court_id]
