"""With what to sign: a key file, a token or NCALayer; what was used last is offered, the secret never is."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.buttons import QuietButton
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.segmented import Segmented
from judge_desk.desktop.wording import Wording, say, t
from judge_desk.runtime.settings import SIGN_MEANS, SIGN_PATH, SIGN_TOKEN, Settings
from judge_desk.services.signing_keys import KeyMeans, MeansKind

PATH_KEYS: Final = {MeansKind.KEY_FILE: "signing.means.file", MeansKind.TOKEN: "signing.means.driver"}
SECRET_KEYS: Final = {MeansKind.KEY_FILE: "signing.means.password", MeansKind.TOKEN: "signing.means.pin"}


class MeansPanel(QWidget):
    """``means()`` and ``secret()`` are what the person chose and typed.

    Signals:
        changed: something was chosen or typed.
        agreed: Return in the field of the secret.
    """

    changed = Signal()
    agreed = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        choices = [(kind.value, f"common.setting.sign_means.{kind}") for kind in MeansKind]
        self.kind = Segmented(choices, "common.setting.sign_means")
        self.path, self.token, self.pin = QLineEdit(), QLineEdit(), QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.browse = QuietButton("signing.means.browse", icon_name="folder-open")
        self._labels = {field: PlainLabel(face="caption", tone="muted") for field in (self.path, self.token, self.pin)}
        self.hint = PlainLabel(tone="muted", wrap=True)
        say(self.hint.setText, "signing.means.ncalayer_hint")
        self._lay_out()
        self.kind.set_value(settings.get(SIGN_MEANS))
        self.path.setText(settings.get(SIGN_PATH))
        self.token.setText(settings.get(SIGN_TOKEN))
        self.kind.picked.connect(lambda _value: self._show())
        self.browse.clicked.connect(self._ask_path)
        for field in (self.path, self.token, self.pin):
            field.textChanged.connect(self.changed)
        self.pin.returnPressed.connect(self.agreed)
        self._show()

    def means(self) -> KeyMeans:
        """What was chosen."""
        path = self.path.text().strip()
        return KeyMeans(
            kind=MeansKind(self.kind.value()),
            path=Path(path) if path else None,
            token=self.token.text().strip(),
            language=Wording.current().language,
        )

    def secret(self) -> str:
        """The password or PIN; empty for NCALayer, which asks for it itself."""
        return "" if self.means().kind is MeansKind.NCALAYER else self.pin.text()

    def is_ready(self) -> bool:
        """Whether there is enough to try."""
        means = self.means()
        return means.kind is MeansKind.NCALAYER or (means.path is not None and bool(self.pin.text()))

    def remember(self) -> None:
        """Offer the same next time; the secret is not kept."""
        means = self.means()
        self._settings.set(SIGN_MEANS, means.kind.value)
        self._settings.set(SIGN_PATH, str(means.path or ""))
        self._settings.set(SIGN_TOKEN, means.token)

    def forget_secret(self) -> None:
        self.pin.clear()

    def focus_first(self) -> None:
        """Where the next key should go."""
        (self.pin if self.path.text() else self.path).setFocus()

    def _lay_out(self) -> None:
        gap = Theme.current().px(Space.ROW)
        row = QHBoxLayout()
        row.setSpacing(gap)
        row.addWidget(self.path, 1)
        row.addWidget(self.browse)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        column.addWidget(self.kind)
        column.addWidget(self._labels[self.path])
        column.addLayout(row)
        for field in (self.token, self.pin):
            column.addWidget(self._labels[field])
            column.addWidget(field)
        column.addWidget(self.hint)
        for field, label in self._labels.items():
            label.setBuddy(field)

    def _show(self) -> None:
        kind = self.means().kind
        is_outside = kind is MeansKind.NCALAYER
        shown = {self.path: not is_outside, self.token: kind is MeansKind.TOKEN, self.pin: not is_outside}
        for field, on in shown.items():
            field.setVisible(on)
            self._labels[field].setVisible(on)
        self.browse.setVisible(not is_outside)
        self.hint.setVisible(is_outside)
        names = {
            self.path: PATH_KEYS.get(kind, "signing.means.file"),
            self.token: "common.setting.sign_token",
            self.pin: SECRET_KEYS.get(kind, "signing.means.pin"),
        }
        for field, key in names.items():
            say(self._labels[field].setText, key)
            say(field.setAccessibleName, key)
        self.changed.emit()

    def _ask_path(self) -> None:
        dialog = QFileDialog(self.window(), t(PATH_KEYS.get(self.means().kind, "signing.means.file")))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.path.setText)
        dialog.open()
