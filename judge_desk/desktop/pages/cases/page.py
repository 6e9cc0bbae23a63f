"""The list of all cases: 100,000 rows that open at once, filtered as one types."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout

from judge_desk.desktop.actions import Action
from judge_desk.desktop.dialogs.name_dialog import NameDialog
from judge_desk.desktop.page import Page
from judge_desk.desktop.pages.cases.columns import case_columns, folded
from judge_desk.desktop.pages.cases.filter_bar import FilterBar
from judge_desk.desktop.pages.cases.row_menu import RowMenu
from judge_desk.desktop.pages.court_lines import joined
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.buttons import QuietButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.lazy_table import LazyTable
from judge_desk.desktop.widgets.state_stack import StateStack
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.changes import Changes
from judge_desk.domain.kinds import Kind
from judge_desk.i18n import formats
from judge_desk.services.cases import SAVED_FILTER, CaseQuery, CaseRow, CaseSort, SavedFilter

PAUSE_MS = 250
SORT_KEYS = (
    (CaseSort.NUMBER, "cases.sort.number", "Alt+1"),
    (CaseSort.TITLE, "cases.sort.title", "Alt+2"),
    (CaseSort.STAGE, "cases.sort.stage", "Alt+3"),
    (CaseSort.RECEIVED, "cases.sort.received_on", "Alt+4"),
)


class CasesPage(Page):
    """A filter line over one table; the filter and the chosen row stay while one reads a case."""

    id = "cases"
    title_key = "shell.page.cases"

    def build(self) -> None:
        self._sort, self._descending = CaseSort.RECEIVED, True
        self._shown = self._total = self._unfinished = -1
        self._is_asking = self._enter_waits = False
        self.head.set_title("shell.page.cases")
        self.filter = FilterBar()
        self.table = LazyTable(
            "cases.table",
            case_columns(self.context.desk.hearings.today),
            read=self.context.desk.cases.rows,
            key_of=_row_number,
            tasks=self.context.tasks,
        )
        self.table.show_sort(self._sort, self._descending)
        self.inside = StateStack()
        self.inside.content.addWidget(self.table)
        card = Card()
        card.set_padding(Space.TIGHT)
        card.body.addWidget(self.inside)
        column = QVBoxLayout()
        column.setSpacing(Theme.current().px(Space.GAP))
        column.addWidget(self.filter)
        column.addWidget(card, 1)
        self.content.addLayout(column)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._load_all)
        self._connect()

    def activate(self, params: Mapping[str, str]) -> None:
        if "text" in params:
            self.filter.show_query(CaseQuery(text=params["text"]))
        if self._total < 0:
            self.states.show_loading()
        self._load_all()
        self._load_filters()

    def refresh(self, changes: Changes) -> None:
        if any(changes.touches(kind.value) for kind in (Kind.CASE, Kind.HEARING, Kind.TERM)):
            self._pause.start()
        if changes.touches(SAVED_FILTER):
            self._load_filters()

    def retranslate(self) -> None:
        if self._total >= 0:
            self._say_count()

    def page_actions(self) -> Sequence[Action]:
        return (
            Action(
                id="cases.filter.find",
                text_key="cases.filter.find",
                handler=self._focus_filter,
                shortcut="Ctrl+F",
                icon="search",
            ),
            Action(
                id="cases.filter.save",
                text_key="cases.filter.save",
                handler=self._ask_name,
                shortcut="Ctrl+S",
                icon="bookmark",
                enabled_when=lambda: not self.filter.is_empty(),
            ),
            Action(
                id="documents.keep.toggle",
                text_key="documents.keep.toggle",
                handler=self.menu.toggle_kept,
                shortcut="Ctrl+Shift+K",
                icon="hard-drive",
            ),
            *(
                Action(
                    id=key,
                    text_key=key,
                    handler=partial(self._sort_by_key, sort),
                    shortcut=keys,
                    icon="arrow-up-down",
                )
                for sort, key, keys in SORT_KEYS
            ),
        )

    def focus_first(self) -> None:
        self.filter.words.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold_columns()

    def _fold_columns(self) -> None:
        hidden = folded(self.width() / Theme.current().scale, self._sort)
        for place, column in enumerate(self.table.rows.columns):
            self.table.setColumnHidden(place, column.id in hidden)

    def _connect(self) -> None:
        self.filter.changed.connect(self._load_ids)
        self.filter.words.moved_down.connect(self.table.setFocus)
        self.filter.words.returnPressed.connect(self._open_first)
        self.filter.save_asked.connect(self._ask_name)
        self.filter.rename_asked.connect(self._ask_new_name)
        self.filter.delete_asked.connect(self._delete_filter)
        self.table.sort_asked.connect(self._sort_by)
        self.table.opened.connect(self._open)
        self.menu = RowMenu(self.context, self.table, self._open)
        self.states.retry_asked.connect(self._load_all)
        Theme.current().changed.connect(self._fold_columns)
        self.inside.retry_asked.connect(self._load_ids)

    def _query(self) -> CaseQuery:
        return replace(self.filter.query(), sort=self._sort, descending=self._descending)

    def _load_all(self) -> None:
        """The ids in their order, how many cases there are at all, and how many of them are open."""
        cases, query = self.context.desk.cases, self._query()
        self.context.tasks.run(
            lambda: (cases.ids(query), cases.count(CaseQuery()), cases.count(CaseQuery(open_only=True))),
            self._show_all,
            self.states.show_failure,
            key="cases:ids",
        )

    def _load_ids(self) -> None:
        cases, query = self.context.desk.cases, self._query()
        self._is_asking = True
        self.context.actions.refresh()
        self.context.tasks.run(lambda: cases.ids(query), self._show_ids, self.inside.show_failure, key="cases:ids")

    def _show_all(self, found: tuple[array[int], int, int]) -> None:
        ids, self._total, self._unfinished = found
        if self._total:
            self.states.show_ready()
            self._show_ids(ids)
            return
        button = QuietButton("cases.empty.sync", icon_name="refresh-cw")
        button.clicked.connect(lambda: self.context.window.open_page("sync"))
        self.head.set_subtitle_text("")
        self.states.show_empty("folder", "cases.empty", "cases.empty.hint", button)

    def _show_ids(self, ids: array[int]) -> None:
        self._shown = len(ids)
        self._is_asking = False
        self.table.show_ids(ids)
        self._say_count()
        if self._enter_waits:
            self._enter_waits = False
            self._open_first()
        if self._shown:
            self.inside.show_ready()
            return
        clear = QuietButton("cases.filter.clear", icon_name="x")
        clear.clicked.connect(self.filter.clear_all)
        self.inside.show_empty("file-search", "cases.nothing_fits", "cases.nothing_fits.hint", clear)

    def _say_count(self) -> None:
        language = Wording.current().language
        if self._shown == self._total:
            # The navigation counts the open ones: with both figures here neither looks wrong.
            self.head.set_subtitle_text(
                joined(t("common.cases", n=self._total), t("cases.open_count", n=self._unfinished))
            )
        else:
            shown, total = (formats.whole(each, language) for each in (self._shown, self._total))
            self.head.set_subtitle("cases.shown", shown=shown, total=total)

    def _sort_by(self, column_id: str, descending: bool) -> None:
        self._sort, self._descending = CaseSort(column_id), descending
        self._fold_columns()
        self._load_ids()

    def _sort_by_key(self, sort: CaseSort) -> None:
        descending = not self._descending if sort is self._sort else False
        self.table.show_sort(sort.value, descending)
        self._sort_by(sort.value, descending)

    def _focus_filter(self) -> None:
        self.filter.words.setFocus()
        self.filter.words.selectAll()

    def _open_first(self) -> None:
        """Enter in the filter: the only case that fits opens at once, else the list gets the keyboard."""
        if self._is_asking:
            self._enter_waits = True
            return
        if self._shown and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        self.table.setFocus()
        if self._shown == 1:
            self.table.selectRow(0)
            self.table.open_current()

    def _open(self, case_id: str) -> None:
        self.context.window.open_page("case", case_id=case_id)

    def _load_filters(self) -> None:
        self.context.tasks.run(self.context.desk.cases.filters, self.filter.show_filters, key="cases:filters")

    def _ask_name(self) -> None:
        NameDialog(self, "cases.filter.save", "cases.filter.name", self._save_filter).ask()

    def _ask_new_name(self, filter_id: str) -> None:
        found = self.filter.applied()
        rename = self.context.desk.cases.rename_filter
        if found is not None:
            dialog = NameDialog(
                self,
                "cases.filter.rename",
                "cases.filter.name",
                lambda name: self._change(partial(rename, filter_id, name)),
            )
            dialog.ask(found.name)

    def _save_filter(self, name: str) -> None:
        self._change(partial(self.context.desk.cases.save_filter, name, self._query()))
        self.context.window.toast("cases.filter.kept", name=name)

    def _delete_filter(self, _filter_id: str) -> None:
        found = self.filter.applied()
        if found is not None:
            self._change(partial(self.context.desk.cases.delete_filter, found.id))
            self.context.window.toast("cases.filter.deleted", lambda: self._put_back(found), name=found.name)

    def _put_back(self, found: SavedFilter) -> None:
        self._change(partial(self.context.desk.cases.save_filter, found.name, found.query))

    def _change(self, job: partial[Changes]) -> None:
        self.context.tasks.run(job, self._changed)

    def _changed(self, changes: Changes) -> None:
        for kind, filter_id in changes.touched:
            if kind == SAVED_FILTER:
                self.filter.applied_id = filter_id
        self.context.events.announce(changes, self)


def _row_number(row: CaseRow) -> int:
    return row.row_no


PAGE = CasesPage
