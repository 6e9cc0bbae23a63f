"""A desk's window without a screen: fonts and theme as in the program, threads joined, nothing left behind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, TypeVar, cast

import pytest
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QImage, QKeyEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot

from judge_desk.desktop.fonts import register_fonts
from judge_desk.desktop.local import Check, LocalDesk
from judge_desk.desktop.page import Page
from judge_desk.desktop.shell.appearance import Appearance
from judge_desk.desktop.shell.main_window import MainWindow
from judge_desk.desktop.shell.ports import Found, GateState, Identity, LinkStatus, Opened
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import WrongPassphrase
from judge_desk.domain.people import Role
from judge_desk.runtime.clock import FixedClock
from judge_desk.runtime.settings import Settings
from tests import factories
from tests.desktop.court_day import DeskDay

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
PainterT = TypeVar("PainterT", bound=QPainter)
PATIENCE_MILLISECONDS = 20_000


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    return QApplication


@pytest.fixture
def qtbot(qtbot: QtBot) -> QtBot:
    """Waits longer than pytest-qt does by itself: cores may be shared. Only what never comes costs that much more."""
    for name in ("waitUntil", "waitSignal"):
        setattr(qtbot, name, partial(getattr(qtbot, name), timeout=PATIENCE_MILLISECONDS))
    return qtbot


@pytest.fixture(scope="session", autouse=True)
def _fonts(qapp: QApplication) -> None:
    register_fonts()


@pytest.fixture(autouse=True)
def looks(qapp: QApplication) -> None:
    """Every test begins in English, light, at scale 1."""
    Wording.current().switch("en")
    theme = Theme.current()
    # A new style sheet costs every widget still alive a polish.
    if (theme.name, theme.scale) != ("light", 1.0) or not qapp.styleSheet():
        theme.apply("light", 1.0)


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    runner.close()


def press(widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key that is no letter, on the widget that has the focus or on this one."""
    QTest.keyClick(QApplication.focusWidget() or widget, key, modifier)


def begins_on_cancel(dialog: QDialog) -> bool:
    """Whether Enter, pressed at once, puts the question away."""
    button = dialog.focusWidget()
    return isinstance(button, QPushButton) and button.text() == t("common.cancel")


def type_text(widget: QWidget, text: str) -> None:
    """Type any letters; QTest.keyClicks aborts the interpreter for non-ASCII ones."""
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            key = ord(letter.upper()) if ord(letter) < 128 else Qt.Key.Key_unknown
            QApplication.sendEvent(widget, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, letter))


class HeardPainter(QPainter):
    """Writes down every text that is painted; each of its lines must have the room for it."""

    def __init__(self, sheet: QImage) -> None:
        super().__init__(sheet)
        self.texts: list[str] = []

    def drawText(self, *room_flags_text: Any) -> Any:
        room, flags, text = room_flags_text
        metrics = self.fontMetrics()
        wraps = bool(flags & Qt.TextFlag.TextWordWrap.value)
        # Letters end between two pixels.
        for line in text.split() if wraps else text.split("\n"):
            assert metrics.horizontalAdvance(line) <= room.width() + 1, line
        if wraps:
            assert metrics.boundingRect(QRect(0, 0, room.width(), 1 << 16), flags, text).height() <= room.height(), text
        self.texts.append(text)


def painted_texts(view: LazyList, row: int) -> list[str]:
    """What stands in a row of a list that is as wide as now."""
    return painted_by(HeardPainter, view, row).texts


def painted_by(kind: type[PainterT], view: LazyList, row: int) -> PainterT:
    """A painter that has painted a row of a list."""
    option = QStyleOptionViewItem()
    option.rect = view.visualRect(view.lines.index(row))
    sheet = QImage(option.rect.size(), QImage.Format.Format_ARGB32)
    painter = kind(sheet)
    view.painter.paint(painter, option, view.lines.index(row))
    painter.end()
    return painter


class PlainPage(Page):
    """A page that writes down what the shell did to it."""

    id = "today"
    title_key = "shell.page.today"
    calls: ClassVar[list[tuple[str, Any]]] = []

    def build(self) -> None:
        self.calls.append((self.id, "build"))
        self.head.set_title(self.title_key)
        self.content.addWidget(PrimaryButton("common.save"))

    def activate(self, params: Mapping[str, str]) -> None:
        self.calls.append((self.id, dict(params)))

    def leave(self) -> None:
        self.calls.append((self.id, "leave"))

    def refresh(self, changes: Changes) -> None:
        self.calls.append((self.id, changes))


def plain_page(page_id: str) -> type[Page]:
    """A page class of this id, as ``load_page`` would give it."""
    return type(f"{page_id.title()}Page", (PlainPage,), {"id": page_id, "title_key": "shell.page.today"})


class FakeFacts:
    """The shell's facts as plain values."""

    def __init__(self) -> None:
        self.status = LinkStatus(linked=False, since_at=NOW - timedelta(hours=2, minutes=14), waiting=18)
        self.held: Collection[Role] = (Role.JUDGE, Role.REVIEWER)
        self.syncs = 0
        self.listener: Callable[[Changes], None] = lambda _changes: None

    def identity(self, language: str) -> Identity:
        return Identity("А. С. Ермекова", f"court in {language}")

    def roles(self) -> Collection[Role]:
        return self.held

    def counters(self) -> Mapping[str, int]:
        return {"today": 7, "cases": 312}

    def link(self) -> LinkStatus:
        return self.status

    def find(self, query: str, language: str, limit: int) -> Sequence[Found]:
        return [
            Found(kind="case", title=f"Case about {query}", detail="7140", page_id="cases", params={"case_id": "c1"})
        ]

    def listen(self, listener: Callable[[Changes], None]) -> None:
        self.listener = listener

    def sync_now(self) -> None:
        self.syncs += 1


class FakeGate:
    """A door with one passphrase."""

    def __init__(self) -> None:
        self.state = GateState.OPEN
        self.facts = FakeFacts()
        self.wait = 0
        self.prepared = False

    def seconds_to_wait(self) -> int:
        return self.wait

    def prepare(self) -> None:
        self.prepared = True

    def unlock(self, passphrase: str) -> Opened:
        if passphrase != "right":
            raise WrongPassphrase
        self.state = GateState.OPEN
        return self.opened()

    def enrol(self, hub: str, user: str, password: str, passphrase: str) -> Opened:
        return self.unlock(passphrase)

    def lock(self) -> None:
        self.state = GateState.LOCKED

    def opened(self) -> Opened:
        return Opened(cast(Any, object()), self.facts)


@pytest.fixture
def gate() -> FakeGate:
    return FakeGate()


@pytest.fixture
def local(tmp_path: Path) -> LocalDesk:
    """A fresh profile whose checks find one thing wrong."""
    settings = Settings(tmp_path)
    checks = (Check("store", True, "The database is sound"), Check("keyring", False, "No keyring", "Install one"))
    return LocalDesk(settings, Appearance(settings), tmp_path, lambda _language: checks)


@pytest.fixture
def make_window(
    qtbot: QtBot, gate: FakeGate, local: LocalDesk, tasks: TaskRunner, clock: FixedClock
) -> Callable[..., MainWindow]:
    def make(load: Callable[[str], type[Page]] = plain_page) -> MainWindow:
        PlainPage.calls.clear()
        window = MainWindow(gate, local, clock, tasks, load=load)
        qtbot.addWidget(window)
        window.show()
        window.open_desk(gate.opened())
        qtbot.waitUntil(lambda: tasks.is_idle)
        return window

    return make


@pytest.fixture
def window(make_window: Callable[..., MainWindow]) -> MainWindow:
    """The window, open, with pages that write down their calls."""
    return make_window()


@pytest.fixture
def desk_day(qtbot: QtBot, gate: FakeGate, local: LocalDesk, tasks: TaskRunner, tmp_path: Path) -> Iterator[DeskDay]:
    """A window with its real pages over a real encrypted desk with a full day in it."""
    context = factories.desk_context(tmp_path)
    day = DeskDay(qtbot, context, local, tasks, gate)
    yield day
    day.close()
    tasks.close()
    context.store.close()
