"""Remarks on the draft that lies on the table: listed at the right, marked in the text, made and answered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from judge_desk.desktop.editor import commands, quotes
from judge_desk.desktop.editor.act_edit import ActEdit
from judge_desk.desktop.editor.proposing import put_words
from judge_desk.desktop.page import PageContext
from judge_desk.desktop.pages.drafts.list_view import when_text
from judge_desk.desktop.pages.drafts.remark_dialogs import NewRemarkDialog, RemarkDialog
from judge_desk.desktop.theme import Theme
from judge_desk.desktop.widgets.buttons import IconButton
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.section_head import SectionHead
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.changes import Changes
from judge_desk.services.drafts import DraftWork
from judge_desk.services.remarks import Remark, RemarkState

ICONS: Final = {
    RemarkState.OPEN: ("message-square", "gold"),
    RemarkState.ACCEPTED: ("check", "ok"),
    RemarkState.REJECTED: ("x", "muted"),
    RemarkState.CLOSED: ("check", "muted"),
}
MOST_LINES: Final = 3


class RemarkList(QWidget):
    """Open remarks first, then what was answered.

    Signals:
        picked: (remark id).
        new_asked: make one on the words that are selected.
    """

    picked = Signal(str)
    new_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head = SectionHead()
        self.list = LazyList("remarks.list", open_on_click=True)
        self.list.set_grows()
        self.list.opened.connect(self.picked)
        self.new = IconButton("plus", "remarks.new", "Ctrl+Alt+M")
        self.new.clicked.connect(self.new_asked)
        self._head.add_trailing(self.new)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        # The button makes the heading as much higher.
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.list)

    def show_remarks(self, remarks: tuple[Remark, ...], *, may_write: bool) -> None:
        """All of a draft; the list takes no room while there are none, nor the heading where none can be made."""
        open_ones = [each for each in remarks if each.is_open]
        if remarks:
            self._head.set_text("remarks.count", n=len(open_ones))
        else:
            self._head.set_text("remarks.list")
        self.list.show_lines([_line(each) for each in (*open_ones, *(each for each in remarks if not each.is_open))])
        self.list.setVisible(bool(remarks))
        self.new.setVisible(may_write)
        self.setVisible(bool(remarks) or may_write)


class Remarking(QObject):
    """``show(work)`` when a draft was opened or came anew from disk; ``mark()`` after edits."""

    def __init__(
        self,
        context: PageContext,
        edit: ActEdit,
        shown: RemarkList,
        announce: Callable[[Changes], None],
        save_then: Callable[[Callable[[], object]], None],
    ) -> None:
        """``save_then`` runs something once the text is on disk, and not at all if it could not be saved."""
        super().__init__(edit)
        self._context, self._edit, self._list = context, edit, shown
        self._announce, self._save_then = announce, save_then
        self._work: DraftWork | None = None
        self.dialog: QDialog | None = None
        shown.picked.connect(self.open)
        shown.new_asked.connect(self.ask)
        Theme.current().changed.connect(self.mark)
        Wording.current().changed.connect(self._list_again)

    @property
    def remarks(self) -> tuple[Remark, ...]:
        return self._work.draft.remarks if self._work is not None else ()

    def show(self, work: DraftWork) -> None:
        self._work = work
        self._list_again()
        self.mark()

    def mark(self) -> None:
        """Where the open ones belong in the text as it stands."""
        quotes.mark(self._edit, self.remarks)

    def ask(self) -> None:
        """A new remark on the selection, or on the line of the caret."""
        work = self._work
        if work is None or not work.may_edit:
            return
        block_id, quote = quotes.quoted(self._edit.textCursor())
        if not block_id:
            self._context.window.toast("remarks.nowhere")
            return
        dialog = NewRemarkDialog(quote, self._edit.window())
        dialog.made.connect(partial(self._add, block_id, quote))
        self._open_dialog(dialog)

    def open(self, remark_id: str) -> None:
        """Go to the words, and show what is said about them."""
        work = self._work
        remark = next((each for each in self.remarks if each.id == remark_id), None)
        if work is None or remark is None:
            return
        if not self._go_to(remark):
            self._context.window.toast("remarks.gone")
        when = when_text(remark.made_at, Wording.current().language)
        is_mine = remark.author_id == self._context.desk.remarks.me
        dialog = RemarkDialog(remark, when, self._edit.window(), may_answer=work.may_edit, is_mine=is_mine)
        dialog.accepted_it.connect(partial(self._accept, remark))
        dialog.rejected_it.connect(partial(self._answer, remark.id, RemarkState.REJECTED))
        dialog.closed_it.connect(partial(self._answer, remark.id, RemarkState.CLOSED))
        dialog.taken_back.connect(partial(self._take_back, remark.id))
        self._open_dialog(dialog)

    def next_open(self) -> None:
        """The first that waits, and after it the next."""
        waiting = [each.id for each in self.remarks if each.is_open]
        if not waiting:
            self._context.window.toast("remarks.none_open")
            return
        current = self._list.list.current_id()
        at = waiting.index(current) + 1 if current in waiting else 0
        self.open(waiting[at % len(waiting)])

    def _open_dialog(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(lambda _code: self._edit.setFocus())
        dialog.open()

    def _add(self, block_id: str, quote: str, text: str, proposal: str | None) -> None:
        service = self._context.desk.remarks
        self._do(lambda draft_id: service.add(draft_id, block_id, quote, text, proposal))

    def _accept(self, remark: Remark) -> None:
        """The words go into the text first; if they are gone from it, nothing is called accepted."""
        place = quotes.place_of(self._edit.document(), remark)
        if place is None or not self._write(place, remark.proposal or ""):
            self._context.window.toast("remarks.gone")
            return
        # Only then: a remark must not be called accepted while its words could still be lost.
        self._save_then(partial(self._answer, remark.id, RemarkState.ACCEPTED))

    def _write(self, place: QTextCursor, words: str) -> bool:
        if not commands.may_change(self._edit.document(), place.selectionStart(), place.selectionEnd()):
            return False
        put_words(place, words)
        self._edit.setTextCursor(place)
        return True

    def answer_here(self, state: RemarkState) -> None:
        """Accept or reject what is proposed at the caret (or what waits longest), and go to the next by itself."""
        work = self._work
        waiting = [each for each in self.remarks if each.is_open]
        if work is None or not work.may_edit or not waiting:
            self._context.window.toast("remarks.none_open")
            return
        remark = self._at_caret(waiting) or waiting[0]
        following = waiting[(waiting.index(remark) + 1) % len(waiting)]
        if state is RemarkState.ACCEPTED and remark.proposal is not None:
            self._accept(remark)
        else:
            self._answer(remark.id, RemarkState.CLOSED if remark.proposal is None else RemarkState.REJECTED)
        if following is not remark:
            self._go_to(following)

    def _at_caret(self, waiting: list[Remark]) -> Remark | None:
        at = self._edit.textCursor()
        for each in waiting:
            place = quotes.place_of(self._edit.document(), each)
            if place is not None and place.selectionStart() <= at.position() <= place.selectionEnd():
                return each
        return None

    def _go_to(self, remark: Remark) -> bool:
        place = quotes.place_of(self._edit.document(), remark)
        if place is None:
            return self._edit.go_to(remark.block_id)
        self._edit.setTextCursor(place)
        self._edit.ensureCursorVisible()
        return True

    def _answer(self, remark_id: str, state: RemarkState) -> None:
        service = self._context.desk.remarks
        self._do(lambda draft_id: service.answer(draft_id, remark_id, state))

    def _take_back(self, remark_id: str) -> None:
        service = self._context.desk.remarks
        self._do(lambda draft_id: service.take_back(draft_id, remark_id))

    def _do(self, deed: Callable[[str], Changes]) -> None:
        work = self._work
        if work is not None:
            draft_id = work.draft.id
            self._context.tasks.run(lambda: deed(draft_id), self._announce)

    def _list_again(self) -> None:
        work = self._work
        self._list.show_remarks(self.remarks, may_write=work is not None and work.may_edit)


def _line(remark: Remark) -> Line:
    icon, tone = ICONS[remark.state]
    said = remark.text or remark.proposal or t("remarks.proposed.nothing")
    return Line(
        id=remark.id,
        title=said,
        detail=f"{remark.author_name} · «{remark.quote}»",
        icon=icon,
        icon_tone=tone,
        strong=remark.is_open,
        keeps_end=False,
        wraps=True,
        title_lines=MOST_LINES,
        detail_lines=1,
    )
