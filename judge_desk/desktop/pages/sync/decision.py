"""One refusal or conflict: why, both texts, and the ways out. No way out is taken by itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from judge_desk.desktop.pages.sync.in_words import has_text, passages, whole_text
from judge_desk.desktop.pages.sync.questions import (
    KEYS,
    WHOLE,
    Decision,
    Question,
    decision,
    open_questions,
    outcome,
    questions,
)
from judge_desk.desktop.pages.sync.two_texts import TwoTexts, ValueTable, WrittenText
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.badge import Badge
from judge_desk.desktop.widgets.buttons import DangerButton, IconButton, PrimaryButton, QuietButton
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.section_head import SectionHead
from judge_desk.desktop.widgets.segmented import Segmented
from judge_desk.desktop.wording import Wording, say_plain, t
from judge_desk.domain.hearings import Hearing
from judge_desk.domain.kinds import Kind
from judge_desk.i18n import formats
from judge_desk.services.attention import AttentionLine, AttentionRow
from judge_desk.services.sync import OutboxState


class DecisionView(QWidget):
    """Shows an ``AttentionRow``: above each passage the choice of what stays, below all of them one button.

    Signals:
        answered: a choice was made; what can be done now may be more.
        decided: (Decision) a button was pressed.
        left: back to the list.
        case_asked: (case_id) the case file is wanted.
        plan_asked: (AttentionRow) another time or room is wanted for a hearing.
        copied: one's own words are on the clipboard.
    """

    answered = Signal()
    decided = Signal(object)
    left = Signal()
    case_asked = Signal(str)
    plan_asked = Signal(object)
    copied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: AttentionRow | None = None
        self._picks: dict[int, str] = {}
        self._choices: dict[int, Segmented] = {}
        self._written: dict[int, WrittenText] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Theme.current().px(Space.GAP))
        self._head()
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._column.addWidget(self._area, 1)
        self._foot()

    @property
    def row(self) -> AttentionRow | None:
        return self._row

    @property
    def is_ready(self) -> bool:
        """Whether every question of a conflict is answered."""
        row = self._row
        return row is not None and bool(questions(row)) and not open_questions(row, self._picks)

    @property
    def has_text(self) -> bool:
        """Whether there is anything to copy."""
        return self._row is not None and has_text(self._row)

    def show_row(self, row: AttentionRow) -> None:
        """Another one, or the same anew: what was typed stays, and what was chosen as long as it is about these texts,
        for nobody chose one that the hub sent since."""
        before = self._row
        if before is None or before.mid != row.mid:
            self._written.clear()
        if before is None or (before.mid, before.mine, before.hubs) != (row.mid, row.mine, row.hubs):
            self._picks.clear()
        self._row = row
        self._say_head(row)
        self._fill(row)
        self._offer(row)

    def focus_choice(self) -> None:
        """The keyboard on the first choice that is to be made."""
        if self._choices:
            self._choices[self._asked()].focus_value()

    def may_choose(self, side: str) -> bool:
        """Whether ``choose`` would do anything."""
        return any(each.offers(side) for each in self._choices.values())

    def choose(self, side: str) -> None:
        """Answer the first open question that offers this, else the one with the keyboard, else the first of all."""
        waiting = [*([self._asked()] if self._choices else []), *self._choices]
        number = next((each for each in waiting if self._choices[each].offers(side)), None)
        if number is None:
            return
        if number != WHOLE and WHOLE in self._picks:
            self._picks[WHOLE] = "each"
            self._choices[WHOLE].set_value("each")
        self._choices[number].set_value(side)
        self._pick(number, side)
        if side != "own":
            self.focus_choice()

    def decide(self) -> None:
        """Carry out what was chosen, once nothing is left to choose."""
        texts = {number: each.text() for number, each in self._written.items()}
        made = decision(self._row, self._picks, texts) if self._row is not None and self.is_ready else None
        if made is not None:
            self.decided.emit(made)

    def _head(self) -> None:
        theme = Theme.current()
        back = IconButton("arrow-left", "common.back", "Esc")
        back.clicked.connect(lambda: self.left.emit())
        self._title = PlainLabel(face="title", elide=True)
        self._badge = Badge()
        row = QHBoxLayout()
        row.setSpacing(theme.px(Space.ROW))
        row.addWidget(back)
        row.addWidget(self._title, 1)
        row.addWidget(self._badge)
        self._column.addLayout(row)
        self._why = PlainLabel(wrap=True)
        self._hint = PlainLabel(tone="muted", wrap=True)
        self._column.addWidget(self._why)
        self._column.addWidget(self._hint)
        self._tools = FlowRow()
        self._column.addWidget(self._tools)

    def _foot(self) -> None:
        self._outcome = PlainLabel(tone="muted", wrap=True)
        self._save = PrimaryButton("sync.decide", "Ctrl+Return")
        self._save.clicked.connect(lambda: self.decide())
        row = QHBoxLayout()
        row.setSpacing(Theme.current().px(Space.GAP))
        row.addWidget(self._outcome, 1)
        row.addWidget(self._save)
        self._column.addLayout(row)
        self._ways_out = FlowRow(to_end=True)
        self._column.addWidget(self._ways_out)

    def _say_head(self, row: AttentionRow) -> None:
        say_plain(self._title.setText, headline_of(row.kind, row.title, row.case_number))
        refused = row.state is OutboxState.REFUSED
        self._badge.set_tone("bad" if refused else "warn")
        self._badge.say("sync.refused" if refused else "sync.conflict")
        say_plain(self._why.setText, reason(row))
        say_plain(self._hint.setText, _advice(row))

    def _fill(self, row: AttentionRow) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, Space.ROW, 0)
        column.setSpacing(Theme.current().px(Space.ROW))
        texts = {number: each.text() for number, each in self._written.items()}
        self._written.clear()
        self._choices.clear()
        asked = {each.number: each for each in questions(row)}
        if (whole := asked.pop(WHOLE, None)) is not None:
            column.addWidget(self._question_head(t("sync.pick"), whole))
        told = passages(row)
        values = [each for each in told if each.number not in asked and not each.is_text]
        if values:
            column.addWidget(ValueTable(values))
        for each in (each for each in told if each not in values):
            column.addWidget(self._question_head(each.label, asked.get(each.number)))
            column.addWidget(TwoTexts(each))
            if each.number in asked and self._choices[each.number].offers("own"):
                written = self._written[each.number] = WrittenText(each, texts.get(each.number))
                column.addWidget(written)
                written.setVisible(self._picks.get(each.number) == "own")
        column.addStretch(1)
        held = QApplication.focusWidget()
        is_held = held is not None and self._area.isAncestorOf(held)
        old = self._area.takeWidget()
        self._area.setWidget(inside)
        if old is not None:
            old.deleteLater()
        if is_held:
            self.focus_choice()

    def _question_head(self, title: str, question: Question | None) -> QWidget:
        head = SectionHead()
        head.set_plain_text(title)
        if question is not None:
            choice = Segmented((), "sync.pick")
            for value, key in question.answers:
                choice.add(value, key)
                if value in KEYS:
                    choice.set_hint(value, KEYS[value])
            choice.set_value(self._picks.get(question.number, question.answered))
            choice.picked.connect(lambda side, number=question.number: self._pick(number, side))
            self._choices[question.number] = choice
            head.add_trailing(choice)
        return head

    def _asked(self) -> int:
        """The question that a key answers. ``_choices`` is not empty."""
        left = open_questions(self._row, self._picks) if self._row is not None else []
        focus = QApplication.focusWidget() or self
        held = (number for number, each in self._choices.items() if each.isAncestorOf(focus))
        return next(iter(left), next(held, next(iter(self._choices))))

    def _pick(self, number: int, side: str) -> None:
        self._picks[number] = side
        if number in self._written:
            field = self._written[number]
            field.setVisible(side == "own")
            if side == "own":
                field.setFocus()
                # It has its place only after the next turn of the loop.
                QTimer.singleShot(0, field, lambda: self._area.ensureWidgetVisible(field))
        self._show_outcome()
        self.answered.emit()

    def _show_outcome(self) -> None:
        """What is chosen will do, beside the button that does it."""
        row = self._row
        if row is None:
            return
        is_asked = bool(questions(row))
        self._outcome.setVisible(is_asked)
        self._save.setVisible(is_asked)
        self._save.setEnabled(self.is_ready)
        if is_asked:
            say_plain(self._outcome.setText, outcome(row, self._picks))
        for number, choice in self._choices.items():
            choice.setEnabled(number == WHOLE or self._picks.get(WHOLE) != "both")

    def _offer(self, row: AttentionRow) -> None:
        self._tools.clear()
        if has_text(row):
            self._tools.add(self._button(QuietButton, "sync.copy", self.copy, "Ctrl+Shift+C"))
        if row.case_id:
            self._tools.add(self._button(QuietButton, "sync.open_case", lambda: self.case_asked.emit(row.case_id)))
        self._ways_out.clear()
        self._ways_out.setVisible(row.state is OutboxState.REFUSED)
        if row.state is OutboxState.REFUSED:
            for button in self._refusal_buttons(row):
                self._ways_out.add(button)
        self._show_outcome()

    def copy(self) -> None:
        """Put one's own words on the clipboard."""
        if self._row is not None and self.has_text:
            QGuiApplication.clipboard().setText(whole_text(self._row))
            self.copied.emit()

    def _refusal_buttons(self, row: AttentionRow) -> list[QuietButton]:
        is_loss = row.is_only_here and not row.is_superseded
        kind = DangerButton if is_loss else QuietButton
        dismiss = self._button(kind, "sync.dismiss", lambda: self._decide("dismiss"))
        if not row.may_send_again:
            return [dismiss]
        first = QuietButton if row.wants_other_time else PrimaryButton
        key = "sync.send_again" if row.hubs is not None else "sync.send_once_more"
        again = self._button(first, key, lambda: self._decide("keep_mine"))
        if not row.wants_other_time:
            return [dismiss, again]
        return [dismiss, again, self._button(PrimaryButton, "sync.replan", lambda: self.plan_asked.emit(row))]

    @staticmethod
    def _button(kind: type[QuietButton], key: str, act: Callable[[], object], hint: str = "") -> QuietButton:
        button = kind(key, hint)
        button.clicked.connect(lambda: act())
        return button

    def _decide(self, use_case: str) -> None:
        if self._row is not None:
            self.decided.emit(Decision(self._row, use_case))


def headline_of(kind: Kind, title: str, case_number: str) -> str:
    """What it is about: kind, title, case."""
    return " · ".join(each for each in (t(f"sync.kind.{kind.value}"), title, case_number) if each)


def line_reason(line: AttentionLine) -> str:
    """Why it waits, as far as that is known without comparing the texts."""
    if line.state is OutboxState.REFUSED:
        return _refusal(line.code)
    return t(f"sync.conflict.deleted_{line.deleted}" if line.deleted else "sync.conflict.both")


def _refusal(code: str) -> str:
    return t(f"refused.{code}") if code else t("sync.refused.unknown")


def reason(row: AttentionRow) -> str:
    """Why it waits, in one sentence."""
    if row.state is OutboxState.REFUSED:
        return _refusal(row.code)
    if row.mine is None:
        return t("sync.conflict.deleted_here")
    if row.hubs is None:
        return t("sync.conflict.deleted_there")
    return t("sync.conflict.operative" if row.touches_operative else "sync.conflict.both")


def _advice(row: AttentionRow) -> str:
    when = formats.date_and_time(row.made_at, Wording.current().language)
    is_text = has_text(row)
    if row.state is not OutboxState.REFUSED:
        return _two_versions(row, when, is_text=is_text)
    if row.is_superseded:
        return t("sync.advice.superseded", when=when)
    if row.wants_other_time:
        return "\n".join((*(_meeting(*each) for each in row.taken_by), t("sync.advice.other_time", when=when)))
    if row.may_send_again:
        return t("sync.advice.refused" if is_text else "sync.advice.refused.value", when=when)
    return t("sync.advice.hopeless" if is_text else "sync.advice.hopeless.value", when=when)


def _two_versions(row: AttentionRow, when: str, *, is_text: bool) -> str:
    """Where each version stands and, where it is known, when it was written and by whom."""
    changed_at = getattr(row.hubs, "changed_at", None)
    if is_text and changed_at is not None:
        hubs = formats.date_and_time(changed_at, Wording.current().language)
        if row.hubs_by:
            return t("sync.advice.conflict.written", when=when, hubs=hubs, who=row.hubs_by)
        return t("sync.advice.conflict.dated", when=when, hubs=hubs)
    return t("sync.advice.conflict" if is_text else "sync.advice.conflict.value", when=when)


def _meeting(taken: Hearing, case_number: str) -> str:
    """The hearing that has the time or the room already."""
    when = formats.date_and_time(taken.starts_at, Wording.current().language)
    return t("sync.advice.taken", when=when, room=taken.room or "—", number=case_number)
