"""`judge-desk ruling lint`: check an act against the law of its day; exit 1 when anything is found."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from judge_desk.assistant.lint import LintTask, lint, sentence
from judge_desk.cli.answer import Exit, print_json
from judge_desk.cli.ports import OpenDesk
from judge_desk.cli.ruling.files import read_act
from judge_desk.domain.cases import Case, Instance, Language, Procedure
from judge_desk.domain.errors import BadInput
from judge_desk.domain.findings import Finding
from judge_desk.domain.norms import Certainty, norm_in
from judge_desk.i18n.translator import Translator
from judge_desk.runtime.clock import SystemClock
from judge_desk.services.law import rule_book

NAME = "lint"
HELP = "check an act: parts, requisites, sums, names, dates, norms, twin"


def add_options(lint_parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    lint_parser.add_argument("file", type=Path, help="the act (JSON)")
    lint_parser.add_argument("--twin", type=Path, metavar="FILE", help="the same act in the other language (JSON)")
    lint_parser.add_argument("--case", metavar="ID", help="the case (its id or number) of the profile")
    lint_parser.add_argument("--profile", type=Path, metavar="DIR", help="the profile that holds the case")
    lint_parser.add_argument(
        "--procedure", choices=[each.value for each in Procedure], help="otherwise read off the act"
    )
    lint_parser.add_argument("--instance", choices=[each.value for each in Instance], default=Instance.FIRST.value)
    lint_parser.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the day whose law holds")
    lint_parser.add_argument(
        "--signed", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the day of signing: today"
    )
    lint_parser.add_argument("--lang", choices=[each.value for each in Language], help="the language of the messages")
    lint_parser.add_argument("--json", action="store_true", help="answer in JSON")
    lint_parser.set_defaults(func=lint_act)


def lint_act(arguments: argparse.Namespace) -> int:
    """Check one file; raises BadInput for what is no act."""
    act = read_act(arguments.file, in_order=False)
    procedure = Procedure(arguments.procedure) if arguments.procedure else None
    found = lint(
        LintTask(
            act=act,
            book=rule_book(),
            today=arguments.signed or SystemClock().today(),
            case=_case(arguments),
            twin=read_act(arguments.twin, in_order=False) if arguments.twin else None,
            on=arguments.on,
            procedure=procedure,
            instance=Instance(arguments.instance),
        )
    )
    text = Translator(arguments.lang or act.language)
    lines = [line(finding, text) for finding in found]
    if arguments.json:
        print_json({"findings": lines})
    else:
        for each in lines or [{"severity": "", "rule": "", "message": text("lint.none"), "norm": ""}]:
            print("  ".join(part for part in (each["severity"], each["rule"], each["message"], each["norm"]) if part))
    return Exit.FINDINGS if found else Exit.DONE


def line(finding: Finding, text: Translator) -> dict[str, Any]:
    """A finding as the contract has it; `certainty` says how sure the norm is."""
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "part": finding.part or "",
        "block": finding.block,
        "message": sentence(finding, text),
        "norm": norm_in(finding.norm, text.language),
        "certainty": finding.certainty if finding.norm else Certainty.SOURCED,
        "other_block": finding.other_block,
    }


def _case(arguments: argparse.Namespace) -> Case | None:
    if not arguments.case:
        return None
    if arguments.profile is None:
        raise BadInput("drafting.bad.no_profile")
    open_desk: OpenDesk = arguments.open_desk
    with open_desk(arguments.profile) as opened:
        cases = opened.desk.cases
        return cases.case_file(cases.find_number(arguments.case) or arguments.case).case
