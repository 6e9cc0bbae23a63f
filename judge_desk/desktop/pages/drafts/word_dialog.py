"""What a Word file would do to the draft: proposals, changes side by side, and every word that stays behind."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from judge_desk.desktop.dialogs.frame import DialogFrame
from judge_desk.desktop.pages.drafts.list_view import when_text
from judge_desk.desktop.theme import Theme
from judge_desk.desktop.widgets.act_differences import ActDifferencesView
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.wording import Wording, say, t
from judge_desk.drafting.docx_changes import LeftOut
from judge_desk.drafting.docx_in import WordProposals
from judge_desk.drafting.docx_tracked import Suggestion
from judge_desk.services.outputs import FromWord

HEIGHT, LOW, LIST_HEIGHT = 420, 220, 120


class WordDialog(DialogFrame):
    """Nothing is taken over before the person says so.

    Signals:
        agreed: (ActText) take this text.
        suggested: (WordProposals) put the changes beside the text.
    """

    agreed = Signal(object)
    suggested = Signal(object)

    def __init__(self, arrived: FromWord, parent: QWidget) -> None:
        super().__init__(parent, "outputs.word.title", wide=True)
        self._arrived = arrived
        self.lead = self.add_sentence()
        self.proposals = LazyList("outputs.word.proposals")
        self.differences = ActDifferencesView()
        self.differences.set_names("outputs.word.here", "outputs.word.there")
        self.left_out = LazyList("outputs.word.stays")
        self.take: QuietButton | PrimaryButton
        self.suggest = PrimaryButton("outputs.word.suggest")
        self.suggest.clicked.connect(self._suggest)
        if arrived.proposals is not None:
            self._show_proposals(arrived.proposals)
            self._show_left_out(arrived.proposals.left_out)
            self.take = QuietButton("outputs.word.take_all")
            self.take.clicked.connect(self._take)
            self.add_buttons(self.take, self.suggest)
        else:
            self._show_changes(arrived)

    def _show_changes(self, arrived: FromWord) -> None:
        count = arrived.differences.count
        if count:
            say(self.lead.setText, "outputs.word.changed", n=count)
        else:
            say(self.lead.setText, "outputs.word.same")
        self._show_differences(HEIGHT)
        self._show_left_out(arrived.left_out)
        self.take = PrimaryButton("outputs.word.take")
        self.take.setEnabled(bool(count))
        self.take.clicked.connect(self._take)
        self.add_buttons(self.take)

    def _show_proposals(self, found: WordProposals) -> None:
        say(
            self.lead.setText,
            "outputs.word.tracked",
            n=len(found.suggestions),
            names=", ".join(found.authors) or "Word",
        )
        self.proposals.show_lines([_line(at, each) for at, each in enumerate(found.suggestions)])
        self.proposals.setMinimumHeight(Theme.current().px(LOW))
        self.column.addWidget(self.proposals, 1)
        self.suggest.setEnabled(bool(found.suggestions))
        untracked = self._arrived.untracked
        if untracked is not None and untracked.count:
            self.add_sentence("outputs.word.untracked", "warn", n=untracked.count)
            self._show_differences(LOW)

    def _show_differences(self, height: int) -> None:
        self.differences.show_differences(self._arrived.untracked or self._arrived.differences)
        self.differences.setMinimumHeight(Theme.current().px(height))
        self.column.addWidget(self.differences, 1)

    def _show_left_out(self, left_out: Sequence[LeftOut]) -> None:
        if not left_out:
            return
        self.add_sentence("outputs.word.left_out", "warn", n=len(left_out))
        self.left_out.show_lines(
            [
                Line(
                    id=str(number),
                    title=each.text or t(f"outputs.left_out.{each.kind}"),
                    detail=" · ".join(part for part in (t(f"outputs.left_out.{each.kind}"), each.author) if part),
                    strong=False,
                )
                for number, each in enumerate(left_out)
            ]
        )
        self.left_out.setMinimumHeight(Theme.current().px(LIST_HEIGHT))
        self.column.addWidget(self.left_out)

    def _take(self) -> None:
        self.agreed.emit(self._arrived.act)
        self.accept()

    def _suggest(self) -> None:
        self.suggested.emit(self._arrived.proposals)
        self.accept()


def _line(at: int, each: Suggestion) -> Line:
    if each.proposal is None:
        title, icon = each.text, "message-square"
    else:
        title, icon = f"{each.quote} → {each.proposal or '—'}", "git-compare"
    when = when_text(each.at, Wording.current().language) if each.at is not None else ""
    return Line(
        id=str(at),
        title=title,
        detail=" · ".join(part for part in (each.author, when) if part),
        icon=icon,
        icon_tone="gold",
        strong=False,
    )
