"""The head of the page: what stands there for the list, and what for the draft on the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QWidget

from judge_desk.desktop.pages.drafts.deeds import DraftDeeds
from judge_desk.desktop.widgets.buttons import IconButton, PrimaryButton, QuietButton
from judge_desk.desktop.widgets.page_head import PageHead
from judge_desk.desktop.wording import t
from judge_desk.domain.drafts import DraftState
from judge_desk.drafting.papers import Paper
from judge_desk.services.drafts import DraftWork

if TYPE_CHECKING:
    from judge_desk.desktop.pages.drafts.page import DraftsPage


class DraftHead:
    """Buttons of the list and of the table; one set is hidden, and both where another view has its own."""

    def __init__(self, head: PageHead, deeds: DraftDeeds, page: DraftsPage) -> None:
        self._head, self._deeds, self._page = head, deeds, page
        self.back = IconButton("arrow-left", "drafts.back", "Esc")
        self.new = PrimaryButton("drafts.new", "Ctrl+N", "file-plus")
        self.history = QuietButton("drafts.history", icon_name="history")
        self.lay_out = QuietButton("drafts.lay_out")
        self.more = IconButton("ellipsis", "drafts.more")
        self.finalise = PrimaryButton("drafts.finalise", "Ctrl+Shift+Return")
        self.sign = PrimaryButton("signing.sign", "Ctrl+Shift+S", "signature")
        self.sign_many = QuietButton("signing.sign", icon_name="signature")
        self._view_key = ""
        head.add_leading(self.back)
        for widget in (self.history, self.more, self.lay_out, self.sign_many, self.new, self.finalise, self.sign):
            head.add_button(widget)
        self.back.clicked.connect(page.show_list)
        self.new.clicked.connect(lambda: page.begin())
        self.history.clicked.connect(deeds.toggle_history)
        self.lay_out.clicked.connect(lambda: deeds.toggle_state())
        self.more.clicked.connect(self._open_menu)
        self.finalise.clicked.connect(deeds.ask_finalise)
        self.sign.clicked.connect(lambda: page.outputs.ask_sign())
        self.sign_many.clicked.connect(lambda: page.outputs.ask_sign())

    def show_view(self, title_key: str) -> None:
        """A view beside list and table stands below; with "" one of those two again."""
        self._view_key = title_key
        self.show_work(self._page.work)

    def show_work(self, work: DraftWork | None) -> None:
        """A draft, or the list for None."""
        if self._view_key:
            self._name_view()
            return
        draft = work.draft if work else None
        is_open = draft is not None and draft.state is not DraftState.FINAL
        shown: dict[QWidget, bool] = {
            self.back: draft is not None,
            self.history: draft is not None,
            self.more: draft is not None,
            self.new: draft is None,
            self.lay_out: is_open and work is not None and work.may_edit and not work.may_finalise,
            self.finalise: is_open and work is not None and work.may_finalise,
            self.sign: self._page.outputs.may_sign(),
            self.sign_many: draft is None,
        }
        for widget, on in shown.items():
            widget.setVisible(on)
        self._head.set_compact(draft is not None)
        if draft is not None:
            self._head.set_title_text(draft.title)
            self.lay_out.say("drafts.take_back" if draft.state is DraftState.TO_SIGN else "drafts.lay_out")
        else:
            self._head.set_title("drafts.title")

    def _name_view(self) -> None:
        deeds = (self.back, self.history, self.more, self.new, self.lay_out, self.finalise, self.sign, self.sign_many)
        for widget in deeds:
            widget.hide()
        self._head.set_compact(False)
        self._head.set_title(self._view_key)
        self._head.set_subtitle_text("")

    def show_status(self, text: str) -> None:
        """Where the text is; said again every second, so that "3 seconds ago" stays true."""
        if self._page.work is not None and not self._view_key:
            self._head.set_subtitle_text(text)

    def menu(self) -> QMenu:
        """The quieter deeds."""
        page, deeds = self._page, self._deeds
        menu = QMenu(self.more)
        state = page.work.draft.state if page.work else DraftState.WRITING
        is_laid_out = state is DraftState.TO_SIGN
        for key, deed, may in (
            ("drafts.take_back" if is_laid_out else "drafts.lay_out", deeds.toggle_state, page.is_writing()),
            ("drafts.history.keep", deeds.ask_version_name, page.is_writing()),
            ("outputs.word.choose", page.outputs.ask_word, page.is_writing()),
            ("outputs.public.title", page.outputs.ask_public, page.may_export()),
            ("signing.verify.choose", page.outputs.ask_verify, True),
            ("drafts.open_case", deeds.open_case, page.work is not None),
            ("drafts.delete", page.ask_delete, page.is_writing()),
        ):
            action = menu.addAction(t(key))
            action.setEnabled(may)
            action.triggered.connect(lambda _on=False, each=deed: each())
        self._add_papers(menu)
        return menu

    def _add_papers(self, menu: QMenu) -> None:
        """Every format in which the act may leave the desk."""
        page = self._page
        papers = menu.addMenu(t("drafts.export"))
        papers.setEnabled(page.may_export())
        for paper in Paper:
            action = papers.addAction(t(f"outputs.paper.{paper.name.lower()}"))
            action.triggered.connect(lambda _on=False, each=paper: page.outputs.ask_export(each))

    def _open_menu(self) -> None:
        self.menu().popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))
