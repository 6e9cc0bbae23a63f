"""Language, theme and text size as the person chose them: switched while running, kept in the profile."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject

from judge_desk.desktop.theme import Theme
from judge_desk.desktop.wording import Wording
from judge_desk.i18n.translator import LANGUAGES
from judge_desk.runtime.settings import LANGUAGE, SCALE_PERCENT, THEME, Settings

SCALES: Final = (100, 125, 150)


class Appearance(QObject):
    """Puts the chosen looks in force; every ``set_*`` also keeps the choice."""

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings

    def apply(self) -> None:
        Wording.current().switch(self._settings.get(LANGUAGE))
        Theme.current().apply(self._settings.get(THEME), self._settings.get(SCALE_PERCENT) / 100)

    # Shown whether or not it could be saved: the choice then holds until the program ends.

    def set_language(self, language: str) -> None:
        try:
            self._settings.set(LANGUAGE, language)
        finally:
            Wording.current().switch(language)

    def set_theme(self, theme: str) -> None:
        """light, dark or system."""
        try:
            self._settings.set(THEME, theme)
        finally:
            Theme.current().apply(theme)

    def set_scale(self, percent: int) -> None:
        try:
            self._settings.set(SCALE_PERCENT, percent)
        finally:
            Theme.current().apply(scale=percent / 100)

    def next_language(self) -> None:
        self.set_language(LANGUAGES[(LANGUAGES.index(Wording.current().language) + 1) % len(LANGUAGES)])

    def other_theme(self) -> None:
        self.set_theme("light" if Theme.current().name == "dark" else "dark")

    def larger(self) -> None:
        self._step(1)

    def smaller(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        now = self._settings.get(SCALE_PERCENT)
        nearest = min(range(len(SCALES)), key=lambda place: abs(SCALES[place] - now))
        self.set_scale(SCALES[min(max(nearest + by, 0), len(SCALES) - 1)])
