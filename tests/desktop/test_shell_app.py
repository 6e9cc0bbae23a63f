"""The program around the window: one instance, idle lock, bugs that do not end it, first sign-in, pictures."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from judge_desk.desktop import shots
from judge_desk.desktop.accessibility import nameless
from judge_desk.desktop.app import DesktopApp
from judge_desk.desktop.dialogs.enrol import EnrolForm
from judge_desk.desktop.shell.idle_watch import IdleWatch
from judge_desk.desktop.shell.main_window import MainWindow
from judge_desk.desktop.shell.ports import GateState, Opened
from judge_desk.desktop.shell.single_instance import SingleInstance
from judge_desk.desktop.shots import Shooter, ShotPlan
from judge_desk.desktop.tasks import TaskRunner, Ticket
from judge_desk.desktop.wording import t
from judge_desk.domain.errors import DiskFull
from judge_desk.runtime.clock import FixedClock
from judge_desk.runtime.settings import IDLE_LOCK_MINUTES, Settings
from tests.desktop.conftest import FakeGate, plain_page, press, type_text


@pytest.fixture
def app(qapp: QApplication, gate: FakeGate, tmp_path: Path, clock: FixedClock) -> Iterator[DesktopApp]:
    made = DesktopApp(gate, Settings(tmp_path), tmp_path, clock, checks=lambda _language: ())
    yield made
    made.window.close()
    made.stop()
    qapp.removeEventFilter(made._idle)
    made.deleteLater()


def test_pictures_of_a_desk_that_does_not_open_say_why(app: DesktopApp, tmp_path: Path) -> None:
    def no_room(_ticket: Ticket) -> Opened:
        raise DiskFull

    told: list[str] = []
    code = app.run_shots(tmp_path / "shots", ShotPlan(), no_room, told.append)
    assert (code, told) == (3, [t(DiskFull().key)])


def test_pictures_of_pages_that_do_not_come_to_rest_name_them(
    app: DesktopApp, gate: FakeGate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(_prepare: object) -> int:
        shooter = app.window.findChild(Shooter)
        assert shooter is not None
        shooter.restless.append("today-kk-light")
        return 0

    told: list[str] = []
    monkeypatch.setattr(app, "run", run)
    code = app.run_shots(tmp_path / "shots", ShotPlan(), lambda _ticket: gate.unlock("right"), told.append)
    assert (code, told) == (1, [t("demo.restless", pages="today-kk-light")])


def test_a_second_start_calls_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    first, second, other = SingleInstance(tmp_path), SingleInstance(tmp_path), SingleInstance(tmp_path / "..")
    assert first.take()
    first.listen()
    with qtbot.waitSignal(first.called):
        assert not second.take()
    assert other.take()
    first.release()
    assert second.take()
    second.release()
    other.release()


def test_a_lock_of_a_killed_program_is_taken_over(tmp_path: Path) -> None:
    code = (
        "import os, sys; from PySide6.QtCore import QCoreApplication; from pathlib import Path;"
        "from judge_desk.desktop.shell.single_instance import SingleInstance;"
        "app = QCoreApplication([]); one = SingleInstance(Path(sys.argv[1]));"
        "print(one.take(), flush=True); os._exit(9)"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert ended.stdout.strip() == "True"
    again = SingleInstance(tmp_path)
    assert again.take()
    again.release()


def test_idleness_locks_and_a_key_puts_it_off(qtbot: QtBot, qapp: QApplication) -> None:
    watch = IdleWatch(qapp, 10)
    watch._timer.setInterval(60)
    with qtbot.waitSignal(watch.idle) as idle:
        watch._timer.start()
    assert idle.args == [10]
    assert not watch._timer.isActive()
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
    watch.eventFilter(qapp, key)
    assert watch._timer.isActive()
    watch._timer.stop()
    qapp.removeEventFilter(watch)


def test_the_chosen_minutes_reach_the_watch(app: DesktopApp) -> None:
    app._settings.set(IDLE_LOCK_MINUTES, 30)
    assert app._idle._timer.interval() == 30 * 60_000


def test_a_bug_shows_its_number_and_the_desk_goes_on(
    app: DesktopApp, gate: FakeGate, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.window.pages, "_load", plain_page)
    app.window.show()
    app.window.open_desk(gate.opened())
    marker = "Сейітова"
    with caplog.at_level(logging.ERROR):
        try:
            raise KeyError(marker)
        except KeyError as error:
            app._on_bug(type(error), error, error.__traceback__)
    assert app.window.banner.isVisible()
    assert marker not in caplog.text + app.window.banner.accessibleName()


def test_what_is_known_shows_its_sentence_and_is_no_bug(
    app: DesktopApp, gate: FakeGate, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.window.pages, "_load", plain_page)
    app.window.show()
    app.window.open_desk(gate.opened())
    codes: list[int] = []
    app.failed.connect(codes.append)
    with caplog.at_level(logging.ERROR):
        app._on_bug(DiskFull, DiskFull(), None)
    assert app.window.banner.accessibleName() == t("errors.disk_full")
    assert (codes, caplog.text) == ([], "")


def test_the_first_start_asks_to_enrol(qtbot: QtBot, app: DesktopApp, gate: FakeGate) -> None:
    gate.state = GateState.NEW
    app.window.show()
    app._begin(None)
    form = app.window.findChild(EnrolForm)
    assert form is not None
    assert form.isVisible()
    assert nameless(form) == []


def test_a_later_start_asks_for_the_passphrase(app: DesktopApp, gate: FakeGate) -> None:
    gate.state = GateState.LOCKED
    app.window.show()
    app._begin(None)
    assert app.window.lock_screen.isVisible()


def test_what_the_desk_needs_is_loaded_behind_the_form(qtbot: QtBot, app: DesktopApp, gate: FakeGate) -> None:
    gate.state = GateState.LOCKED
    app.window.show()
    app._begin(None)
    assert not gate.prepared
    assert "face" not in vars(app.window)
    qtbot.waitUntil(lambda: gate.prepared and "face" in vars(app.window))
    assert app.window.lock_screen.isVisible()


def test_a_long_preparation_ends_in_the_desk(
    qtbot: QtBot, app: DesktopApp, gate: FakeGate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.window.pages, "_load", plain_page)
    app.window.show()

    def prepare(ticket: Ticket) -> Opened:
        ticket.report(1, 2)
        return gate.opened()

    with qtbot.waitSignal(app.window.opened):
        app._begin(prepare)
    qtbot.waitUntil(lambda: app.tasks.is_idle)


@pytest.fixture
def form(qtbot: QtBot, gate: FakeGate, tasks: TaskRunner) -> EnrolForm:
    made = EnrolForm(gate, tasks)
    qtbot.addWidget(made)
    made.show()
    for line, text in zip(made._lines(), ("https://hub", "ermekova", "secret", "right", "right"), strict=True):
        type_text(line, text)
    return made


def test_enrolling_opens_the_desk_and_empties_the_secrets(qtbot: QtBot, form: EnrolForm) -> None:
    form.again.setFocus()
    with qtbot.waitSignal(form.opened):
        press(form.again, Qt.Key.Key_Return)
    assert (form.password.text(), form.passphrase.text(), form.again.text()) == ("", "", "")


def test_what_is_missing_is_said_before_the_hub_is_asked(form: EnrolForm) -> None:
    form.again.setText("other")
    assert form.problem() == "shell.enrol.differ"
    form.user.clear()
    assert form.problem() == "shell.enrol.empty"


def test_a_refusal_leaves_the_lines_as_they_were(qtbot: QtBot, form: EnrolForm, tasks: TaskRunner) -> None:
    form.passphrase.setText("wrong")
    form.again.setText("wrong")
    form.again.setFocus()
    press(form.again, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert form.message.isVisible()
    assert form.user.text() == "ermekova"
    assert form.user.isEnabled()


def test_every_page_is_pictured_in_every_look(
    qtbot: QtBot,
    make_window: Callable[..., MainWindow],
    tasks: TaskRunner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shots, "all_page_ids", lambda: ["today", "cases"])
    monkeypatch.setattr(shots, "load_page", plain_page)
    window = make_window()
    monkeypatch.setattr(window, "_desk", object())
    shooter = Shooter(window, tasks, tmp_path / "shots", ShotPlan(languages=("kk", "en")))
    with qtbot.waitSignal(shooter.finished, timeout=20_000):
        shooter.start()
    names = {path.stem for path in (tmp_path / "shots").glob("*.png")}
    looks = [f"{language}-{theme}" for language in ("kk", "en") for theme in ("light", "dark")]
    assert names == {f"{page}-{look}" for page in ("today", "cases", "palette") for look in looks}
    assert shooter.restless == []
    assert QImage(str(shooter.taken[0])).size() == window.size() * window.devicePixelRatio()


def test_a_page_that_does_not_come_to_rest_is_pictured_and_named(
    qtbot: QtBot,
    make_window: Callable[..., MainWindow],
    tasks: TaskRunner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shots, "all_page_ids", lambda: ["today"])
    monkeypatch.setattr(shots, "load_page", plain_page)
    monkeypatch.setattr(shots, "PATIENCE_MS", 0)
    window = make_window()
    monkeypatch.setattr(window, "_desk", object())
    shooter = Shooter(window, tasks, tmp_path / "shots", ShotPlan(("kk",), ("light",)))
    with qtbot.waitSignal(shooter.finished, timeout=20_000):
        shooter.start()
    assert shooter.restless == [path.stem for path in shooter.taken] == ["today-kk-light", "palette-kk-light"]
