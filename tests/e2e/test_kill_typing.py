"""SIGKILL while the keys go on: what was typed until five seconds before is on disk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from judge_desk.bootstrap.profile import Profile
from judge_desk.domain.acts import plain_text
from judge_desk.domain.drafts import Secrecy
from judge_desk.runtime.clock import SystemClock
from judge_desk.services.cases import CaseQuery
from tests.e2e.programs import PASSPHRASE, ROOT, Hub, desk, environment_of_tests
from tests.e2e.typist import LETTER

SAFE_SECONDS = 5.0


@pytest.fixture
def draft(court: Hub, tmp_path: Path) -> tuple[Path, str]:
    """A profile and its draft of an act."""
    profile = tmp_path / "desk"
    court.enrol(profile)
    desk("sync", "--profile", str(profile)).with_code(0)
    opened = Profile(profile, SystemClock()).unlock(PASSPHRASE, with_loop=False)
    try:
        case = opened.desk.cases.rows(opened.desk.cases.ids(CaseQuery()))[0]
        form = opened.desk.drafts.templates_for(case.id)[0]
        draft_id, _ = opened.desk.drafts.create(case.id, form.id, secrecy=Secrecy.OWN)
    finally:
        opened.close()
    return profile, draft_id


# The longest time between a letter and its save is just before one, wherever the kill falls in that rhythm.
@pytest.mark.parametrize("seconds", [4.7, 6.1, 9.4])
def test_a_kill_while_typing_loses_at_most_five_seconds(draft: tuple[Path, str], seconds: float) -> None:
    profile, draft_id = draft
    before = letters_on_disk(profile, draft_id)
    moments = typed_until_killed(profile, draft_id, seconds)
    kept = letters_on_disk(profile, draft_id) - before
    assert kept <= len(moments)
    owed = [moment for moment in moments if moment <= moments[-1] - SAFE_SECONDS]
    lost = moments[-1] - moments[kept] if kept < len(moments) else 0.0
    assert kept >= len(owed), f"{lost:.1f} s of typing are lost: {kept} of {len(moments)} letters kept"
    assert len(moments) > seconds * 10, "hardly anything was typed: the test proves nothing"


def typed_until_killed(profile: Path, draft_id: str, seconds: float) -> list[float]:
    """The moment of each letter, in order, up to the SIGKILL."""
    command = [sys.executable, "-m", "tests.e2e.typist", str(profile), draft_id]
    environment = {**environment_of_tests(), "QT_QPA_PLATFORM": "offscreen"}
    moments: list[float] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, cwd=ROOT, text=True) as program:
        assert program.stdout is not None
        for line in program.stdout:
            moments.append(float(line.split()[1]))
            if moments[-1] - moments[0] >= seconds:
                program.kill()
                break
        moments += [float(line.split()[1]) for line in program.stdout if line.endswith("\n")]
    assert program.returncode < 0, "the program ended by itself"
    return moments


def letters_on_disk(profile: Path, draft_id: str) -> int:
    opened = Profile(profile, SystemClock()).unlock(PASSPHRASE, with_loop=False)
    try:
        return plain_text(opened.desk.drafts.open(draft_id).draft.act).count(LETTER)
    finally:
        opened.close()
