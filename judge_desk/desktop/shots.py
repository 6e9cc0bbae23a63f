"""Writes a picture of every page in every language and theme: the way to look at the desk before calling it done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer, Signal
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QDialog

from judge_desk.desktop.pages import all_page_ids, load_page
from judge_desk.desktop.shell.main_window import MainWindow
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import SHADE, THEMES, Size, Theme
from judge_desk.i18n.translator import LANGUAGES

LOOK_EVERY_MS: Final = 20
# A page at rest must stay so for some looks: one answer often asks for the next.
LOOKS_AT_REST: Final = 4
PATIENCE_MS: Final = 15_000
Step = tuple[str, Callable[[], object]]


@dataclass(frozen=True, slots=True)
class ShotPlan:
    """What to take; ``scale`` in percent; ``scenes``: dialogs and views of a page as well."""

    languages: tuple[str, ...] = LANGUAGES
    themes: tuple[str, ...] = THEMES
    scale: int = 100
    scenes: bool = True


class Shooter(QObject):
    """Goes from page to page by itself, each time waiting until what is on screen is final.

    Signals:
        finished: every picture is written.
    """

    finished = Signal()

    def __init__(self, window: MainWindow, tasks: TaskRunner, folder: Path, plan: ShotPlan) -> None:
        super().__init__(window)
        self._window, self._tasks, self._folder, self._plan = window, tasks, folder, plan
        self.restless: list[str] = []
        self.taken: list[Path] = []
        self._rest = 0
        self._name = ""
        self._deadline = QDeadlineTimer(PATIENCE_MS)
        self._steps: Iterator[Step] = iter(())
        self._look = QTimer(self, interval=LOOK_EVERY_MS)
        self._look.timeout.connect(self._on_look)

    def start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._window.resize(Size.WINDOW_WIDTH, Size.WINDOW_HEIGHT)
        self._steps = self._all_steps()
        self._next()

    def _all_steps(self) -> Iterator[Step]:
        looks = self._window.appearance
        looks.set_scale(self._plan.scale)
        visits = list(self._visits())
        for language in self._plan.languages:
            looks.set_language(language)
            for theme in self._plan.themes:
                looks.set_theme(theme)
                seen: set[tuple[str, str]] = set()
                for name, page_id, params in visits:
                    yield f"{name}-{language}-{theme}", partial(self._window.open_page, page_id, **params)
                    for scene, deed in self._new_scenes(page_id, seen):
                        yield f"{name}-{scene}-{language}-{theme}", deed
                        self._put_away()
                yield f"palette-{language}-{theme}", self._window.show_palette
                self._window.command_palette.close_it()

    def _new_scenes(self, page_id: str, seen: set[tuple[str, str]]) -> Iterator[Step]:
        """What can be opened from the page on screen, each once a language and theme."""
        page = self._window.pages.page
        for scene, deed in page.scenes() if page is not None and self._plan.scenes else ():
            if (page_id, scene) not in seen:
                seen.add((page_id, scene))
                yield scene, deed

    def _put_away(self) -> None:
        """The dialog on screen, or the view over the page."""
        dialogs = self._dialogs()
        for dialog in dialogs:
            dialog.reject()
        page = self._window.pages.page
        if not dialogs and page is not None:
            page.step_back()

    def _dialogs(self) -> list[QDialog]:
        return [each for each in self._window.findChildren(QDialog) if each.isVisible()]

    def _visits(self) -> Iterator[tuple[str, str, Mapping[str, str]]]:
        for page_id in all_page_ids():
            page = load_page(page_id)
            if not self._window.offers(page.home or page_id):
                continue
            samples = page.samples(self._window.desk)
            for number, params in enumerate(samples, 1):
                yield page_id if number == 1 else f"{page_id}-{number}", page_id, params

    def _next(self) -> None:
        self._look.stop()
        step = next(self._steps, None)
        if step is None:
            self.finished.emit()
            return
        self._name, act = step
        act()
        self._rest = 0
        self._deadline = QDeadlineTimer(PATIENCE_MS)
        self._look.start()

    def _on_look(self) -> None:
        page = self._window.pages.page
        at_rest = self._tasks.is_idle and page is not None and page.is_settled()
        self._rest = self._rest + 1 if at_rest else 0
        if self._rest < LOOKS_AT_REST and not self._deadline.hasExpired():
            return
        if self._rest < LOOKS_AT_REST:
            self.restless.append(self._name)
        path = self._folder / f"{self._name}.png"
        self._picture().save(str(path))
        self.taken.append(path)
        self._next()

    def _picture(self) -> QPixmap:
        """The window, with a dialog in its middle where one is open: offscreen it would stand anywhere."""
        picture = self._window.grab()
        for dialog in self._dialogs():
            painter = QPainter(picture)
            painter.fillRect(self._window.rect(), SHADE)
            corner = dialog.rect()
            corner.moveCenter(self._window.rect().center())
            # Where a flat button stands the picture of a dialog is transparent; on a screen it never is.
            painter.fillRect(corner, dialog.palette().window())
            painter.drawPixmap(corner.topLeft(), dialog.grab())
            # Its frame is the window manager's, which is not in the picture.
            painter.setPen(Theme.current().colour("edge"))
            painter.drawRect(corner)
            painter.end()
        return picture
