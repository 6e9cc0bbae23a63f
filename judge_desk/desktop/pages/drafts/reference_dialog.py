"""Choose a page of a case document to refer to: a few letters of its title, the page, Enter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.search_field import SearchField
from judge_desk.desktop.wording import say, t
from judge_desk.domain.documents import Document
from judge_desk.i18n.translator import Translator

MOST_PAGE = 100_000


class ReferenceDialog(QDialog):
    """The documents in the order of the case file. Opens with ``open()``.

    Signals:
        chosen: (words, document id, page; 0 for the whole document).
    """

    chosen = Signal(str, str, int)

    def __init__(self, documents: Sequence[Document], language: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._documents = {document.id: document for document in documents}
        self._language = language
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        theme = Theme.current()
        self.resize(theme.px(Size.PALETTE), theme.px(Size.DIALOG))
        say(self.setWindowTitle, "editor.reference.title")
        title = PlainLabel(face="title", wrap=True)
        say(title.setText, "editor.reference.title")
        self.search = SearchField("editor.reference.search")
        self.list = LazyList("editor.reference.documents")
        self.page = QLineEdit()
        self.page.setValidator(QIntValidator(1, MOST_PAGE, self))
        say(self.page.setPlaceholderText, "editor.reference.page")
        say(self.page.setAccessibleName, "editor.reference.page")
        insert = PrimaryButton("editor.reference.insert", "Enter")
        row = QHBoxLayout()
        row.addWidget(self.page, 1)
        row.addWidget(insert)
        column = QVBoxLayout(self)
        side = theme.px(Space.SECTION)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.px(Space.GAP))
        column.addWidget(title)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        self.search.asked.connect(self._fill)
        self.search.returnPressed.connect(self.page.setFocus)
        self.search.moved_down.connect(lambda: self.list.setFocus(Qt.FocusReason.OtherFocusReason))
        self.list.opened.connect(lambda _id: self.page.setFocus())
        self.page.returnPressed.connect(self._take)
        insert.clicked.connect(self._take)
        self._fill("")
        self.search.setFocus()

    def _fill(self, text: str) -> None:
        words = text.casefold().split()
        lines = [
            Line(id=each.id, title=each.title, detail=_detail(each), icon="file-text", title_keeps_end=True)
            for each in self._documents.values()
            if all(word in each.title.casefold() for word in words)
        ]
        self.list.show_lines(lines)
        if lines and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.list.lines.index(0))

    def _take(self) -> None:
        document = self._documents.get(self.list.current_id())
        if document is None:
            return
        page = int(self.page.text() or 0)
        self.chosen.emit(reference_words(document, page, self._language), document.id, page)
        self.accept()


def reference_words(document: Document, page: int, language: str) -> str:
    """How a reference reads in the language of the act."""
    words = Translator(language)
    if page:
        return words.text("editor.reference.words", title=document.title, page=page)
    return words.text("editor.reference.whole", title=document.title)


def _detail(document: Document) -> str:
    parts = [t(f"word.document.{document.kind}")]
    if document.pages:
        parts.append(t("common.pages", n=document.pages))
    return " · ".join(parts)
