"""Work off the main thread: answers come back in order, stale ones do not come, no exception escapes."""

from __future__ import annotations

import logging
import threading
from functools import partial

import pytest
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from judge_desk.desktop.failures import Failure
from judge_desk.desktop.tasks import Lane, Progress, TaskRunner, Ticket
from judge_desk.domain.errors import DiskFull, HubUnreachable


def _after(gate: threading.Event, answer: str) -> str:
    gate.wait(5)
    return answer


def test_the_answer_comes_on_the_main_thread(qtbot: QtBot, tasks: TaskRunner) -> None:
    seen: list[tuple[bool, bool]] = []
    main = QThread.currentThread()
    tasks.run(
        lambda: threading.current_thread() is threading.main_thread(),
        lambda in_main: seen.append((in_main, QThread.currentThread() is main)),
    )
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [(False, True)]


def test_store_work_keeps_its_order(qtbot: QtBot, tasks: TaskRunner) -> None:
    done: list[int] = []
    answered: list[int] = []

    def note(number: int) -> int:
        done.append(number)
        return number

    for number in range(20):
        tasks.run(partial(note, number), answered.append)
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert done == answered == list(range(20))


def test_only_the_newest_answer_of_a_key_arrives(qtbot: QtBot, tasks: TaskRunner) -> None:
    gate = threading.Event()
    seen: list[str] = []
    tasks.run(partial(_after, gate, "old"), seen.append, key="search", lane=Lane.POOL)
    tasks.run(lambda: "new", seen.append, key="search", lane=Lane.POOL)
    tasks.run(lambda: "other", seen.append, key="else", lane=Lane.POOL)
    qtbot.waitUntil(lambda: len(seen) == 2)
    gate.set()
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert sorted(seen) == ["new", "other"]


def test_a_known_error_keeps_its_words(qtbot: QtBot, tasks: TaskRunner) -> None:
    failures: list[Failure] = []

    def fail() -> None:
        raise DiskFull

    tasks.run(fail, None, failures.append)
    with qtbot.waitSignal(tasks.failed) as unheard:
        tasks.run(fail)
    assert not failures[0].is_bug
    assert isinstance(unheard.args[0].error, DiskFull)
    assert failures[0].happened() == "The disk is full."
    assert "free" in failures[0].advice().casefold()


def test_a_bug_shows_a_number_and_logs_no_words(
    qtbot: QtBot, tasks: TaskRunner, caplog: pytest.LogCaptureFixture
) -> None:
    marker = "Сейітова талап арызы"
    failures: list[Failure] = []

    def fail() -> None:
        raise ValueError(marker)

    with caplog.at_level(logging.ERROR):
        tasks.run(fail, None, failures.append)
        qtbot.waitUntil(lambda: bool(failures))
    assert failures[0].is_bug
    assert failures[0].log_id in caplog.text
    assert failures[0].log_id in failures[0].sentence()
    assert marker not in caplog.text


def test_a_lost_link_is_a_state(qtbot: QtBot) -> None:
    assert Failure(HubUnreachable()).is_offline
    assert not Failure(DiskFull()).is_offline


def test_cancelled_work_is_told_and_gives_no_answer(qtbot: QtBot, tasks: TaskRunner) -> None:
    seen: list[str] = []
    progress: list[Progress] = []

    def job(ticket: Ticket) -> str:
        ticket.report(1, 10, "")
        while not ticket.cancelled:
            threading.Event().wait(0.001)
        return "answer"

    ticket = tasks.run_long(job, seen.append, on_progress=progress.append)
    qtbot.waitUntil(lambda: bool(progress))
    ticket.cancel()
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert seen == []
    assert progress == [Progress(1, 10)]


def test_a_destroyed_receiver_is_left_alone(qtbot: QtBot, tasks: TaskRunner) -> None:
    gate = threading.Event()
    label = QLabel()
    tasks.run(partial(_after, gate, "text"), label.setText)
    with qtbot.waitSignal(label.destroyed):
        label.deleteLater()
    gate.set()
    qtbot.waitUntil(lambda: tasks.is_idle)


def test_closing_joins_every_thread(qtbot: QtBot) -> None:
    before = set(threading.enumerate())
    runner = TaskRunner(QObject())
    runner.run(lambda: None)
    runner.run(lambda: None, lane=Lane.POOL)
    runner.close()
    assert set(threading.enumerate()) <= before


def test_after_closing_a_timer_asks_in_vain_and_a_save_is_a_bug(qtbot: QtBot) -> None:
    runner = TaskRunner(QObject())
    runner.close()
    done: list[int] = []
    assert runner.run(lambda: done.append(1)).cancelled
    with pytest.raises(RuntimeError):
        runner.run(lambda: done.append(1), keep=True)
    assert done == []
