"""Pages as one long roll with what is on them: pictures, hits and marked text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from judge_desk.desktop.reader import selection as marking
from judge_desk.desktop.reader.render_queue import RenderQueue, Wanted
from judge_desk.desktop.reader.roll import Box
from judge_desk.desktop.reader.roll_view import RollView
from judge_desk.desktop.reader.selection import Selection
from judge_desk.desktop.theme import Theme, paper_colour
from judge_desk.desktop.wording import t
from judge_desk.services.pdf_worker import Hit, PageLetters


class PagesView(RollView):
    """The owner gives sizes and letters, and serves ``wanted`` from its ``RenderQueue``.

    Signals:
        letters_asked: (page from 0) the person began to mark text there.
    """

    letters_asked = Signal(int)

    def __init__(self, queue: RenderQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._hits: dict[int, list[Hit]] = {}
        self._current_hit: Hit | None = None
        self._letters: dict[int, PageLetters] = {}
        self._selection: Selection | None = None
        self._pressed: tuple[int, int] | None = None
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        queue.ready.connect(lambda _wanted: self.viewport().update())
        queue.failed.connect(lambda _page, _failure: self.viewport().update())

    def set_pages(self, sizes: Sequence[tuple[float, float]]) -> None:
        self._letters.clear()
        self._selection = None
        self.set_hits(())
        super().set_pages(sizes)

    def set_hits(self, hits: Sequence[Hit], current: Hit | None = None) -> None:
        """Paint these hits; ``current`` gets an outline."""
        self._hits = {}
        for hit in hits:
            self._hits.setdefault(hit.page, []).append(hit)
        self._current_hit = current
        self.viewport().update()

    def go_to_hit(self, hit: Hit) -> None:
        self._current_hit = hit
        self.go_to(hit.page, max(hit.rects[0][1], 0.001))
        self.viewport().update()

    def set_letters(self, page: int, letters: PageLetters) -> None:
        """The answer to ``letters_asked``."""
        self._letters[page] = letters

    def selected_text(self) -> str:
        """What is marked, or an empty text."""
        if self._selection is None:
            return ""
        return marking.text_of(self._letters[self._selection.page], self._selection)

    def copy(self) -> bool:
        """Put the marked text on the clipboard; False when nothing is marked."""
        text = self.selected_text()
        if text:
            QGuiApplication.clipboard().setText(text)
        return bool(text)

    def wanted(self) -> list[Wanted]:
        """Pages in sight, then their neighbours, at the scale of the screen."""
        top = self.verticalScrollBar().value()
        seen = list(self._roll.pages_between(top, top + self.viewport().height()))
        if not seen:
            return []
        near = [page for page in (seen[-1] + 1, seen[0] - 1) if 0 <= page < len(self._roll)]
        return [self._wanted(page) for page in (*seen, *near)]

    def is_sharp(self) -> bool:
        """Whether every page in sight is drawn at the scale of the screen or cannot be drawn."""
        top = self.verticalScrollBar().value()
        seen = self._roll.pages_between(top, top + self.viewport().height())
        return all(self._queue.has(self._wanted(page)) or self._queue.is_broken(page) for page in seen)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        theme = Theme.current()
        painter.fillRect(event.rect(), theme.colour("raised"))
        left, top = self._offset()
        painter.translate(-left, -top)
        for page in self._roll.pages_between(top, top + self.viewport().height()):
            self._paint_page(painter, page)
        if self.hasFocus():
            painter.resetTransform()
            painter.setPen(theme.colour("accent"))
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_C and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.copy()
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and len(self._roll):
            page = self._page_under(event.position())
            if page not in self._letters:
                self.letters_asked.emit(page)
            self._selection = None
            number = self._letter_under(event.position(), page)
            self._pressed = (page, number)
            self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        page, start = self._pressed
        number = self._letter_under(event.position(), page)
        if start < 0:
            self._pressed = (page, number)
        elif number >= 0:
            self._selection = Selection(page, min(start, number), max(start, number))
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        page = self._page_under(event.position()) if len(self._roll) else 0
        number = self._letter_under(event.position(), page)
        if number >= 0:
            self._selection = Selection(page, *marking.word_around(self._letters[page], number))
            self.viewport().update()

    def _wanted(self, page: int) -> Wanted:
        return Wanted(page, round(self._roll.scale * self.devicePixelRatioF(), 4), self._turn)

    def _page_under(self, point: QPointF) -> int:
        return self._roll.page_at(point.y() + self._offset()[1])

    def _letter_under(self, point: QPointF, page: int) -> int:
        letters = self._letters.get(page)
        if letters is None:
            return -1
        left, top = self._offset()
        return marking.letter_at(letters, *self._roll.share_at(page, point.x() + left, point.y() + top))

    def _paint_page(self, painter: QPainter, page: int) -> None:
        theme = Theme.current()
        box = _rect(self._roll.page(page))
        painter.fillRect(box, theme.colour("paper"))
        picture = self._queue.picture(self._wanted(page))
        if picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(box, picture)
        else:
            painter.setPen(paper_colour("muted"))
            key = "reader.page_broken" if self._queue.is_broken(page) else "reader.page_coming"
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), t(key, page=page + 1))
        self._paint_marks(painter, page)
        painter.setPen(theme.colour("line"))
        painter.drawRect(box)

    def _paint_marks(self, painter: QPainter, page: int) -> None:
        """Multiplied into the paper, so that letters stay black on them in both themes."""
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        for hit in self._hits.get(page, ()):
            for share in hit.rects:
                painter.fillRect(_rect(self._roll.place(page, share)), paper_colour("mark"))
        chosen = self._selection
        if chosen is not None and chosen.page == page:
            for share in marking.rects_of(self._letters[page], chosen):
                painter.fillRect(_rect(self._roll.place(page, share)), paper_colour("accent_soft").darker(110))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        current = self._current_hit
        if current is not None and current.page == page:
            painter.setPen(paper_colour("accent"))
            for share in current.rects:
                painter.drawRect(_rect(self._roll.place(page, share)).adjusted(-2, -2, 2, 2))


def _rect(box: Box) -> QRectF:
    return QRectF(box.x, box.y, box.width, box.height)
