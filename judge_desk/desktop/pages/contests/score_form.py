"""The sheet of one step: for each criterion the scale in words and a reason; given once and for good."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPlainTextEdit, QVBoxLayout, QWidget

from judge_desk.desktop.pages.contests import words
from judge_desk.desktop.pages.reviews.anchor_row import AnchorRow
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording, say, t
from judge_desk.domain.contests import ContestCriterion, SheetScore
from judge_desk.services.contests import HalfSheet


class CriterionField(QWidget):
    """One criterion. ``score`` is None until one is chosen."""

    changed = Signal()

    def __init__(self, criterion: ContestCriterion, begun: SheetScore | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = Theme.current()
        self.criterion = criterion
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.px(Space.ROW), 0, 0)
        column.setSpacing(Space.TIGHT)
        column.addWidget(PlainLabel(words.named(criterion.names, criterion.id), "strong", wrap=True))
        for anchor in sorted(criterion.anchors, key=lambda each: -each.score):
            row = AnchorRow(anchor.score, words.named(anchor.texts))
            row.setChecked(begun is not None and begun.score == anchor.score)
            self._group.addButton(row, anchor.score)
            column.addWidget(row)
        self.reason = QPlainTextEdit(begun.reason if begun is not None else "")
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(2 * theme.px(Size.CONTROL))
        say(self.reason.setAccessibleName, "contests.form.reason")
        say(self.reason.setPlaceholderText, "contests.form.reason")
        column.addWidget(self.reason)
        self._group.idClicked.connect(lambda _score: self.changed.emit())
        self.reason.textChanged.connect(self.changed)

    @property
    def score(self) -> int | None:
        chosen = self._group.checkedId()
        return chosen if chosen >= 0 else None

    @property
    def is_whole(self) -> bool:
        return self.score is not None and bool(self.reason.toPlainText().strip())

    def given(self) -> SheetScore | None:
        """What stands here so far; None while no score is chosen and nothing written."""
        reason = self.reason.toPlainText()
        if self.score is None and not reason.strip():
            return None
        return SheetScore(self.criterion.id, self.score or 0, reason)


class ScoreForm(QWidget):
    """``show_step(key, name, criteria, half)``; the same key again leaves what is being typed as it is.

    Signals:
        changed: (HalfSheet) something was scored or written.
        given: (scores, comment) the sheet is whole and is to be given.
    """

    changed = Signal(object)
    given = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = ("", "", "")
        self._language = ""
        self.fields: list[CriterionField] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Theme.current().px(Space.ROW))
        self._head = PlainLabel(face="section", wrap=True)
        self._head.setContentsMargins(0, Theme.current().px(Space.GAP), 0, 0)
        self._told = PlainLabel(tone="bad", wrap=True)
        self._criteria = QVBoxLayout()
        self._final = PlainLabel(tone="muted", wrap=True)
        say(self._final.setText, "contests.form.final")
        self.give = PrimaryButton("contests.form.give", "Ctrl+Return", "check")
        self.give.setShortcut("Ctrl+Return")
        self.give.clicked.connect(self._give)
        for widget in (self._head, self._told):
            self._column.addWidget(widget)
        self._column.addLayout(self._criteria)
        self._column.addWidget(self._final)
        ways = FlowRow()
        ways.add(self.give)
        self._column.addWidget(ways)

    def show_step(
        self, key: tuple[str, str, str], name: str, criteria: Sequence[ContestCriterion], half: HalfSheet
    ) -> None:
        """``key``: contest, application, step."""
        self._told.setText(t(f"refused.{half.code}") if half.code else "")
        self._told.setVisible(bool(half.code))
        self._head.setText(t("contests.form.title", step=name))
        language = Wording.current().language
        if (key, language) == (self.key, self._language):
            return
        # Another language must not take away what is being typed.
        begun = {each.criterion_id: each for each in (self.half() if key == self.key else half).scores}
        self.forget()
        self.key, self._language = key, language
        for criterion in criteria:
            field = CriterionField(criterion, begun.get(criterion.id))
            field.changed.connect(self._tell)
            self.fields.append(field)
            self._criteria.addWidget(field)
        self._check()

    def forget(self) -> None:
        """Put the fields away: another application, or nothing to score."""
        self.key = ("", "", "")
        for field in self.fields:
            self._criteria.removeWidget(field)
            field.hide()
            field.deleteLater()
        self.fields = []

    def half(self) -> HalfSheet:
        """What stands here so far."""
        return HalfSheet(tuple(each for field in self.fields if (each := field.given()) is not None))

    def _tell(self) -> None:
        self._check()
        self.changed.emit(self.half())

    def _check(self) -> None:
        self.give.setEnabled(bool(self.fields) and all(each.is_whole for each in self.fields))

    def _give(self) -> None:
        self.given.emit(self.half().scores, "")
