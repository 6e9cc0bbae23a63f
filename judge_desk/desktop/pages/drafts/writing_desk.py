"""One act on the table: its text in the middle, its pages beside it, and what to know about it at the right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from judge_desk.desktop.editor import commands
from judge_desk.desktop.editor.act_edit import ActEdit
from judge_desk.desktop.editor.autosave import Autosave
from judge_desk.desktop.editor.find_bar import EditorFindBar
from judge_desk.desktop.editor.spell_check import SpellCheck
from judge_desk.desktop.editor.toolbar import EditorToolbar
from judge_desk.desktop.page import PageContext
from judge_desk.desktop.pages.drafts.citing import Citing
from judge_desk.desktop.pages.drafts.columns import DeskColumns, Paper
from judge_desk.desktop.pages.drafts.fact_line import FactLine
from judge_desk.desktop.pages.drafts.history import HistoryPanel
from judge_desk.desktop.pages.drafts.preview import DraftPreview
from judge_desk.desktop.pages.drafts.remarking import Remarking
from judge_desk.desktop.pages.drafts.secret_line import SecretLine
from judge_desk.desktop.pages.drafts.side_panel import SidePanel
from judge_desk.desktop.pages.drafts.status import SaveClock, status_text
from judge_desk.desktop.pages.drafts.versions import Versions
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.act_differences import ActDifferencesView
from judge_desk.desktop.widgets.banner import Banner
from judge_desk.desktop.widgets.card import Card
from judge_desk.domain.acts import ActText, blanks
from judge_desk.domain.changes import Changes
from judge_desk.domain.drafts import DraftState
from judge_desk.runtime.settings import AUTOSAVE_SECONDS, SPELLING
from judge_desk.services.drafts import DraftWork, Saved

READ_AGAIN_MS: Final = 400
SECOND_MS: Final = 1000


class WritingDesk(QWidget):
    """``open(work)``, then the person writes; ``leave()`` before it is hidden.

    Signals:
        status_changed: (sentence) where the text is.
    """

    status_changed = Signal(str)

    def __init__(self, context: PageContext, announcer: QObject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._announcer = context, announcer
        service = context.desk.drafts
        self.work: DraftWork | None = None
        self.is_sent = False
        self._own: list[Changes] = []
        self._clock = SaveClock()
        self.edit = ActEdit()
        self.toolbar = EditorToolbar(self.edit)
        self.spelling = SpellCheck(self.edit, context.desk.spelling, context.tasks)
        self.spelling.set_on(context.local.settings.get(SPELLING))
        self.spelling.add_more = self.toolbar.add_to_menu
        self.find_bar = EditorFindBar(self.edit)
        self.autosave = Autosave(service, context.tasks, self)
        self.autosave.set_pause(context.local.settings.get(AUTOSAVE_SECONDS))
        self.preview = DraftPreview(self._pages_of, context.tasks)
        self.differences = ActDifferencesView()
        self.differences.set_names("drafts.differences.older", "drafts.history.now")
        self.side, self.history = SidePanel(), HistoryPanel()
        self.remarks = Remarking(context, self.edit, self.side.remarks, self._tell_all, self.save_then)
        self._again = QTimer(self, singleShot=True, interval=READ_AGAIN_MS)
        self._second = QTimer(self, interval=SECOND_MS)
        self._lay_out()
        self.versions, self.citing = Versions(self, context), Citing(self, context)
        self._connect()

    def open(self, work: DraftWork) -> None:
        """Another draft; what was typed before is saved first."""
        self.leave()
        self.work, self.is_sent = work, work.is_sent
        self._clock.reset()
        self.versions.close()
        self.find_bar.close_bar()
        self.edit.show_act(work.draft.act)
        self.edit.pointer.field_names = work.fields
        self._show_rights()
        self.autosave.hold(work.draft.id, work.draft.act, self.edit.act, work.draft.changed_at)
        self.side.show_work(work)
        self.preview.watch(self.edit.act)
        self.facts.look(work)
        self.remarks.show(work)
        self.spelling.begin(work.draft.id, work.draft.act.language)
        self._second.start()
        self.tell_status()

    def leave(self) -> None:
        """Hand over what was typed; the text stays on screen."""
        if self.work is not None:
            self.autosave.flush()

    def put_away(self) -> None:
        """No draft is on the table any more; nothing of it stays in memory."""
        self.leave()
        self.autosave.release()
        self.versions.close()
        self.work = None
        self._second.stop()
        self.preview.clear()

    def take_news(self, work: DraftWork) -> None:
        """The draft as it is on disk now: another desk's text comes in at once unless something is being typed."""
        if self.work is not None and self.work.draft.state is not work.draft.state:
            self.preview.watch(self.edit.act)
        self.work, self.is_sent = work, work.is_sent
        if self.autosave.is_settled and work.draft.act != self.autosave.base:
            self.autosave.settle_on(work.draft.act)
            self.edit.take_act(work.draft.act)
        self._show_rights()
        self.facts.look(work)
        self.remarks.show(work)
        self.side.secrecy.setEnabled(work.may_edit and work.may_finalise)
        self.tell_status()

    def is_own(self, changes: Changes) -> bool:
        """Whether these changes are the answer to a save of this very desk."""
        found = any(changes is each for each in self._own)
        self._own = [each for each in self._own if each is not changes]
        return found

    def blank_count(self) -> int:
        """Places still to be filled but for those that finalising fills itself."""
        return sum(field not in {"act.number", "act.date"} for _, field in blanks(self.edit.act()))

    def save_then(self, go_on: Callable[[], object]) -> None:
        """Run something once everything typed is on disk, and not at all if it could not be saved."""

        def answered(_none: None) -> None:
            if self.autosave.failure is None:
                go_on()
            else:
                self._context.window.show_failure(self.autosave.failure)
                self._show_rights()

        self.autosave.flush()
        self._context.tasks.run(lambda: None, answered)

    def next_column(self) -> None:
        """The keyboard goes from the text to the pages, to what stands at the right, and back to the text."""
        middle = self.differences if self.columns.shows_differences else self.preview.pages
        right = self.history.list if self.versions.are_shown else self.side.outline
        stations: list[QWidget] = [self.edit, middle, right]
        shown = [each for each in stations if each.isVisible()]
        at = next((number for number, each in enumerate(shown) if each.hasFocus()), -1)
        if shown:
            shown[(at + 1) % len(shown)].setFocus(Qt.FocusReason.TabFocusReason)

    def next_misspelt(self) -> None:
        """Select the next word that no dictionary knows."""
        if not self.spelling.next_wrong():
            self._context.window.toast("editor.spelling.none")

    def toggle_spelling(self) -> None:
        """Mark misspelt words, or not; kept for this profile."""
        on = not self._context.local.settings.get(SPELLING)
        self._context.local.settings.set(SPELLING, on)
        self.spelling.set_on(on)
        self._context.window.toast("editor.spelling.on" if on else "editor.spelling.off")

    def step_back(self) -> bool:
        """Esc inside the desk."""
        if self.find_bar.isVisible():
            self.find_bar.close_bar()
            return True
        if self.versions.are_shown:
            self.versions.close()
            self.edit.setFocus()
            return True
        return False

    def insert_reference(self, words: str, document_id: str, page: int) -> None:
        """Words at the caret that lead to a page."""
        cursor = self.edit.textCursor()
        commands.insert_reference(cursor, words, document_id, page)
        self.edit.setTextCursor(cursor)
        self.edit.setFocus()

    def go_to_blank(self, block_id: str, field: str) -> None:
        """Select a place to fill."""
        del field
        if self.edit.go_to(block_id):
            self.edit.next_blank()
        self.edit.setFocus()

    def _lay_out(self) -> None:
        paper = Paper()
        paper.body.addWidget(self.toolbar)
        paper.body.addWidget(self.find_bar)
        paper.body.addWidget(self.edit, 1)
        compared = Card()
        compared.body.addWidget(self.differences, 1)
        self.columns = DeskColumns(paper, (self.preview, compared), (self.side, self.history))
        self.secret, self.conflict, self.facts = SecretLine(), Banner(), FactLine(self._context, self.edit)
        self.conflict.set_closable(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Theme.current().px(Space.ROW))
        column.addWidget(self.secret)
        column.addWidget(self.conflict)
        column.addWidget(self.facts)
        column.addWidget(self.columns, 1)

    def _connect(self) -> None:
        self.edit.edited.connect(self._edited)
        self.edit.refused.connect(lambda key: self._context.window.toast(key))
        self.toolbar.find_asked.connect(self.find_bar.open_bar)
        self.find_bar.replaced.connect(lambda count: self._context.window.toast("editor.replaced", n=count))
        self.columns.pages_shown.connect(lambda: self.preview.touch(at_once=True))
        self.autosave.saved.connect(self._saved)
        self.autosave.status_changed.connect(self.tell_status)
        self.side.part_asked.connect(self._go_to_part)
        self.side.block_asked.connect(self._go_to_block)
        self.side.blank_asked.connect(self.go_to_blank)
        self.history.closed.connect(self.step_back)
        self._again.timeout.connect(self._read_again)
        self._second.timeout.connect(self.tell_status)

    def _edited(self) -> None:
        self.autosave.touch()
        self.preview.touch()
        self._again.start()

    def _read_again(self) -> None:
        if self.work is not None:
            self.side.show_act(self.edit.act())
            self.remarks.mark()
            self.spelling.look()

    def _saved(self, saved: Saved, given: ActText | None) -> None:
        self._own.append(saved.changes)
        self._context.events.announce(saved.changes, self._announcer)
        if given is None:
            return
        self._clock.strike()
        self.is_sent = self.is_sent and not saved.changes
        if saved.clashed:
            self._context.window.toast("drafts.clashed")
        if saved.merged and self.edit.act() == given:
            self.autosave.settle_on(saved.act)
            self.edit.take_act(saved.act)
            if not saved.clashed:
                self._context.window.toast("drafts.merged")

    def announce_own(self, changes: Changes) -> None:
        """What this desk itself wrote: every other page hears of it."""
        self._own.append(changes)
        self._context.events.announce(changes, self._announcer)

    def _tell_all(self, changes: Changes) -> None:
        """Every page, this one too: the draft on the table is read anew."""
        self._context.events.announce(changes, self._announcer)

    def _go_to_part(self, part: str) -> None:
        self.edit.go_to_part(part)
        self.edit.setFocus()

    def _go_to_block(self, block_id: str) -> None:
        self.edit.go_to(block_id)
        self.edit.setFocus()

    def _pages_of(self, act: ActText) -> bytes:
        """In a thread of the pool."""
        drafts, work = self._context.desk.drafts, self.work
        if work is not None and work.draft.state is DraftState.FINAL:
            return drafts.pdf(work.draft.id)
        return drafts.preview(act)

    def _show_rights(self) -> None:
        work = self.work
        may_edit = work is not None and work.may_edit and work.draft.state is not DraftState.FINAL
        self.edit.setReadOnly(not may_edit)
        by_keyboard = Qt.TextInteractionFlag.TextSelectableByKeyboard
        self.edit.setTextInteractionFlags(self.edit.textInteractionFlags() | by_keyboard)
        self.toolbar.setEnabled(may_edit)
        self.secret.setVisible(work is not None and not work.draft.may_leave_desk)
        self.conflict.hide()
        if work is not None and work.in_conflict:
            self.conflict.say_text("drafts.conflict", "warn", "drafts.conflict.hint")
            self.conflict.add_button("drafts.conflict.decide", lambda: self._context.window.open_page("sync"))

    def tell_status(self) -> None:
        """Say it again, in the language of now."""
        if self.work is not None:
            self.status_changed.emit(status_text(self.work, self.autosave, self._clock, is_sent=self.is_sent))
