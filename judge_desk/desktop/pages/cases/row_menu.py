"""The menu of one case in the list: open it, fetch its files first, keep it on this computer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from judge_desk.desktop.page import PageContext
from judge_desk.desktop.widgets.lazy_table import LazyTable
from judge_desk.desktop.wording import t
from judge_desk.domain.changes import Changes
from judge_desk.services.desk import Desk


class RowMenu(QObject):
    """Opens at the right click and at the menu key, for the row under it or the chosen one."""

    def __init__(self, context: PageContext, table: LazyTable, opened: Callable[[str], None]) -> None:
        super().__init__(table)
        self._context, self._table, self._opened = context, table, opened
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._ask)

    def toggle_kept(self) -> None:
        """Keep the chosen case on this computer, or let it go."""
        case_id = self._table.current_id()
        if case_id and self._context.desk.documents.may_keep_cases:
            self._toggle(case_id)

    def menu_for(self, case_id: str, kept: frozenset[str]) -> QMenu:
        """The menu, ready to be shown."""
        menu = QMenu(self._table)
        menu.setAccessibleName(t("cases.menu"))
        menu.addAction(t("cases.menu.open"), lambda: self._opened(case_id))
        menu.addAction(t("documents.fetch_case"), lambda: self._fetch(case_id))
        if self._context.desk.documents.may_keep_cases:
            # Of the case that the menu was opened for, whatever row a sync has put there since.
            keep = menu.addAction(t("documents.keep"), lambda: self._toggle(case_id))
            keep.setCheckable(True)
            keep.setChecked(case_id in kept)
        return menu

    def _toggle(self, case_id: str) -> None:
        desk = self._context.desk
        self._context.tasks.run(lambda: _toggled(desk, case_id), lambda done: self._say(done[0], kept=done[1]))

    def _ask(self, place: QPoint) -> None:
        index = self._table.indexAt(place)
        if index.isValid():
            self._table.selectRow(index.row())
        case_id = self._table.current_id()
        if not case_id:
            return
        at = place if index.isValid() else self._table.visualRect(self._table.currentIndex()).center()
        where = self._table.viewport().mapToGlobal(at)
        kept = self._context.desk.documents.kept_cases
        self._context.tasks.run(kept, lambda found: self.menu_for(case_id, found).popup(where), key="cases:menu")

    def _fetch(self, case_id: str) -> None:
        desk = self._context.desk

        def work() -> Changes:
            changes = desk.documents.want_case(case_id)
            desk.sync.now()
            return changes

        self._context.tasks.run(work, self._wanted)

    def _wanted(self, changes: Changes) -> None:
        self._context.window.toast("documents.wanted")
        self._context.events.announce(changes)

    def _say(self, changes: Changes, *, kept: bool) -> None:
        self._context.window.toast("documents.kept" if kept else "documents.let_go.done")
        self._context.events.announce(changes)


def _toggled(desk: Desk, case_id: str) -> tuple[Changes, bool]:
    kept = case_id not in desk.documents.kept_cases()
    changes = desk.documents.keep_case(case_id, kept=kept)
    desk.sync.now()
    return changes, kept
