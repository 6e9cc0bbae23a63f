"""The page of settings: every choice holds at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from judge_desk import __version__
from judge_desk.desktop.actions import Action
from judge_desk.desktop.page import Page, Scene
from judge_desk.desktop.pages.settings.checks_card import ChecksCard
from judge_desk.desktop.pages.settings.keeping_card import KeepingCard
from judge_desk.desktop.pages.settings.link_card import LinkCard
from judge_desk.desktop.pages.settings.signing_card import SigningCard
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import QuietButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.segmented import Segmented
from judge_desk.desktop.widgets.setting_row import SettingRow
from judge_desk.runtime.settings import (
    AUTOSAVE_SECONDS,
    HUB_URL,
    IDLE_LOCK_MINUTES,
    LANGUAGE,
    SCALE_PERCENT,
    THEME,
    USER_NAME,
    Setting,
)

SCALES = (100, 125, 150)
AUTOSAVES = (1, 2, 5)
IDLES = (5, 10, 30, 60)


class SettingsPage(Page):
    """Cards in one column: look, work, this computer, diagnostics, about."""

    id = "settings"
    title_key = "settings.title"

    def scenes(self) -> Sequence[Scene]:
        if self.keeping is None:
            return ()
        return (("backup", self.keeping.copy.click), ("passphrase", self.keeping.change.click))

    def build(self) -> None:
        self.head.set_title("settings.title")
        self.head.set_subtitle("settings.subtitle")
        self._cards = QVBoxLayout()
        self._cards.setContentsMargins(0, 0, Space.CARD, 0)
        self._cards.setSpacing(Theme.current().px(Space.CARD))
        mine = (self._look(), self._work(), self._links(), self._sign())
        for card in (*mine, *self._keep(), self._place(), self._checks(), self._about()):
            self._cards.addWidget(card)
        self._cards.addStretch(1)
        self._scroll()
        Theme.current().changed.connect(self._show_chosen)
        self._show_chosen()

    def page_actions(self) -> Sequence[Action]:
        return (
            Action(
                id="settings.checks",
                text_key="settings.checks.run",
                handler=self._checks_card.start,
                shortcut="Ctrl+R",
                icon="shield-check",
            ),
        )

    def retranslate(self) -> None:
        self._show_chosen()

    def _look(self) -> Card:
        looks = self.context.local.appearance
        self._language = _segments(LANGUAGE)
        self._language.picked.connect(looks.set_language)
        self._theme = _segments(THEME)
        self._theme.picked.connect(looks.set_theme)
        self._scale = _numbers(SCALE_PERCENT, SCALES, "settings.scale.percent", "percent")
        self._scale.picked.connect(lambda percent: looks.set_scale(int(percent)))
        return _card(
            "settings.look",
            SettingRow(LANGUAGE.text_key, "settings.language.hint", self._language),
            SettingRow(THEME.text_key, "settings.theme.hint", self._theme),
            SettingRow(SCALE_PERCENT.text_key, "settings.scale.hint", self._scale),
        )

    def _work(self) -> Card:
        settings = self.context.local.settings
        self._autosave = _numbers(AUTOSAVE_SECONDS, AUTOSAVES, "settings.seconds")
        self._autosave.picked.connect(lambda seconds: settings.set(AUTOSAVE_SECONDS, int(seconds)))
        self._idle = _numbers(IDLE_LOCK_MINUTES, IDLES, "settings.minutes")
        self._idle.picked.connect(lambda minutes: settings.set(IDLE_LOCK_MINUTES, int(minutes)))
        lock = QuietButton("settings.lock", "Ctrl+L", "lock")
        lock.clicked.connect(lambda: self.context.actions.trigger("lock"))
        return _card(
            "settings.work",
            SettingRow(AUTOSAVE_SECONDS.text_key, "settings.autosave.hint", self._autosave),
            SettingRow(IDLE_LOCK_MINUTES.text_key, "settings.idle.hint", self._idle),
            SettingRow("settings.lock", "settings.lock.hint", lock),
        )

    def _links(self) -> Card:
        self._link_card = LinkCard(self.context.local.settings)
        return self._link_card

    def _sign(self) -> Card:
        local = self.context.local
        self._signing_card = SigningCard(local.settings, self.context.tasks, lambda: self.context.desk.signing)
        return self._signing_card

    def _keep(self) -> tuple[Card, ...]:
        local = self.context.local
        self.keeping = KeepingCard(local.keeping, self.context.tasks) if local.keeping is not None else None
        return (self.keeping,) if self.keeping is not None else ()

    def _place(self) -> Card:
        local = self.context.local
        hub = SettingRow(HUB_URL.text_key, "settings.hub.none")
        user = SettingRow("settings.user")
        if local.settings.get(HUB_URL):
            hub.set_hint_text(local.settings.get(HUB_URL))
            user.set_hint_text(local.settings.get(USER_NAME))
        copy = QuietButton("settings.copy", icon_name="copy")
        copy.clicked.connect(self._copy_profile)
        folder = SettingRow("settings.profile", "settings.profile.hint", copy)
        folder.set_hint_text(str(local.profile))
        return _card("settings.place", hub, user, folder)

    def _checks(self) -> Card:
        self._checks_card = ChecksCard(self.context.tasks, self.context.local.checks)
        return self._checks_card

    def _about(self) -> Card:
        version = SettingRow("settings.version")
        version.set_hint_text(__version__)
        licence = SettingRow("settings.licence")
        licence.set_hint_text("Apache-2.0")
        return _card("settings.about", version, licence, SettingRow("settings.parts", "settings.parts.text"))

    def _copy_profile(self) -> None:
        QGuiApplication.clipboard().setText(str(self.context.local.profile))
        self.context.window.toast("settings.profile.copied")

    def _show_chosen(self) -> None:
        settings = self.context.local.settings
        self._language.set_value(settings.get(LANGUAGE))
        self._theme.set_value(settings.get(THEME))
        self._scale.set_value(str(settings.get(SCALE_PERCENT)))
        self._autosave.set_value(str(settings.get(AUTOSAVE_SECONDS)))
        self._idle.set_value(str(settings.get(IDLE_LOCK_MINUTES)))
        self._link_card.show_chosen()
        self._signing_card.show_chosen()

    def _scroll(self) -> None:
        inside = QWidget()
        inside.setLayout(self._cards)
        inside.setMaximumWidth(Theme.current().px(Size.READING) + Theme.current().px(Size.SIDE))
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(inside, 1)
        row.addStretch(0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(holder)
        self.content.addWidget(area)


def _segments(setting: Setting[str]) -> Segmented:
    return Segmented([(choice, setting.choice_text_key(choice)) for choice in setting.choices], setting.text_key)


def _numbers(setting: Setting[int], choices: Sequence[int], key: str, name: str = "n") -> Segmented:
    segments = Segmented([], setting.text_key)
    for choice in choices:
        segments.add(str(choice), key, **{name: choice})
    return segments


def _card(title_key: str, *rows: SettingRow) -> Card:
    card = Card(title_key)
    for number, row in enumerate(rows):
        if number:
            line = QFrame()
            line.setProperty("kind", "line")
            card.body.addWidget(line)
        card.body.addWidget(row)
    return card


PAGE = SettingsPage
