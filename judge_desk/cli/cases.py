"""``judge-desk cases``: the list of cases and one case file, as text or JSON."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from judge_desk.cli.answer import Exit, print_json
from judge_desk.domain.cases import Case, Procedure, Stage
from judge_desk.domain.errors import NotFound
from judge_desk.domain.kinds import Kind
from judge_desk.domain.norms import norm_in
from judge_desk.services.cases import CaseFile, CaseQuery, CaseRow, CaseService, CaseSort


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Hang ``cases list`` and ``cases show`` on the main parser."""
    cases = subparsers.add_parser("cases", help="list cases, show a case file")
    verbs = cases.add_subparsers(dest="verb", required=True, metavar="list|show")
    listing = verbs.add_parser("list", help="the cases of this desk")
    listing.add_argument(
        "--find", default="", metavar="WORDS", help="words of title or parties, or the beginning of a number"
    )
    listing.add_argument("--open", action="store_true", help="only what is not decided yet")
    listing.add_argument("--procedure", action="append", type=Procedure, default=[], choices=list(Procedure))
    listing.add_argument("--stage", action="append", type=Stage, default=[], choices=list(Stage))
    listing.add_argument("--sort", type=CaseSort, default=CaseSort.RECEIVED, choices=list(CaseSort))
    listing.add_argument("--ascending", action="store_true")
    listing.add_argument("--limit", type=int, default=50, metavar="N")
    listing.set_defaults(func=run_list)
    show = verbs.add_parser("show", help="one case file")
    show.add_argument("case", metavar="ID-OR-NUMBER")
    show.set_defaults(func=run_show)
    for verb in (listing, show):
        verb.add_argument("--profile", required=True, type=Path, metavar="DIR")
        verb.add_argument("--json", action="store_true")


def run_list(arguments: argparse.Namespace) -> int:
    """Up to ``--limit`` cases; ``total`` counts all that fit."""
    query = CaseQuery(
        text=arguments.find,
        procedures=frozenset(arguments.procedure),
        stages=frozenset(arguments.stage),
        open_only=arguments.open,
        sort=arguments.sort,
        descending=not arguments.ascending,
    )
    with arguments.open_desk(arguments.profile) as opened:
        service: CaseService = opened.desk.cases
        numbers = service.ids(query)
        rows = service.rows(numbers[: max(arguments.limit, 0)])
    if arguments.json:
        print_json({"cases": [_row_as_json(row) for row in rows], "total": len(numbers)})
    else:
        for row in rows:
            print(f"{row.number}  {row.received_on or '-'}  {row.stage}  {row.title}")
        print(arguments.text("cases.count", n=len(numbers)))
    return Exit.DONE


def run_show(arguments: argparse.Namespace) -> int:
    """A case by id or number; raises NotFound."""
    with arguments.open_desk(arguments.profile) as opened:
        service: CaseService = opened.desk.cases
        file = _find(service, arguments.case)
    if arguments.json:
        print_json(_file_as_json(file, arguments.text.language))
    else:
        print(f"{file.case.number}  {file.case.title}")
        for row in file.documents:
            print(f"  {'+' if row.is_here else '-'} {row.document.title} ({row.document.pages})")
    return Exit.DONE


def _find(service: CaseService, name: str) -> CaseFile:
    try:
        return service.case_file(name)
    except NotFound:
        case_id = service.find_number(name)
        if case_id is None:
            raise NotFound(kind=Kind.CASE.value, id=name) from None
        return service.case_file(case_id)


def _row_as_json(row: CaseRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "title": row.title,
        "procedure": row.procedure,
        "stage": row.stage,
        "language": row.language,
        "judge": row.judge_name,
        "received_on": row.received_on,
        "decided_on": row.decided_on,
        "owed_hearing_at": row.owed_hearing_at and row.owed_hearing_at.isoformat(),
        "next_hearing_at": row.next_hearing_at and row.next_hearing_at.isoformat(),
        "next_term_on": row.next_term_on,
        "pending": row.pending,
    }


def _file_as_json(file: CaseFile, language: str) -> dict[str, Any]:
    receipt = file.receipt
    return {
        **_case_as_json(file.case),
        "documents": [
            {
                "id": row.document.id,
                "title": row.document.title,
                "kind": row.document.kind,
                "pages": row.document.pages,
                "size": row.document.size,
                "sha256": row.document.sha256,
                "state": row.state,
            }
            for row in file.documents
        ],
        "hearings": [
            {"id": each.id, "starts_at": each.starts_at.isoformat(), "room": each.room, "state": each.state}
            for each in file.hearings
        ],
        "terms": [
            {"id": row.term.id, "ends_on": row.ends_on, "days_left": row.days_left, "norm": norm_in(row.norm, language)}
            for row in file.terms
        ],
        "notes": len(file.notes),
        "drafts": [{"id": each.id, "title": each.title, "state": each.state} for each in file.drafts],
        "receipt": {
            "present": receipt.present,
            "total": receipt.total,
            "complete": receipt.complete,
            "checked_at": receipt.checked_at and receipt.checked_at.isoformat(),
            "root": receipt.root,
        },
    }


def _case_as_json(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "number": case.number,
        "title": case.title,
        "procedure": case.procedure,
        "stage": case.stage,
        "instance": case.instance,
        "category": case.category,
        "language": case.language,
        "judge": case.judge_name,
        "received_on": case.received_on,
        "decided_on": case.decided_on,
        "outcome": case.outcome,
        "parties": [{"role": each.role, "name": each.name} for each in case.parties],
    }
