"""Choose a provision to cite: its code and the beginning of its number, Enter; what is not in force says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from judge_desk.desktop.tasks import Lane, TaskRunner
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.search_field import SearchField
from judge_desk.desktop.widgets.state_stack import StateStack
from judge_desk.desktop.wording import say, t
from judge_desk.domain.norms import Certainty
from judge_desk.services.norms import NormEntry, NormState

TONES: Final = {
    NormState.IN_FORCE: ("ok", "check"),
    NormState.UNLISTED: ("muted", "info"),
    NormState.REPEALED: ("bad", "circle-x"),
    NormState.NOT_YET: ("warn", "clock"),
    NormState.NO_SUCH: ("bad", "circle-x"),
}


class NormDialog(QDialog):
    """``complete(typed)`` gives the entries, off the main thread. Opens with ``open()``.

    Signals:
        chosen: (words, norm).
    """

    chosen = Signal(str, str)

    def __init__(
        self, complete: Callable[[str], Sequence[NormEntry]], tasks: TaskRunner, typed: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._complete, self._tasks = complete, tasks
        self._entries: dict[str, NormEntry] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        theme = Theme.current()
        self.resize(theme.px(Size.PALETTE), theme.px(Size.DIALOG))
        say(self.setWindowTitle, "editor.norm")
        title = PlainLabel(face="title", wrap=True)
        say(title.setText, "editor.norm")
        self.search = SearchField("editor.norm.search")
        self.list = LazyList("editor.norm.list")
        self.states = StateStack()
        self.states.content.addWidget(self.list, 1)
        self.insert = PrimaryButton("editor.norm.insert", "Enter")
        column = QVBoxLayout(self)
        side = theme.px(Space.SECTION)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.px(Space.GAP))
        for widget, share in ((title, 0), (self.search, 0), (self.states, 1), (self.insert, 0)):
            column.addWidget(widget, share)
        self.search.asked.connect(self._ask)
        self.search.returnPressed.connect(self._take)
        self.search.moved_down.connect(partial(self.list.setFocus, Qt.FocusReason.OtherFocusReason))
        self.list.opened.connect(self._take)
        self.insert.clicked.connect(self._take)
        self.search.setText(typed)
        self._ask(typed)
        self.search.setFocus()

    def _ask(self, typed: str) -> None:
        self._tasks.run(lambda: self._complete(typed), self._show, lane=Lane.POOL, key="norms")

    def _show(self, entries: Sequence[NormEntry]) -> None:
        self._entries = {each.norm: each for each in entries}
        self.list.show_lines([_line(each) for each in entries])
        if entries:
            self.list.setCurrentIndex(self.list.lines.index(0))
            self.states.show_ready()
        else:
            nothing = "editor.norm.none" if self.search.text().strip() else "editor.norm.begin"
            self.states.show_empty("book-open", nothing, "editor.norm.hint")
        self.insert.setEnabled(bool(entries))

    def _take(self) -> None:
        entry = self._entries.get(self.list.current_id())
        if entry is not None:
            self.chosen.emit(entry.text, entry.norm)
            self.accept()


def _line(entry: NormEntry) -> Line:
    tone, icon = TONES[entry.state]
    state = t(f"editor.norm.state.{entry.state}")
    is_unsure = entry.state is NormState.IN_FORCE and entry.certainty is not Certainty.SOURCED
    return Line(
        id=entry.norm,
        title=entry.text,
        detail=entry.title,
        trailing=t("editor.norm.unsure", state=state) if is_unsure else state,
        trailing_tone="warn" if is_unsure else tone,
        trailing_icon=icon,
        keeps_end=False,
    )
