"""Which facts of the case the text is to take over: what stands there, and what the case says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from judge_desk.desktop.dialogs.frame import DialogFrame, LowScroll
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton
from judge_desk.desktop.widgets.check_box import CheckBox
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import t
from judge_desk.services.draft_facts import FactDifference


class FactDialog(DialogFrame):
    """All are ticked at first.

    Signals:
        agreed: (list of fields).
    """

    agreed = Signal(object)

    def __init__(self, found: Sequence[FactDifference], names: Mapping[str, str], parent: QWidget) -> None:
        super().__init__(parent, "drafts.facts.title")
        self.boxes: dict[str, CheckBox] = {}
        self.add_sentence("drafts.facts.hint")
        self._scroll = LowScroll(self._list(found, names))
        self.column.addWidget(self._scroll)
        take = PrimaryButton("drafts.facts.do")
        take.setDefault(True)
        take.clicked.connect(self._agree)
        self.add_buttons(take)
        next(iter(self.boxes.values())).setFocus()

    def fit(self) -> None:
        """As high as the facts need, on a low screen with a scroll bar."""
        self._scroll.fit_words(self.inner_width)
        super().fit()

    def chosen(self) -> list[str]:
        return [field for field, box in self.boxes.items() if box.isChecked()]

    def _list(self, found: Sequence[FactDifference], names: Mapping[str, str]) -> QWidget:
        words = QWidget()
        rows = QVBoxLayout(words)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(Theme.current().px(Space.TIGHT))
        for each in found:
            stands = each.stands or t("drafts.facts.blank")
            if each.field not in self.boxes:
                box = self.boxes[each.field] = CheckBox(names.get(each.field, each.field))
                box.setChecked(True)
                box.setAccessibleDescription(f"{stands} → {each.known}")
                rows.addWidget(box)
            rows.addWidget(PlainLabel(stands, "caption", tone="muted", wrap=True))
            rows.addWidget(PlainLabel(each.known, "strong", wrap=True))
        return words

    def _agree(self) -> None:
        self.agreed.emit(self.chosen())
        self.accept()
