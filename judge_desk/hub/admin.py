"""The hub's command line: what those who run it need, for people and for scripts.

Exit codes: 0 done, 1 findings (a broken audit), 2 wrong use or bad input, 3 the database is out of reach or refused.
Secrets come from a prompt, from stdin or from an environment variable, never from an argument.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy.exc import OperationalError

from judge_desk.domain.errors import BadInput, HubProblem, KnownError, NotFound
from judge_desk.domain.people import Court, Person, Role
from judge_desk.hub import (
    auth,
    backup_command,
    campaign_command,
    courier_command,
    demo_court,
    intake,
    leaving_command,
    serving,
    upkeep,
)
from judge_desk.hub.blobs import open_blobs
from judge_desk.hub.command_line import add_places, answer, opened
from judge_desk.hub.db import chain, migrate
from judge_desk.hub.db.engine import open_engine
from judge_desk.i18n.translator import LANGUAGES, Translator
from judge_desk.runtime.clock import SystemClock

DONE, FINDINGS, WRONG_USE, REFUSED = 0, 1, 2, 3
PASSWORD_VARIABLE = "JUDGE_DESK_PASSWORD"  # noqa: S105 - the name of a variable


class DatabaseUnreachable(HubProblem):
    default_key = "hub.database_unreachable"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    parser = make_parser()
    given = sys.argv[1:] if arguments is None else arguments
    chosen = parser.parse_args(given)
    chosen.given = given
    t = chosen.texts = Translator(_language(chosen.lang))
    try:
        run: Callable[[argparse.Namespace], int] = chosen.run
        return run(chosen)
    except KnownError as fault:
        sys.stderr.write(f"judge-desk-hub: {t.text(fault.key, **fault.params)}\n")
        return WRONG_USE if isinstance(fault, BadInput | NotFound) else REFUSED
    except OperationalError:
        sys.stderr.write(f"judge-desk-hub: {t.text(DatabaseUnreachable.default_key)}\n")
        return REFUSED


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="judge-desk-hub", description="The court's hub: serve it and look after it.")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="language of messages")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serving.add_parser(commands, _add)
    _add(commands, "migrate", _migrate, "bring the database to this program's tables")
    _add_court(commands)
    _add_user(commands)
    _add(commands, "revoke-device", _revoke_device, "shut a device out").add_argument("device", metavar="DEVICE_ID")
    _add(commands, "rotate-keys", _rotate_keys, "a new secret for session tokens")
    _add(commands, "verify-audit", _verify_audit, "look for changed, missing or added lines of the audit")
    _add(commands, "upkeep", _upkeep, "clear away what no desk can need any more; `serve` does it once a day")
    backup_command.add_parser(commands)
    demo_court.add_parser(commands)
    intake.add_parser(commands)
    courier_command.add_parser(commands)
    leaving_command.add_parser(commands)
    campaign_command.add_parser(commands)
    return parser


def read_password() -> str:
    """From the variable, from stdin when that is no terminal, else from a prompt."""
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None:
        return given
    return getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")


def _add(commands: Any, name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    add_places(parser)
    parser.set_defaults(run=run)
    return parser


def _add_court(commands: Any) -> None:
    parser = _add(commands, "add-court", _run_add_court, "set up a court")
    parser.add_argument("--court", required=True, metavar="ID")
    parser.add_argument("--code", required=True)
    for language in LANGUAGES:
        parser.add_argument(f"--name-{language}", required=True)
        parser.add_argument(f"--place-{language}", default="")
    parser.add_argument("--room", action="append", default=[])


def _add_user(commands: Any) -> None:
    parser = _add(commands, "add-user", _run_add_user, "let a person enrol devices, or set the password anew")
    parser.add_argument("--court", required=True, metavar="ID")
    parser.add_argument("--user", required=True, metavar="NAME")
    parser.add_argument("--person", required=True, metavar="ID")
    parser.add_argument("--name", required=True, help="as on acts: Surname N. P.")
    parser.add_argument("--full-name", default="")
    parser.add_argument("--post", default="")
    parser.add_argument("--role", action="append", required=True, choices=[each.value for each in Role])


def _migrate(arguments: argparse.Namespace) -> int:
    engine = open_engine(arguments.database)
    try:
        before, after = migrate.migrate(engine)
    finally:
        engine.dispose()
    answer(arguments, f"{before or '-'} -> {after}", before=before, after=after)
    return DONE


def _run_add_court(arguments: argparse.Namespace) -> int:
    given = vars(arguments)
    court = Court(
        id=arguments.court,
        code=arguments.code,
        names={language: given[f"name_{language}"] for language in LANGUAGES},
        places={language: given[f"place_{language}"] for language in LANGUAGES},
        appeal_courts={},
        rooms=tuple(arguments.room),
    )
    with opened(arguments) as (_, registry):
        registry.add_court(court)
    answer(arguments, court.id, court=court.id)
    return DONE


def _run_add_user(arguments: argparse.Namespace) -> int:
    person = Person(
        id=arguments.person,
        court_id=arguments.court,
        name=arguments.name,
        full_name=arguments.full_name or arguments.name,
        roles=tuple(Role(each) for each in arguments.role),
        post=arguments.post,
    )
    with opened(arguments) as (_, registry):
        if not registry.has_court(arguments.court):
            raise NotFound("hub.no_such_court")
        registry.add_account(arguments.court, arguments.user, read_password(), person)
    answer(arguments, person.id, person=person.id)
    return DONE


def _revoke_device(arguments: argparse.Namespace) -> int:
    with opened(arguments) as (engine, _):
        if not auth.revoke_device(engine, arguments.device, SystemClock().now()):
            raise NotFound("hub.no_such_device")
    answer(arguments, arguments.device, device=arguments.device)
    return DONE


def _rotate_keys(arguments: argparse.Namespace) -> int:
    with opened(arguments) as (engine, _):
        key_id = auth.make_key(engine, SystemClock().now())
    answer(arguments, key_id, key=key_id)
    return DONE


def _verify_audit(arguments: argparse.Namespace) -> int:
    with opened(arguments) as (engine, _), engine.connect() as connection:
        found = [{"court": court, "chain": name, "n": n} for court, name, n in chain.faults(connection)]
    answer(arguments, "\n".join(f"{each['court']} {each['chain']} {each['n']}" for each in found) or "ok", faults=found)
    return FINDINGS if found else DONE


def _upkeep(arguments: argparse.Namespace) -> int:
    with opened(arguments) as (engine, _):
        blobs = open_blobs(arguments.blobs) if arguments.blobs else None
        cleared = asdict(upkeep.clear(engine, blobs, SystemClock().now()))
    answer(arguments, "\n".join(f"{number} {what}" for what, number in cleared.items()), **cleared)
    return DONE


def _language(asked: str) -> str:
    wanted = asked or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return wanted[:2] if wanted[:2] in LANGUAGES else "en"
