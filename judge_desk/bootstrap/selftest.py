"""``judge-desk --selftest``: does this installation work? Store, sync, search, PDF and every page of the window, on a
court of three cases in a temporary folder."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from judge_desk.bootstrap.demo import Demo, enrol_with, running_hub
from judge_desk.bootstrap.profile import OpenProfile, Profile
from judge_desk.cli.answer import message
from judge_desk.domain.drafts import Secrecy
from judge_desk.domain.notes import NoteReach
from judge_desk.runtime import logs
from judge_desk.runtime.clock import SystemClock
from judge_desk.services.cases import CaseQuery
from judge_desk.services.pdf_worker import PdfWorker

WORD = "Ғылыми-сараптама"
"""A word with Kazakh letters that no made-up filing holds."""


def run_selftest() -> int:
    """Walk through the parts, a line each; 0 when all work, 1 at the first that does not."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if not {"LANG", "LC_ALL", "LC_CTYPE"} & set(os.environ):
        # Without a language Qt complains on stderr; what is tested here needs none.
        os.environ["LC_ALL"] = "C.UTF-8"
    with tempfile.TemporaryDirectory(prefix="judge-desk-selftest-") as place:
        folder = Path(place)
        demo = Demo(secrets.token_urlsafe(16), SystemClock().today().isoformat(), cases=3, documents=2, seed=1)
        with running_hub(folder, demo) as url:
            profile = Profile(folder / "judge", SystemClock(), use_keyring=False)
            enrol_with(profile, folder, "judge", url, demo)
            opened = profile.unlock(demo.passphrase, with_loop=False)
            try:
                steps = (("store", _store), ("sync", _sync), ("search", _search), ("render", _render))
                good = all(_step(name, partial(step, opened)) for name, step in steps)
            finally:
                opened.close()
                profile.sign_in.lock()
            return 0 if good and _step("window", partial(_window, profile, demo.passphrase)) else 1


def _step(name: str, check: Callable[[], bool]) -> bool:
    began = time.perf_counter()
    good = check()
    print(f"{name}: {'ok' if good else 'FAILED'} ({time.perf_counter() - began:.2f} s)", file=sys.stderr)
    return good


def _store(opened: OpenProfile) -> bool:
    opened.engine_for(lambda _progress: None).cycle(threading.Event(), with_files=False)
    case = opened.desk.cases.rows(opened.desk.cases.ids(CaseQuery()))[0]
    opened.desk.notes.save(opened.desk.notes.new(case.id, WORD, reach=NoteReach.PRIVATE))
    return [row.note.text for row in opened.desk.notes.of_case(case.id)].count(WORD) == 1


def _sync(opened: OpenProfile) -> bool:
    report = opened.engine_for(lambda _progress: None).cycle(threading.Event())
    return report.pushed == 1 and not report.refused and not report.mismatches


def _search(opened: OpenProfile) -> bool:
    while opened.desk.search.index_step(1.0):
        pass
    return opened.desk.search.search(WORD.lower()).total >= 1


def _render(opened: OpenProfile) -> bool:
    """The PDF of a draft, read again by the process that reads PDFs."""
    case = opened.desk.cases.rows(opened.desk.cases.ids(CaseQuery()))[0]
    form = opened.desk.drafts.templates_for(case.id)[0]
    draft_id, _changes = opened.desk.drafts.create(case.id, form.id, secrecy=Secrecy.OWN)
    pdf = opened.desk.drafts.pdf(draft_id)
    reader = PdfWorker()
    try:
        text = " ".join(reader.extract_pages(pdf))
    finally:
        reader.close()
    return pdf.startswith(b"%PDF-1.7") and case.number in text


def _window(profile: Profile, passphrase: str) -> bool:
    """Every page comes to rest and lets itself be painted."""
    from judge_desk.bootstrap import desktop
    from judge_desk.bootstrap.gate import ProfileGate
    from judge_desk.desktop.shots import ShotPlan

    gate = ProfileGate(profile.door, lambda: profile)
    pictures = profile.folder / "pictures"
    app = desktop.make_app(profile.door, gate)
    try:
        plan = ShotPlan(("kk",), ("light",), scenes=False)
        code = app.run_shots(pictures, plan, lambda _ticket: gate.unlock(passphrase), message)
    finally:
        logs.shut_down()  # Windows removes no folder with an open file in it
    return code == 0 and any(pictures.glob("today-*.png"))
