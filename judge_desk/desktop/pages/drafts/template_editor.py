"""The court's own forms: written with a preview on a sample case beside them, every fault named with its line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from judge_desk.desktop.dialogs.confirm import confirm
from judge_desk.desktop.failures import Failure
from judge_desk.desktop.page import PageContext
from judge_desk.desktop.reader.pages_view import PagesView
from judge_desk.desktop.reader.render_queue import RenderQueue
from judge_desk.desktop.reader.roll_view import FIT_WIDTH
from judge_desk.desktop.reader.sources import PdfSource
from judge_desk.desktop.tasks import Lane
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import LinkButton, PrimaryButton, QuietButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.card_splitter import CardSplitter
from judge_desk.desktop.widgets.chooser import Chooser
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording, say, say_plain, t
from judge_desk.domain.cases import Language
from judge_desk.domain.changes import Changes
from judge_desk.services.court_forms import CourtForm, CourtFormRow
from judge_desk.services.pdf_worker import PdfWorker

PAUSE_MS: Final = 700
ENDING: Final = ".toml"


class TemplateEditor(QWidget):
    """The forms at the left, the source in the middle, its pages at the right; ``begin()`` opens it.

    Signals:
        announced: (Changes).
        closed: back to the drafts.
    """

    announced = Signal(object)
    closed = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._form_id, self._saved = context, "", ""
        self._rows: dict[str, CourtFormRow] = {}
        self._worker = PdfWorker()
        self._source: PdfSource | None = None
        self._line = 0
        self.back = QuietButton("forms.back", "Esc", "arrow-left")
        self.save = PrimaryButton("forms.save", "Ctrl+S")
        self.save.setShortcut("Ctrl+S")
        self.load, self.store = QuietButton("forms.load"), QuietButton("forms.store")
        self.remove = QuietButton("forms.delete")
        self.language = Chooser()
        self.list = LazyList("forms.list")
        self.text = QPlainTextEdit()
        self.fault = LinkButton()
        self.state = PlainLabel(face="caption", tone="muted", wrap=True)
        self.queue = RenderQueue(context.tasks, self)
        self.pages = PagesView(self.queue)
        self.pages.set_zoom(FIT_WIDTH)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._lay_out()
        self._connect()

    @property
    def is_settled(self) -> bool:
        return not self._pause.isActive()

    @property
    def is_changed(self) -> bool:
        """Whether something was typed that is not saved."""
        return self.text.toPlainText() != self._saved

    def begin(self) -> None:
        """Read the forms anew."""
        service = self._context.desk.court_forms
        self._context.tasks.run(
            lambda: (service.rows(), service.may_write()), lambda found: self._show_rows(*found), key="forms_rows"
        )
        self.list.setFocus()

    def clear(self) -> None:
        """Let go of the pages."""
        self._pause.stop()
        self._show_pages(None)

    def _lay_out(self) -> None:
        theme = Theme.current()
        for each in Language:
            self.language.addItem(t(f"drafts.language.{each}"), each.value)
        say(self.language.setAccessibleName, "forms.language")
        say(self.text.setAccessibleName, "forms.source")
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.text.setProperty("kind", "source")
        top, deeds = QHBoxLayout(), FlowRow(to_end=True)
        top.setSpacing(theme.px(Space.ROW))
        top.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        for widget in (self.language, self.load, self.store, self.remove, self.save):
            deeds.add(widget)
        top.addWidget(deeds, 1)
        left, middle, right = Card("forms.title"), Card(), Card("forms.preview")
        left.body.addWidget(self.list)
        middle.body.addWidget(self.text, 1)
        middle.body.addWidget(self.fault)
        middle.body.addWidget(self.state)
        right.body.addWidget(self.pages, 1)
        columns = CardSplitter(left, middle, right)
        for card in (left, middle, right):
            card.setMinimumWidth(Size.NAVIGATION)
        columns.setSizes([theme.px(Size.SIDE), theme.px(Size.DIALOG), theme.px(Size.SIDE)])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(Space.GAP))
        column.addLayout(top)
        column.addWidget(columns, 1)

    def _connect(self) -> None:
        self.back.clicked.connect(self.ask_leave)
        self.save.clicked.connect(self._save)
        self.load.clicked.connect(self._ask_load)
        self.store.clicked.connect(self._ask_store)
        self.remove.clicked.connect(self._ask_remove)
        self.list.picked.connect(self._open)
        self.text.textChanged.connect(self._pause.start)
        self.language.activated.connect(lambda _row: self._pause.start())
        self.fault.clicked.connect(self._go_to_fault)
        self.pages.view_changed.connect(self._want)
        self._pause.timeout.connect(self._try)
        self.destroyed.connect(lambda _object=None, child=self._worker: child.close())

    def ask_leave(self) -> None:
        """Ask once where typed words would be lost."""
        if self.is_changed and self.save.isVisible():
            confirm(self, "forms.leave.title", "forms.leave.do", self._leave, body_key="forms.leave.body", danger=True)
        else:
            self._leave()

    def _leave(self) -> None:
        self.text.setPlainText(self._saved)
        self.clear()
        self.closed.emit()

    def _show_rows(self, rows: Sequence[CourtFormRow], may_write: bool) -> None:
        here = Wording.current().language
        rows = sorted(rows, key=lambda row: (not row.is_own, row.language != here))
        self._rows = {row.id: row for row in rows}
        for widget in (self.save, self.load, self.remove):
            widget.setVisible(may_write)
        self.text.setReadOnly(not may_write)
        self.list.show_lines([_line(row) for row in rows])
        at = next((at for at, row in enumerate(rows) if row.id == self._form_id), -1)
        if at < 0 and not self.list.currentIndex().isValid():
            at = 0
        if at >= 0 and rows:
            self.list.setCurrentIndex(self.list.lines.index(at))

    def _open(self, row_id: str) -> None:
        if row_id:
            service = self._context.desk.court_forms
            self._context.tasks.run(
                lambda: service.source_of(row_id), lambda found: self._show_source(row_id, *found), key="forms.open"
            )

    def _show_source(self, row_id: str, source: str, language: Language) -> None:
        row = self._rows.get(row_id)
        self._form_id = row_id if row is not None and row.is_own else ""
        self.remove.setEnabled(bool(self._form_id))
        self.language.setCurrentIndex(self.language.findData(language.value))
        self._saved = source
        self.text.setPlainText(source)
        self._pause.start(0)

    def _chosen_language(self) -> Language:
        return Language(self.language.currentData())

    def _try(self) -> None:
        """Check and draw what is written, in a worker."""
        service, source, language = self._context.desk.court_forms, self.text.toPlainText(), self._chosen_language()
        worker = self._worker

        def job() -> PdfSource:
            return PdfSource(worker.open(service.preview(source, language)))

        self._context.tasks.run(job, self._good, self._bad, key="forms_try", lane=Lane.POOL)

    def _good(self, source: PdfSource) -> None:
        self._show_pages(source)
        self.fault.hide()
        say(self.state.setText, "forms.good" if self._form_id else "forms.copy")
        self.save.setEnabled(True)

    def _bad(self, failure: Failure) -> None:
        line = failure.error.params.get("line") if failure.error is not None else None
        self._line = int(line) if isinstance(line, int) else 0
        self.fault.show()
        self.fault.say("forms.go_to_line", line=self._line)
        self.fault.setEnabled(self._line > 0)
        say_plain(self.state.setText, failure.sentence())
        self.save.setEnabled(False)

    def _go_to_fault(self) -> None:
        block = self.text.document().findBlockByNumber(self._line - 1)
        if block.isValid():
            cursor = QTextCursor(block)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            self.text.setTextCursor(cursor)
            self.text.setFocus()

    def _save(self) -> None:
        service, source = self._context.desk.court_forms, self.text.toPlainText()
        language, form_id = self._chosen_language(), self._form_id
        self._context.tasks.run(lambda: service.save(source, language, form_id), self._kept, self._bad)

    def _kept(self, saved: tuple[str, Changes]) -> None:
        self._form_id, changes = saved
        self._saved = self.text.toPlainText()
        self.announced.emit(changes)
        self._context.window.toast("forms.saved")
        self.begin()

    def _ask_remove(self) -> None:
        row = self._rows.get(self._form_id)
        if row is not None:
            confirm(
                self, "forms.delete.title", "forms.delete", self._remove, body_key="forms.delete.body", title=row.title
            )

    def _remove(self) -> None:
        service, form_id = self._context.desk.court_forms, self._form_id
        self._context.tasks.run(lambda: service.delete(form_id), self._removed)

    def _removed(self, gone: tuple[CourtForm, Changes]) -> None:
        form, changes = gone
        self._form_id = ""
        self.announced.emit(changes)
        service = self._context.desk.court_forms

        def put_back() -> None:
            self._context.tasks.run(lambda: service.save(form.source, form.language), self._kept)

        self._context.window.toast("forms.deleted", undo=put_back)
        self.begin()

    def _ask_load(self) -> None:
        dialog = QFileDialog(self.window(), t("forms.load"))
        dialog.setNameFilter(f"TOML (*{ENDING})")
        dialog.fileSelected.connect(self.load_file)
        self.dialog = dialog
        dialog.open()

    def load_file(self, path: str) -> None:
        """A form from a stick; it is tried before anything is kept."""
        self._context.tasks.run(lambda: Path(path).read_text(encoding="utf-8", errors="replace"), self._loaded)

    def _loaded(self, source: str) -> None:
        self._form_id, self._saved = "", ""
        self.text.setPlainText(source)

    def _ask_store(self) -> None:
        dialog = QFileDialog(self.window(), t("forms.store"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ENDING.removeprefix("."))
        dialog.selectFile(f"form{ENDING}")
        dialog.fileSelected.connect(self.store_file)
        self.dialog = dialog
        dialog.open()

    def store_file(self, path: str) -> None:
        """The form as a file for another court."""
        source = self.text.toPlainText()
        self._context.tasks.run(
            lambda: Path(path).write_text(source, encoding="utf-8"),
            lambda _size: self._context.window.toast("forms.stored"),
            lane=Lane.POOL,
        )

    def _show_pages(self, source: PdfSource | None) -> None:
        before, self._source = self._source, source
        self.queue.set_source(source)
        if source is not None:
            self.pages.set_pages(source.sizes)
            self._want()
        if before is not None:
            self._context.tasks.run(before.close, lane=Lane.POOL)

    def _want(self) -> None:
        if self._source is not None:
            self.queue.want(self.pages.wanted())


def _line(row: CourtFormRow) -> Line:
    procedure = t(f"word.procedure.{row.procedure}") if row.procedure else ""
    if row.fault is not None:
        text = Wording.current().translator
        procedure = text(row.fault.key, **row.fault.params)
    own = t("forms.own") if row.is_own else t("forms.shipped")
    return Line(
        id=row.id,
        title=row.title,
        detail=" · ".join(part for part in (own, t(f"drafts.language.{row.language}"), procedure) if part),
        icon="circle-x" if row.fault else "file-pen" if row.is_own else "file-check",
        icon_tone="bad" if row.fault else "accent" if row.is_own else "muted",
        strong=row.is_own,
        wraps=True,
        title_lines=2,
    )
