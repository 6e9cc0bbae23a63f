"""The kept versions of the draft on the table: listed, compared with the text, named and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from judge_desk.desktop.pages.drafts.list_view import when_text
from judge_desk.desktop.wording import Wording
from judge_desk.domain.act_differences import ActDifferences
from judge_desk.domain.changes import Changes
from judge_desk.services.drafts import Saved, VersionHead

if TYPE_CHECKING:
    from judge_desk.desktop.page import PageContext
    from judge_desk.desktop.pages.drafts.writing_desk import WritingDesk


class Versions(QObject):
    """Works on one ``WritingDesk``: its text, its columns and its list of versions."""

    def __init__(self, desk: WritingDesk, context: PageContext) -> None:
        super().__init__(desk)
        self._desk, self._context = desk, context
        desk.history.picked.connect(self._compare)
        desk.history.restore_asked.connect(self.restore)

    @property
    def are_shown(self) -> bool:
        return self._desk.columns.in_history

    def open(self) -> None:
        """The kept versions at the right, what differs in the middle."""
        work, service = self._desk.work, self._context.desk.drafts
        if work is None:
            return
        draft_id = work.draft.id
        self._desk.columns.show_history()
        self._desk.autosave.flush()
        self._context.tasks.run(lambda: service.versions(draft_id), self._show, key="drafts.versions")
        self._desk.history.list.setFocus()

    def close(self) -> None:
        """The outline and the pages again."""
        self._desk.columns.show_writing()

    def keep(self, label: str) -> None:
        """Keep the present text under a name."""
        work, service = self._desk.work, self._context.desk.drafts
        if work is not None:
            draft_id = work.draft.id
            self._desk.autosave.flush()
            self._context.tasks.run(lambda: service.keep_version(draft_id, label), self._kept)

    def restore(self, version_id: str) -> None:
        """Take a version back into the text; undo brings the present one again."""
        work, service = self._desk.work, self._context.desk.drafts
        if work is not None and work.may_edit:
            draft_id = work.draft.id
            self._desk.save_then(
                lambda: self._context.tasks.run(
                    lambda: service.restore(draft_id, version_id), partial(self._restored, version_id)
                )
            )

    def _show(self, heads: Sequence[VersionHead]) -> None:
        work = self._desk.work
        self._desk.history.show_versions(heads, may_restore=work is not None and work.may_edit)

    def _compare(self, version_id: str) -> None:
        if self._desk.work is None or not self.are_shown:
            return
        service, act = self._context.desk.drafts, self._desk.edit.act()

        def job() -> ActDifferences:
            return service.compare(service.version(version_id).act, act)

        self._context.tasks.run(job, self._show_differences, key="drafts.compare")

    def _show_differences(self, differences: ActDifferences) -> None:
        if self.are_shown:
            self._desk.history.show_count(differences.count)
            self._desk.differences.show_differences(differences)
            self._desk.columns.show_differences()

    def _restored(self, version_id: str, saved: Saved) -> None:
        head = self._desk.history.version(version_id)
        self._desk.autosave.settle_on(saved.act)
        self._desk.edit.take_act(saved.act)
        self._desk.announce_own(saved.changes)
        self.close()
        if head is not None:
            self._context.window.toast(
                "drafts.history.restored", when=when_text(head.saved_at, Wording.current().language)
            )

    def _kept(self, changes: Changes) -> None:
        self._context.window.toast("drafts.history.kept")
        self._desk.announce_own(changes)
        if self.are_shown:
            self.open()
