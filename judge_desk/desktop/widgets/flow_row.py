"""A row of buttons or badges that goes on in the next line where the window is narrow or the letters are large."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget

from judge_desk.desktop.theme import Space, Theme


class FlowLayout(QLayout):
    """Items from the left (or ``to_end``: from the right), as many in a line as fit, ``gap`` pixels apart; with
    ``stacks`` all in one line, or each in one of its own and as wide as that."""

    def __init__(self, parent: QWidget, *, to_end: bool = False, gap: int | None = None, stacks: bool = False) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._to_end, self._own_gap, self._stacks = to_end, gap, stacks
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        aside = self._aside()
        lines = self._lines(width - aside.width())
        return sum(map(_height, lines)) + self._gap() * max(0, len(lines) - 1) + aside.height()

    def sizeHint(self) -> QSize:
        hints = [item.sizeHint() for item in self._shown()]
        width = sum(hint.width() for hint in hints) + self._gap() * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0)) + self._aside()

    def minimumSize(self) -> QSize:
        hints = [item.minimumSize() for item in self._shown()]
        wide, high = (max((size(hint) for hint in hints), default=0) for size in (QSize.width, QSize.height))
        return QSize(wide, high) + self._aside()

    def setGeometry(self, room: QRect) -> None:
        super().setGeometry(room)
        room = room.marginsRemoved(self.contentsMargins())
        top, lines = room.top(), self._lines(room.width())
        for line in lines:
            height = _height(line)
            spare = room.width() - sum(item.sizeHint().width() for item in line) - self._gap() * (len(line) - 1)
            left = room.left() + (max(0, spare) if self._to_end else 0)
            for item in line:
                hint = item.sizeHint()
                width = room.width() if self._stacks and len(lines) > 1 else min(hint.width(), room.width())
                item.setGeometry(QRect(left, top + (height - hint.height()) // 2, width, hint.height()))
                left += width + self._gap()
            top += height + self._gap()

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        used = 0
        for item in self._shown():
            need = item.sizeHint().width()
            if not lines or used + self._gap() + need > width:
                lines.append([item])
                used = need
            else:
                lines[-1].append(item)
                used += self._gap() + need
        return [[item] for item in self._shown()] if self._stacks and len(lines) > 1 else lines

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _gap(self) -> int:
        return Theme.current().px(Space.ROW) if self._own_gap is None else self._own_gap

    def _aside(self) -> QSize:
        """What the margins take."""
        sides = self.contentsMargins()
        return QSize(sides.left() + sides.right(), sides.top() + sides.bottom())


def _height(line: list[QLayoutItem]) -> int:
    return max(item.sizeHint().height() for item in line)


class FlowRow(QWidget):
    """``add(widget)``; ``clear()`` destroys what it holds. ``to_end``: lines end at the right."""

    def __init__(self, *, to_end: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self, to_end=to_end)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, widget: QWidget) -> None:
        self._flow.addWidget(widget)

    def clear(self) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
