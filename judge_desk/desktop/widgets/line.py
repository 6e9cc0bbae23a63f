"""What one row of a list says, and how it is painted: two lines, something before them, a state after them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from judge_desk.desktop.icons import pixmap
from judge_desk.desktop.theme import Corner, Size, Space, Theme

LINE_ROLE: Final = Qt.ItemDataRole.UserRole + 1
ID_ROLE: Final = Qt.ItemDataRole.UserRole + 2
KEY_ROLE: Final = Qt.ItemDataRole.UserRole + 3
_ONE_LINE: Final = int(Qt.TextFlag.TextSingleLine)
_WRAPPED: Final = int(Qt.TextFlag.TextWordWrap)
AnyIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row. All texts are finished and plain; tones are colour tokens.

    ``leading`` is a short tabular text (a time, a number), ``trailing`` a state in words; ``pill`` puts it on a soft
    ground; ``trailing_icon`` is its shape for those who do not see colour. It ends the first line, or the second
    (``trailing_below``), and the other one has the whole width. Too long a ``detail`` loses its middle, or its end
    where that matters least (``keeps_end`` False); so does a ``title`` (``title_keeps_end``). In a narrow column
    ``wraps`` loses nothing: title, detail and state stand below each other, each in as many lines as it needs; only a
    pill stays at the right.
    """

    id: str
    title: str
    detail: str = ""
    leading: str = ""
    leading_tone: str = "muted"
    icon: str = ""
    icon_tone: str = "muted"
    trailing: str = ""
    trailing_tone: str = "muted"
    trailing_icon: str = ""
    trailing_below: bool = False
    pill: bool = False
    strong: bool = True
    keeps_end: bool = True
    title_keeps_end: bool = True
    wraps: bool = False

    def spoken(self) -> str:
        """The whole row for a screen reader or a tooltip."""
        return ", ".join(part for part in (self.leading, self.title, self.detail, self.trailing) if part)


class LineDelegate(QStyledItemDelegate):
    """Paints ``Line`` values. ``leading_sample`` ("00:00", "2 ж. күні") fixes the width of the leading column."""

    def __init__(self, parent: QWidget, leading_sample: str = "", *, hairlines: bool = True) -> None:
        super().__init__(parent)
        self._sample = leading_sample
        self._hairlines = hairlines

    def set_leading_sample(self, sample: str) -> None:
        self._sample = sample

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        line = index.data(LINE_ROLE)
        two = not isinstance(line, Line) or bool(line.detail)
        high = row_height(two_lines=two)
        if isinstance(line, Line) and line.wraps:
            high = max(high, self._wrapped_height(line))
        return QSize(0, high)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        theme = Theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect
        self._paint_ground(painter, option, rect, index)
        line = index.data(LINE_ROLE)
        inner = rect.adjusted(theme.px(Space.ROW), theme.px(Space.TIGHT), -theme.px(Space.ROW), -theme.px(Space.TIGHT))
        if isinstance(line, Line):
            self._paint_line(painter, inner, line)
        else:
            painter.setPen(theme.colour("muted"))
            painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter), "…")
        painter.restore()

    def _paint_line(self, painter: QPainter, room: QRect, line: Line) -> None:
        room = _paint_icon(painter, room, line)
        if line.leading or self._sample:
            room = self._paint_leading(painter, room, line)
        if line.wraps:
            _paint_wrapped(painter, _paint_trailing(painter, room, line) if line.pill else room, line)
            return
        beside = _paint_trailing(painter, room, line)
        title = Theme.current().font("strong" if line.strong else "body")
        if not line.detail:
            middle = Qt.AlignmentFlag.AlignVCenter
            _text(painter, beside, line.title, font=title, tone="text", align=middle, keeps_end=line.title_keeps_end)
            return
        half = QRect(room.left(), room.top(), (room if line.trailing_below else beside).width(), room.height() // 2)
        bottom = Qt.AlignmentFlag.AlignBottom
        _text(painter, half, line.title, font=title, tone="text", align=bottom, keeps_end=line.title_keeps_end)
        half.moveTop(half.bottom() + 1 + Theme.current().px(1))
        half.setWidth((beside if line.trailing_below else room).width())
        _text(
            painter,
            half,
            line.detail,
            font=Theme.current().font("caption"),
            tone="muted",
            align=Qt.AlignmentFlag.AlignTop,
            keeps_end=line.keeps_end,
        )

    def _wrapped_height(self, line: Line) -> int:
        """At the width that the list has now."""
        theme, view = Theme.current(), self.parent()
        width = view.viewport().width() if isinstance(view, QListView) else theme.px(Size.SIDE)
        width -= 2 * theme.px(Space.ROW) + (theme.px(Size.ICON) + theme.px(Space.GAP) if line.icon else 0)
        if line.leading or self._sample:
            width -= self._leading_width(line) + theme.px(Space.CARD)
        if line.pill and line.trailing:
            width -= _trailing_widths(line, width).whole + _beside_trailing(line)
        pieces = _pieces(line)
        return 2 * theme.px(Space.ROW) + sum(_high(text, QFontMetrics(font), width) for text, font, _ in pieces)

    def _paint_leading(self, painter: QPainter, room: QRect, line: Line) -> QRect:
        theme, width = Theme.current(), self._leading_width(line)
        cell = QRect(room.left(), room.top(), width, room.height() // 2 if line.detail else room.height())
        align = Qt.AlignmentFlag.AlignBottom if line.detail else Qt.AlignmentFlag.AlignVCenter
        if line.wraps:
            cell.setHeight(room.height())
            cell.setTop(_top_of_wrapped(room.adjusted(width + theme.px(Space.CARD), 0, 0, 0), line))
            align = Qt.AlignmentFlag.AlignTop
        _text(painter, cell, line.leading, font=theme.font("body"), tone=line.leading_tone, align=align)
        return room.adjusted(width + theme.px(Space.CARD), 0, 0, 0)

    def _leading_width(self, line: Line) -> int:
        # Letters end between two pixels; without the one more, the sample itself would be cut.
        return QFontMetrics(Theme.current().font("body")).horizontalAdvance(self._sample or line.leading) + 2

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, index: AnyIndex) -> None:
        theme = Theme.current()
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        if self._hairlines and not chosen and index.row() + 1 < index.model().rowCount():
            painter.setPen(theme.colour("line"))
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen or hovered:
            painter.setBrush(theme.colour("accent_soft" if chosen else "hover"))
            painter.drawRoundedRect(rect.adjusted(0, 0, 0, -1), Corner.CONTROL, Corner.CONTROL)
        view = self.parent()
        if chosen and isinstance(view, QListView) and view.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.colour("accent"))
            painter.drawRoundedRect(rect.adjusted(1, 1, -2, -2), Corner.CONTROL, Corner.CONTROL)


def row_height(*, two_lines: bool) -> int:
    """Height of a list row at the text scale in force."""
    return Theme.current().px(Size.ROW_TWO_LINES if two_lines else Size.ROW)


def _text(
    painter: QPainter,
    room: QRect,
    text: str,
    *,
    font: QFont,
    tone: str,
    align: Qt.AlignmentFlag,
    keeps_end: bool = True,
) -> None:
    painter.setFont(font)
    painter.setPen(Theme.current().colour(tone))
    mode = Qt.TextElideMode.ElideMiddle if keeps_end else Qt.TextElideMode.ElideRight
    shown = painter.fontMetrics().elidedText(text, mode, room.width())
    painter.drawText(room, int(align | Qt.AlignmentFlag.AlignLeft) | _ONE_LINE, shown)


def _pieces(line: Line) -> list[tuple[str, QFont, str]]:
    """What a row that wraps says from top to bottom: text, font, tone."""
    font = Theme.current().font
    pieces = [(line.title, font("strong" if line.strong else "body"), "text"), (line.detail, font("caption"), "muted")]
    pieces.append(("" if line.pill else line.trailing, font("caption"), line.trailing_tone))
    return [each for each in pieces if each[0]]


def _high(text: str, metrics: QFontMetrics, width: int) -> int:
    return metrics.boundingRect(QRect(0, 0, max(width, 1), 1 << 16), _WRAPPED, text).height()


def _heights(room: QRect, line: Line) -> list[int]:
    return [_high(text, QFontMetrics(font), room.width()) for text, font, _ in _pieces(line)]


def _top_of_wrapped(room: QRect, line: Line) -> int:
    return room.top() + (room.height() - sum(_heights(room, line))) // 2


def _paint_wrapped(painter: QPainter, room: QRect, line: Line) -> None:
    top = _top_of_wrapped(room, line)
    for (text, font, tone), high in zip(_pieces(line), _heights(room, line), strict=True):
        painter.setFont(font)
        painter.setPen(Theme.current().colour(tone))
        painter.drawText(QRect(room.left(), top, room.width(), high), _WRAPPED, text)
        top += high


def _paint_icon(painter: QPainter, room: QRect, line: Line) -> QRect:
    if not line.icon:
        return room
    theme = Theme.current()
    side = theme.px(Size.ICON)
    top = room.top() + (room.height() - side) // 2
    painter.drawPixmap(
        room.left(), top, pixmap(line.icon, line.icon_tone, Size.ICON, painter.device().devicePixelRatioF())
    )
    return room.adjusted(side + theme.px(Space.GAP), 0, 0, 0)


class _Trailing(NamedTuple):
    """How wide the parts of a state are: its picture, the gap after it, its words, and the ground at both sides."""

    picture: int
    gap: int
    words: int
    pad: int

    @property
    def whole(self) -> int:
        return self.picture + self.gap + self.words + 2 * self.pad


def _trailing_font(line: Line) -> QFont:
    return Theme.current().font("caption" if line.pill else "body")


def _trailing_widths(line: Line, room: int) -> _Trailing:
    theme = Theme.current()
    picture = theme.px(Size.ICON_SMALL) if line.trailing_icon else 0
    gap = theme.px(Space.TIGHT) if picture else 0
    words = min(QFontMetrics(_trailing_font(line)).horizontalAdvance(line.trailing) + 1, room // 2)
    return _Trailing(picture, gap, words, theme.px(Space.ROW) if line.pill else 0)


def _beside_trailing(line: Line) -> int:
    return Theme.current().px(Space.ROW if line.wraps else Space.CARD)


def _paint_trailing(painter: QPainter, room: QRect, line: Line) -> QRect:
    if not line.trailing:
        return room
    theme = Theme.current()
    font = _trailing_font(line)
    wide = _trailing_widths(line, room.width())
    height = QFontMetrics(font).height() + theme.px(Space.TIGHT)
    if line.wraps or not line.detail:
        top = room.top() + (room.height() - height) // 2
    elif line.trailing_below:
        top = room.top() + room.height() // 2 - theme.px(2)
    else:
        top = room.top() + room.height() // 2 - height + theme.px(2)
    cell = QRect(room.right() - wide.whole, top, wide.whole, height)
    if line.pill:
        soft = f"{line.trailing_tone}_soft"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(soft if hasattr(theme.colours, soft) else "hover"))
        painter.drawRoundedRect(cell, Corner.BADGE, Corner.BADGE)
    inner = cell.adjusted(wide.pad, 0, -wide.pad, 0)
    if wide.picture:
        ratio = painter.device().devicePixelRatioF()
        top = inner.top() + (inner.height() - wide.picture) // 2
        painter.drawPixmap(inner.left(), top, pixmap(line.trailing_icon, line.trailing_tone, Size.ICON_SMALL, ratio))
        inner.adjust(wide.picture + wide.gap, 0, 0, 0)
    _text(painter, inner, line.trailing, font=font, tone=line.trailing_tone, align=Qt.AlignmentFlag.AlignVCenter)
    return room.adjusted(0, 0, -(cell.width() + _beside_trailing(line)), 0)
