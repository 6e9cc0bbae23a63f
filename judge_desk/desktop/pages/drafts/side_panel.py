"""Beside the text: what parts it has, what is still to be filled in, who may see it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QScrollArea,
    QStyle,
    QStyleOptionFrame,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from judge_desk.desktop.pages.drafts.remarking import RemarkList
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.chooser import Chooser
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.plain_label import PlainLabel, plain_tooltip
from judge_desk.desktop.widgets.section_head import SectionHead
from judge_desk.desktop.wording import Wording, say, t
from judge_desk.domain.acts import ActText, BlockKind, blanks
from judge_desk.domain.drafts import Secrecy
from judge_desk.services.drafts import DraftWork

PART: Final = "part:"
BLOCK: Final = "block:"


class TitleField(QLineEdit):
    """A title longer than the field ends in an ellipsis while it is not written in; the whole of it is its tooltip."""

    def shown_text(self) -> str:
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self._room().width())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            self.setToolTip(t("drafts.rename") if self.shown_text() == self.text() else plain_tooltip(self.text()))
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus() or self.shown_text() == self.text():
            super().paintEvent(event)
            return
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option)
        painter.setPen(Theme.current().colour("text"))
        painter.drawText(
            self._room(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self.shown_text()
        )

    def _room(self) -> QRect:
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        # Qt itself keeps this much free at both ends.
        return self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self).adjusted(2, 0, -2, 0)


class SidePanel(Card):
    """``show_work(work)`` for another draft, ``show_act(act)`` after edits.

    Signals:
        part_asked: (part kind) go there.
        block_asked: (block id) go there.
        blank_asked: (block id, field) select that place to fill.
        secrecy_asked: (secrecy).
        renamed: (title).
    """

    part_asked = Signal(str)
    block_asked = Signal(str)
    blank_asked = Signal(str, str)
    secrecy_asked = Signal(str)
    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._act: ActText | None = None
        self._fields: dict[str, str] = {}
        self._blanks: list[tuple[str, str]] = []
        self.title = TitleField()
        say(self.title.setAccessibleName, "drafts.rename")
        self.outline = LazyList("editor.outline", open_on_click=True)
        self.fields = LazyList("editor.fields", open_on_click=True)
        self.outline.set_grows()
        self.fields.set_grows()
        self.remarks = RemarkList()
        self.secrecy = Chooser()
        say(self.secrecy.setAccessibleName, "drafts.secrecy")
        self._fields_head = SectionHead()
        self.words = PlainLabel(face="caption", tone="muted")
        self._lay_out()
        self.title.editingFinished.connect(lambda: self.renamed.emit(self.title.text().strip()))
        self.outline.opened.connect(self._go)
        self.fields.opened.connect(self._go_to_blank)
        self.secrecy.activated.connect(lambda row: self.secrecy_asked.emit(self.secrecy.itemData(row)))
        Wording.current().changed.connect(self._reword)

    def show_work(self, work: DraftWork) -> None:
        """Another draft."""
        self._fields = work.fields
        self.title.setText(work.draft.title)
        self.title.setCursorPosition(0)
        self.title.setReadOnly(not work.may_edit)
        self._fill_secrecy()
        self.show_secrecy(work.draft.secrecy)
        self.secrecy.setEnabled(work.may_edit and work.may_finalise)
        self.show_act(work.draft.act)

    def show_secrecy(self, secrecy: Secrecy) -> None:
        """The choice in force, without asking for it."""
        self.secrecy.setCurrentIndex(self.secrecy.findData(secrecy.value))

    def show_act(self, act: ActText) -> None:
        """The text was edited."""
        if act == self._act:
            return
        self._act = act
        self._fill()

    def _lay_out(self) -> None:
        body: QVBoxLayout = self.body
        gap = Theme.current().px(Space.ROW)
        label = PlainLabel(face="caption", tone="muted")
        say(label.setText, "drafts.rename")
        label.setBuddy(self.title)
        body.addWidget(label)
        body.addWidget(self.title)
        body.addSpacing(gap)
        body.addWidget(self._sheet(), 1)
        seen_by = PlainLabel(face="caption", tone="muted")
        say(seen_by.setText, "drafts.secrecy")
        seen_by.setBuddy(self.secrecy)
        body.addWidget(seen_by)
        body.addWidget(self.secrecy)
        body.addWidget(self.words)

    def _sheet(self) -> QScrollArea:
        """Outline, blanks and remarks one after the other, each as high as its lines: they scroll together."""
        sheet = QWidget()
        column = QVBoxLayout(sheet)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Theme.current().px(Space.ROW))
        column.addWidget(SectionHead("editor.outline"))
        column.addWidget(self.outline)
        column.addWidget(self._fields_head)
        column.addWidget(self.fields)
        column.addWidget(self.remarks)
        column.addStretch()
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(sheet)
        return area

    def _fill_secrecy(self) -> None:
        chosen = self.secrecy.currentData()
        self.secrecy.clear()
        for each in Secrecy:
            self.secrecy.addItem(t(f"drafts.secrecy.{each}"), each.value)
        self.secrecy.setCurrentIndex(self.secrecy.findData(chosen))

    def _fill(self) -> None:
        act = self._act
        if act is None:
            return
        self.outline.show_lines(_outline(act))
        self._blanks = list(dict.fromkeys(blanks(act)))
        self.fields.show_lines(
            [
                Line(
                    id=str(number),
                    title=self._fields.get(field, field),
                    icon="circle",
                    icon_tone="warn",
                    strong=False,
                    wraps=True,
                )
                for number, (_, field) in enumerate(self._blanks)
            ]
        )
        self.fields.setVisible(bool(self._blanks))
        count = len(blanks(act))
        if count:
            self._fields_head.set_text("editor.blanks", n=count)
        else:
            self._fields_head.set_text("editor.no_blanks")
        words = sum(len(block.text.split()) for block in act.blocks())
        say(self.words.setText, "editor.words", n=words)

    def _go(self, key: str) -> None:
        if key.startswith(PART):
            self.part_asked.emit(key.removeprefix(PART))
        else:
            self.block_asked.emit(key.removeprefix(BLOCK))

    def _go_to_blank(self, key: str) -> None:
        self.blank_asked.emit(*self._blanks[int(key)])

    def _reword(self) -> None:
        self._fill_secrecy()
        self._fill()


def _outline(act: ActText) -> list[Line]:
    """Parts, and the headings inside them but for the title of the act."""
    lines: list[Line] = []
    for part in act.parts:
        name = t(f"word.part.{part.kind}")
        lines.append(Line(id=PART + part.kind, title=name[:1].upper() + name[1:]))
        lines.extend(
            Line(id=BLOCK + block.id, title=f"    {block.text}", strong=False)
            for block in part.blocks
            if block.kind is BlockKind.HEADING and block.level > 1 and block.text.strip()
        )
    return lines
