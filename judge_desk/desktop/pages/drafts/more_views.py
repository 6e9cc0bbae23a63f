"""What stands beside the writing desk or in its place: findings, the twin, a series, the court's own forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QStackedWidget, QWidget

from judge_desk.desktop.actions import Action
from judge_desk.desktop.dialogs.ask_text import ask_text
from judge_desk.desktop.dialogs.confirm import confirm
from judge_desk.desktop.pages.drafts.findings import FindingsPanel, LiveLint, summary
from judge_desk.desktop.pages.drafts.series import SeriesView
from judge_desk.desktop.pages.drafts.template_editor import TemplateEditor
from judge_desk.desktop.pages.drafts.twin import TwinView
from judge_desk.desktop.widgets.buttons import QuietButton
from judge_desk.desktop.wording import Wording
from judge_desk.domain.cases import Language
from judge_desk.domain.changes import Changes
from judge_desk.services.drafts import DraftWork
from judge_desk.services.linting import Finding, LintReport, Severity
from judge_desk.services.twins import TwinPair

if TYPE_CHECKING:
    from judge_desk.desktop.pages.drafts.page import DraftsPage

OTHER = {Language.RUSSIAN: Language.KAZAKH, Language.KAZAKH: Language.RUSSIAN, Language.ENGLISH: Language.KAZAKH}


class MoreViews(QObject):
    """Made once by the page; ``show_work`` whenever a draft was opened or came anew, ``clear`` when none lies there."""

    def __init__(self, page: DraftsPage, views: QStackedWidget) -> None:
        super().__init__(page)
        self._page, self._views = page, views
        self._before: QWidget | None = None
        self._draft_id = ""
        self.report = LintReport()
        self.dialog: QDialog | None = None
        self.findings = FindingsPanel(page.context.desk.linting.sentence)
        page.desk.columns.add_right(self.findings)
        self.lint = LiveLint(page.context, self)
        self.button = QuietButton("lint.button", "Ctrl+Shift+J", "shield-check")
        page.head.add_button(self.button)
        self.button.hide()
        self._connect()

    @cached_property
    def twin(self) -> TwinView:
        """Made when it is first wanted, as the two below: most days begin without them."""
        view = TwinView()
        view.closed.connect(self._leave)
        view.open_asked.connect(self._open_at)
        view.authority_asked.connect(self._set_authority)
        view.part_asked.connect(self._part_twins)
        self._views.addWidget(view)
        return view

    @cached_property
    def series(self) -> SeriesView:
        view = SeriesView(self._page.context)
        view.closed.connect(self._leave)
        view.opened.connect(self._page.open_draft)
        view.sign_asked.connect(self._sign)
        view.announced.connect(self._page.announce)
        self._views.addWidget(view)
        return view

    @cached_property
    def forms(self) -> TemplateEditor:
        view = TemplateEditor(self._page.context)
        view.closed.connect(self._leave)
        view.announced.connect(self._page.announce)
        self._views.addWidget(view)
        return view

    def actions(self) -> Sequence[Action]:
        """Deeds of these views by key."""

        def is_open() -> bool:
            return self._page.work is not None

        rows: tuple[tuple[str, Callable[[], object], str, str, Callable[[], bool] | None], ...] = (
            ("lint.toggle", self.toggle_findings, "Ctrl+Shift+J", "shield-check", is_open),
            ("twin.open", self.open_twin, "Ctrl+Shift+T", "globe", is_open),
            ("series.open", self.open_series, "Ctrl+Shift+M", "files", None),
            ("forms.open", self.open_forms, "Ctrl+Shift+F", "file-check", None),
        )
        return tuple(
            Action(id=key, text_key=key, handler=deed, shortcut=keys, icon=icon, enabled_when=may)
            for key, deed, keys, icon, may in rows
        )

    @property
    def is_settled(self) -> bool:
        """Whether no check and no preview waits for its moment."""
        return self.lint.is_settled and ("forms" not in self.__dict__ or self.forms.is_settled)

    def open_view(self, name: str) -> None:
        """The view of that name (series, forms); none for another name."""
        deed = {"series": self.open_series, "forms": self.open_forms}.get(name)
        if deed is not None:
            deed()

    def show_work(self, work: DraftWork) -> None:
        """A draft lies on the table."""
        if work.draft.id != self._draft_id:
            self.report = LintReport()
        self._draft_id = work.draft.id
        self.button.setVisible(not isinstance(self._views.currentWidget(), SeriesView | TemplateEditor))
        self.findings.show_report(self.report, may_edit=work.may_edit)
        self._name_button()
        self.lint.watch(work.draft.id, self._page.desk.edit.act)

    def clear(self) -> None:
        """No draft lies on the table."""
        self._draft_id, self.report = "", LintReport()
        self.lint.clear()
        self.button.hide()
        if "twin" in self.__dict__:
            self.twin.clear()

    def step_back(self) -> bool:
        """Esc inside one of these views."""
        current = self._views.currentWidget()
        if isinstance(current, SeriesView):
            current.step_back()
        elif isinstance(current, TemplateEditor):
            current.ask_leave()
        elif isinstance(current, TwinView):
            self._leave()
        elif self._page.desk.columns.in_own_right:
            self.close_findings()
        else:
            return False
        return True

    # findings

    def toggle_findings(self) -> None:
        """The findings in the place of the outline, or the outline again."""
        if self._page.work is None:
            return
        if self._page.desk.columns.in_own_right:
            self.close_findings()
        else:
            self._page.desk.columns.show_right(self.findings)
            self.findings.list.setFocus()

    def close_findings(self) -> None:
        """The outline again, the keyboard back in the text."""
        self._page.desk.columns.show_writing()
        self._page.desk.edit.setFocus()

    def summary(self) -> str:
        """What is open and what was left with a reason, in words."""
        return summary(self.report)

    def errors(self) -> list[str]:
        """What the check holds for an error, in words."""
        service, language = self._page.context.desk.linting, Wording.current().language
        return [service.sentence(each, language) for each in self.report.open if each.severity is Severity.ERROR]

    def _checked(self, report: LintReport) -> None:
        self.report = report
        work = self._page.work
        self.findings.show_report(report, may_edit=work is not None and work.may_edit)
        self._name_button()

    def _name_button(self) -> None:
        count = len(self.report.open)
        if count:
            self.button.say("lint.button.count", n=count)
        else:
            self.button.say("lint.button")

    def _ask_reason(self, finding: Finding) -> None:
        service, draft_id = self._page.context.desk.linting, self._draft_id

        def leave(reason: str) -> None:
            self._page.context.tasks.run(lambda: service.leave(draft_id, finding, reason), self._answered)

        self.dialog = ask_text(self._page, "lint.leave.title", "lint.leave", leave, hint_key="lint.leave.hint")

    def _take_back(self, key: str) -> None:
        service, draft_id = self._page.context.desk.linting, self._draft_id
        self._page.context.tasks.run(lambda: service.take_back(draft_id, key), self._answered)

    def _answered(self, changes: Changes) -> None:
        self._page.announce(changes)
        self._page.read_again()

    # the twin

    def open_twin(self) -> None:
        """Both texts side by side; a twin that is not there yet is asked about first."""
        work = self._page.work
        if work is None:
            return
        service, draft_id = self._page.context.desk.twins, work.draft.id
        self._page.desk.save_then(
            lambda: self._page.context.tasks.run(lambda: service.twin_id(draft_id), self._twin_known, key="twin_id")
        )

    def _twin_known(self, twin_id: str) -> None:
        work = self._page.work
        if work is None:
            return
        if twin_id:
            self._read_pair()
            return
        language = OTHER[work.draft.act.language]
        confirm(
            self._page,
            f"twin.create.{language}",
            "twin.create.do",
            lambda: self._create_twin(language),
            body_key="twin.create.body",
            danger=False,
        )

    def _create_twin(self, language: Language) -> None:
        service, draft_id = self._page.context.desk.twins, self._draft_id
        self._page.context.tasks.run(lambda: service.create(draft_id, language), self._twin_made)

    def _twin_made(self, made: tuple[str, Changes]) -> None:
        self._page.announce(made[1])
        self._page.read_again()
        self._read_pair()

    def _read_pair(self) -> None:
        service, draft_id = self._page.context.desk.twins, self._draft_id
        self._page.context.tasks.run(lambda: service.pair(draft_id), self._show_pair, key="twin_pair")

    def _show_pair(self, pair: TwinPair) -> None:
        self._enter(self.twin)
        self.twin.show_pair(pair)

    def _set_authority(self, language: str) -> None:
        service, draft_id = self._page.context.desk.twins, self._draft_id
        self._page.context.tasks.run(lambda: service.set_authority(draft_id, Language(language)), self._twin_changed)

    def _part_twins(self) -> None:
        service, draft_id = self._page.context.desk.twins, self._draft_id
        self._page.context.tasks.run(lambda: service.part(draft_id), self._twins_parted)

    def _twin_changed(self, changes: Changes) -> None:
        self._page.announce(changes)
        self._page.read_again()
        self._read_pair()

    def _twins_parted(self, changes: Changes) -> None:
        self._page.announce(changes)
        self._leave()
        self._page.read_again()

    def _open_at(self, draft_id: str, block_id: str) -> None:
        self._leave()
        if draft_id == self._draft_id:
            if block_id:
                self._page.desk.edit.go_to(block_id)
            self._page.desk.edit.setFocus()
        else:
            self._page.open_draft(draft_id, block_id)

    def follow_secrecy(self, draft_id: str) -> None:
        """A draft has moved: its twin goes with it."""
        service = self._page.context.desk.twins
        self._page.context.tasks.run(lambda: service.follow(draft_id), self._page.announce)

    # a series, and the forms

    def open_series(self) -> None:
        """Many similar cases at once."""
        self._page.desk.leave()
        self._enter(self.series, "series.open")
        self.series.begin()

    def open_forms(self) -> None:
        """The court's own forms."""
        self._page.desk.leave()
        self._enter(self.forms, "forms.open")
        self.forms.begin()

    def _enter(self, view: QWidget, title_key: str = "") -> None:
        """``title_key``: it is about no single draft, so the head names it instead."""
        if self._views.currentWidget() is not view:
            self._before = self._views.currentWidget()
        self._views.setCurrentWidget(view)
        self._page.states.show_ready()
        if title_key:
            self.button.hide()
            self._page.name_view(title_key)

    def _leave(self) -> None:
        before = self._before if self._before in (self._page.list, self._page.desk) else self._page.list
        if before is self._page.desk and self._page.draft_id:
            self._views.setCurrentWidget(self._page.desk)
            self.button.show()
            self._page.name_view("")
            self._page.desk.tell_status()
            self._page.desk.edit.setFocus()
        else:
            self._page.show_list()

    def _sign(self) -> None:
        """The closed acts wait in the list of what is to be signed."""
        self._leave()
        self._page.outputs.ask_sign()

    def _connect(self) -> None:
        self.button.clicked.connect(self.toggle_findings)
        self.lint.checked.connect(self._checked)
        self._page.desk.edit.edited.connect(self.lint.touch)
        self.findings.place_asked.connect(self._go_to)
        self.findings.leave_asked.connect(self._ask_reason)
        self.findings.take_back_asked.connect(self._take_back)
        self.findings.closed.connect(self.close_findings)

    def _go_to(self, finding: Finding) -> None:
        edit = self._page.desk.edit
        if not edit.go_to(finding.block) and finding.part is not None:
            edit.go_to_part(finding.part)
        edit.setFocus()
