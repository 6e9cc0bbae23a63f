"""Checks the hashes of a case file in the background, with progress, and can be stopped."""

from __future__ import annotations

from PySide6.QtCore import QObject

from judge_desk.desktop.failures import Failure
from judge_desk.desktop.page import PageContext
from judge_desk.desktop.pages.case.receipt_section import ReceiptSection
from judge_desk.desktop.tasks import Ticket
from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import BadInput, HubProblem
from judge_desk.domain.kinds import Kind
from judge_desk.services.cases import CaseFile
from judge_desk.services.manifest import ManifestReceipt


class Verifying(QObject):
    """One check at a time; a stopped one keeps what it has proven so far."""

    def __init__(self, context: PageContext, section: ReceiptSection, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._section = context, section
        self._ticket: Ticket | None = None
        self._receipt: ManifestReceipt | None = None
        section.verify_asked.connect(self.start)
        section.stop_asked.connect(self.stop)

    def show_file(self, file: CaseFile) -> None:
        self._receipt = file.receipt

    def start(self) -> None:
        """Read every file against its hash."""
        receipt = self._receipt
        if receipt is None or self._ticket is not None:
            return
        documents, manifest = self._context.desk.documents, self._context.desk.manifest

        def check(ticket: Ticket) -> ManifestReceipt:
            done = 0

            def is_stopped() -> bool:
                nonlocal done
                ticket.report(done, receipt.present, "documents.verifying")
                done += 1
                return ticket.cancelled

            proven = documents.verify(receipt.case_id, is_stopped)
            try:
                return proven if ticket.cancelled else manifest.confirm(receipt.case_id)
            except (HubProblem, BadInput):
                # Without a link what the hub signed last stays shown, with its moment.
                return proven

        self._ticket = self._context.tasks.run_long(
            check, self._finish, self._fail, on_progress=self._section.show_progress
        )

    def stop(self) -> None:
        """Enough; the file page is read anew, so that it shows what was proven."""
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None
            if self._receipt is not None:
                self._section.show_receipt(self._receipt)

    def _finish(self, receipt: ManifestReceipt) -> None:
        self._ticket = None
        self._receipt = receipt
        self._section.show_receipt(receipt)
        self._context.window.toast("documents.verified" if receipt.complete else "documents.verified.missing")
        self._context.events.announce(Changes.of(Kind.DOCUMENT), self)

    def _fail(self, failure: Failure) -> None:
        self.stop()
        self._context.window.show_failure(failure)
