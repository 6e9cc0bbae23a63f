"""`judge-desk ruling new`: list the forms, or begin an act on one of them."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from judge_desk.cli.answer import Exit
from judge_desk.cli.ports import OpenDesk
from judge_desk.cli.ruling.files import print_answer, write_file
from judge_desk.domain.acts import ActText, act_hash, blanks, canonical_json
from judge_desk.domain.errors import BadInput
from judge_desk.domain.hearings import HearingState
from judge_desk.drafting.compose import compose
from judge_desk.drafting.facts import CaseFacts, facts_of
from judge_desk.drafting.templates import Template, all_templates, template
from judge_desk.protocol import codec

if TYPE_CHECKING:
    from judge_desk.services.desk import Desk

NAME = "new"
HELP = "list the forms, or begin an act on one of them"


def add_options(new: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    what = new.add_mutually_exclusive_group(required=True)
    what.add_argument("--list", action="store_true", help="list the forms")
    what.add_argument("--template", metavar="ID", help="the form to use, as in civil_decision.kk")
    new.add_argument("--case", metavar="ID", help="fill the form from this case (its id or number) of the profile")
    new.add_argument("--profile", type=Path, metavar="DIR", help="the profile that holds the case")
    new.add_argument("--facts", type=Path, metavar="FILE", help='fill the form from JSON: {"slot": "text", ...}')
    new.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the date of the act")
    new.add_argument("--out", type=Path, metavar="FILE", help="where to write the act (JSON); - for standard output")
    new.add_argument("--json", action="store_true", help="answer in JSON")
    new.set_defaults(func=new_act)


def new_act(arguments: argparse.Namespace) -> int:
    """List the forms, or compose an act; raises BadInput or NotFound."""
    if arguments.list:
        return _list(as_json=arguments.json)
    form = template(arguments.template)
    if arguments.date and not form.is_valid(arguments.date):
        raise BadInput("drafting.bad.not_in_force", template=form.id, day=arguments.date.isoformat())
    act = compose(form, _facts(arguments, form))
    body = canonical_json(act)
    if arguments.out is None or str(arguments.out) == "-":
        sys.stdout.buffer.write(body)
        return Exit.DONE
    write_file(arguments.out, body)
    return print_answer(arguments, {"out": str(arguments.out), "sha256": act_hash(act), "blanks": _blanks(act)})


def _list(*, as_json: bool) -> int:
    forms = [
        {
            "id": form.id,
            "procedure": form.procedure,
            "kind": form.kind,
            "language": form.language,
            "instance": form.instance,
            "title": form.title,
            "norm": form.norm,
            "certainty": form.certainty,
            "valid_from": form.valid_from.isoformat(),
            "valid_to": form.valid_to.isoformat() if form.valid_to else None,
        }
        for form in all_templates()
    ]
    if as_json:
        print(json.dumps({"templates": forms}, ensure_ascii=False))
    else:
        for entry in forms:
            print(f"{entry['id']:32} {entry['title']} ({entry['norm']})")
    return Exit.DONE


def _facts(arguments: argparse.Namespace, form: Template) -> CaseFacts:
    values: dict[str, str] = {}
    if arguments.case:
        if arguments.profile is None:
            raise BadInput("drafting.bad.no_profile")
        open_desk: OpenDesk = arguments.open_desk
        with open_desk(arguments.profile) as opened:
            values |= _facts_of_case(opened.desk, arguments, form).values
    if arguments.facts:
        try:
            values |= codec.decode_as(dict[str, str], arguments.facts.read_bytes())
        except OSError:
            raise BadInput("drafting.bad.file", file=arguments.facts.name) from None
    return CaseFacts(language=form.language, values=values)


def _facts_of_case(desk: Desk, arguments: argparse.Namespace, form: Template) -> CaseFacts:
    file = desk.cases.case_file(desk.cases.find_number(arguments.case) or arguments.case)
    planned = [hearing for hearing in file.hearings if hearing.state is HearingState.PLANNED]
    return facts_of(
        file.case,
        form.language,
        court=desk.court,
        hearing=min(planned, key=lambda hearing: hearing.starts_at, default=None),
        dated_on=arguments.date,
    )


def _blanks(act: ActText) -> list[dict[str, str]]:
    return [{"block": block, "field": field} for block, field in blanks(act)]
