"""One criterion: its question, the scale in words, the comment, and the words of the act that show it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QApplication, QButtonGroup, QPlainTextEdit, QVBoxLayout, QWidget

from judge_desk.desktop.pages.reviews.anchor_row import AnchorRow
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording, say, say_plain, t
from judge_desk.domain.reviews import Answer, Criterion, ReviewForm, quotes


class CriterionView(QWidget):
    """``show_criterion(form, criterion, answer, act_text, sealed)``.

    Signals:
        changed: (Answer) the person scored, wrote or quoted.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answer = Answer(criterion_id="")
        self._form: ReviewForm | None = None
        self._act_text = ""
        self._is_filling = self._is_sealed = False
        self._name = PlainLabel(face="title", wrap=True)
        self._question = PlainLabel(tone="muted", wrap=True)
        self._anchors = QVBoxLayout()
        self._anchors.setSpacing(Space.TIGHT // 2)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.set_score)
        self._need = PlainLabel(face="caption", tone="muted", wrap=True)
        self.comment = _field("reviews.comment", 3)
        self._evidence_head = PlainLabel(face="caption", tone="muted", wrap=True)
        self.evidence = _field("reviews.evidence", 2)
        for field in (self.comment, self.evidence):
            field.textChanged.connect(self._take_words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, Space.ROW, 0)
        column.setSpacing(Theme.current().px(Space.ROW))
        column.addWidget(self._name)
        column.addWidget(self._question)
        column.addLayout(self._anchors)
        column.addWidget(self._need)
        column.addWidget(self.comment)
        column.addWidget(self._evidence_head)
        column.addWidget(self.evidence)
        column.addStretch(1)

    def show_criterion(
        self, form: ReviewForm, criterion: Criterion, answer: Answer, *, act_text: str, sealed: bool
    ) -> None:
        """Another criterion, or the same in another language."""
        self._is_filling = True
        self._form, self._answer, self._act_text = form, answer, act_text
        language = Wording.current().language
        say_plain(self._name.setText, criterion.names.get(language, criterion.id))
        say_plain(self._question.setText, criterion.questions.get(language, ""))
        self._fill_anchors(criterion, language, sealed=sealed)
        self.comment.setPlainText(answer.comment)
        self.evidence.setPlainText(answer.evidence)
        for field in (self.comment, self.evidence):
            seal(field, sealed)
        self._is_sealed = sealed
        for widget in (self._need, self.comment):
            widget.setVisible(not sealed or bool(answer.comment))
        self._evidence_head.setVisible(not sealed or bool(answer.evidence))
        self.evidence.setVisible(not sealed or bool(answer.evidence))
        self._is_filling = False
        self._say_need()

    def set_score(self, score: int) -> None:
        """Choose a score, by key or by mouse; nothing happens outside the scale or on a sealed form."""
        for button in self._group.buttons():
            if self._group.id(button) == score and button.isEnabled():
                button.setChecked(True)
                if isinstance(QApplication.focusWidget(), AnchorRow):
                    button.setFocus()
                self._tell(replace(self._answer, score=score))

    def add_evidence(self, words: str) -> None:
        """Add a quotation from the act; the same twice is added once."""
        quoted = f"«{words}»"
        kept = self.evidence.toPlainText().strip()
        if words and not self.evidence.isReadOnly() and quoted not in kept:
            self.evidence.setPlainText(f"{kept}\n{quoted}".strip())

    def focus_scale(self) -> None:
        """The keyboard on the chosen score, or on the first."""
        chosen = [each for each in self._group.buttons() if each.isChecked()]
        for button in [*chosen, *self._group.buttons()][:1]:
            button.setFocus()

    def in_order(self) -> list[QWidget]:
        """What Tab goes through: the scale from its upper end, the comment, the quotation."""
        rows = sorted(self._group.buttons(), key=lambda button: -self._group.id(button))
        return [*rows, self.comment, self.evidence]

    def _fill_anchors(self, criterion: Criterion, language: str, *, sealed: bool) -> None:
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._anchors.removeWidget(button)
            button.hide()
            button.deleteLater()
        for anchor in sorted(criterion.anchors, key=lambda each: -each.score):
            row = AnchorRow(anchor.score, anchor.texts.get(language, ""))
            row.setChecked(anchor.score == self._answer.score)
            row.setEnabled(not sealed)
            self._group.addButton(row, anchor.score)
            self._anchors.addWidget(row)

    def _take_words(self) -> None:
        if not self._is_filling:
            comment, evidence = self.comment.toPlainText(), self.evidence.toPlainText()
            self._tell(replace(self._answer, comment=comment, evidence=evidence))

    def _tell(self, answer: Answer) -> None:
        if answer != self._answer:
            self._answer = answer
            self._say_need()
            self.changed.emit(answer)

    def _say_need(self) -> None:
        if self._form is None:
            return
        if self._is_sealed:
            for head, name in ((self._need, "comment"), (self._evidence_head, "evidence")):
                head.set_tone("muted")
                say_plain(head.setText, t(f"reviews.{name}"))
            return
        ends = ", ".join(map(str, self._form.comment_at))
        is_needed = self._answer.score in self._form.comment_at
        is_missing = is_needed and not self._answer.comment.strip()
        self._need.set_tone("warn" if is_missing else "muted")
        key = "reviews.comment.needed" if is_needed else "reviews.comment.free"
        say_plain(self._need.setText, t(key, score=self._answer.score or 0, ends=ends))
        self._say_evidence()

    def _say_evidence(self) -> None:
        """Asked for where a score must be shown by the act's own words, and said where they are not the act's."""
        assert self._form is not None
        words = self._answer.evidence
        is_needed = self._answer.score in self._form.evidence_at
        is_foreign = bool(words.strip()) and not quotes(words, self._act_text)
        self._evidence_head.set_tone("warn" if is_foreign or (is_needed and not words.strip()) else "muted")
        name = "foreign" if is_foreign else "needed" if is_needed else "hint"
        say_plain(self._evidence_head.setText, t(f"reviews.evidence.{name}", score=self._answer.score or 0))


def seal(field: QPlainTextEdit, sealed: bool) -> None:
    """A field of a sealed form is text to read and copy: no box around it."""
    field.setReadOnly(sealed)
    field.document().setDocumentMargin(0 if sealed else Space.TIGHT)
    # The style sheet looks at this, and the field at its new edges, only when told to.
    field.style().unpolish(field)
    field.style().polish(field)
    QApplication.sendEvent(field, QEvent(QEvent.Type.StyleChange))


def _field(name_key: str, height: int) -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setTabChangesFocus(True)
    say(field.setAccessibleName, name_key)
    field.setFixedHeight(height * Theme.current().px(Size.CONTROL))
    return field
