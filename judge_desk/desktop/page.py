"""What every page is: how it is built, filled, refreshed, reworded and left, and what the shell hands it.

For page-writers: ``pages/<id>/page.py`` holds one subclass and ends with ``PAGE = TodayPage``::

    class TodayPage(Page):
        id = "today"; title_key = "today.title"

        def build(self) -> None:                    once, on the first visit; widgets only, no reading
            self.head.set_title("today.title")
            self.content.addWidget(...)             QVBoxLayout inside the state stack
        def activate(self, params) -> None:         at each visit, e.g. {"case_id": "…"}
            self.states.show_loading()
            desk = self.context.desk
            self.context.tasks.run(desk.today.view, self._show, self.states.show_failure, key=self.id)
        def refresh(self, changes: Changes) -> None:     something changed while on screen
            if changes.touches("hearing"): …
        def page_actions(self): return (Action(id="today.new_draft", …),)

The shell offers by ``context.window`` (``WindowPort``): ``open_page(id, **params)``, ``go_back()``,
``toast(key, undo=…)``, ``show_failure(failure)``. ``self.states`` is a ``StateStack``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from judge_desk.desktop.actions import Action, ActionRegistry
from judge_desk.desktop.events import Events
from judge_desk.desktop.failures import Failure
from judge_desk.desktop.local import LocalDesk
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.page_head import PageHead
from judge_desk.desktop.widgets.state_stack import State, StateStack
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.changes import Changes

if TYPE_CHECKING:
    from judge_desk.services.desk import Desk


class WindowPort(Protocol):
    """What a page may ask of the window around it."""

    def open_page(self, page_id: str, **params: str) -> None:
        """Show a page; the one on screen becomes the step back."""

    def go_back(self) -> None:
        """One step back in the history of pages."""

    def toast(self, key: str, undo: Callable[[], object] | None = None, **params: Any) -> None:
        """A line at the bottom for some seconds, with a button to undo."""

    def show_failure(self, failure: Failure) -> None:
        """The banner above the page."""


@dataclass(slots=True)
class PageContext:
    """Everything a page is given; ``desk`` from the unlock on, so that a page can be made while a passphrase is typed.

    One context belongs to one unlock and keeps its desk: the last saves of a page run after the window was locked.
    """

    tasks: TaskRunner
    events: Events
    actions: ActionRegistry
    window: WindowPort
    local: LocalDesk
    _desk: Desk | None = None

    def open(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def desk(self) -> Desk:
        """The services. Raises RuntimeError before ``open``."""
        if self._desk is None:
            raise RuntimeError("the desk is not open yet")
        return self._desk


Scene = tuple[str, Callable[[], object]]
"""A name for the picture, and what brings it about."""


class Page(QWidget):
    """One page of the desk. The shell calls the methods below; a page never calls another page.

    Invariants: ``build`` has run before any other hook; hooks run on the main thread; ``leave`` has run before the
    page is hidden, locked or destroyed, and whatever it must keep has then been handed to a service.
    """

    id: ClassVar[str] = ""
    title_key: ClassVar[str] = ""
    home: ClassVar[str] = ""
    """The main page that this one belongs to, where the navigation marks it; empty: it is a main page itself."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.is_stale = False
        self.setObjectName(type(self).__name__)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.head = PageHead()
        self.states = StateStack()
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.head)
        self._column.addWidget(self.states, 1)
        self._set_margins()
        Theme.current().changed.connect(self._set_margins)
        Wording.current().changed.connect(self.retranslate)

    @property
    def content(self) -> QVBoxLayout:
        """Where the page puts its widgets; shown in the ready state."""
        return self.states.content

    @classmethod
    def samples(cls, desk: Desk) -> Sequence[Mapping[str, str]]:
        """Parameters with which the screenshot harness opens this page; a page that needs an id finds some here."""
        return ({},)

    def scenes(self) -> Sequence[Scene]:
        """Dialogs and views that can be opened from what is on screen now, by name, for the screenshot harness; it
        closes a dialog, or takes a step back, after each."""
        return ()

    def build(self) -> None:
        """Make the widgets. Called once; of the page where the day begins perhaps before the desk is open."""
        raise NotImplementedError

    def activate(self, params: Mapping[str, str]) -> None:
        """The page comes on screen with these parameters (those of ``open_page``)."""

    def leave(self) -> None:
        """The page goes off screen: hand over what was typed."""

    def refresh(self, changes: Changes) -> None:
        """Something changed. Called while on screen, or at once when the page comes back after having missed it."""

    def retranslate(self) -> None:
        """The language was switched: fill anew what is made of data. Keyed texts have followed already."""

    def page_actions(self) -> Sequence[Action]:
        """What can be done here; asked once, after ``build``."""
        return ()

    def step_back(self) -> bool:
        """Esc: close what is open inside the page. False lets the window go one page back."""
        return False

    def set_reading(self, on: bool) -> None:
        """F11: fold the sides away, or bring them back."""

    def focus_first(self) -> None:
        """Where the keyboard begins; by default just before the first control, so that Tab goes to it."""
        self.setFocus()

    def title(self) -> str:
        """What the window title calls this page: never a name or number of a case, since the system shows it about."""
        return t(self.title_key) if self.title_key else ""

    def is_settled(self) -> bool:
        """Whether what is on screen is final; the screenshot harness waits for it."""
        return self.context.tasks.is_idle and self.states.state is not State.LOADING

    def _set_margins(self) -> None:
        theme = Theme.current()
        self._column.setContentsMargins(
            theme.px(Space.PAGE), theme.px(Space.SECTION), theme.px(Space.PAGE), theme.px(Space.CARD)
        )
        self._column.setSpacing(theme.px(Space.CARD))
