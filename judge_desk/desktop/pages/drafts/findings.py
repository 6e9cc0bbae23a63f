"""What the linter finds in the draft on the table: checked while one writes, listed beside the text, answered there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from judge_desk.desktop.page import PageContext
from judge_desk.desktop.tasks import Lane
from judge_desk.desktop.widgets.buttons import IconButton, QuietButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.state_stack import StateStack
from judge_desk.desktop.wording import Wording, say_plain, t
from judge_desk.domain.acts import ActText
from judge_desk.domain.norms import Certainty, norm_in
from judge_desk.services.linting import Finding, LintReport, Override, Prepared, Severity

PAUSE_MS: Final = 900
LOOKS: Final = {
    Severity.ERROR: ("circle-x", "bad"),
    Severity.WARNING: ("triangle-alert", "warn"),
    Severity.NOTE: ("info", "accent"),
}


class FindingsPanel(Card):
    """``show_report(report)``; the chosen finding explains itself below the list.

    Signals:
        place_asked: (Finding) show its block, or its part where no block holds what is missing.
        leave_asked: (Finding) leave it as it is, with a reason.
        take_back_asked: (finding key) it is open again.
        closed: back to the outline.
    """

    place_asked = Signal(object)
    leave_asked = Signal(object)
    take_back_asked = Signal(str)
    closed = Signal()

    def __init__(self, sentence: Callable[[Finding, str], str], parent: QWidget | None = None) -> None:
        super().__init__("lint.panel", parent)
        self._sentence = sentence
        self._report = LintReport()
        self._may_edit = False
        self.list = LazyList("lint.panel")
        self.states = StateStack()
        self.states.content.addWidget(self.list, 1)
        self.words = PlainLabel(wrap=True)
        self.norm = PlainLabel(face="caption", tone="muted", wrap=True)
        self.go = QuietButton("lint.go", icon_name="corner-down-left")
        self.leave = QuietButton("lint.leave")
        close = IconButton("x", "common.close", "Esc")
        self.add_trailing(close)
        self.body.addWidget(self.states, 1)
        for label in (self.words, self.norm):
            self.body.addWidget(label)
        deeds = FlowRow()
        deeds.add(self.go)
        deeds.add(self.leave)
        self.body.addWidget(deeds)
        close.clicked.connect(self.closed)
        self.list.picked.connect(lambda _key: self._explain())
        self.list.opened.connect(lambda _key: self._go())
        self.go.clicked.connect(self._go)
        self.leave.clicked.connect(self._answer)
        Wording.current().changed.connect(self._fill)
        self._fill()

    def show_report(self, report: LintReport, *, may_edit: bool) -> None:
        """Open findings by weight, then those that were left with a reason."""
        self._report, self._may_edit = report, may_edit
        self._fill()

    def current(self) -> tuple[Finding, Override | None] | None:
        """The chosen finding, with its reason where it has one."""
        return self._entries().get(self.list.current_id())

    def _entries(self) -> dict[str, tuple[Finding, Override | None]]:
        order = list(Severity)
        open_ones = sorted(self._report.open, key=lambda each: (order.index(each.severity), each.rule == "blank"))
        found: dict[str, tuple[Finding, Override | None]] = {}
        for finding, override in [*((each, None) for each in open_ones), *self._report.left]:
            found[f"{finding.key}.{finding.other_block}"] = (finding, override)
        return found

    def _fill(self) -> None:
        entries = self._entries()
        if entries:
            self.list.show_lines([self._line(key, *entry) for key, entry in entries.items()])
            self.states.show_ready()
            if not self.list.currentIndex().isValid():
                self.list.setCurrentIndex(self.list.lines.index(0))
        else:
            self.states.show_empty("circle-check", "lint.none", "lint.none.hint")
        self._explain()

    def _line(self, key: str, finding: Finding, override: Override | None) -> Line:
        icon, tone = LOOKS[finding.severity]
        part = t(f"word.part.{finding.part}") if finding.part else ""
        norm = norm_in(finding.norm, Wording.current().language)
        return Line(
            id=key,
            title=self._sentence(finding, Wording.current().language),
            detail=" · ".join(each for each in (part[:1].upper() + part[1:], norm) if each),
            icon="check" if override else icon,
            icon_tone="muted" if override else tone,
            strong=override is None,
            wraps=True,
        )

    def _explain(self) -> None:
        chosen = self.current()
        for widget in (self.words, self.norm, self.go, self.leave):
            widget.setVisible(chosen is not None)
        if chosen is None:
            return
        finding, override = chosen
        severity = t(f"lint.severity.{finding.severity}")
        sentence = self._sentence(finding, Wording.current().language)
        say_plain(self.words.setText, f"{severity[:1].upper()}{severity[1:]}. {sentence}")
        lines = [t("lint.norm", norm=finding.norm)] if finding.norm else []
        if finding.norm and finding.certainty is not Certainty.SOURCED:
            lines[0] += f" ({t('lint.unverified')})"
        if override is not None:
            lines.append(t("lint.reason", reason=override.reason))
        say_plain(self.norm.setText, "\n".join(lines))
        self.norm.setVisible(bool(lines))
        self._fit_words()
        self.go.setEnabled(_has_place(finding))
        self.leave.say("lint.take_back" if override else "lint.leave")
        self.leave.setVisible(self._may_edit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_words()

    def _fit_words(self) -> None:
        """The list gives way to a sentence of several lines."""
        for label in (self.words, self.norm):
            label.setMinimumHeight(max(label.heightForWidth(max(label.width(), 1)), 0))

    def _go(self) -> None:
        chosen = self.current()
        if chosen is not None and _has_place(chosen[0]):
            self.place_asked.emit(chosen[0])

    def _answer(self) -> None:
        chosen = self.current()
        if chosen is None:
            return
        finding, override = chosen
        if override is not None:
            self.take_back_asked.emit(override.finding)
        else:
            self.leave_asked.emit(finding)


def _has_place(finding: Finding) -> bool:
    return bool(finding.block or finding.part)


class LiveLint(QObject):
    """Checks what ``read`` gives, a moment after the last ``touch``: read in the store's lane, checked in a worker.

    Signals:
        checked: (LintReport) of the draft that is being watched.
    """

    checked = Signal(object)

    def __init__(self, context: PageContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._draft_id = ""
        self._read: Callable[[], ActText] | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._start)

    @property
    def is_settled(self) -> bool:
        return not self._pause.isActive()

    def watch(self, draft_id: str, read: Callable[[], ActText]) -> None:
        """Another draft, or the same one anew; checked at once."""
        self._draft_id, self._read = draft_id, read
        self._pause.start(0)

    def touch(self) -> None:
        """The text was edited."""
        if self._draft_id:
            self._pause.start(PAUSE_MS)

    def clear(self) -> None:
        """Nothing lies on the table."""
        self._draft_id, self._read = "", None
        self._pause.stop()

    def _start(self) -> None:
        if not self._draft_id or self._read is None:
            return
        service, draft_id, act = self._context.desk.linting, self._draft_id, self._read()
        self._context.tasks.run(
            lambda: service.prepare(draft_id, act), self._check, lambda _failure: None, key="lint_prepare"
        )

    def _check(self, prepared: Prepared) -> None:
        run = partial(self._context.desk.linting.run, prepared)
        done = partial(self._checked, prepared.draft.id)
        self._context.tasks.run(run, done, key="lint_run", lane=Lane.POOL)

    def _checked(self, draft_id: str, report: LintReport) -> None:
        if draft_id == self._draft_id:
            self.checked.emit(report)


def summary(report: LintReport) -> str:
    """Counts in words for a button or the question before an act is closed; "" when there is nothing to say."""
    parts = [t(f"lint.count.{each}", n=count) for each in Severity if (count := report.count(each))]
    if report.left:
        parts.append(t("lint.count.left", n=len(report.left)))
    return " · ".join(parts)
