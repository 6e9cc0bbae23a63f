"""One refusal or conflict: why, both texts, and the ways out. No way out is taken by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from judge_desk.desktop.pages.sync.in_words import Passage, passages, whole_text
from judge_desk.desktop.pages.sync.two_texts import TwoTexts, WrittenText
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.badge import Badge
from judge_desk.desktop.widgets.buttons import DangerButton, IconButton, PrimaryButton, QuietButton
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.section_head import SectionHead
from judge_desk.desktop.widgets.segmented import Segmented
from judge_desk.desktop.wording import Wording, say, say_plain, t
from judge_desk.domain.dossier import DossierReply
from judge_desk.domain.drafts import Draft
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import Note
from judge_desk.i18n import formats
from judge_desk.services.attention import AttentionLine, AttentionRow, may_be_written, resolved
from judge_desk.services.sync import OutboxState


@dataclass(frozen=True, slots=True)
class Decision:
    """What the person chose: the name of a use case of ``SyncService``, and the merged record where it needs one."""

    row: AttentionRow
    use_case: str
    record: Any = None


class DecisionView(QWidget):
    """Shows an ``AttentionRow``.

    Signals:
        decided: (Decision) a button was pressed.
        left: back to the list.
        case_asked: (case_id) the case file is wanted.
        plan_asked: (AttentionRow) another time or room is wanted for a hearing.
        copied: one's own words are on the clipboard.
    """

    decided = Signal(object)
    left = Signal()
    case_asked = Signal(str)
    plan_asked = Signal(object)
    copied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: AttentionRow | None = None
        self._picks: dict[int, str] = {}
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
        self._editor_head = SectionHead("sync.merge.editor")
        self._column.addWidget(self._editor_head)
        self.editor = QPlainTextEdit()
        self.editor.setTabChangesFocus(True)
        self.editor.setMinimumHeight(4 * Theme.current().px(Size.CONTROL))
        say(self.editor.setAccessibleName, "sync.merge.editor")
        self._column.addWidget(self.editor, 1)
        self._ways_out = FlowRow(to_end=True)
        self._column.addWidget(self._ways_out)
        self._open_editor(on=False)

    @property
    def row(self) -> AttentionRow | None:
        return self._row

    def show_row(self, row: AttentionRow) -> None:
        """Another one, or the same anew after a language switch; what was typed into its merged text stays."""
        is_other = self._row is None or self._row.mid != row.mid
        if is_other:
            self._picks.clear()
            self._written.clear()
            self._open_editor(on=False)
            self.editor.clear()
        self._row = row
        self._say_head(row)
        self._fill(row)
        self._offer(row)

    def merge_by_hand(self) -> None:
        """Open the field for a text made out of both; it begins with one's own."""
        if self._row is None or not _is_plain(self._row):
            return
        if self.editor.isHidden():
            self.editor.setPlainText(self._row.mine.text)
        self._open_editor(on=True)
        self.editor.setFocus()
        self._offer(self._row)

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
        for each in passages(row):
            column.addWidget(self._passage_head(row, each))
            column.addWidget(TwoTexts(each))
            if _is_picked(row, each) and may_be_written(row.conflicts[each.number]):
                written = self._written[each.number] = WrittenText(each, texts.get(each.number))
                written.setVisible(self._picks.get(each.number) == "own")
                column.addWidget(written)
        column.addStretch(1)
        old = self._area.takeWidget()
        self._area.setWidget(inside)
        if old is not None:
            old.deleteLater()

    def _passage_head(self, row: AttentionRow, passage: Passage) -> QWidget:
        head = SectionHead()
        head.set_plain_text(passage.label)
        if _is_picked(row, passage):
            choice = Segmented((("mine", "sync.pick.mine"), ("hubs", "sync.pick.hubs")), "sync.pick")
            if may_be_written(row.conflicts[passage.number]):
                choice.add("own", "sync.pick.own")
            choice.set_value(self._picks.get(passage.number, ""))
            choice.picked.connect(lambda side, number=passage.number: self._pick(number, side))
            head.add_trailing(choice)
        return head

    def _pick(self, number: int, side: str) -> None:
        self._picks[number] = side
        if number in self._written:
            self._written[number].setVisible(side == "own")
            if side == "own":
                self._written[number].setFocus()
        if self._row is not None:
            self._offer(self._row)

    def _offer(self, row: AttentionRow) -> None:
        self._tools.clear()
        copy = self._button(QuietButton, "sync.copy", self.copy, "Ctrl+Shift+C")
        copy.setEnabled(row.mine is not None)
        self._tools.add(copy)
        if row.case_id:
            self._tools.add(self._button(QuietButton, "sync.open_case", lambda: self.case_asked.emit(row.case_id)))
        self._ways_out.clear()
        for button in self._refusal_buttons(row) if row.state is OutboxState.REFUSED else self._conflict_buttons(row):
            self._ways_out.add(button)

    def _open_editor(self, *, on: bool) -> None:
        self.editor.setVisible(on)
        self._editor_head.setVisible(on)

    def copy(self) -> None:
        """Put one's own words on the clipboard."""
        if self._row is not None and self._row.mine is not None:
            QGuiApplication.clipboard().setText(whole_text(self._row))
            self.copied.emit()

    def _refusal_buttons(self, row: AttentionRow) -> list[QuietButton]:
        is_loss = row.is_only_here and not row.is_superseded
        kind = DangerButton if is_loss else QuietButton
        dismiss = self._button(kind, "sync.dismiss", lambda: self._decide("dismiss"))
        if not row.may_send_again:
            return [dismiss]
        first = QuietButton if row.wants_other_time else PrimaryButton
        again = self._button(first, "sync.send_again", lambda: self._decide("keep_mine"))
        if not row.wants_other_time:
            return [dismiss, again]
        return [dismiss, again, self._button(PrimaryButton, "sync.replan", lambda: self.plan_asked.emit(row))]

    def _conflict_buttons(self, row: AttentionRow) -> list[QuietButton]:
        buttons = [self._button(QuietButton, "sync.keep_hubs", lambda: self._decide("keep_hubs"))]
        if row.may_keep_both:
            buttons.append(self._button(QuietButton, "sync.keep_both", lambda: self._decide("keep_both")))
        buttons.append(self._button(QuietButton, "sync.keep_mine", lambda: self._decide("keep_mine")))
        if _is_plain(row) and self.editor.isHidden():
            buttons.append(self._button(PrimaryButton, "sync.merge", self.merge_by_hand, "Ctrl+M"))
        elif _is_plain(row) or _is_act(row):
            save = self._button(PrimaryButton, "sync.keep_merged", self.save_merged)
            save.setEnabled(_is_plain(row) or len(self._picks) == len(row.conflicts))
            buttons.append(save)
        return buttons

    def save_merged(self) -> None:
        """Send the text made out of both."""
        row = self._row
        if row is None:
            return
        if _is_plain(row):
            record = replace(row.merged, text=self.editor.toPlainText())
        else:
            hubs = frozenset(number for number, side in self._picks.items() if side == "hubs")
            own = {number: each.text() for number, each in self._written.items() if self._picks.get(number) == "own"}
            record = resolved(row, hubs, own)
        self.decided.emit(Decision(row, "keep_merged", record))

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
    if row.state is not OutboxState.REFUSED:
        return t("sync.advice.conflict", when=when)
    if row.is_superseded:
        return t("sync.advice.superseded", when=when)
    return t("sync.advice.refused" if row.may_send_again else "sync.advice.hopeless", when=when)


def _is_plain(row: AttentionRow) -> bool:
    """Whether the only thing in conflict is a plain text, so that it can be put together by typing."""
    both = isinstance(row.mine, Note | DossierReply) and isinstance(row.hubs, Note | DossierReply)
    return both and [each.field for each in row.conflicts] == ["text"]


def _is_picked(row: AttentionRow, passage: Passage) -> bool:
    """Whether the passage is one of several that are decided one by one."""
    return passage.number >= 0 and isinstance(row.mine, Draft) and isinstance(row.hubs, Draft)


def _is_act(row: AttentionRow) -> bool:
    return isinstance(row.mine, Draft) and isinstance(row.hubs, Draft) and bool(row.conflicts)
