"""Many similar cases in a morning: choose them, correct the table of what differs, make the acts, check, close."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Final, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget

from judge_desk.desktop.failures import Failure
from judge_desk.desktop.icons import icon
from judge_desk.desktop.page import PageContext
from judge_desk.desktop.pages.drafts.findings import summary
from judge_desk.desktop.pages.drafts.series_table import SeriesTableView
from judge_desk.desktop.tasks import Ticket
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.chooser import Chooser
from judge_desk.desktop.widgets.date_field import DateField
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.progress_row import ProgressRow
from judge_desk.desktop.widgets.tick_list import QuietRow, tick_mark
from judge_desk.desktop.wording import Wording, say, t
from judge_desk.domain.cases import Procedure
from judge_desk.domain.changes import Changes
from judge_desk.services.cases import CaseQuery, CaseRow, CaseSort
from judge_desk.services.drafts import TemplateChoice
from judge_desk.services.linting import LintReport, Severity
from judge_desk.services.series import SeriesOutcome, SeriesTable

MOST: Final = 500
T = TypeVar("T")


class SeriesView(QWidget):
    """Three steps, each with one button forward; Esc or the arrow goes a step back.

    Signals:
        opened: (draft id) show that act.
        announced: (Changes).
        sign_asked: all acts are closed; sign them with one PIN.
        closed: leave the series.
    """

    opened = Signal(str)
    announced = Signal(object)
    sign_asked = Signal()
    closed = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._ticket: Ticket | None = None
        self._made: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._reports: dict[str, LintReport] = {}
        self._told: dict[str, str] = {}
        self.back = QuietButton("series.back", "Esc", "arrow-left")
        self.title = PlainLabel(face="section", elide=True)
        self.next = PrimaryButton("series.next", "Ctrl+Return")
        self.next.setShortcut("Ctrl+Return")
        self.progress = ProgressRow(cancellable=True)
        self.procedure, self.form = Chooser(), Chooser()
        self.cases = CaseChooser()
        self.all = QuietButton("series.all")
        self.table = SeriesTableView()
        self.results = LazyList("series.results")
        self.day = DateField("series.date")
        self._steps = QStackedWidget()
        self._lay_out()
        self._connect()

    def begin(self) -> None:
        """A new series."""
        self._made, self._numbers, self._reports, self._told = {}, {}, {}, {}
        self.day.set_value(self._context.desk.drafts.today())
        self._show_step(0)
        self._read_cases()

    def step_back(self) -> None:
        """A step back; out of the series from the first, and from the last, whose acts are made."""
        at = self._steps.currentIndex()
        if at == 1:
            self._show_step(0)
        else:
            self.closed.emit()

    def chosen(self) -> list[str]:
        """The ids of the chosen cases, in the order of the list."""
        return self.cases.chosen()

    def _lay_out(self) -> None:
        theme = Theme.current()
        for each in (Procedure.ADMINISTRATIVE_OFFENCE, *Procedure):
            if self.procedure.findData(each.value) < 0:
                self.procedure.addItem(t(f"word.procedure.{each}"), each.value)
        for chooser, key in ((self.procedure, "series.procedure"), (self.form, "series.form")):
            say(chooser.setAccessibleName, key)
        self.form.setSizeAdjustPolicy(Chooser.SizeAdjustPolicy.AdjustToContents)
        say(self.cases.setAccessibleName, "series.cases")
        top = QHBoxLayout()
        top.setSpacing(theme.px(Space.ROW))
        top.addWidget(self.back)
        top.addWidget(self.title, 1)
        top.addWidget(self.next)
        choose, choose_body = _step()
        choose_body.addWidget(_row(self.procedure, self.form, self.all))
        choose_body.addWidget(self.cases, 1)
        correct, correct_body = _step("series.table.hint")
        correct_body.addWidget(self.table, 1)
        close, close_body = _step("series.results.hint")
        day = PlainLabel(face="caption", tone="muted")
        say(day.setText, "series.date")
        close_body.addWidget(_row(day, self.day))
        close_body.addWidget(self.results, 1)
        for step in (choose, correct, close):
            self._steps.addWidget(step)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(Space.GAP))
        column.addLayout(top)
        column.addWidget(self.progress)
        column.addWidget(self._steps, 1)

    def _connect(self) -> None:
        self.back.clicked.connect(self.step_back)
        self.next.clicked.connect(self.go_on)
        self.progress.cancel_asked.connect(self.cancel)
        self.procedure.activated.connect(lambda _row: self._read_cases())
        self.all.clicked.connect(self.cases.choose_all)
        self.cases.changed.connect(self._count)
        self.results.opened.connect(self.opened)
        Wording.current().changed.connect(self._fill_results)

    def _show_step(self, number: int) -> None:
        self._steps.setCurrentIndex(number)
        self.progress.hide()
        self.next.say(("series.next", "series.generate", "series.finalise")[number])
        focus = (self.cases, self.table, self.results)[number]
        focus.setFocus(Qt.FocusReason.OtherFocusReason)
        self._count()

    def _count(self) -> None:
        at = self._steps.currentIndex()
        if at == 0:
            count = len(self.chosen())
            say(self.title.setText, "series.chosen", n=count)
            self.next.setEnabled(count > 0 and self.form.count() > 0)
        elif at == 1:
            say(self.title.setText, "series.correct", n=self.table.series().rowCount())
            self.next.setEnabled(True)
        else:
            say(self.title.setText, "series.made", n=len(self._made))
            self.next.setEnabled(bool(self._waiting() or self._numbers))
            self.next.say("series.finalise" if self._waiting() or not self._numbers else "series.sign")

    # step 1: the cases

    def _read_cases(self) -> None:
        cases, procedure = self._context.desk.cases, Procedure(self.procedure.currentData())
        query = CaseQuery(procedures=frozenset({procedure}), open_only=True, sort=CaseSort.NUMBER)
        self._context.tasks.run(lambda: cases.rows(cases.ids(query)[:MOST]), self._show_cases, key="series.cases")

    def _show_cases(self, rows: Sequence[CaseRow]) -> None:
        self.cases.show_cases(rows)
        if rows:
            service, case_id = self._context.desk.series, rows[0].id
            self._context.tasks.run(lambda: service.forms([case_id]), self._show_forms, key="series_forms")
        else:
            self._show_forms([])

    def _show_forms(self, forms: Sequence[TemplateChoice]) -> None:
        self.form.clear()
        for form in forms:
            self.form.addItem(f"{form.title} · {t(f'drafts.language.{form.language}')}", form.id)
        self._count()

    # forward

    def go_on(self) -> None:
        """The step that the button names."""
        if self._ticket is None and self.next.isEnabled():
            (self._read_table, self._generate, self._finalise)[self._steps.currentIndex()]()

    def cancel(self) -> None:
        """Stop after the case that is being worked on; what is made stays."""
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None
            self.progress.hide()
            self._context.window.toast("series.stopped")
            self._read_made()

    def _read_table(self) -> None:
        service, chosen, form = self._context.desk.series, self.chosen(), self.form.currentData()
        self._context.tasks.run(lambda: service.table(chosen, form), self._show_table, key="series.table")

    def _show_table(self, table: SeriesTable) -> None:
        self.table.show_table(table)
        self._show_step(1)

    def _generate(self) -> None:
        self.table.commit_typing()
        table, service = self.table.series().table(), self._context.desk.series

        def job(ticket: Ticket) -> SeriesOutcome:
            report = partial(ticket.report, key="series.progress.making")
            return service.generate(table, report, lambda: ticket.cancelled)

        self._run(job, self._generated)

    def _run(self, job: Callable[[Ticket], T], done: Callable[[T], object]) -> None:
        self.progress.show()
        self._ticket = self._context.tasks.run_long(job, done, self._failed, on_progress=self.progress.show_progress)

    def _failed(self, failure: Failure) -> None:
        """Each case's own fault is told with the case; this one stopped them all."""
        self._ticket = None
        self.progress.hide()
        self._context.window.show_failure(failure)

    def _generated(self, outcome: SeriesOutcome) -> None:
        self._ticket = None
        self._made = outcome.done
        self._tell(outcome)
        self._show_step(2)
        self._check()

    def _tell(self, outcome: SeriesOutcome) -> None:
        text = Wording.current().translator
        self._told |= {each: text(problem.key, **problem.params) for each, problem in outcome.failed.items()}
        self._told = {each: words for each, words in self._told.items() if each not in outcome.done}
        self.announced.emit(outcome.changes)

    def _check(self) -> None:
        service, drafts = self._context.desk.series, list(self._made.values())

        def job(ticket: Ticket) -> dict[str, LintReport]:
            report = partial(ticket.report, key="series.progress.checking")
            return service.check(drafts, report, lambda: ticket.cancelled)

        self._run(job, self._checked)

    def _checked(self, reports: dict[str, LintReport]) -> None:
        self._ticket = None
        self.progress.hide()
        self._reports = reports
        self._fill_results()

    def _finalise(self) -> None:
        day = self.day.value()
        if day is None:
            self._context.window.toast("drafts.finalise.no_date")
            return
        waiting = self._waiting()
        if not waiting:
            self.sign_asked.emit()
            return
        self._run(partial(self._close, waiting, day), self._finalised)

    def _waiting(self) -> list[str]:
        return [each for each in self._made.values() if each not in self._numbers]

    def _close(self, drafts: Sequence[str], day: date, ticket: Ticket) -> SeriesOutcome:
        report = partial(ticket.report, key="series.progress.closing")
        return self._context.desk.series.finalise(drafts, day, report, lambda: ticket.cancelled)

    def _finalised(self, outcome: SeriesOutcome) -> None:
        self._ticket = None
        self._numbers |= outcome.done
        self._tell(outcome)
        self._context.window.toast("series.closed", n=len(outcome.done))
        self.progress.hide()
        self._fill_results()

    def _read_made(self) -> None:
        """After a stop the acts that were made are in the list of drafts; a table that was not finished stays."""
        if self._steps.currentIndex() == 2:
            self._fill_results()
        self.announced.emit(Changes.of("draft"))

    def _fill_results(self) -> None:
        if self._steps.currentIndex() != 2:
            return
        by_case = {row.case_id: row.number for row in self.table.series().table().rows}
        lines = [self._line(draft_id, by_case.get(case_id, "")) for case_id, draft_id in self._made.items()]
        lines += [
            Line(id=case_id, title=by_case.get(case_id, ""), detail=words, icon="circle-x", icon_tone="bad")
            for case_id, words in self._told.items()
            if case_id in by_case
        ]
        self.results.show_lines(lines)
        self._count()

    def _line(self, draft_id: str, number: str) -> Line:
        report = self._reports.get(draft_id, LintReport())
        closed = self._numbers.get(draft_id, "")
        words = self._told.get(draft_id, "") or summary(report) or t("lint.none")
        icon, tone = ("circle-check", "ok") if closed else ("file-pen", "muted")
        if not closed and (draft_id in self._told or report.count(Severity.ERROR)):
            icon, tone = "circle-x", "bad"
        return Line(
            id=draft_id,
            title=number,
            detail=words,
            icon=icon,
            icon_tone=tone,
            trailing=t("series.closed_as", number=closed) if closed else "",
            trailing_tone="ok",
        )


class CaseChooser(QListWidget):
    """Space or a click chooses a case; what is chosen shows by a mark, not by colour alone.

    Signals:
        changed: another choice.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ids: list[str] = []
        self._chosen: set[str] = set()
        self.setItemDelegate(QuietRow(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setSpacing(Space.HAIR)
        self.itemClicked.connect(lambda item: self._toggle(self.row(item)))

    def show_cases(self, rows: Sequence[CaseRow]) -> None:
        """Other cases; none is chosen."""
        self._ids, self._chosen = [row.id for row in rows], set()
        self.clear()
        for row in rows:
            self.addItem(QListWidgetItem(f"{row.number}   {row.title}"))
        for at in range(len(rows)):
            self._mark(at)
        self.setCurrentRow(0 if rows else -1)

    def chosen(self) -> list[str]:
        return [each for each in self._ids if each in self._chosen]

    def choose_all(self) -> None:
        """Every case, or none where all are chosen already."""
        self._chosen = set() if len(self._chosen) == len(self._ids) else set(self._ids)
        for at in range(len(self._ids)):
            self._mark(at)
        self.setFocus()
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentRow() >= 0:
            self._toggle(self.currentRow())
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.choose_all()
        else:
            super().keyPressEvent(event)

    def _toggle(self, at: int) -> None:
        self._chosen ^= {self._ids[at]}
        self._mark(at)
        self.changed.emit()

    def _mark(self, at: int) -> None:
        is_chosen = self._ids[at] in self._chosen
        item = self.item(at)
        item.setIcon(icon(*tick_mark(is_chosen)))
        words = t("series.is_chosen") if is_chosen else t("series.not_chosen")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{item.text()}, {words}")


def _step(hint_key: str = "") -> tuple[QWidget, QVBoxLayout]:
    card = Card()
    if hint_key:
        hint = PlainLabel(tone="muted", wrap=True)
        say(hint.setText, hint_key)
        card.body.addWidget(hint)
    return card, card.body


def _row(*widgets: QWidget) -> FlowRow:
    row = FlowRow()
    for widget in widgets:
        row.add(widget)
    return row
