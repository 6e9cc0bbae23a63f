"""``judge-desk demo``: an embedded hub, a seeded regional court, and the desktop signed in; no network, no
configuration."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from judge_desk.bootstrap.demo_files import ACCOUNTS, CAMPAIGN_KEYS, HUB_COMMAND, ROUNDS, ROUNDS_WRITTEN
from judge_desk.bootstrap.demo_key import make_key
from judge_desk.bootstrap.profile import Profile
from judge_desk.bootstrap.screen import require_screen
from judge_desk.cli.answer import message
from judge_desk.domain.errors import BadInput, HubUnreachable
from judge_desk.i18n.translator import LANGUAGES
from judge_desk.runtime import paths, program, settings
from judge_desk.runtime.clock import SystemClock
from judge_desk.security.private_file import replace_file

if TYPE_CHECKING:
    from judge_desk.desktop.shell.ports import Opened
    from judge_desk.desktop.tasks import Ticket

MARKER = "judge-desk-demo.json"
ROLES = ("judge", "secretary", "chair", "reviewer", "commission", "council")
START_SECONDS = 60
FILL_SECONDS = 120
SYNC_SECONDS = 3.0
"""The demo's documents stream in behind the window: look often."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = subparsers.add_parser("demo", help="try everything on a made-up court")
    demo.add_argument("--reset", action="store_true", help="begin with a new court")
    demo.add_argument("--role", choices=ROLES, default="judge")
    demo.add_argument("--cases", type=int, default=300, metavar="N")
    demo.add_argument("--documents", type=int, default=25, metavar="M", help="documents in a case, on average")
    demo.add_argument("--seed", type=int, default=1, metavar="S")
    demo.add_argument("--folder", type=Path, metavar="DIR", default=None, help="where the demo keeps its data")
    demo.add_argument("--shots", type=Path, metavar="DIR", help="write a picture of every page there, and end")
    demo.add_argument("--lang", choices=("kk", "ru", "en"))
    demo.add_argument("--theme", choices=("light", "dark"))
    demo.add_argument("--scale", type=int, choices=(100, 125, 150), default=100, help="text size of the pictures, %%")
    demo.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Show the window at once, start the hub and sign in behind it; everything ends with the window."""
    if arguments.shots is not None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    require_screen()
    from judge_desk.bootstrap import demo_build, demo_day, desktop  # Qt is for the window alone
    from judge_desk.bootstrap.gate import ProfileGate
    from judge_desk.desktop.shots import ShotPlan

    folder = demo_folder(arguments)
    demo = _demo_in(folder, arguments)
    _make_keys(folder)
    profile = Profile(folder / arguments.role, SystemClock(), use_keyring=False, sync_seconds=SYNC_SECONDS)
    _choose(profile, arguments)
    message(arguments.text("demo.passphrase", passphrase=demo.passphrase))
    gate = ProfileGate(profile.door, lambda: profile)
    with ExitStack() as stack:

        def prepare(ticket: Ticket) -> Opened:
            ticket.report(0, 0, "demo.starting")
            demo_build.require(folder)
            url = stack.enter_context(running_hub(folder, demo))
            ticket.report(0, 0, "demo.signing_in")
            enrol_with(profile, folder, arguments.role, url, demo)
            if arguments.role == "judge":
                key = make_key(folder)
                message(arguments.text("demo.key", file=key.file, pin=key.pin))
                demo_day.live(profile, demo, folder)
            if arguments.shots is not None:
                ticket.report(0, 0, "demo.filling")
                _fetch_the_day(profile, demo.passphrase, folder)
            return gate.unlock(demo.passphrase)

        app = desktop.make_app(profile.door, gate)
        if arguments.shots is None:
            return app.run(prepare)
        languages = (arguments.lang,) if arguments.lang else LANGUAGES
        themes = (arguments.theme,) if arguments.theme else ("light", "dark")
        return app.run_shots(arguments.shots, ShotPlan(languages, themes, arguments.scale), prepare, message)


@dataclass(frozen=True, slots=True)
class Demo:
    """What a demo folder was made with; ``passphrase`` opens its profiles, which hold nothing but invented people."""

    passphrase: str
    anchor: str
    cases: int
    documents: int
    seed: int


def demo_folder(arguments: argparse.Namespace) -> Path:
    """The demo's folder, emptied if asked; raises BadInput for a folder that holds something else."""
    folder = paths.private_dir(arguments.folder or paths.default_profile_dir().with_name("judge-desk-demo"))
    if arguments.reset:
        _clear(folder)
    return folder


def _choose(profile: Profile, arguments: argparse.Namespace) -> None:
    if arguments.lang:
        profile.settings.set(settings.LANGUAGE, arguments.lang)
    if arguments.theme:
        profile.settings.set(settings.THEME, arguments.theme)


def enrol_with(profile: Profile, folder: Path, role: str, url: str, demo: Demo) -> None:
    """Make the profile a device of the demo's hub; a later start only learns the hub's new address."""
    if not profile.is_enrolled:
        password = json.loads((folder / ACCOUNTS).read_text())[role]
        profile.enrol(url, role, password, demo.passphrase)
        profile.settings.set(settings.HUB_URL, url)
        _lay_out(profile, folder, demo)
    profile.settings.set(settings.HUB_URL, url)


def _make_keys(folder: Path) -> None:
    """Make the keys of the rounds of peer review, once; drawn and not seeded: the same court twice has other seals."""
    from judge_desk.security import sealed_forms

    if not (folder / CAMPAIGN_KEYS).exists():
        keys = {name: sealed_forms.new_key() for name in ROUNDS}
        replace_file(folder / CAMPAIGN_KEYS, json.dumps(keys).encode())


def _lay_out(profile: Profile, folder: Path, demo: Demo) -> None:
    """Put on a new desk what its person would have there by now."""
    from judge_desk.bootstrap import demo_rounds
    from judge_desk.hub.demo_court.plan import SeedPlan

    anchor = date.fromisoformat(demo.anchor)
    opened = profile.unlock(demo.passphrase, with_loop=False)
    try:
        plan = SeedPlan(anchor=anchor, cases=demo.cases, documents=demo.documents, seed=demo.seed)
        demo_rounds.lay_out(opened, plan, folder)
    finally:
        opened.close()
        profile.sign_in.lock()


def _fetch_the_day(profile: Profile, passphrase: str, folder: Path) -> None:
    """Bring the rows and the files of the nearest hearings here, so that the pictures show a desk at work."""
    opened = profile.unlock(passphrase, with_loop=False)
    try:
        until = time.monotonic() + FILL_SECONDS
        engine = opened.engine_for(lambda _progress: None)
        ready = False
        while not ready and time.monotonic() < until:
            is_written = (folder / ROUNDS_WRITTEN).exists()
            opened.desk.sync.note(engine.cycle(threading.Event()))
            hearings = opened.desk.today.overview().hearings
            ready = is_written and all(each.documents_total and each.is_ready for each in hearings)
        while opened.desk.search.index_step(1.0):
            pass
    finally:
        opened.close()
        profile.sign_in.lock()


def _clear(folder: Path) -> None:
    """Remove an earlier demo; never a folder that is none."""
    if not any(folder.iterdir()):
        return
    if not (folder / MARKER).is_file():
        raise BadInput("demo.not_a_demo")
    for each in folder.iterdir():
        shutil.rmtree(each) if each.is_dir() else each.unlink()


def _demo_in(folder: Path, arguments: argparse.Namespace) -> Demo:
    marker = folder / MARKER
    if marker.is_file():
        return Demo(**json.loads(marker.read_text()))
    if any(folder.iterdir()):
        raise BadInput("demo.not_a_demo")
    demo = Demo(
        passphrase=secrets.token_urlsafe(16),
        anchor=SystemClock().today().isoformat(),
        cases=arguments.cases,
        documents=arguments.documents,
        seed=arguments.seed,
    )
    fields = {name: getattr(demo, name) for name in Demo.__slots__}
    replace_file(marker, json.dumps(fields).encode())
    return demo


@contextmanager
def running_hub(folder: Path, demo: Demo) -> Iterator[str]:
    """The hub in a process of its own; gives its address, raises HubUnreachable when it does not come up."""
    words = ["--cases", str(demo.cases), "--documents", str(demo.documents), "--seed", str(demo.seed)]
    with subprocess.Popen(
        program.again(HUB_COMMAND, str(folder), *words, "--anchor", demo.anchor),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as hub:
        assert hub.stdout is not None
        watchdog = threading.Timer(START_SECONDS, hub.kill)
        watchdog.start()
        line = hub.stdout.readline()
        watchdog.cancel()
        if not line:
            raise HubUnreachable("demo.hub_failed")
        yield str(json.loads(line)["url"])
