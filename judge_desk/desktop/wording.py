"""Texts of the window in the chosen language, changed while it runs.

For page-writers::

    t("cases.title")                                  the text now; t("today.hearings", n=7) picks the plural form
    say(label.setText, "cases.title")                 the text now and again after every language switch
    say(label.setText, "today.hearings", n=7)         saying again through the same setter replaces what was said before
    Wording.current().language                        "kk", "ru" or "en"
    Wording.current().changed.connect(self.fill)      for texts made of data (dates, sums): fill them anew

``say`` takes a bound method of a QObject and forgets it when the object is destroyed. Dates and numbers come from
``judge_desk.i18n.formats`` with ``Wording.current().language``.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any, ClassVar, Final

from PySide6.QtCore import QLocale, QObject, Signal
from shiboken6 import isValid

from judge_desk.i18n.translator import LANGUAGES, Translator

LOCALES: Final = {
    "kk": QLocale.Language.Kazakh,
    "ru": QLocale.Language.Russian,
    "en": QLocale.Language.English,
}


class Wording(QObject):
    """The language in force and every text that must follow it.

    Signals:
        changed: the language was switched and every text given to ``say`` is already new.
    """

    changed = Signal()
    _current: ClassVar[Wording | None] = None

    def __init__(self, language: str = LANGUAGES[0]) -> None:
        super().__init__()
        self.translator = Translator(language)
        self._said: weakref.WeakKeyDictionary[QObject, dict[str, tuple[str, dict[str, Any]]]] = (
            weakref.WeakKeyDictionary()
        )

    @classmethod
    def current(cls) -> Wording:
        if cls._current is None:
            cls._current = cls()
        return cls._current

    @property
    def language(self) -> str:
        return self.translator.language

    def locale(self) -> QLocale:
        """Qt's own view of the language, for calendars and its standard dialogs."""
        return QLocale(LOCALES.get(self.language, QLocale.Language.English), QLocale.Country.Kazakhstan)

    def switch(self, language: str) -> None:
        """Put another language in force; all said texts change at once."""
        if language == self.language:
            return
        self.translator = Translator(language)
        QLocale.setDefault(self.locale())
        for owner, texts in list(self._said.items()):
            if isValid(owner):
                for setter, (key, params) in texts.items():
                    getattr(owner, setter)(self.translator(key, **params))
        self.changed.emit()

    def remember(self, setter: Callable[[str], object], key: str, params: dict[str, Any]) -> None:
        owner = getattr(setter, "__self__", None)
        if not isinstance(owner, QObject):
            raise TypeError("say() needs a bound method of a QObject, so that it can forget it in time")
        self._said.setdefault(owner, {})[setter.__name__] = (key, params)

    def forget(self, setter: Callable[[str], object]) -> None:
        owner = getattr(setter, "__self__", None)
        if isinstance(owner, QObject):
            self._said.get(owner, {}).pop(setter.__name__, None)


def t(key: str, /, **params: Any) -> str:
    """The text of a key in the language of the window; with a whole number ``n`` its plural form."""
    return Wording.current().translator(key, **params)


def say(setter: Callable[[str], object], key: str, /, **params: Any) -> None:
    """Set a text now and after each language switch."""
    Wording.current().remember(setter, key, params)
    setter(t(key, **params))


def say_plain(setter: Callable[[str], object], text: str) -> None:
    """Set a text that has no key (a name, a number) where a keyed one may have stood before."""
    Wording.current().forget(setter)
    setter(text)
