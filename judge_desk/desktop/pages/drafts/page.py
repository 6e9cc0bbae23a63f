"""Drafts: the list of what is being written, and the desk on which one of them lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget

from judge_desk.desktop.actions import Action
from judge_desk.desktop.dialogs.confirm import confirm
from judge_desk.desktop.failures import Failure
from judge_desk.desktop.page import Page, Scene
from judge_desk.desktop.pages.drafts.deeds import DraftDeeds
from judge_desk.desktop.pages.drafts.draft_actions import draft_actions
from judge_desk.desktop.pages.drafts.draft_head import DraftHead
from judge_desk.desktop.pages.drafts.list_view import DraftList
from judge_desk.desktop.pages.drafts.more_views import MoreViews
from judge_desk.desktop.pages.drafts.new_draft import NewDraftDialog
from judge_desk.desktop.pages.drafts.output_deeds import OutputDeeds
from judge_desk.desktop.pages.drafts.scenes import LIST, samples_of, scenes_of
from judge_desk.desktop.pages.drafts.writing_desk import WritingDesk
from judge_desk.desktop.widgets.buttons import QuietButton
from judge_desk.domain.changes import Changes
from judge_desk.domain.drafts import Draft, DraftState
from judge_desk.domain.errors import NotFound
from judge_desk.domain.kinds import Kind
from judge_desk.services.drafts import DraftRow, DraftWork

if TYPE_CHECKING:
    from judge_desk.services.desk import Desk


class DraftsPage(Page):
    """``draft_id`` opens a draft (``block``: at that paragraph), ``case_id`` begins one for that case, ``new`` begins
    one, ``list`` shows the list; without any of them the draft that was open, or the list."""

    id = "drafts"
    title_key = "shell.page.drafts"

    @classmethod
    def samples(cls, desk: Desk) -> Sequence[Mapping[str, str]]:
        return samples_of(desk)

    def scenes(self) -> Sequence[Scene]:
        return scenes_of(self)

    def build(self) -> None:
        self.draft_id = self._block_id = ""
        self.dialog: object = None
        self.list = DraftList()
        self.desk = WritingDesk(self.context, self)
        self._views = QStackedWidget()
        self._views.addWidget(self.list)
        self._views.addWidget(self.desk)
        self.content.addWidget(self._views)
        self.deeds, self.outputs = DraftDeeds(self), OutputDeeds(self)
        # Before the head's own: the primary button stands last.
        self.more = MoreViews(self, self._views)
        self._top = DraftHead(self.head, self.deeds, self)
        self._top.show_work(None)
        self._connect()
        self.states.retry_asked.connect(self._load)

    def activate(self, params: Mapping[str, str]) -> None:
        if draft_id := params.get("draft_id", ""):
            self.open_draft(draft_id, params.get("block", ""))
            return
        if not self.draft_id or LIST in params:
            self.show_list()
        self.more.open_view(params.get("view", ""))
        if params.get("new") or params.get("case_id"):
            self.begin(params.get("case_id", ""))

    def leave(self) -> None:
        self.desk.leave()

    def refresh(self, changes: Changes) -> None:
        if not changes.touches(Kind.DRAFT) or self.desk.is_own(changes):
            return
        if self.draft_id and changes.touches(Kind.DRAFT, self.draft_id):
            self.read_again()
        elif not self.draft_id:
            self._load()

    def retranslate(self) -> None:
        self.list.reword()
        self.desk.tell_status()
        if not self.draft_id:
            self._count()

    def page_actions(self) -> Sequence[Action]:
        return (*draft_actions(self), *self.more.actions())

    def step_back(self) -> bool:
        if self.more.step_back():
            return True
        if not self.draft_id:
            return False
        if not self.desk.step_back():
            self.show_list()
        return True

    def set_reading(self, on: bool) -> None:
        self.desk.columns.set_reading(on)

    def focus_first(self) -> None:
        (self.desk.edit if self.draft_id else self.list.search).setFocus()

    def is_settled(self) -> bool:
        if self.draft_id and not (self.desk.preview.is_settled and self.desk.autosave.is_settled):
            return False
        return self.more.is_settled and super().is_settled()

    def _connect(self) -> None:
        self.list.opened.connect(self.open_draft)
        self.list.new_asked.connect(self.begin)
        self.desk.status_changed.connect(self._top.show_status)
        self.desk.side.renamed.connect(self.deeds.rename)
        self.desk.side.secrecy_asked.connect(self.deeds.ask_secrecy)
        self.desk.toolbar.reference_asked.connect(self.deeds.ask_reference)
        self.desk.edit.reference_opened.connect(self.deeds.open_reference)

    # what actions ask

    @property
    def work(self) -> DraftWork | None:
        """The draft on the table."""
        return self.desk.work if self.draft_id else None

    def is_writing(self) -> bool:
        """Whether a draft is open that this person may change."""
        return self.work is not None and self.work.may_edit

    def may_finalise(self) -> bool:
        return self.work is not None and self.work.may_finalise

    def may_export(self) -> bool:
        draft = self.work.draft if self.work else None
        return draft is not None and (draft.may_leave_desk or draft.state is DraftState.FINAL)

    # the list

    def show_list(self) -> None:
        self.desk.put_away()
        self.more.clear()
        self.draft_id = ""
        self._views.setCurrentWidget(self.list)
        self._top.show_view("")
        self.states.show_loading()
        self._load()
        self.context.actions.refresh()

    def _load(self) -> None:
        if self.draft_id:
            self.open_draft(self.draft_id)
        else:
            self.context.tasks.run(self._read_rows, self._show_rows, self.states.show_failure, key="drafts.rows")

    def _read_rows(self) -> tuple[list[DraftRow], Mapping[str, date | None]]:
        return self.context.desk.drafts.rows(), self.context.desk.signing.signed()

    def _show_rows(self, found: tuple[list[DraftRow], Mapping[str, date | None]]) -> None:
        self.list.show_rows(*found)
        self.states.show_ready()
        self._count()
        self.context.actions.refresh()

    def _count(self) -> None:
        if self._views.currentWidget() is not self.list:
            return
        self.head.set_title("drafts.title")
        self.head.set_subtitle("drafts.subtitle", n=len(self.list.shown()))

    def begin(self, case_id: str = "") -> None:
        """Choose a case and a form."""
        desk = self.context.desk
        dialog = NewDraftDialog(desk.cases, desk.drafts, self.context.tasks, self.window(), case_id)
        dialog.chosen.connect(self._create)
        dialog.failed.connect(self.context.window.show_failure)
        if case_id:
            dialog.rejected.connect(self.context.window.go_back)
        self.dialog = dialog
        dialog.open()

    def _create(self, case_id: str, template_id: str) -> None:
        service = self.context.desk.drafts
        self.context.tasks.run(lambda: service.create(case_id, template_id), self._created)

    def _created(self, made: tuple[str, Changes]) -> None:
        draft_id, changes = made
        self.context.events.announce(changes, self)
        self.open_draft(draft_id)

    def ask_delete(self) -> None:
        """Ask once; the toast offers the way back."""
        row = self.work.draft if self.work else self.list.current()
        if row is not None and row.state is not DraftState.FINAL:
            confirm(
                self,
                "drafts.delete.title",
                "drafts.delete",
                partial(self._delete, row.id),
                body_key="drafts.delete.body",
                danger=True,
                title=row.title,
            )

    def _delete(self, draft_id: str) -> None:
        service = self.context.desk.drafts
        self.desk.save_then(lambda: self.context.tasks.run(lambda: service.delete(draft_id), self._deleted))

    def _deleted(self, gone: tuple[Draft, Changes]) -> None:
        draft, changes = gone
        self.desk.autosave.release()
        self.show_list()
        self.context.events.announce(changes, self)
        self.context.window.toast("drafts.deleted", undo=partial(self._put_back, draft), title=draft.title)

    def _put_back(self, draft: Draft) -> None:
        self.context.tasks.run(lambda: self.context.desk.drafts.put_back(draft), self._created)

    # one draft

    def open_draft(self, draft_id: str, block_id: str = "") -> None:
        """Put a draft on the table, the caret in a paragraph of it."""
        self._block_id = block_id
        if self.draft_id == draft_id and self.desk.work is not None:
            self.desk.edit.go_to(block_id)
            self.read_again()
            return
        self.states.show_loading()
        self.context.tasks.run(
            lambda: self.context.desk.drafts.open(draft_id), self._opened, self._not_opened, key="drafts.open"
        )

    def _opened(self, work: DraftWork) -> None:
        self.draft_id = work.draft.id
        self._views.setCurrentWidget(self.desk)
        self.states.show_ready()
        self.desk.open(work)
        self._top.show_view("")
        self.more.show_work(work)
        self.context.actions.refresh()
        if work.draft.state is DraftState.FINAL:
            self.outputs.learn_signed()
        if self._block_id:
            self.desk.edit.go_to(self._block_id)
        self.desk.edit.setFocus()

    def name_view(self, title_key: str) -> None:
        """What stands in the head over a view that has buttons of its own; "" for the table again."""
        self._top.show_view(title_key)

    def show_head(self) -> None:
        """The head again, when something about the act was learnt."""
        self._top.show_work(self.work)
        self.context.actions.refresh()

    def _not_opened(self, failure: Failure) -> None:
        if not isinstance(failure.error, NotFound):
            self.states.show_failure(failure)
            return
        self.desk.put_away()
        self.draft_id = ""
        self._top.show_work(self.work)
        back = QuietButton("drafts.back", icon_name="arrow-left")
        back.clicked.connect(self.show_list)
        self.states.show_empty("file-pen", "drafts.gone", "drafts.gone.hint", back)

    def read_again(self) -> None:
        """The draft on the table as it is on disk now."""
        draft_id = self.draft_id
        self.context.tasks.run(
            lambda: self.context.desk.drafts.open(draft_id), self._take_news, self._not_opened, key="drafts.open"
        )

    def _take_news(self, work: DraftWork) -> None:
        if work.draft.id == self.draft_id:
            self.desk.take_news(work)
            self._top.show_work(self.work)
            self.more.show_work(work)
            self.context.actions.refresh()

    def announce(self, changes: Changes) -> None:
        """Tell every page, this one too."""
        self.context.events.announce(changes, self)


PAGE = DraftsPage
