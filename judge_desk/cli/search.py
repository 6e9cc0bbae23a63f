"""``judge-desk search``: find words in everything this desk holds."""

from __future__ import annotations

import argparse
from pathlib import Path

from judge_desk.cli.answer import Exit, print_json
from judge_desk.services.pdf_worker import PdfWorker
from judge_desk.services.search import HitKind, SearchHit, SearchService


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Hang ``search`` on the main parser."""
    search = subparsers.add_parser("search", help="find words in cases, documents and notes")
    search.add_argument("query", metavar="QUERY")
    search.add_argument("--profile", required=True, type=Path, metavar="DIR")
    search.add_argument("--limit", type=int, default=50, metavar="N")
    search.add_argument("--kind", action="append", type=HitKind, default=[], choices=list(HitKind))
    search.add_argument("--json", action="store_true")
    search.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """What waits for the index is taken in first: nobody else does it while there is no window."""
    with arguments.open_desk(arguments.profile) as opened:
        service: SearchService = opened.desk.search
        _index(service)
        result = service.search(arguments.query, max(arguments.limit, 1), arguments.kind, count_all=True)
    if arguments.json:
        hits = [_as_json(hit) for hit in result.hits]
        print_json({"hits": hits, "total": result.total, "seconds": round(result.seconds, 4)})
    else:
        for hit in result.hits:
            print(f"{hit.case_number}  {hit.title}{f' [{hit.page}]' if hit.page else ''}\n    {hit.snippet.text}")
    return Exit.DONE


def _index(service: SearchService) -> None:
    """Until nothing waits, or nothing more can be taken in."""
    worker = PdfWorker()
    try:
        service.use_extractor(worker.extract_pages)
        waiting = service.waiting()
        while waiting:
            left = service.index_step(1.0)
            waiting = left if left < waiting else 0
    finally:
        worker.close()


def _as_json(hit: SearchHit) -> dict[str, object]:
    return {
        "kind": hit.kind,
        "id": hit.id,
        "title": hit.title,
        "case": hit.case_id,
        "case_number": hit.case_number,
        "page": hit.page,
        "snippet": hit.snippet.text,
        "spans": hit.snippet.spans,
    }
