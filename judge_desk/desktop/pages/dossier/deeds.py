"""What is done with a dossier: entering, declaring, stating a purpose, deciding on a reply, and the signed extract."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from judge_desk.desktop.dialogs.ask_text import ask_text
from judge_desk.desktop.pages.dossier.declare_dialog import DeclareDialog, ask_declaration
from judge_desk.desktop.pages.dossier.new_entry import NewEntryDialog, ask_entry
from judge_desk.desktop.pages.dossier.print_dialog import PrintDialog, ask_print
from judge_desk.desktop.tasks import Lane
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.changes import Changes
from judge_desk.domain.declarations import DeclarationKind, Declared, Kin, kin_of
from judge_desk.domain.dossier import DossierSection
from judge_desk.domain.errors import BadInput
from judge_desk.services.dossier import DossierService, DossierView
from judge_desk.services.signing_keys import KeyMeans

if TYPE_CHECKING:
    from judge_desk.desktop.pages.dossier.page import DossierPage


Job = Callable[[], Changes]


class DossierDeeds:
    """Belongs to one page; each deed asks in a dialog, works in a thread and tells the page what changed."""

    def __init__(self, page: DossierPage) -> None:
        self._page = page

    @property
    def _service(self) -> DossierService:
        return self._page.context.desk.dossier

    def ask_decision(self, reply_id: str) -> None:
        """The commission's answer to a judge's words."""
        service = self._service
        ask_text(
            self._page,
            "dossier.decide.title",
            "dossier.decide.send",
            lambda words: self._run(lambda: service.decide(reply_id, words), "dossier.decide.done"),
            hint_key="dossier.decide.hint",
        )

    def ask_entry(self, view: DossierView | None, part: str) -> None:
        """The commission's form for an entry in the section that is shown."""
        if view is None or not view.may_enter:
            return
        section = DossierSection(part) if part in set(DossierSection) else None
        service = self._service

        def enter(dialog: NewEntryDialog) -> None:
            entry = dialog.entry(service.new_entry(view.judge_id, DossierSection.POSTS, ""))
            self._run(lambda: service.enter(entry), "dossier.enter.done")

        ask_entry(self._page, section, enter, service.guarantee_fault)

    def ask_declaration(self, view: DossierView | None, kind: DeclarationKind = DeclarationKind.NO_PARTY) -> None:
        """The judge's own declaration; kin that were declared before stand in the form already."""
        if view is None or not view.may_reply:
            return
        service, today = self._service, self._page.context.desk.campaigns.today

        def declare(dialog: DeclareDialog) -> None:
            declaration, title, from_on = dialog.declaration(), dialog.title_words(), dialog.from_on()
            self._run(lambda: service.declare(declaration, title, from_on), "dossier.declare.done")

        def ask(judges: list[tuple[str, str]]) -> None:
            dialog = DeclareDialog(self._page, today, judges, declared_kin(view, today))
            dialog.show_kind(kind)
            ask_declaration(dialog, declare)

        self._page.context.tasks.run(service.colleagues, ask)

    def ask_purpose(self, view: DossierView | None) -> None:
        """What a member of the commission reads this dossier for; its judge sees it."""
        if view is None or view.may_reply:
            return
        service, judge_id = self._service, view.judge_id
        ask_text(
            self._page,
            "dossier.look.title",
            "dossier.look",
            lambda words: self._run(lambda: service.look(judge_id, words), "dossier.look.done"),
            hint_key="dossier.look.hint",
        )

    def ask_print(self, view: DossierView | None) -> None:
        """What the extract is for, whether it is signed, and where it goes."""
        if view is None:
            return
        settings = self._page.context.local.settings

        def agreed(dialog: PrintDialog) -> None:
            purpose, signed = dialog.purpose(), dialog.is_signed()
            means, secret = dialog.means.means(), dialog.means.secret()
            if signed:
                dialog.means.remember()
            self._ask_place(view.judge_id, purpose, (means, secret) if signed else None)

        ask_print(self._page, settings, agreed)

    def print_to(self, judge_id: str, path: Path, purpose: str, signing: tuple[KeyMeans, str] | None = None) -> None:
        """Write the extract to a file, in the language of the window, signed where a key is given."""
        service, signer = self._service, self._page.context.desk.signing
        language = Wording.current().language

        def write() -> None:
            if signing is None:
                content = service.extract(judge_id, purpose, language)
            else:
                with signer.open_key(*signing) as key:
                    content = service.extract(judge_id, purpose, language, key)
            try:
                path.write_bytes(content)
            except OSError as fault:
                raise BadInput("dossier.print.not_written") from fault

        done = self._page.context.window.toast
        told = "dossier.print.done" if signing is None else "dossier.print.signed"
        self._page.context.tasks.run(write, lambda _none: done(told), lane=Lane.POOL)

    def _ask_place(self, judge_id: str, purpose: str, signing: tuple[KeyMeans, str] | None) -> None:
        dialog = QFileDialog(self._page.window(), t("dossier.print.title"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(t("dossier.print.filter"))
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(t("dossier.print.file_name"))
        dialog.fileSelected.connect(lambda path: self.print_to(judge_id, Path(path), purpose, signing))
        dialog.open()

    def _run(self, job: Job, told: str) -> None:
        page = self._page

        def done(changes: Changes) -> None:
            page.context.window.toast(told)
            page.context.events.announce(changes, page)

        page.context.tasks.run(job, done)


def declared_kin(view: DossierView, on: date) -> tuple[Kin, ...]:
    """The kin of the newest declaration that holds."""
    found = [
        Declared(view.judge_id, row.entry.declaration, row.entry.from_on, row.entry.to_on)
        for section in view.sections
        for row in section.entries
        if row.entry.declaration is not None
    ]
    return kin_of(found, on).get(view.judge_id, ())
