"""``judge-desk outages``: the certificate of when the hub could not be reached, and the check of its signature."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import msgspec

from judge_desk.cli.answer import Exit, print_json
from judge_desk.domain.errors import BadInput
from judge_desk.i18n.translator import LANGUAGES
from judge_desk.runtime.clock import COURT_ZONE
from judge_desk.services.outages import Certificate, is_genuine

DAYS = 30


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    outages = subparsers.add_parser("outages", help="certify when the hub could not be reached")
    outages.add_argument("--profile", type=Path, metavar="DIR")
    outages.add_argument("--from", dest="since", type=date.fromisoformat, metavar="YYYY-MM-DD")
    outages.add_argument("--to", dest="until", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the last day")
    outages.add_argument("--out", type=Path, metavar="FILE", help="the paper: x.pdf; its statement goes beside it")
    outages.add_argument("--language", choices=LANGUAGES, default="ru")
    outages.add_argument("--check", type=Path, metavar="FILE", help="check a statement instead")
    outages.add_argument("--json", action="store_true")
    outages.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    if arguments.check is not None:
        return _check(arguments)
    if arguments.profile is None:
        raise BadInput("errors.not_enrolled")
    since, until = _period(arguments)
    with arguments.open_desk(arguments.profile) as opened:
        service = opened.desk.outages
        certificate: Certificate
        if arguments.out is None:
            certificate = service.certify(since, until)
        else:
            certificate = service.save(arguments.out, since, until, arguments.language)
    said = certificate.statement
    if arguments.json:
        print_json({**msgspec.to_builtins(certificate), "out": str(arguments.out or ""), "seconds": said.seconds})
    else:
        values = {"outages": len(said.outages), "seconds": said.seconds, "out": str(arguments.out or "-")}
        print(arguments.text("outages.cli.done", **values))
    return Exit.DONE


def _period(arguments: argparse.Namespace) -> tuple[datetime, datetime]:
    """Whole days of the court's wall clock; the last 30 where nothing is said."""
    last = arguments.until or datetime.now(UTC).astimezone(COURT_ZONE).date()
    first = arguments.since or last - timedelta(days=DAYS - 1)
    begin = datetime.combine(first, time(), COURT_ZONE)
    return begin.astimezone(UTC), datetime.combine(last + timedelta(days=1), time(), COURT_ZONE).astimezone(UTC)


def _check(arguments: argparse.Namespace) -> int:
    try:
        certificate = msgspec.json.decode(arguments.check.read_bytes(), type=Certificate)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        raise BadInput("outages.no_statement") from None
    genuine = is_genuine(certificate)
    if arguments.json:
        print_json({"valid": genuine, "public_key": certificate.public_key})
    else:
        print(arguments.text("outages.cli.valid" if genuine else "outages.cli.invalid"))
    return Exit.DONE if genuine else Exit.FINDINGS
