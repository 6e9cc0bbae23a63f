"""The middle of the page: the entries of one section, or of all by time, with the section's figures above them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from judge_desk.desktop.pages.dossier.chart import BarChart
from judge_desk.desktop.pages.dossier.entry_card import CardRights, EntryCard
from judge_desk.desktop.pages.dossier.figures import CHART_KEYS, bars_of
from judge_desk.desktop.pages.dossier.looked import LookedCard
from judge_desk.desktop.pages.dossier.reply_box import ReplyBox
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.buttons import LinkButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.icon_label import IconLabel
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, t
from judge_desk.domain.dossier import DossierSection
from judge_desk.services.dossier import DossierView, EntryRow, HalfWritten

TIMELINE, LOOKED = "timeline", "looked"
FIRST_CARDS = 40
SETTLING_MS = 300


class SectionView(QScrollArea):
    """Shows a part of a ``DossierView``. What is being written (``halves``, ``writing``) survives each showing.

    Signals:
        typed: (HalfWritten) words in a reply changed.
        sent: (HalfWritten) a reply is to go out.
        put_aside: (entry id) a reply is to be finished later.
        decision_asked: (reply id).
    """

    typed = Signal(object)
    sent = Signal(object)
    put_aside = Signal(str)
    decision_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.cards: dict[str, EntryCard] = {}
        self._writing: set[str] = set()
        self._sought = ""
        self._settling = QTimer(self, singleShot=True, interval=SETTLING_MS)
        self.verticalScrollBar().rangeChanged.connect(lambda _low, _high: self._reveal())
        self._shows_all = False
        self._again: Callable[[], None] = lambda: None

    def show_part(self, view: DossierView, part: str, halves: Mapping[str, HalfWritten], *, is_other: bool) -> None:
        """``is_other``: another part than before, so that it begins at its top."""
        if is_other:
            self._shows_all = False
            self._writing.clear()
        place = 0 if is_other else self.verticalScrollBar().value()
        box = self.writing_box()
        caret = None if box is None else (box.field.textCursor().position(), box.field.hasFocus())
        self._again = lambda: self.show_part(view, part, halves, is_other=False)
        self.cards.clear()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, Space.ROW, 0)
        column.setSpacing(Theme.current().px(Space.GAP))
        if part == LOOKED:
            looked = LookedCard()
            looked.show_accesses(view.accesses)
            column.addWidget(looked)
        else:
            self._fill(column, view, part, halves)
        column.addStretch(1)
        self.setWidget(inside)
        self._put_caret(caret)
        self.verticalScrollBar().setValue(place)

    def is_writing(self) -> bool:
        return bool(self._writing)

    def open_box(self, half: HalfWritten) -> None:
        """Begin or go on writing to an entry on screen."""
        card = self.cards.get(half.entry_id)
        if card is None:
            return
        self._writing.add(half.entry_id)
        self._sought = ""
        box = card.open_box(half)
        box.typed.connect(self.typed)
        box.sent.connect(self.sent)
        box.closed.connect(lambda: self.put_aside.emit(half.entry_id))
        box.setFocus()
        self._settling.start()
        QTimer.singleShot(0, box, self._reveal)

    def seek(self, entry_id: str) -> None:
        """Begin at an entry, if it stands in the part that is shown."""
        if entry_id not in self.cards:
            self._show_all()
        if entry_id in self.cards:
            self._sought = entry_id
            self._settling.start()
            QTimer.singleShot(0, self.cards[entry_id], self._reveal)

    def _reveal(self) -> None:
        """Where a card or a box stands is known only when all above have their height: the layout takes some turns."""
        if not self._settling.isActive():
            return
        box, card = self.writing_box(), self.cards.get(self._sought)
        if card is not None:
            self.verticalScrollBar().setValue(card.y())
        elif box is not None:
            self.ensureWidgetVisible(box)
        self.horizontalScrollBar().setValue(0)

    def close_box(self, entry_id: str, half: HalfWritten | None) -> None:
        """Put a reply away; ``half`` None: nothing is left to go on with."""
        self._writing.discard(entry_id)
        if entry_id in self.cards:
            self.cards[entry_id].close_box(half)

    def writing_box(self) -> ReplyBox | None:
        """The field that is open, if there is one."""
        return next((card.box for card in self.cards.values() if card.box is not None), None)

    def _put_caret(self, caret: tuple[int, bool] | None) -> None:
        """The exchange must not throw the writer back to the first letter."""
        box = self.writing_box()
        if caret is None or box is None:
            return
        cursor = box.field.textCursor()
        cursor.setPosition(min(caret[0], len(box.field.toPlainText())))
        box.field.setTextCursor(cursor)
        if caret[1]:
            box.field.setFocus()

    def _fill(self, column: QVBoxLayout, view: DossierView, part: str, halves: Mapping[str, HalfWritten]) -> None:
        rows: Sequence[EntryRow]
        if part == TIMELINE:
            rows = view.timeline()
            column.addWidget(_schema_note())
        else:
            section = DossierSection(part)
            rows = next(each.entries for each in view.sections if each.section is section)
            chart = _chart(section, rows, view)
            if chart is not None:
                column.addWidget(chart)
        if not rows:
            nothing = PlainLabel(tone="muted", wrap=True)
            say(nothing.setText, "dossier.section.empty")
            column.addWidget(nothing)
        shown = rows if self._shows_all else rows[:FIRST_CARDS]
        rights = CardRights(may_reply=view.may_reply, may_decide=view.may_enter, names_section=part == TIMELINE)
        for row in shown:
            self._add_card(column, row, rights, halves)
        if len(shown) < len(rows):
            more = LinkButton()
            more.say("dossier.show_all", n=len(rows))
            more.clicked.connect(self._show_all)
            column.addWidget(more, 0, Qt.AlignmentFlag.AlignHCenter)

    def _add_card(
        self, column: QVBoxLayout, row: EntryRow, rights: CardRights, halves: Mapping[str, HalfWritten]
    ) -> None:
        half = halves.get(row.entry.id)
        card = EntryCard(row, rights, half)
        card.reply_asked.connect(self.open_box)
        card.decision_asked.connect(self.decision_asked)
        self.cards[row.entry.id] = card
        column.addWidget(card)
        if row.entry.id in self._writing and half is not None:
            self.open_box(half)

    def _show_all(self) -> None:
        self._shows_all = True
        self._again()


def _schema_note() -> QWidget:
    note = QWidget()
    row = QHBoxLayout(note)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.ROW)
    row.addWidget(IconLabel("info", "muted"), 0, Qt.AlignmentFlag.AlignTop)
    words = PlainLabel(face="caption", tone="muted", wrap=True)
    say(words.setText, "dossier.schema.note")
    row.addWidget(words, 1)
    return note


def _chart(section: DossierSection, rows: Sequence[EntryRow], view: DossierView) -> Card | None:
    bars, most = bars_of(section, rows, view.appeals)
    if not bars:
        return None
    card = Card(CHART_KEYS[section])
    chart = BarChart()
    chart.show_bars(bars, most)
    chart.setAccessibleName(t(CHART_KEYS[section]))
    card.body.addWidget(chart)
    if section is DossierSection.APPEALS:
        told = t("dossier.appeals.counted", n=view.appeals.changed, counted=view.appeals.counted)
        card.body.addWidget(PlainLabel(told, tone="muted", wrap=True))
    return card
