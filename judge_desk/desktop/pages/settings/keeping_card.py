"""How this PC's desk is kept safe: a copy of it in one file, how to come back from one, and another passphrase."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QFrame, QLineEdit, QWidget

from judge_desk.desktop.dialogs.frame import DialogFrame
from judge_desk.desktop.failures import Failure
from judge_desk.desktop.local import BackupMade, Keeping
from judge_desk.desktop.tasks import TaskRunner, Ticket
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.check_box import CheckBox
from judge_desk.desktop.widgets.progress_row import ProgressRow
from judge_desk.desktop.widgets.setting_row import SettingRow
from judge_desk.desktop.wording import Wording, say, t
from judge_desk.i18n import formats

SUFFIX = ".jdbackup"
T = TypeVar("T")


class KeepingCard(Card):
    """Two deeds and one piece of advice; each deed asks for the passphrase anew."""

    def __init__(self, keeping: Keeping, tasks: TaskRunner) -> None:
        super().__init__("settings.keeping")
        self._keeping, self._tasks = keeping, tasks
        self.copy = QuietButton("settings.backup.do", icon_name="hard-drive")
        self.change = QuietButton("settings.passphrase.do", icon_name="key-round")
        self.dialog: DialogFrame | None = None
        rows = (
            SettingRow("settings.backup", "settings.backup.hint", self.copy),
            SettingRow("settings.restore", "settings.restore.hint"),
            SettingRow("settings.passphrase", "settings.passphrase.hint", self.change),
        )
        for number, row in enumerate(rows):
            if number:
                line = QFrame()
                line.setProperty("kind", "line")
                self.body.addWidget(line)
            self.body.addWidget(row)
        self.copy.clicked.connect(lambda: self._open(BackupDialog(self._keeping, self._tasks, self.window())))
        self.change.clicked.connect(lambda: self._open(PassphraseDialog(self._keeping, self._tasks, self.window())))

    def _open(self, dialog: DialogFrame) -> None:
        self.dialog = dialog
        dialog.open()


class _SecretDialog(DialogFrame):
    """Fields of which nothing is seen, a deed in a thread, and what came of it in words."""

    def __init__(self, parent: QWidget, title_key: str, lead_key: str, do_key: str, tasks: TaskRunner) -> None:
        super().__init__(parent, title_key)
        self._tasks = tasks
        self._fields: list[QLineEdit] = []
        self.add_sentence(lead_key)
        self.do = PrimaryButton(do_key)

    def add_secret(self, key: str) -> QLineEdit:
        """A field for a passphrase; Return in the last one does the deed."""
        field = QLineEdit()
        field.setEchoMode(QLineEdit.EchoMode.Password)
        self.add_field(key, field)
        field.textChanged.connect(lambda _text: self._enable())
        self._fields.append(field)
        return field

    def close_with_buttons(self) -> None:
        """The rows below the fields."""
        self.progress = ProgressRow()
        self.progress.hide()
        self.column.addWidget(self.progress)
        self.message = self.add_sentence(tone="warn")
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.hide()
        self.close_button = self.add_buttons(self.do)
        self.do.setDefault(True)
        self._enable()
        self._fields[0].setFocus()

    def is_ready(self) -> bool:
        return all(field.text() for field in self._fields)

    def work(self, job: Callable[[], T], done: Callable[[T], object]) -> None:
        """Do it off the main thread; a failure stands in the dialog and nothing typed is lost but the secrets."""
        self.do.setEnabled(False)
        self.message.hide()
        self.progress.show()

        def run(ticket: Ticket) -> T:
            ticket.report(0, 0, "settings.keeping.working")
            return job()

        self._tasks.run_long(run, done, self._failed, on_progress=self.progress.show_progress)

    def told(self, key: str, tone: str, **params: object) -> None:
        """What came of it."""
        self.progress.hide()
        self.message.set_tone(tone)
        say(self.message.setText, key, **params)
        self.message.show()
        self.fit()

    def _failed(self, failure: Failure) -> None:
        for field in self._fields:
            field.clear()
        self._fields[0].setFocus()
        if failure.error is not None:
            self.told(failure.error.key, "warn", **failure.error.params)
        else:
            self.told("errors.unexpected", "bad", number=failure.log_id)
        self._enable()

    def _enable(self) -> None:
        self.do.setEnabled(self.is_ready())


class BackupDialog(_SecretDialog):
    """Asks for the passphrase and a place; shows the recovery code of the first copy, and only there."""

    def __init__(self, keeping: Keeping, tasks: TaskRunner, parent: QWidget) -> None:
        super().__init__(parent, "settings.backup", "settings.backup.lead", "settings.backup.choose", tasks)
        self._keeping = keeping
        self.passphrase = self.add_secret("settings.passphrase.old")
        self.own_only = CheckBox()
        say(self.own_only.setText, "settings.backup.own_only")
        self.column.addWidget(self.own_only)
        self.close_with_buttons()
        self.do.clicked.connect(self.ask_place)

    def ask_place(self) -> None:
        """Where to; the name offered says nothing about the person."""
        dialog = QFileDialog(self, t("settings.backup.choose"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX.removeprefix("."))
        dialog.selectFile(f"judge-desk{SUFFIX}")
        dialog.fileSelected.connect(self.write)
        dialog.open()

    def write(self, path: str) -> None:
        """Write the copy there."""
        passphrase, own_only = self.passphrase.text(), self.own_only.isChecked()
        self.work(lambda: self._keeping.back_up(passphrase, Path(path), own_files_only=own_only), self._written)

    def _written(self, made: BackupMade) -> None:
        self.passphrase.clear()
        self.do.hide()
        self.close_button.say("common.close")
        size = formats.file_size(made.bytes, Wording.current().language)
        if made.new_code:
            self.told("settings.backup.done_code", "text", size=size, code=made.new_code)
        else:
            self.told("settings.backup.done", "ok", size=size)


class PassphraseDialog(_SecretDialog):
    """The present passphrase once, the new one twice."""

    def __init__(self, keeping: Keeping, tasks: TaskRunner, parent: QWidget) -> None:
        super().__init__(parent, "settings.passphrase", "settings.passphrase.lead", "settings.passphrase.change", tasks)
        self._keeping = keeping
        self.old = self.add_secret("settings.passphrase.old")
        self.new = self.add_secret("settings.passphrase.new")
        self.again = self.add_secret("settings.passphrase.again")
        self.close_with_buttons()
        self.do.clicked.connect(self.change)

    def change(self) -> None:
        """Nothing is changed while the two new ones differ."""
        if self.new.text() != self.again.text():
            self.told("settings.passphrase.differ", "warn")
            self.again.clear()
            self.again.setFocus()
            return
        old, new = self.old.text(), self.new.text()
        self.work(lambda: self._keeping.change_passphrase(old, new), lambda _none: self._changed())

    def _changed(self) -> None:
        for field in self._fields:
            field.clear()
        self.do.hide()
        self.close_button.say("common.close")
        self.told("settings.passphrase.changed", "ok")
