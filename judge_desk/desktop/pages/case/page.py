"""One case file: its documents, the one being read, and what to know about the case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent

from judge_desk.desktop.actions import Action
from judge_desk.desktop.page import Page, Scene
from judge_desk.desktop.pages.case.documents_panel import DocumentsPanel
from judge_desk.desktop.pages.case.keeping import Keeping
from judge_desk.desktop.pages.case.know_panel import KnowPanel
from judge_desk.desktop.pages.case.note_keeping import NoteKeeping
from judge_desk.desktop.pages.case.stage_button import StageButton
from judge_desk.desktop.pages.case.term_keeping import TermKeeping
from judge_desk.desktop.pages.case.verifying import Verifying
from judge_desk.desktop.pages.court_lines import joined
from judge_desk.desktop.reader.reader import Reader
from judge_desk.desktop.reader.reader_actions import reader_actions
from judge_desk.desktop.theme import Theme
from judge_desk.desktop.widgets.buttons import IconButton, PrimaryButton, QuietButton
from judge_desk.desktop.widgets.folding_splitter import FoldingSplitter
from judge_desk.desktop.wording import t
from judge_desk.domain.changes import Changes
from judge_desk.domain.kinds import Kind
from judge_desk.services.cases import CaseFile, CaseQuery
from judge_desk.services.documents import DocumentRow

if TYPE_CHECKING:
    from judge_desk.services.desk import Desk

PAUSE_MS = 250
# Narrower than this at text scale 1, a side gives its room to what is read.
RIGHT_FROM, LEFT_FROM = 880, 600
SIDE_AT_LEAST = 236
CARES_FOR = (Kind.CASE, Kind.DOCUMENT, Kind.HEARING, Kind.TERM, Kind.NOTE, Kind.DRAFT)


class CasePage(Page):
    """``case_id``; also ``document_id`` with ``page`` and ``query``, or ``note_id``: what to show first."""

    id = "case"
    home = "cases"
    title_key = "cases.file.title"

    @classmethod
    def samples(cls, desk: Desk) -> Sequence[Mapping[str, str]]:
        rows = desk.cases.rows(desk.cases.ids(CaseQuery(open_only=True))[:50])
        best = max(rows, key=lambda row: bool(row.next_hearing_at) + bool(row.next_term_on), default=None)
        return ({"case_id": best.id},) if best is not None else ()

    def scenes(self) -> Sequence[Scene]:
        announce = self._file is not None and self._file.full_text_due_on is not None
        return (("announce", self.stage.announce),) if announce else ()

    def build(self) -> None:
        self._room = -1.0
        self._case_id = ""
        self._file: CaseFile | None = None
        self._wish: dict[str, str] = {}
        self.head.set_compact()
        self.documents = DocumentsPanel(self.context.desk.search, self.context.tasks)
        self.reader = Reader(self.context.tasks)
        self.know = KnowPanel()
        self.sides = FoldingSplitter(self.documents, self.reader, self.know)
        self.content.addWidget(self.sides)
        self.notes = NoteKeeping(self.context, self.know.notes, self.reader, self)
        self.verifying = Verifying(self.context, self.know.receipt, self)
        self.keeping = Keeping(self.context, self.know.receipt, self)
        self.terms = TermKeeping(self.context, self.know, self)
        self._build_head()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._load)
        self._connect()
        self.context.tasks.run(self.reader.worker.warm_up)

    def activate(self, params: Mapping[str, str]) -> None:
        case_id = params.get("case_id", "")
        self._wish = dict(params)
        if case_id != self._case_id:
            self.notes.end()
            self.verifying.stop()
            self._case_id, self._file = case_id, None
            self.reader.show_nothing()
            self.head.set_title_text("")
            self.head.set_subtitle_text("")
            self.states.show_loading()
        self._load()

    def leave(self) -> None:
        self.notes.save()

    def refresh(self, changes: Changes) -> None:
        if any(changes.touches(kind.value) for kind in CARES_FOR):
            self._pause.start()

    def retranslate(self) -> None:
        if self._file is not None:
            self._fill(self._file)

    def page_actions(self) -> Sequence[Action]:
        def is_open() -> bool:
            return self._file is not None

        def action(key: str, handler: Callable[[], object], keys: str, icon: str) -> Action:
            return Action(id=key, text_key=key, handler=handler, shortcut=keys, icon=icon, enabled_when=is_open)

        return (
            *reader_actions(self.reader),
            action("notes.new", self._new_note, "M", "sticky-note"),
            action("cases.file.write", self._write_draft, "Ctrl+N", "file-pen"),
            action("documents.search", self._focus_search, "Ctrl+Shift+F", "file-search"),
            action("documents.keep.toggle", self.keeping.toggle, "Ctrl+Shift+K", "hard-drive"),
            action("documents.verify", self.verifying.start, "Ctrl+Shift+V", "shield-check"),
            action("terms.done.action", self.terms.mark_done, "Ctrl+Shift+T", "check"),
            action("cases.file.announce", self.stage.announce, "Ctrl+Shift+A", "scale"),
            action("cases.file.plan", self._plan_hearing, "Ctrl+Shift+H", "gavel"),
            action("widgets.side.left", self.sides.toggle_left, "Ctrl+[", "panel-left"),
            action("widgets.side.right", self.sides.toggle_right, "Ctrl+]", "panel-right"),
        )

    def step_back(self) -> bool:
        if self.reader.step_back() or self.notes.end():
            return True
        return self.documents.clear_words()

    def set_reading(self, on: bool) -> None:
        self.sides.set_reading(on)
        self.head.setVisible(not on)
        if on:
            self.reader.focus_pages()

    def focus_first(self) -> None:
        self.documents.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def is_settled(self) -> bool:
        return super().is_settled() and self.reader.is_settled()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold_sides()

    def _fold_sides(self) -> None:
        """Only when the limit is crossed: what the person folded by hand stays as it is."""
        before, self._room = self._room, self.width() / Theme.current().scale
        for side, limit in ((self.know, RIGHT_FROM), (self.documents, LEFT_FROM)):
            if before < 0 or (before < limit) != (self._room < limit):
                side.setVisible(self._room >= limit)

    def _widen_sides(self) -> None:
        """A side that is brought back must be readable at once."""
        for side in (self.documents, self.know):
            side.setMinimumWidth(Theme.current().px(SIDE_AT_LEAST))

    def _build_head(self) -> None:
        back = IconButton("arrow-left", "shell.action.back", "Esc")
        back.clicked.connect(self.context.window.go_back)
        self.head.add_leading(back)
        left = IconButton("panel-left", "widgets.side.left", "Ctrl+[")
        left.clicked.connect(self.sides.toggle_left)
        right = IconButton("panel-right", "widgets.side.right", "Ctrl+]")
        right.clicked.connect(self.sides.toggle_right)
        self.stage = StageButton(self.context, self)
        note = QuietButton("notes.new", "M")
        note.clicked.connect(self._new_note)
        write = PrimaryButton("cases.file.write", "Ctrl+N")
        write.clicked.connect(self._write_draft)
        for widget in (left, right, self.stage, note, write):
            self.head.add_button(widget)

    def _connect(self) -> None:
        window = self.context.window
        self.documents.chosen.connect(self._open_document)
        self.documents.entered.connect(self.reader.focus_pages)
        self.reader.fetch_asked.connect(self._fetch)
        self.reader.states.state_changed.connect(lambda _state: self.context.actions.refresh())
        self.reader.copied.connect(lambda: window.toast("reader.copied"))
        self.know.notes.new_asked.connect(self._new_note)
        self.know.notes.opened.connect(self._go_to_note)
        self.know.hearings.rows.opened.connect(lambda found: window.open_page("hearings", hearing_id=found))
        self.know.drafts.rows.opened.connect(lambda found: window.open_page("drafts", draft_id=found))
        self.know.plan.clicked.connect(self._plan_hearing)
        self.know.receipt.fetch_asked.connect(self._fetch_all)
        self.states.retry_asked.connect(self._load)
        Theme.current().changed.connect(self._fold_sides)
        Theme.current().changed.connect(self._widen_sides)
        self._widen_sides()

    def _load(self) -> None:
        case_id = self._case_id
        cases = self.context.desk.cases
        self.context.tasks.run(lambda: cases.case_file(case_id), self._show, self.states.show_failure, key="case:file")

    def _show(self, file: CaseFile) -> None:
        self._file = file
        self._fill(file)
        self.states.show_ready()
        self.context.actions.refresh()
        self._fulfil(file)

    def _fill(self, file: CaseFile) -> None:
        case = file.case
        self.head.set_title_text(case.title)
        self.head.set_subtitle_text(
            joined(
                case.number,
                t(f"word.procedure.{case.procedure.value}"),
                case.subject or case.category,
                t("documents.receipt.short", present=file.receipt.present, n=file.receipt.total),
                t("cases.file.not_sent") if file.pending else "",
            )
        )
        self.stage.show_case(file)
        self.documents.show_documents(case.id, file.documents)
        self.know.show_file(file)
        self.notes.show_file(file)
        self.verifying.show_file(file)
        self.keeping.show_file(file)
        self.terms.show_file(file)

    def _fulfil(self, file: CaseFile) -> None:
        """Go where the person wanted to go, once; else to the first document that can be read."""
        wish, self._wish = self._wish, {}
        query, document_id = wish.get("query", ""), wish.get("document_id", "")
        if wish.get("note_id"):
            note = next((each.note for each in file.notes if each.note.id == wish["note_id"]), None)
            if note is not None:
                self._go_to_note(note)
                return
        if query and not document_id:
            self.documents.seek(query)
        if document_id:
            self._open_document(document_id, int(wish.get("page") or 1), query)
            self.documents.mark(document_id)
        elif self.reader.document_id and not self.reader.is_open:
            self._retry_missing(file)
        elif not self.reader.document_id:
            first = next((each for each in file.documents if each.is_here), None)
            if first is not None:
                self._open_document(first.document.id, 1, "")
                self.documents.mark(first.document.id)

    def _retry_missing(self, file: CaseFile) -> None:
        """The file that was waited for may have come."""
        row = self._row(self.reader.document_id)
        if row is not None and row.is_here:
            self._open_document(row.document.id, 1, "")

    def _row(self, document_id: str) -> DocumentRow | None:
        rows = self._file.documents if self._file is not None else ()
        return next((each for each in rows if each.document.id == document_id), None)

    def _open_document(self, document_id: str, page: int, query: str) -> None:
        row = self._row(document_id)
        if row is None or (document_id == self.reader.document_id and self.reader.is_open and not page):
            return
        documents = self.context.desk.documents

        def read() -> bytes:
            with documents.content(document_id) as opened:
                return opened.read()

        self.reader.show_document(document_id, row.document.media_type, read, page=max(page, 1), query=query)
        self.notes.show_place(row)
        self.context.actions.refresh()

    def _go_to_note(self, note: object) -> None:
        document_id, page = getattr(note, "document_id", ""), getattr(note, "page", 0)
        if document_id:
            self._open_document(document_id, page or 1, "")
            self.documents.mark(document_id)

    def _new_note(self) -> None:
        if self._file is not None:
            self.know.setVisible(True)
            self.notes.begin(self._case_id)
            self.know.bring_into_sight(self.know.notes.editor)

    def _write_draft(self) -> None:
        self.context.window.open_page("drafts", case_id=self._case_id)

    def _focus_search(self) -> None:
        self.documents.setVisible(True)
        self.documents.words.setFocus()
        self.documents.words.selectAll()

    def _plan_hearing(self) -> None:
        self.context.window.open_page("hearings", plan="1", case_id=self._case_id)

    def _fetch(self, document_id: str) -> None:
        desk = self.context.desk
        self.context.tasks.run(partial(_want_one, desk, document_id), self._say_wanted)

    def _fetch_all(self) -> None:
        desk, case_id = self.context.desk, self._case_id
        self.context.tasks.run(partial(_want_all, desk, case_id), self._say_wanted)

    def _say_wanted(self, changes: Changes) -> None:
        self.context.window.toast("documents.wanted")
        self.context.events.announce(changes, self)


def _want_one(desk: Desk, document_id: str) -> Changes:
    changes = desk.documents.want(document_id)
    desk.sync.now()
    return changes


def _want_all(desk: Desk, case_id: str) -> Changes:
    changes = desk.documents.want_case(case_id)
    desk.sync.now()
    return changes


PAGE = CasePage
