"""What ``judge-desk`` does: the desktop without arguments, and every command of the desk with them."""

from __future__ import annotations

import argparse
import locale
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from judge_desk import __version__
from judge_desk.bootstrap import backup as profile_backup
from judge_desk.bootstrap import demo, doctor
from judge_desk.bootstrap.profile import OpenProfile, Profile
from judge_desk.cli import answer, backup, cases, contest, courier, outages, passphrase, review, ruling, search, sync
from judge_desk.cli import doctor as doctor_command
from judge_desk.cli.secret_input import NEW_PASSPHRASE, PASSPHRASE, PASSWORD, RECOVERY_CODE, read_secret
from judge_desk.domain.errors import KnownError, NotFound
from judge_desk.i18n.translator import LANGUAGES, Translator
from judge_desk.runtime import logs, paths
from judge_desk.runtime.clock import SystemClock
from judge_desk.services.desk import Desk
from judge_desk.sync.report import SyncReport
from judge_desk.sync.transport import ShutOut

LANGUAGE_VARIABLE = "JUDGE_DESK_LANGUAGE"
INDEX_SECONDS = 5.0
COMMANDS = (sync, courier, outages, backup, passphrase, cases, search, ruling, review, contest, doctor_command, demo)


def run(words: Sequence[str]) -> int:
    """Run one command, or the desktop; returns its exit code."""
    text = Translator(_language())
    parser = _parser()
    arguments = parser.parse_args(words)
    try:
        if arguments.selftest:
            from judge_desk.bootstrap.selftest import run_selftest  # the desktop's libraries are for the desktop

            return run_selftest()
        if arguments.command is None:
            from judge_desk.bootstrap.desktop import run_desktop

            return run_desktop(arguments.profile or paths.default_profile_dir())
        _equip(arguments, text)
        return int(arguments.func(arguments))
    except KnownError as error:
        return explain(error)


def explain(error: KnownError) -> int:
    """Say what happened, and what to do, on stderr; gives the exit code."""
    answer.message(Translator(_language())(error.key, **error.params))
    return answer.exit_code(error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="judge-desk", description="The workstation of a judge.")
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--selftest", action="store_true", help="check this installation without a screen")
    parser.add_argument("--profile", type=Path, metavar="DIR", default=None, help="the profile of the desktop")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    for command in COMMANDS:
        command.add_parser(subparsers)
    return parser


def _equip(arguments: argparse.Namespace, text: Translator) -> None:
    """Hand the command what it may use; the log goes beside the profile, with ids and counts only."""
    folder = getattr(arguments, "profile", None)
    if folder is not None and folder.is_dir():
        logs.set_up(folder)
    arguments.text = text
    arguments.open_desk = partial(open_desk, text=text)
    arguments.enrol = partial(_enrol, text=text)
    arguments.change_passphrase = partial(_change_passphrase, text=text)
    arguments.check_up = doctor.check_up
    arguments.backup = partial(_backup, text=text)
    arguments.restore = partial(_restore, text=text)


@dataclass(frozen=True, slots=True)
class _CommandDesk:
    """cli.ports.CommandDesk over an open profile."""

    opened: OpenProfile
    profile: Profile

    @property
    def desk(self) -> Desk:
        return self.opened.desk

    def cycle(self) -> SyncReport:
        try:
            report = self.opened.engine_for(lambda _progress: None).cycle(threading.Event())
            self.desk.outages.note(None)
            self.desk.sync.note(report)
        except ShutOut as shut_out:
            raise self.opened.shut_out(shut_out) from None
        except KnownError as problem:
            self.desk.outages.note(problem)
            raise
        if report.hub_time is not None:
            self.profile.sign_in.hub_heard(report.hub_time)
        while self.desk.search.index_step(INDEX_SECONDS):
            continue
        return report


@contextmanager
def open_desk(folder: Path, *, text: Translator) -> Iterator[_CommandDesk]:
    """The desk in ``folder``, unlocked with the passphrase of the environment, prompt or stdin; closed at the end."""
    with _unlocked(folder, lambda: read_secret(PASSPHRASE, text("cli.passphrase.prompt"))) as (profile, opened):
        yield _CommandDesk(opened, profile)


@contextmanager
def _unlocked(folder: Path, passphrase: Callable[[], str]) -> Iterator[tuple[Profile, OpenProfile]]:
    if not folder.is_dir():
        raise NotFound("errors.not_enrolled")
    profile = Profile(folder, SystemClock())
    if not profile.is_enrolled:
        raise NotFound("errors.not_enrolled")
    opened = profile.unlock(passphrase(), with_loop=False)
    try:
        yield profile, opened
    finally:
        opened.close()
        profile.sign_in.lock()


def _enrol(folder: Path, hub: str, user: str, *, text: Translator) -> None:
    password = read_secret(PASSWORD, text("cli.password.prompt"))
    passphrase = read_secret(PASSPHRASE, text("cli.passphrase.prompt"))
    Profile(folder, SystemClock()).enrol(hub, user, password, passphrase)
    answer.message(text("cli.enrol.done", user=user))


def _change_passphrase(folder: Path, *, text: Translator) -> None:
    if not folder.is_dir():
        raise NotFound("errors.not_enrolled")
    old = read_secret(PASSPHRASE, text("cli.passphrase.prompt"))
    new = read_secret(NEW_PASSPHRASE, text("cli.passphrase.new"))
    Profile(folder, SystemClock()).sign_in.change_passphrase(old, new)


def _backup(folder: Path, target: Path, *, own_files_only: bool, text: Translator) -> profile_backup.Backup:
    passphrase = read_secret(PASSPHRASE, text("cli.passphrase.prompt"))
    with _unlocked(folder, lambda: passphrase) as (profile, opened):
        return profile_backup.make(profile, opened, passphrase, target, SystemClock(), own_files_only=own_files_only)


def _restore(file: Path, folder: Path, *, new_device: bool, text: Translator) -> int:
    passphrase = read_secret(PASSPHRASE, text("cli.passphrase.prompt"))
    code = read_secret(RECOVERY_CODE, text("cli.recovery_code.prompt"))
    return profile_backup.restore(file, folder, passphrase, code, SystemClock(), new_device=new_device)


def _language() -> str:
    """The language of messages: as told, as the system's, or Kazakh."""
    told = os.environ.get(LANGUAGE_VARIABLE) or (locale.getlocale()[0] or "")
    code = told[:2].lower()
    return code if code in LANGUAGES else "kk"
