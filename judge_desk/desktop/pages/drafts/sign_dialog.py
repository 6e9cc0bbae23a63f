"""What will be signed, line by line, and with what; one PIN for all of them, and a plain word on each that was not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from judge_desk.desktop.dialogs.frame import DialogFrame
from judge_desk.desktop.dialogs.sign_means import MeansPanel
from judge_desk.desktop.failures import Failure
from judge_desk.desktop.pages.drafts.paper_dialog import PaperDialog
from judge_desk.desktop.tasks import Progress, Ticket
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.desktop.widgets.progress_row import ProgressRow
from judge_desk.desktop.widgets.tick_list import TickList
from judge_desk.desktop.wording import Wording, say
from judge_desk.i18n import formats
from judge_desk.runtime.settings import Settings
from judge_desk.services.signing import SigningReport, UnsignedAct

if TYPE_CHECKING:
    from judge_desk.desktop.tasks import TaskRunner
    from judge_desk.services.signing import SigningService

ROWS_SHOWN = 6


class SignDialog(DialogFrame):
    """Stays open until all that was ticked is signed, or the person closes it.

    Signals:
        signed: (SigningReport) at least one act bears a signature now.
    """

    signed = Signal(object)

    def __init__(
        self,
        acts: Sequence[UnsignedAct],
        service: SigningService,
        tasks: TaskRunner,
        settings: Settings,
        parent: QWidget,
        *,
        laid_out: int = 0,
    ) -> None:
        """``laid_out``: how many drafts wait to be finalised first; what is not in the list is not passed over in
        silence."""
        super().__init__(parent, "signing.title")
        self._service, self._tasks = service, tasks
        self._acts = {act.draft_id: act for act in acts}
        self.add_sentence("signing.lead")
        self.list = TickList("signing.list")
        self.list.set_most(ROWS_SHOWN)
        self.column.addWidget(self.list)
        if laid_out:
            self.add_sentence("signing.laid_out", n=laid_out)
        self.means = MeansPanel(settings)
        self.column.addWidget(self.means)
        self.progress = ProgressRow()
        self.column.addWidget(self.progress)
        self.message = self.add_sentence(tone="warn")
        self.do, self.by_hand = PrimaryButton(), QuietButton("signing.paper.ask")
        self.add_buttons(self.by_hand, self.do, close_key="common.close")
        self.do.setDefault(True)
        self.list.ticked.connect(self._enable)
        self.means.changed.connect(self._enable)
        self.means.agreed.connect(self.sign)
        self.do.clicked.connect(self.sign)
        self.by_hand.clicked.connect(self.ask_by_hand)
        self.progress.hide()
        self.message.hide()
        self._is_busy = False
        self._fill(list(self._acts))
        self.means.focus_first()

    def sign(self) -> None:
        """Sign what is ticked; in a thread, since a token takes its time."""
        chosen = self.list.chosen()
        if self._is_busy or not chosen or not self.means.is_ready():
            return
        self._busy(on=True)
        means, secret, service = self.means.means(), self.means.secret(), self._service

        def job(ticket: Ticket) -> SigningReport:
            done = 0

            def count(_draft_id: str) -> None:
                nonlocal done
                done += 1
                ticket.report(done, len(chosen), "signing.progress")

            with service.open_key(means, secret) as key:
                return service.sign(chosen, key, count)

        self.progress.show_progress(Progress(0, len(chosen), "signing.progress"))
        self._tasks.run_long(job, self._signed, self._failed, on_progress=self.progress.show_progress)

    def ask_by_hand(self) -> None:
        """For what was signed on paper: on which day."""
        days = [act.dated_on for act in self._acts.values() if act.draft_id in self.list.chosen() and act.dated_on]
        self.paper = PaperDialog(len(self.list.chosen()), max(days, default=None), self)
        self.paper.agreed.connect(self.note_by_hand)
        self.paper.open()

    def note_by_hand(self, day: date) -> None:
        """Note of what is ticked that it was signed on paper."""
        chosen, service = self.list.chosen(), self._service
        self._busy(on=True)
        self._tasks.run(lambda: service.sign_on_paper(chosen, day), self._done, self._failed)

    def _signed(self, report: SigningReport) -> None:
        self.means.remember()
        self._done(report)

    def _done(self, report: SigningReport) -> None:
        self._busy(on=False)
        if report.signed:
            self.signed.emit(report)
        for draft_id in report.signed:
            self._acts.pop(draft_id, None)
        if report.problem is None:
            self.accept()
            return
        self._fill(list(report.left))
        self._tell(Failure(report.problem))

    def _failed(self, failure: Failure) -> None:
        self._busy(on=False)
        self._tell(failure)
        self.means.focus_first()

    def _tell(self, failure: Failure) -> None:
        if failure.error is not None:
            say(self.message.setText, failure.error.key, **failure.error.params)
        else:
            say(self.message.setText, "errors.unexpected", number=failure.log_id)
        self.message.show()
        self.fit()

    def _busy(self, *, on: bool) -> None:
        self._is_busy = on
        self.progress.setVisible(on)
        self.message.hide()
        self.means.setEnabled(not on)
        self.list.setEnabled(not on)
        if not on:
            self.means.forget_secret()
        self._enable()

    def _fill(self, draft_ids: Sequence[str]) -> None:
        acts = [self._acts[each] for each in draft_ids if each in self._acts]
        self.list.show_rows([(act.draft_id, line_of(act)) for act in acts])

    def _enable(self) -> None:
        count = len(self.list.chosen())
        self.do.setEnabled(not self._is_busy and count > 0 and self.means.is_ready())
        self.by_hand.setEnabled(not self._is_busy and count > 0)
        self.do.say("signing.do", n=count)


def line_of(act: UnsignedAct) -> str:
    """Title, and below it number, day and case: as a person knows an act. Many bear the number of their case."""
    language = Wording.current().language
    day = formats.date_short(act.dated_on, language) if act.dated_on else ""
    number = f"№\N{NO-BREAK SPACE}{act.number}" if act.number else ""
    case = "" if act.case_number == act.number else act.case_number
    told = " · ".join(part for part in (number, day, case) if part)
    return "\n".join(part for part in (act.title, told) if part)
