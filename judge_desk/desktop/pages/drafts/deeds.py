"""What can be done with the draft on the table: shown to whom, kept, referred, exported, made final."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from judge_desk.desktop.dialogs.confirm import confirm
from judge_desk.desktop.dialogs.name_dialog import NameDialog
from judge_desk.desktop.failures import Failure
from judge_desk.desktop.pages.drafts.finalise_dialog import FinaliseDialog
from judge_desk.desktop.pages.drafts.list_view import when_text
from judge_desk.desktop.pages.drafts.reference_dialog import ReferenceDialog
from judge_desk.desktop.wording import Wording
from judge_desk.domain.changes import Changes
from judge_desk.domain.drafts import DraftState, Secrecy
from judge_desk.services.documents import DocumentRow
from judge_desk.services.drafts import Moved
from judge_desk.services.finalising import FinalOffer

if TYPE_CHECKING:
    from judge_desk.desktop.pages.drafts.page import DraftsPage

T = TypeVar("T")
QUESTIONS: Final = {
    Secrecy.SHARED: ("drafts.share.title", "drafts.share.do", "drafts.share.body"),
    Secrecy.DELIBERATION: ("drafts.deliberate.title", "drafts.deliberate.do", "drafts.deliberate.body"),
}


class DraftDeeds:
    """Each asks what must be asked, has the text saved first, and tells the page what came of it."""

    def __init__(self, page: DraftsPage) -> None:
        self._page = page
        self.dialog: object = None

    def rename(self, title: str) -> None:
        """Another title; an empty one is not taken."""
        work = self._page.work
        if work is not None and work.may_edit and title and title != work.draft.title:
            service, draft_id = self._page.context.desk.drafts, work.draft.id
            self._page.context.tasks.run(lambda: service.rename(draft_id, title), self._page.announce)

    def toggle_state(self) -> None:
        """Lay the draft out for signature, or take it back to writing."""
        work = self._page.work
        if work is not None:
            is_laid_out = work.draft.state is DraftState.TO_SIGN
            self.set_state(DraftState.WRITING if is_laid_out else DraftState.TO_SIGN)

    def set_state(self, state: DraftState) -> None:
        """Lay the draft out for signature, or take it back."""
        work = self._page.work
        if work is None or not work.may_edit:
            return
        service, draft_id = self._page.context.desk.drafts, work.draft.id
        key = "drafts.laid_out" if state is DraftState.TO_SIGN else "drafts.taken_back"

        def done(changes: Changes) -> None:
            self._page.announce(changes)
            self._page.context.window.toast(key)

        self._page.desk.save_then(
            lambda: self._page.context.tasks.run(lambda: service.set_state(draft_id, state), done)
        )

    def ask_secrecy(self, value: str) -> None:
        """Move the draft; sharing and deliberation are asked about first."""
        work, secrecy = self._page.work, Secrecy(value)
        if work is None or secrecy is work.draft.secrecy:
            return
        self._page.desk.side.show_secrecy(work.draft.secrecy)
        if secrecy is Secrecy.OWN:
            self._move(secrecy)
            return
        title, do, body = QUESTIONS[secrecy]
        confirm(self._page, title, do, partial(self._move, secrecy), body_key=body, danger=False)

    def _move(self, secrecy: Secrecy) -> None:
        service, draft_id = self._page.context.desk.drafts, self._page.draft_id
        self._with_closed_text(lambda: service.set_secrecy(draft_id, secrecy), partial(self._moved, secrecy))

    def _moved(self, secrecy: Secrecy, moved: Moved) -> None:
        self._page.desk.autosave.release()
        self._page.context.events.announce(moved.changes, self._page)
        self._page.open_draft(moved.draft_id)
        self._page.more.follow_secrecy(moved.draft_id)
        is_waiting = secrecy is Secrecy.DELIBERATION and moved.hub_copy
        self._page.context.window.toast("drafts.moved.hub_copy" if is_waiting else f"drafts.moved.{secrecy}")

    def ask_version_name(self) -> None:
        """Keep the present text under a name; the time is offered as one."""
        work = self._page.work
        if work is not None:
            dialog = NameDialog(
                self._page, "drafts.history.keep.title", "drafts.history.label", self._page.desk.versions.keep
            )
            self.dialog = dialog
            dialog.ask(when_text(self._page.context.desk.drafts.now(), Wording.current().language))

    def toggle_history(self) -> None:
        """Versions beside the text, or the outline again."""
        if self._page.work is None:
            return
        if self._page.desk.versions.are_shown:
            self._page.desk.versions.close()
        else:
            self._page.desk.versions.open()

    def ask_reference(self) -> None:
        """Choose a page of a document of the case."""
        work = self._page.work
        if work is not None and work.may_edit:
            documents = self._page.context.desk.documents
            self._page.context.tasks.run(
                lambda: documents.of_case(work.draft.case_id), self._choose_reference, key="drafts.documents"
            )

    def _choose_reference(self, rows: list[DocumentRow]) -> None:
        if not rows or self._page.work is None:
            self._page.context.window.toast("editor.reference.none")
            return
        language = self._page.work.draft.act.language
        dialog = ReferenceDialog([row.document for row in rows], language, self._page.window())
        dialog.chosen.connect(self._page.desk.insert_reference)
        self.dialog = dialog
        dialog.open()

    def open_reference(self, document_id: str, page: int) -> None:
        """Show the page in the reader of the case."""
        work = self._page.work
        if work is not None:
            self._page.context.window.open_page(
                "case", case_id=work.draft.case_id, document_id=document_id, page=str(max(page, 1))
            )

    def open_case(self) -> None:
        """The case file of the draft on the table."""
        if self._page.work is not None:
            self._page.context.window.open_page("case", case_id=self._page.work.draft.case_id)

    def ask_finalise(self) -> None:
        """Ask which number is free, then say what will happen and ask for number and date."""
        work = self._page.work
        if work is not None and work.may_finalise:
            finalising, today = self._page.context.desk.finalising, self._page.context.desk.drafts.today()
            draft_id = work.draft.id
            self._page.context.tasks.run(lambda: finalising.offer(draft_id, today), self._show_finalise)

    def _show_finalise(self, offer: FinalOffer) -> None:
        work = self._page.work
        if work is not None and work.may_finalise:
            dialog = FinaliseDialog(work, offer, self._page.desk.blank_count(), self._page.window())
            dialog.tell_check(self._page.more.summary(), self._page.more.errors())
            dialog.agreed.connect(self.finalise)
            self.dialog = dialog
            dialog.open()

    def finalise(self, number: str, dated_on: date, corrects: str = "") -> None:
        """Close the text for good."""
        service, draft_id = self._page.context.desk.drafts, self._page.draft_id
        self._with_closed_text(lambda: service.finalise(draft_id, number, dated_on, corrects), self._finalised)

    def _finalised(self, changes: Changes) -> None:
        self._page.announce(changes)
        self._page.context.window.toast("drafts.finalised")

    def _with_closed_text(self, job: Callable[[], T], done: Callable[[T], object]) -> None:
        """What is typed while the text moves on would belong to nothing, so nobody types until it has."""
        page = self._page
        page.desk.edit.setReadOnly(True)

        def failed(failure: Failure) -> None:
            page.context.window.show_failure(failure)
            page.read_again()

        page.desk.save_then(lambda: page.context.tasks.run(job, done, failed))
