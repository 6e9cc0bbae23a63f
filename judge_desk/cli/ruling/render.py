"""`judge-desk ruling render`: an act as PDF, DOCX, Akoma Ntoso XML or plain text, by the ending of the file's name."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from judge_desk.cli.ruling.files import print_answer, read_act, write_file
from judge_desk.domain.acts import act_hash
from judge_desk.drafting.papers import render

NAME = "render"
HELP = "put an act on paper: .pdf, .docx, .xml (Akoma Ntoso 3.0) or .txt"


def add_options(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("file", type=Path, help="the act (JSON)")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="x.pdf, x.docx, x.xml or x.txt")
    parser.add_argument("--final", action="store_true", help="without the word for draft on each page")
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    parser.set_defaults(func=render_act)


def render_act(arguments: argparse.Namespace) -> int:
    """Put an act on paper; raises BadInput, and then writes nothing."""
    act = read_act(arguments.file)
    made_at = datetime.fromtimestamp(arguments.file.stat().st_mtime, UTC)
    body = render(act, arguments.out.suffix, made_at=made_at, is_draft=not arguments.final)
    write_file(arguments.out, body)
    return print_answer(arguments, {"out": str(arguments.out), "bytes": len(body), "sha256": act_hash(act)})
