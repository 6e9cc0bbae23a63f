"""The copy for the public: each place that would be hidden, to be confirmed, and what would still tell who is who."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from judge_desk.desktop.dialogs.frame import DialogFrame
from judge_desk.desktop.theme import Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton
from judge_desk.desktop.widgets.chooser import Chooser
from judge_desk.desktop.widgets.tick_list import TickList
from judge_desk.desktop.wording import say, t
from judge_desk.drafting.papers import Paper
from judge_desk.drafting.public_copy import Hidden
from judge_desk.services.outputs import OutputService, PublicPlan

HEIGHT = 320
MOST_LEAKS = 12


class PublicDialog(DialogFrame):
    """Nothing leaves the desk before the person agrees.

    Signals:
        agreed: (tuple of Hidden, Paper).
    """

    agreed = Signal(object, object)

    def __init__(self, plan: PublicPlan, service: OutputService, parent: QWidget) -> None:
        super().__init__(parent, "outputs.public.title", wide=True)
        self._plan, self._service = plan, service
        self.add_sentence("outputs.public.lead")
        self.list = TickList("outputs.public.list")
        self.list.setMinimumHeight(Theme.current().px(HEIGHT))
        self.column.addWidget(self.list, 1)
        self.leaks = self.add_sentence(tone="warn")
        self.paper = Chooser()
        for paper in Paper:
            self.paper.addItem(t(f"outputs.paper.{paper.name.lower()}"), paper.value)
        self.add_field("outputs.public.paper", self.paper)
        self.save = PrimaryButton("outputs.public.save")
        self.save.clicked.connect(self._agree)
        self.add_buttons(self.save)
        self.list.ticked.connect(self._search_again)
        lines = [
            (str(number), t("outputs.public.line", before=before, found=found, put=put, after=after))
            for number, (before, found, put, after) in enumerate(plan.lines)
        ]
        self.list.show_rows(lines)

    def chosen(self) -> tuple[Hidden, ...]:
        """The places that stay ticked."""
        return tuple(self._plan.hidden[int(number)] for number in self.list.chosen())

    def _search_again(self) -> None:
        """What is left is searched anew after every tick."""
        found = self._service.public_leaks(self._plan, self.chosen())
        words = ", ".join(found[:MOST_LEAKS]) + ("…" if len(found) > MOST_LEAKS else "")
        if found:
            say(self.leaks.setText, "outputs.public.leaks", n=len(found), words=words)
            self.leaks.set_tone("warn")
        else:
            say(self.leaks.setText, "outputs.public.clean")
            self.leaks.set_tone("text")

    def _agree(self) -> None:
        self.agreed.emit(self.chosen(), Paper(self.paper.currentData()))
        self.accept()
