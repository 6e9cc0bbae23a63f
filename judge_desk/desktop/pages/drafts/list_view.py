"""All drafts of this desk: what waits for a signature first, found by title or case number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from judge_desk.desktop.pages.court_lines import draft_state
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.search_field import SearchField
from judge_desk.desktop.widgets.segmented import Segmented
from judge_desk.desktop.widgets.state_stack import StateStack
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.drafts import DraftState, Secrecy
from judge_desk.i18n import formats
from judge_desk.services.drafts import DraftRow

ALL: Final = "all"
ORDER: Final = (DraftState.TO_SIGN, DraftState.WRITING, DraftState.FINAL)
SECRECY_ICONS: Final = {Secrecy.OWN: "file-pen", Secrecy.SHARED: "users-round", Secrecy.DELIBERATION: "lock"}


class DraftList(QWidget):
    """``show_rows(rows)``; filtering happens here, for a desk holds hundreds of drafts, not thousands.

    Signals:
        opened: (draft id).
        new_asked: begin a draft.
    """

    opened = Signal(str)
    new_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[DraftRow] = ()
        self._signed: Mapping[str, date | None] = {}
        choices = [(ALL, "drafts.group.all"), *((state.value, f"drafts.group.{state}") for state in ORDER)]
        self.groups = Segmented(choices, "drafts.group.name")
        self.groups.set_value(ALL)
        self.search = SearchField("drafts.search")
        self.list = LazyList("drafts.list")
        self.states = StateStack()
        card = Card()
        card.body.addWidget(self.list)
        self.states.content.addWidget(card)
        top = QHBoxLayout()
        top.setSpacing(Theme.current().px(Space.GAP))
        top.addWidget(self.search, 1)
        top.addWidget(self.groups)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Theme.current().px(Space.GAP))
        column.addLayout(top)
        column.addWidget(self.states, 1)
        self.groups.picked.connect(lambda _value: self._fill())
        self.search.asked.connect(lambda _text: self._fill())
        self.search.moved_down.connect(lambda: self.list.setFocus(Qt.FocusReason.OtherFocusReason))
        self.list.opened.connect(self.opened)

    def show_rows(self, rows: Sequence[DraftRow], signed: Mapping[str, date | None]) -> None:
        """Every draft of the desk, and the ids of those whose act is signed; see ``SigningService.signed``."""
        self._rows, self._signed = rows, signed
        self._fill()

    def row(self, draft_id: str) -> DraftRow | None:
        return next((row for row in self._rows if row.id == draft_id), None)

    def current(self) -> DraftRow | None:
        """The chosen draft."""
        return self.row(self.list.current_id())

    def laid_out(self) -> int:
        """How many of this person's wait to be finalised and signed, whatever the filter shows."""
        return sum(row.state is DraftState.TO_SIGN and row.is_own for row in self._rows)

    def reword(self) -> None:
        """The language was switched."""
        self._fill()

    def shown(self) -> list[DraftRow]:
        """What fits search and state: to sign first, then the last changed."""
        words = self.search.text().casefold().split()
        state = self.groups.value()
        found = [
            row
            for row in self._rows
            if state in {ALL, row.state}
            and all(word in f"{row.title} {row.case_number} {row.case_title} {row.number}".casefold() for word in words)
        ]
        return sorted(found, key=lambda row: ORDER.index(row.state))

    def _fill(self) -> None:
        if not self._rows:
            begin = PrimaryButton("drafts.new", "Ctrl+N", "file-plus")
            begin.clicked.connect(self.new_asked)
            self.states.show_empty("file-pen", "drafts.empty", "drafts.empty.hint", begin)
            return
        found = self.shown()
        if not found:
            self.states.show_empty("search", "drafts.nothing", "drafts.nothing.hint")
            return
        self.list.show_lines([self._line(row) for row in found])
        self.states.show_ready()

    def _line(self, row: DraftRow) -> Line:
        return draft_line(row, is_signed=row.id in self._signed, on_paper=self._signed.get(row.id))


def draft_line(row: DraftRow, *, is_signed: bool = False, on_paper: date | None = None) -> Line:
    """Title, case, kind and language; state and time at the right, secrecy as the picture before it."""
    language = Wording.current().language
    words, tone, shape = draft_state(row.state, is_signed=is_signed, on_paper=on_paper)
    where = " · ".join(
        part
        for part in (
            row.case_number,
            row.case_title,
            t(f"drafts.language.{row.language}"),
            t(f"word.secrecy.{row.secrecy}") if row.secrecy is not Secrecy.OWN else "",
            ", ".join(filter(None, (when_text(row.changed_at, language), row.changed_by))),
        )
        if part
    )
    return Line(
        id=row.id,
        title=row.title,
        detail=where,
        icon=SECRECY_ICONS[row.secrecy],
        icon_tone="ok" if row.secrecy is Secrecy.DELIBERATION else "muted",
        trailing=words,
        trailing_tone=tone,
        trailing_icon=shape,
        pill=True,
    )


def when_text(moment: datetime | None, language: str) -> str:
    """Day and time of a change; empty for none."""
    return formats.date_and_time(moment, language) if moment is not None else ""
