"""How an act leaves the page: in every format, signed, hidden for the public; and how it comes back from Word."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QFileDialog

from judge_desk.desktop.pages.drafts.public_dialog import PublicDialog
from judge_desk.desktop.pages.drafts.sign_dialog import SignDialog
from judge_desk.desktop.pages.drafts.verify_dialog import VerifyDialog
from judge_desk.desktop.pages.drafts.word_dialog import WordDialog
from judge_desk.desktop.tasks import Lane
from judge_desk.desktop.wording import t
from judge_desk.domain.acts import ActText
from judge_desk.domain.drafts import DraftState
from judge_desk.drafting.papers import Paper
from judge_desk.drafting.public_copy import Hidden
from judge_desk.services.outputs import FromWord, PublicPlan
from judge_desk.services.signing import SigningReport, StampReport, UnsignedAct

if TYPE_CHECKING:
    from judge_desk.desktop.pages.drafts.page import DraftsPage
    from judge_desk.domain.changes import Changes
    from judge_desk.drafting.docx_in import WordProposals
    from judge_desk.services.signing import Verdict

WORD: Final = "*.docx *.docm"


class OutputDeeds:
    """Each asks what must be asked, has the text saved first, and works in a thread."""

    def __init__(self, page: DraftsPage) -> None:
        self._page = page
        self._known_signed: Mapping[str, date | None] = {}
        self.dialog: object = None

    def ask_export(self, paper: Paper = Paper.PDF) -> None:
        """Where to save; the name offered says nothing about the case."""
        work = self._page.work
        if work is not None and self._page.may_export():
            self._ask_place(paper, t(f"word.act.{work.draft.act.kind}"), partial(self.export, paper))

    def export(self, paper: Paper, path: str) -> None:
        """Write the file of the text as it stands on disk."""
        service, draft_id = self._page.context.desk.outputs, self._page.draft_id
        self._write(path, lambda: service.export(draft_id, paper))

    def ask_word(self) -> None:
        """Choose a Word file to compare the draft with."""
        if self._page.is_writing():
            dialog = QFileDialog(self._page.window(), t("outputs.word.choose"))
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            dialog.setNameFilter(f"{t('outputs.paper.docx')} ({WORD})")
            dialog.fileSelected.connect(self.read_word)
            self.dialog = dialog
            dialog.open()

    def read_word(self, path: str) -> None:
        """Read the file against the text that is on the screen."""
        service, draft_id, act = self._page.context.desk.outputs, self._page.draft_id, self._page.desk.edit.act()
        self._page.context.tasks.run(
            lambda: service.read_word(draft_id, Path(path).read_bytes(), act), self._show_word, lane=Lane.POOL
        )

    def _show_word(self, arrived: FromWord) -> None:
        dialog = WordDialog(arrived, self._page.window())
        dialog.agreed.connect(self._take_word)
        dialog.suggested.connect(self._take_proposals)
        self.dialog = dialog
        dialog.open()

    def _take_word(self, act: ActText) -> None:
        """Into the text; undo brings the present one again."""
        if self._page.is_writing():
            self._page.desk.edit.take_act(act)
            self._page.desk.autosave.touch()
            self._page.context.window.toast("outputs.word.taken")

    def _take_proposals(self, found: WordProposals) -> None:
        """Beside the text, each to be accepted or rejected; what was changed without being tracked comes into it."""
        page = self._page
        if not page.is_writing():
            return
        if found.act != page.desk.edit.act():
            page.desk.edit.take_act(found.act)
            page.desk.autosave.touch()
        service, draft_id = page.context.desk.remarks, page.draft_id

        def told(made: tuple[int, Changes]) -> None:
            page.announce(made[1])
            page.context.window.toast("outputs.word.suggested", n=made[0])

        page.desk.save_then(lambda: page.context.tasks.run(lambda: service.suggest(draft_id, found.suggestions), told))

    def ask_public(self) -> None:
        """Show what would be hidden."""
        if self._page.work is None or not self._page.may_export():
            return
        service, draft_id = self._page.context.desk.outputs, self._page.draft_id
        self._page.desk.save_then(
            lambda: self._page.context.tasks.run(lambda: service.plan_public(draft_id), self._show_public)
        )

    def _show_public(self, plan: PublicPlan) -> None:
        dialog = PublicDialog(plan, self._page.context.desk.outputs, self._page.window())
        dialog.agreed.connect(partial(self._ask_public_place, plan))
        self.dialog = dialog
        dialog.open()

    def _ask_public_place(self, plan: PublicPlan, chosen: Sequence[Hidden], paper: Paper) -> None:
        service, draft_id = self._page.context.desk.outputs, self._page.draft_id

        def write(path: str) -> None:
            self._write(path, lambda: service.public_copy(draft_id, plan, chosen, paper))

        self._ask_place(paper, t("outputs.public.mark"), write)

    def may_sign(self) -> bool:
        """Whether the act on the table is final, this person's own, and its file not known to bear a signature: what is
        signed on paper may still be signed here."""
        work = self._page.work
        if work is None or work.draft.state is not DraftState.FINAL:
            return False
        known = self._known_signed
        bears_signature = work.draft.id in known and known[work.draft.id] is None
        return work.draft.author_id == self._me() and not bears_signature

    def learn_signed(self) -> None:
        """Find out which acts are signed, and show the one on the table accordingly."""
        self._page.context.tasks.run(self._page.context.desk.signing.signed, self._learnt, key="signing.signed")

    def _learnt(self, signed: Mapping[str, date | None]) -> None:
        self._known_signed = signed
        self._page.show_head()

    def ask_sign(self) -> None:
        """The act on the table; from the list, every final act without a signature."""
        only, signing = self._page.draft_id, self._page.context.desk.signing
        self._page.context.tasks.run(lambda: signing.unsigned(only), partial(self._show_sign, only))

    def _show_sign(self, only: str, acts: list[UnsignedAct]) -> None:
        laid_out = 0 if only else self._page.list.laid_out()
        if not acts:
            self._tell_nothing(laid_out)
            return
        context, window = self._page.context, self._page.window()
        settings = context.local.settings
        dialog = SignDialog(acts, context.desk.signing, context.tasks, settings, window, laid_out=laid_out)
        dialog.signed.connect(self._signed)
        self.dialog = dialog
        dialog.open()

    def _tell_nothing(self, laid_out: int) -> None:
        """No final act waits; drafts that only wait to be finalised are not passed over in silence."""
        if laid_out:
            self._page.context.window.toast("signing.laid_out", n=laid_out)
        else:
            self._page.context.window.toast("signing.nothing")

    def _signed(self, report: SigningReport) -> None:
        self._page.announce(report.changes)
        self.learn_signed()
        key = "signing.signed_waiting" if report.unstamped else "signing.signed"
        self._page.context.window.toast(key, n=len(report.signed))

    def stamp(self) -> None:
        """Ask the time stamp server again for all acts that wait for their stamp."""
        self._page.context.tasks.run(self._page.context.desk.signing.stamp_waiting, self._stamped, lane=Lane.POOL)

    def _stamped(self, report: StampReport) -> None:
        if report.stamped:
            self._page.announce(report.changes)
        key = "signing.stamped" if not report.waiting else "signing.still_waiting"
        self._page.context.window.toast(key, n=report.waiting or report.stamped)

    def ask_verify(self) -> None:
        """Choose a PDF to check."""
        dialog = QFileDialog(self._page.window(), t("signing.verify.choose"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(f"{t('outputs.paper.pdf')} (*.pdf)")
        dialog.fileSelected.connect(self.verify)
        self.dialog = dialog
        dialog.open()

    def verify(self, path: str) -> None:
        """Check the file and say what came of it."""
        signing = self._page.context.desk.signing

        def show(verdict: Verdict) -> None:
            dialog = VerifyDialog(verdict, Path(path).name, self._page.window())
            self.dialog = dialog
            dialog.open()

        self._page.context.tasks.run(lambda: signing.verify(Path(path).read_bytes()), show, lane=Lane.POOL)

    def _me(self) -> str:
        return self._page.context.desk.person.id

    def _ask_place(self, paper: Paper, name: str, on_chosen: Callable[[str], object]) -> None:
        dialog = QFileDialog(self._page.window(), t("drafts.export"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"{t(f'outputs.paper.{paper.name.lower()}')} (*{paper})")
        dialog.setDefaultSuffix(paper.removeprefix("."))
        dialog.selectFile(f"{name}{paper}")
        dialog.fileSelected.connect(on_chosen)
        self.dialog = dialog
        dialog.open()

    def _write(self, path: str, make: Callable[[], bytes]) -> None:
        """Make the file in a thread and write it whole; the text is on disk first."""
        context = self._page.context

        def job() -> int:
            return Path(path).write_bytes(make())

        self._page.desk.save_then(
            lambda: context.tasks.run(job, lambda _size: context.window.toast("drafts.exported"), lane=Lane.POOL)
        )
