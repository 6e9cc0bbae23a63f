"""Which facts of the case the text is to take over: what stands there, and what the case says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.desktop.widgets.check_box import CheckBox
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, t
from judge_desk.services.draft_facts import FactDifference


class FactDialog(QDialog):
    """All are ticked at first. Opens with ``open()``.

    Signals:
        agreed: (list of fields).
    """

    agreed = Signal(object)

    def __init__(self, found: Sequence[FactDifference], names: Mapping[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        theme = Theme.current()
        self.setMinimumWidth(theme.px(Size.DIALOG))
        say(self.setWindowTitle, "drafts.facts.title")
        title = PlainLabel(face="title", wrap=True)
        say(title.setText, "drafts.facts.title")
        hint = PlainLabel(tone="muted", wrap=True)
        say(hint.setText, "drafts.facts.hint")
        self.boxes: dict[str, CheckBox] = {}
        column = QVBoxLayout(self)
        side = theme.px(Space.SECTION)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.px(Space.ROW))
        column.addWidget(title)
        column.addWidget(hint)
        column.addWidget(self._list(found, names), 1)
        column.addLayout(self._buttons())
        next(iter(self.boxes.values())).setFocus()

    def chosen(self) -> list[str]:
        return [field for field, box in self.boxes.items() if box.isChecked()]

    def _list(self, found: Sequence[FactDifference], names: Mapping[str, str]) -> QScrollArea:
        inner = QWidget()
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(Theme.current().px(Space.TIGHT))
        for each in found:
            if each.field not in self.boxes:
                name = names.get(each.field, each.field)
                box = self.boxes[each.field] = CheckBox(name)
                box.setChecked(True)
                box.setAccessibleDescription(f"{each.stands or t('drafts.facts.blank')} → {each.known}")
                rows.addWidget(box)
            rows.addWidget(PlainLabel(each.stands or t("drafts.facts.blank"), "caption", tone="muted", wrap=True))
            rows.addWidget(PlainLabel(each.known, "strong", wrap=True))
        rows.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inner)
        return area

    def _buttons(self) -> QHBoxLayout:
        take, leave = PrimaryButton("drafts.facts.do"), QuietButton("common.cancel", "Esc")
        take.setDefault(True)
        take.clicked.connect(self._agree)
        leave.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(Theme.current().px(Space.ROW))
        row.addStretch(1)
        row.addWidget(leave)
        row.addWidget(take)
        return row

    def _agree(self) -> None:
        self.agreed.emit(self.chosen())
        self.accept()
