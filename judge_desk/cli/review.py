"""``judge-desk review``: draws reviewers and analyses their scores on CSV files, for anyone to check."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from judge_desk.cli import review_drawn
from judge_desk.cli.answer import Exit, message, print_json
from judge_desk.domain.errors import BadInput, BadRow
from judge_desk.domain.ratings import Analysis, Island, Rating, Remark, islands

if TYPE_CHECKING:
    from judge_desk.domain.campaigns import Drawing

METRICS = ("nominal", "ordinal", "interval", "ratio")
FIGURES = ("subjects", "raters", "criteria", "fairness")
SINGLE = ("alpha", "alpha_low", "alpha_high", "icc", "deviance")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Hang ``review analyse|assign|acts|replay`` on the main parser."""
    review = subparsers.add_parser("review", help="draw reviewers, analyse their scores")
    verbs = review.add_subparsers(dest="verb", required=True, metavar="assign|analyse|acts|replay")
    analyse = verbs.add_parser("analyse", help="scores with intervals, severities, agreement, fairness")
    analyse.add_argument("ratings", type=Path, help="CSV: subject, rater, criterion, score (and act)")
    analyse.add_argument("--groups", type=Path, metavar="CSV", help="id and a column for each grouping to be tested")
    analyse.add_argument("--metric", choices=METRICS, default="ordinal", help="of Krippendorff's alpha")
    analyse.add_argument("--seed", type=int, default=1, help="of bootstrap and random groupings")
    analyse.set_defaults(func=run_analyse)
    assign = verbs.add_parser("assign", help="draw reviewers under the rules of the campaign")
    assign.add_argument("judges", type=Path, help="CSV: id, court, region, branch, panel, languages, load")
    assign.add_argument("conflicts", type=Path, help="CSV: two judges, reason")
    assign.add_argument("--per-judge", type=int, default=3, metavar="K")
    assign.add_argument("--seed", type=int, default=1, help="published before the drawing")
    assign.set_defaults(func=run_assign)
    review_drawn.add_parsers(verbs)
    for verb in (analyse, assign):
        verb.add_argument("--json", action="store_true")


def run_analyse(arguments: argparse.Namespace) -> int:
    """Exit 2 where nothing can be scored: no good row, or a design in parts, which are named."""
    from judge_desk.analytics.rating_files import read_groups, read_ratings
    from judge_desk.analytics.review_analysis import analyse

    read = read_ratings(arguments.ratings)
    groups, refused = read_groups(arguments.groups) if arguments.groups else ({}, ())
    faults = _faults(arguments, (*read.refused, *refused))
    parts = islands(read.ratings)
    if len(parts) != 1:
        return _not_scored(arguments, parts, faults)
    analysis = analyse(read.ratings, groups, arguments.metric, arguments.seed)
    if arguments.json:
        print_json({**_analysis_as_json(arguments, analysis), "missing": read.missing, "refused": faults})
    else:
        _print_faults(faults)
        _print_analysis(arguments, analysis, read.ratings)
    return Exit.DONE


def run_assign(arguments: argparse.Namespace) -> int:
    """Exit 2 with the judges and rules in the way where no drawing keeps every rule."""
    from judge_desk.analytics.assignment import draw
    from judge_desk.analytics.pool_files import read_conflicts, read_judges

    members, bad_judges = read_judges(arguments.judges)
    conflicts, bad_conflicts = read_conflicts(arguments.conflicts, members)
    faults = _faults(arguments, (*bad_judges, *bad_conflicts))
    drawing = draw(members, conflicts, per_judge=arguments.per_judge, seed=arguments.seed)
    words = arguments.text("campaigns.draw.impossible") if drawing.violations else ""
    if arguments.json:
        told = {"message": words} if words else {}
        print_json({**_drawing_as_json(arguments, drawing), "refused": faults, **told})
    else:
        _print_faults(faults)
        for pair in drawing.pairs:
            print(f"{pair.reviewer}\t{pair.subject}")
        for line in _violations(arguments, drawing):
            message(line["message"])
    if words:
        message(words)
    return Exit.BAD_INPUT if drawing.violations else Exit.DONE


def _not_scored(arguments: argparse.Namespace, parts: tuple[Island, ...], faults: list[dict[str, Any]]) -> int:
    error = BadInput("ratings.not_connected", count=len(parts)) if parts else BadInput("ratings.none")
    words = arguments.text(error.key, **error.params)
    if arguments.json:
        empty: dict[str, Any] = {**{name: [] for name in FIGURES}, **dict.fromkeys(SINGLE)}
        components = [asdict(each) for each in parts]
        print_json({**empty, "connected": False, "components": components, "message": words, "refused": faults})
    else:
        _print_faults(faults)
        for each in parts:
            print(arguments.text("ratings.part", subjects=", ".join(each.subjects), raters=", ".join(each.raters)))
    message(words)
    return Exit.BAD_INPUT


def _faults(arguments: argparse.Namespace, errors: Iterable[BadRow]) -> list[dict[str, Any]]:
    return [
        {"file": each.file, "line": each.line, "field": each.field, "message": arguments.text(each.key, **each.params)}
        for each in errors
    ]


def _print_faults(faults: list[dict[str, Any]]) -> None:
    for each in faults:
        message(f"{each['file']}:{each['line']}: {each['field']}: {each['message']}")


def _analysis_as_json(arguments: argparse.Namespace, analysis: Analysis) -> dict[str, Any]:
    plain = asdict(analysis)
    plain["fairness"] = [{**asdict(each), "found": each.is_found} for each in analysis.fairness]
    plain["connected"] = True
    plain["remarks"] = [{"about": each.about, "message": _words(arguments, each)} for each in analysis.remarks]
    return plain


def _words(arguments: argparse.Namespace, remark: Remark) -> str:
    return str(arguments.text(remark.key, **{"name": remark.about, **dict(remark.params)}))


def _print_analysis(arguments: argparse.Namespace, analysis: Analysis, ratings: tuple[Rating, ...]) -> None:
    t = arguments.text
    print(t("ratings.read", n=len(ratings), subjects=len(analysis.subjects), raters=len(analysis.raters)))
    for each in analysis.subjects:
        bounds = "-" if each.low is None or each.high is None else f"{each.low:.2f} – {each.high:.2f}"
        print(f"{each.subject}\t{each.score:.2f}\t{bounds}\t{each.forms}")
    print(t("ratings.head.raters"))
    for rater in analysis.raters:
        figures = (rater.severity, rater.se, rater.infit)
        print(f"{rater.rater}\t" + "\t".join("-" if each is None else f"{each:.2f}" for each in figures))
    if analysis.alpha is not None:
        low, high = (f"{each:.3f}" if each is not None else "-" for each in (analysis.alpha_low, analysis.alpha_high))
        print(t("ratings.alpha", alpha=f"{analysis.alpha:.3f}", low=low, high=high))
    for remark in analysis.remarks:
        print(_words(arguments, remark))


def _drawing_as_json(arguments: argparse.Namespace, drawing: Drawing) -> dict[str, Any]:
    plain = asdict(drawing)
    plain["optimal"] = plain.pop("is_optimal")
    plain["violations"] = _violations(arguments, drawing)
    return plain


def _violations(arguments: argparse.Namespace, drawing: Drawing) -> list[dict[str, Any]]:
    return [
        {
            "judge": each.judge,
            "rule": each.rule,
            "left": each.left,
            "message": arguments.text(f"campaigns.rule.{each.rule}", judge=each.judge, left=each.left),
        }
        for each in drawing.violations
    ]
