"""Why a term ends on its day: the steps of the count, the days left out, the norm, and how sure we are."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget
from shiboken6 import isValid

from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.badge import Badge
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording
from judge_desk.domain.norms import Certainty
from judge_desk.domain.terms import StepKind, TermExplanation, TermStep
from judge_desk.domain.working_days import DayOffReason
from judge_desk.i18n import formats
from judge_desk.i18n import terms as words


class TermReasons(QFrame):
    """A small paper over the page; any click beside it or Esc puts it away."""

    def __init__(self, name: str, explanation: TermExplanation, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "popover")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._came_from = QApplication.focusWidget()
        theme, translator = Theme.current(), Wording.current().translator
        self.setFixedWidth(theme.px(Size.POPOVER))
        column = QVBoxLayout(self)
        side = theme.px(Space.CARD)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.px(Space.TIGHT))
        column.addWidget(PlainLabel(name, "section", wrap=True))
        column.addSpacing(theme.px(Space.TIGHT))
        weekends = [step.on for step in explanation.steps if _is_plain_weekend(step)]
        for step in explanation.steps:
            if _is_plain_weekend(step):
                if step.on == weekends[0]:
                    days = ", ".join(formats.date_short(day, translator.language) for day in weekends)
                    text = translator.plural("terms.weekends", len(weekends), days=days)
                    column.addWidget(PlainLabel(text, tone="muted", wrap=True))
                continue
            is_end = step.kind is StepKind.DUE
            tone = "text" if is_end or step.kind is StepKind.TRIGGER else "muted"
            text = words.step_text(step, explanation, translator)
            column.addWidget(PlainLabel(text, "strong" if is_end else "body", tone, wrap=True))
        column.addSpacing(theme.px(Space.TIGHT))
        norm = PlainLabel(translator.text("law.norm", norm=explanation.norm), "caption", "muted", wrap=True)
        column.addWidget(norm)
        sure = Badge(tone="ok" if explanation.certainty is Certainty.SOURCED else "warn")
        sure.set_text(words.certainty_text(explanation.certainty, translator))
        column.addWidget(sure)
        self.setAccessibleName(name)
        self.setAccessibleDescription(". ".join(words.explanation_lines(explanation, translator)))

    def open_at(self, corner: QPoint) -> None:
        """Show it with its right upper corner at a point of the screen, inside the window."""
        self.adjustSize()
        around = self.window()
        place = around.mapFromGlobal(corner)
        left = min(max(place.x() - self.width(), 0), around.width() - self.width())
        top = place.y() if place.y() + self.height() <= around.height() else place.y() - self.height()
        self.move(left, min(max(top, 0), max(around.height() - self.height(), 0)))
        self.show()
        self.raise_()
        self.setFocus()

    def event(self, event: QEvent) -> bool:
        # Else the window's own Esc would go a page back.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            came_from = self._came_from
            self.close()
            if came_from is not None and isValid(came_from):
                came_from.setFocus()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.close()


def _is_plain_weekend(step: TermStep) -> bool:
    """Saturdays and Sundays left out: what they are called is known, so one line tells of all of them."""
    return step.kind is StepKind.SKIPPED and step.day_off is not None and step.day_off.reason is DayOffReason.WEEKEND


def show_reasons(parent: QWidget, name: str, explanation: TermExplanation | None, corner: QPoint) -> None:
    """Open the reasons of a term; nothing for one that the court set itself."""
    if explanation is not None:
        TermReasons(name, explanation, parent.window()).open_at(corner)
