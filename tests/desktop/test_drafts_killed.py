"""SIGKILL in the middle of typing loses at most five seconds, from a real process and a real encrypted store."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

from judge_desk.domain.acts import check_act, plain_text
from judge_desk.services.drafts import DraftService
from tests.factories import desk_context, with_case

PROMISE_SECONDS = 5.0
KILLED_AFTER_SECONDS = 7.4


def test_a_kill_while_typing_loses_at_most_five_seconds(tmp_path: Path) -> None:
    context = desk_context(tmp_path)
    draft_id, _ = DraftService(context).create(with_case(context).id, "civil_decision.kk")
    context.store.close()

    typed = type_and_kill(tmp_path, draft_id, KILLED_AFTER_SECONDS)

    context = desk_context(tmp_path)
    act = DraftService(context).open(draft_id).draft.act
    context.store.close()
    check_act(act)
    kept = [int(number) for number in re.findall(r"қ(\d+) ", plain_text(act))]
    killed_at = typed[-1][1]
    due = max(number for number, at in typed if at <= killed_at - PROMISE_SECONDS)
    assert kept == list(range(1, len(kept) + 1))
    assert kept[-1] >= due


def type_and_kill(folder: Path, draft_id: str, seconds: float) -> list[tuple[int, float]]:
    """Each number with the moment at which the process said it."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "tests.desktop.typing_process", str(folder), draft_id]
    typed: list[tuple[int, float]] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True
    ) as run:
        assert run.stdout is not None
        begun = run.stdout.readline()
        typed.append((int(begun), time.monotonic()))
        killer = threading.Timer(seconds, run.kill)
        killer.start()
        typed.extend((int(line), time.monotonic()) for line in run.stdout)
        killer.join()
    return typed
