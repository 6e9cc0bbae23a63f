"""What a Word file would do to the draft: the changes side by side, and every word that stays behind in the file."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from judge_desk.desktop.dialogs.frame import DialogFrame
from judge_desk.desktop.theme import Theme
from judge_desk.desktop.widgets.act_differences import ActDifferencesView
from judge_desk.desktop.widgets.buttons import PrimaryButton
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.wording import say, t
from judge_desk.services.outputs import FromWord

HEIGHT, LIST_HEIGHT = 420, 120


class WordDialog(DialogFrame):
    """Nothing is taken over before the person says so.

    Signals:
        agreed: (ActText) take this text.
    """

    agreed = Signal(object)

    def __init__(self, arrived: FromWord, parent: QWidget) -> None:
        super().__init__(parent, "outputs.word.title", wide=True)
        self._act = arrived.act
        count = arrived.differences.count
        self.lead = self.add_sentence()
        if count:
            say(self.lead.setText, "outputs.word.changed", n=count)
        else:
            say(self.lead.setText, "outputs.word.same")
        if arrived.authors:
            self.add_sentence("outputs.word.tracked", "warn", names=", ".join(arrived.authors))
        self.differences = ActDifferencesView()
        self.differences.set_names("outputs.word.here", "outputs.word.there")
        self.differences.show_differences(arrived.differences)
        self.differences.setMinimumHeight(Theme.current().px(HEIGHT))
        self.column.addWidget(self.differences, 1)
        self.left_out = LazyList("outputs.word.stays")
        if arrived.left_out:
            self.add_sentence("outputs.word.left_out", "warn", n=len(arrived.left_out))
            self.left_out.show_lines(
                [
                    Line(
                        id=str(number),
                        title=each.text or t(f"outputs.left_out.{each.kind}"),
                        detail=" · ".join(part for part in (t(f"outputs.left_out.{each.kind}"), each.author) if part),
                        strong=False,
                    )
                    for number, each in enumerate(arrived.left_out)
                ]
            )
            self.left_out.setMinimumHeight(Theme.current().px(LIST_HEIGHT))
            self.column.addWidget(self.left_out)
        self.take = PrimaryButton("outputs.word.take")
        self.take.setEnabled(bool(count))
        self.take.clicked.connect(self._agree)
        self.add_buttons(self.take)

    def _agree(self) -> None:
        self.agreed.emit(self._act)
        self.accept()
