"""The page of settings: each choice holds at once, is kept, and the checks speak in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless, unreachable
from judge_desk.desktop.local import BackupMade, LocalDesk
from judge_desk.desktop.page import Page
from judge_desk.desktop.pages.settings.keeping_card import BackupDialog, PassphraseDialog
from judge_desk.desktop.pages.settings.page import SettingsPage
from judge_desk.desktop.shell.main_window import MainWindow
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Theme
from judge_desk.desktop.widgets.line import LINE_ROLE
from judge_desk.desktop.wording import Wording
from judge_desk.domain.errors import WrongPassphrase
from judge_desk.runtime.settings import AUTOSAVE_SECONDS, IDLE_LOCK_MINUTES, Settings
from tests.desktop.conftest import plain_page


@pytest.fixture
def page(make_window: Callable[..., MainWindow]) -> SettingsPage:
    def load(page_id: str) -> type[Page]:
        return SettingsPage if page_id == "settings" else plain_page(page_id)

    window = make_window(load)
    window.open_page("settings")
    return cast(SettingsPage, window.pages.page)


def test_choices_hold_at_once_and_are_kept(page: SettingsPage, local: LocalDesk) -> None:
    page._language.picked.emit("ru")
    page._theme.picked.emit("dark")
    page._scale.picked.emit("125")
    page._autosave.picked.emit("5")
    page._idle.picked.emit("30")
    assert (Wording.current().language, Theme.current().name, Theme.current().scale) == ("ru", "dark", 1.25)
    kept = Settings(local.profile)
    assert (kept.get(AUTOSAVE_SECONDS), kept.get(IDLE_LOCK_MINUTES)) == (5, 30)
    assert page._language.value() == "ru"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_unit_stands_beside_the_number_alone(page: SettingsPage, language: str) -> None:
    Wording.current().switch(language)
    for choice in (page._autosave, page._idle, page._scale):
        assert "," not in choice.accessibleName()
        assert not any(each.text().isdecimal() for each in choice.findChildren(QAbstractButton))


def test_a_switch_by_key_shows_here_too(page: SettingsPage) -> None:
    page.context.actions.trigger("theme")
    assert page._theme.value() == "dark"


def test_the_checks_put_what_is_wrong_first(qtbot: QtBot, page: SettingsPage, tasks: TaskRunner) -> None:
    page.context.actions.trigger("settings.checks")
    qtbot.waitUntil(lambda: tasks.is_idle)
    lines = page._checks_card.list.lines
    first = lines.index(0).data(LINE_ROLE)
    assert (first.title, first.detail) == ("No keyring", "Install one")
    assert page._checks_card.badge.text() == "1 needs attention"


def test_the_folder_can_be_copied(page: SettingsPage, local: LocalDesk) -> None:
    page._copy_profile()
    assert QGuiApplication.clipboard().text() == str(local.profile)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_control_has_a_name(page: SettingsPage, local: LocalDesk, language: str) -> None:
    local.appearance.set_language(language)
    assert nameless(page) == []
    assert unreachable(page) == []


class FakeKeeping:
    """A desk that knows its passphrase, and writes what it was asked to write."""

    passphrase = "right"

    def back_up(self, passphrase: str, target: Path, *, own_files_only: bool) -> BackupMade:
        self._check(passphrase)
        target.write_text("copy")
        return BackupMade(bytes=4, files=0, new_code="" if own_files_only else "AAAA-BBBB")

    def change_passphrase(self, old: str, new: str) -> None:
        self._check(old)
        self.passphrase = new

    def _check(self, passphrase: str) -> None:
        if passphrase != self.passphrase:
            raise WrongPassphrase


@pytest.fixture
def keeping() -> FakeKeeping:
    return FakeKeeping()


def test_a_copy_is_written_and_its_code_shown_once(
    qtbot: QtBot, keeping: FakeKeeping, tasks: TaskRunner, tmp_path: Path
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = BackupDialog(keeping, tasks, window)
    assert not dialog.do.isEnabled()
    dialog.passphrase.setText("wrong")
    dialog.write(str(tmp_path / "copy"))
    qtbot.waitUntil(lambda: tasks.is_idle and not dialog.message.isHidden())
    assert not (tmp_path / "copy").exists()
    assert dialog.passphrase.text() == ""
    dialog.passphrase.setText("right")
    dialog.write(str(tmp_path / "copy"))
    qtbot.waitUntil(lambda: tasks.is_idle and "AAAA-BBBB" in dialog.message.text())
    assert (tmp_path / "copy").read_text() == "copy"


def test_a_new_passphrase_is_typed_twice(qtbot: QtBot, keeping: FakeKeeping, tasks: TaskRunner) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = PassphraseDialog(keeping, tasks, window)
    dialog.old.setText("right")
    dialog.new.setText("a new one")
    dialog.again.setText("a new two")
    dialog.change()
    assert keeping.passphrase == "right"
    dialog.again.setText("a new one")
    dialog.change()
    qtbot.waitUntil(lambda: tasks.is_idle and keeping.passphrase == "a new one")
    qtbot.waitUntil(lambda: dialog.do.isHidden())
    assert dialog.old.text() == dialog.new.text() == ""
