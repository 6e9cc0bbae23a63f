"""``judge-desk contest``: the published log of a contest, for anybody to check, and its file from a desk."""

from __future__ import annotations

import argparse
from pathlib import Path

from judge_desk.cli.answer import Exit, message, print_json
from judge_desk.domain.errors import BadInput
from judge_desk.services.contest_log import Verdict, verify_file


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    contest = subparsers.add_parser("contest", help="contests for a post: check a published log, write one")
    verbs = contest.add_subparsers(dest="verb", required=True, metavar="verify|log|list")
    verify = verbs.add_parser("verify", help="recompute a log; needs no account and no profile")
    verify.add_argument("file", type=Path, help="the log as the court published it (JSON)")
    verify.add_argument("--hub-key", default="", metavar="HEX", help="the hub's public key, as the court made it known")
    verify.set_defaults(func=run_verify)
    log = verbs.add_parser("log", help="write the log of a contest to a file")
    log.add_argument("contest", help="the id that `contest list` shows")
    log.add_argument("--out", type=Path, required=True, metavar="FILE")
    log.set_defaults(func=run_log)
    listed = verbs.add_parser("list", help="the contests that this desk knows")
    listed.set_defaults(func=run_list)
    for verb in (log, listed):
        verb.add_argument("--profile", type=Path, metavar="DIR")
    for verb in (verify, log, listed):
        verb.add_argument("--json", action="store_true")


def run_verify(arguments: argparse.Namespace) -> int:
    """Exit 0 for a log that is whole, 1 with every fault for one that is not, 2 for a file that is none."""
    verdict = verify_file(arguments.file, arguments.hub_key)
    if arguments.json:
        print_json(_as_json(arguments, verdict))
    else:
        key = "contests.verify.good" if verdict.valid else "contests.verify.bad"
        print(arguments.text(key, title=verdict.title, n=verdict.links, last=verdict.last))
        for line in _faults(arguments, verdict):
            message(f"{line['number']}: {line['message']}")
        message(arguments.text("contests.verify.key", public_key=verdict.hub_key))
    return Exit.DONE if verdict.valid else Exit.FINDINGS


def run_log(arguments: argparse.Namespace) -> int:
    """Write the file; what is in it can be checked with ``contest verify``."""
    profile = _profile(arguments)
    with arguments.open_desk(profile) as opened:
        opened.desk.contests.save_log(arguments.contest, arguments.out)
    if arguments.json:
        print_json({"contest": arguments.contest, "out": str(arguments.out)})
    else:
        print(arguments.text("contests.cli.saved", out=arguments.out))
    return Exit.DONE


def run_list(arguments: argparse.Namespace) -> int:
    """Id, title and where each contest stands; exit 1 where a log is not whole."""
    profile = _profile(arguments)
    with arguments.open_desk(profile) as opened:
        rows = opened.desk.contests.rows()
    told = [
        {
            "id": each.vacancy.id,
            "title": each.vacancy.title,
            "phase": each.phase.value,
            "links": len(each.log.links) if each.log is not None else 0,
            "faults": len(each.log.faults) if each.log is not None else 0,
        }
        for each in rows
    ]
    if arguments.json:
        print_json({"contests": told})
    else:
        for line in told:
            print(f"{line['id']}\t{line['phase']}\t{line['title']}")
    return Exit.FINDINGS if any(line["faults"] for line in told) else Exit.DONE


def _profile(arguments: argparse.Namespace) -> Path:
    if arguments.profile is None:
        raise BadInput("errors.not_enrolled")
    profile: Path = arguments.profile
    return profile


def _as_json(arguments: argparse.Namespace, verdict: Verdict) -> dict[str, object]:
    return {
        "valid": verdict.valid,
        "contest": verdict.contest_id,
        "title": verdict.title,
        "links": verdict.links,
        "last": verdict.last,
        "hub_key": verdict.hub_key,
        "faults": _faults(arguments, verdict),
    }


def _faults(arguments: argparse.Namespace, verdict: Verdict) -> list[dict[str, object]]:
    return [
        {"number": number, "fault": fault, "message": arguments.text(f"contests.fault.{fault}")}
        for number, fault in verdict.faults
    ]
