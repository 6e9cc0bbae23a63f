"""Qt's own words (copy, paste, print dialogs) in the language of the window; its catalogs come with the wheel."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QObject, QTranslator
from PySide6.QtWidgets import QApplication

from judge_desk.desktop.wording import Wording


class QtTexts(QObject):
    """Follows ``Wording``."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._translator = QTranslator(self)
        self._load()
        Wording.current().changed.connect(self._load)

    def _load(self) -> None:
        self._application.removeTranslator(self._translator)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._translator.load(f"qtbase_{Wording.current().language}", folder):
            self._application.installTranslator(self._translator)
