"""With what to sign and where time stamps come from: chosen here, kept in the profile, and tried at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from judge_desk.desktop.dialogs.sign_means import MeansPanel
from judge_desk.desktop.failures import Failure
from judge_desk.desktop.tasks import Lane, TaskRunner
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import QuietButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.setting_row import SettingRow
from judge_desk.desktop.wording import Wording, say
from judge_desk.i18n import formats
from judge_desk.runtime.clock import court_time
from judge_desk.runtime.settings import STAMP_URL, Settings
from judge_desk.services.signing import SigningService, StampAnswer

if TYPE_CHECKING:
    from judge_desk.services.signing import SignerFacts


class SigningCard(Card):
    """What is typed is kept when the field is left; ``signing`` gives the service of the open desk."""

    def __init__(self, settings: Settings, tasks: TaskRunner, signing: Callable[[], SigningService]) -> None:
        super().__init__("settings.signing")
        self._settings, self._tasks, self._signing = settings, tasks, signing
        self.address = QLineEdit()
        self.address.setPlaceholderText("https://")
        self.address.setMinimumWidth(Theme.current().px(Size.SIDE))
        say(self.address.setAccessibleName, STAMP_URL.text_key)
        self.check_stamp = QuietButton("settings.stamp.check", icon_name="clock")
        self.stamp_answer = _answer()
        self.means = MeansPanel(settings)
        self.check_key = QuietButton("settings.key.check", icon_name="key-round")
        self.key_answer = _answer()
        self._lay_out()
        self.address.editingFinished.connect(self._keep)
        self.address.returnPressed.connect(self.ask_server)
        self.address.textChanged.connect(lambda _text: self._enable())
        self.check_stamp.clicked.connect(self.ask_server)
        self.means.changed.connect(self._means_changed)
        self.means.agreed.connect(self.try_key)
        self.check_key.clicked.connect(self.try_key)
        self.show_chosen()

    def show_chosen(self) -> None:
        """What holds now."""
        if not self.address.hasFocus():
            self.address.setText(self._settings.get(STAMP_URL))
        self._enable()

    def ask_server(self) -> None:
        """Have a stamp made, and say what happened."""
        self._keep()
        url, service = self.address.text().strip(), self._signing()
        self.check_stamp.setEnabled(False)
        _tell(self.stamp_answer, "muted", "settings.checks.running")
        self._tasks.run(
            lambda: service.check_stamp(url), self._stamp_made, self._stamp_failed, key="settings_stamp", lane=Lane.POOL
        )

    def try_key(self) -> None:
        """Open the key, and say whose it is; nothing is signed."""
        if not self.means.is_ready():
            return
        means, secret, service = self.means.means(), self.means.secret(), self._signing()
        self.means.forget_secret()
        _tell(self.key_answer, "muted", "settings.checks.running")
        self._tasks.run(
            lambda: service.check_key(means, secret),
            self._key_opened,
            self._key_failed,
            key="settings_key",
            lane=Lane.POOL,
        )

    def _lay_out(self) -> None:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Theme.current().px(Space.ROW))
        row.addWidget(self.address, 1)
        row.addWidget(self.check_stamp)
        self.body.addWidget(SettingRow(STAMP_URL.text_key, "settings.stamp.hint"))
        self.body.addWidget(line)
        self.body.addWidget(self.stamp_answer)
        rule = QFrame()
        rule.setProperty("kind", "line")
        self.body.addWidget(rule)
        self.body.addWidget(SettingRow("common.setting.sign_means", "settings.key.hint"))
        self.body.addWidget(self.means)
        under = QHBoxLayout()
        under.addWidget(self.check_key)
        under.addStretch(1)
        self.body.addLayout(under)
        self.body.addWidget(self.key_answer)

    def _keep(self) -> None:
        if self.address.text().strip() != self._settings.get(STAMP_URL):
            self._settings.set(STAMP_URL, self.address.text().strip())

    def _means_changed(self) -> None:
        self.means.remember()
        self._enable()

    def _enable(self) -> None:
        self.check_stamp.setEnabled(bool(self.address.text().strip()))
        self.check_key.setEnabled(self.means.is_ready())

    def _stamp_made(self, answer: StampAnswer) -> None:
        self._enable()
        moment = court_time(answer.made_at)
        when = f"{formats.date_short(moment.date(), Wording.current().language)} {moment:%H:%M:%S}"
        _tell(self.stamp_answer, "ok", "settings.stamp.good", server=answer.server, time=when)

    def _stamp_failed(self, failure: Failure) -> None:
        self._enable()
        _tell(self.stamp_answer, "warn", "settings.stamp.bad", reason=failure.happened())

    def _key_opened(self, facts: SignerFacts | None) -> None:
        if facts is None:
            _tell(self.key_answer, "muted", "settings.key.outside")
            return
        day = formats.date_short(court_time(facts.valid_to).date(), Wording.current().language)
        _tell(self.key_answer, "ok", "settings.key.good", name=facts.name, issuer=facts.issuer, day=day)

    def _key_failed(self, failure: Failure) -> None:
        _tell(self.key_answer, "warn", "settings.key.bad", reason=failure.happened())


def _answer() -> PlainLabel:
    label = PlainLabel(wrap=True)
    label.hide()
    return label


def _tell(label: PlainLabel, tone: str, key: str, **params: str) -> None:
    label.set_tone(tone)
    say(label.setText, key, **params)
    label.show()
