"""`judge-desk ruling render`: put an act on paper by the ending of the file's name."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from judge_desk.cli.ruling.files import print_answer, read_act, write_file
from judge_desk.domain.acts import act_hash
from judge_desk.domain.errors import BadInput
from judge_desk.drafting.text import render_text

NAME = "render"
HELP = "put an act on paper: .pdf or .txt"


def add_options(render: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    render.add_argument("file", type=Path, help="the act (JSON)")
    render.add_argument("--out", type=Path, required=True, metavar="FILE", help="the paper: x.pdf or x.txt")
    render.add_argument("--final", action="store_true", help="without the word for draft on each page")
    render.add_argument("--json", action="store_true", help="answer in JSON")
    render.set_defaults(func=render_act)


def render_act(arguments: argparse.Namespace) -> int:
    """Put an act on paper by the ending of the file's name; raises BadInput, and then writes nothing."""
    act = read_act(arguments.file)
    made_at = datetime.fromtimestamp(arguments.file.stat().st_mtime, UTC)
    suffix = arguments.out.suffix.lower()
    if suffix == ".pdf":
        from judge_desk.drafting.pdf import meta_of, render_pdf

        body = render_pdf(act, meta_of(act, made_at, is_draft=not arguments.final))
    elif suffix == ".txt":
        body = render_text(act).encode()
    else:
        raise BadInput("drafting.bad.format", suffix=suffix or "-", known=".pdf, .txt")
    write_file(arguments.out, body)
    return print_answer(arguments, {"out": str(arguments.out), "bytes": len(body), "sha256": act_hash(act)})
