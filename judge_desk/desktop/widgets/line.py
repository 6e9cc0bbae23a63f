"""What one row of a list says, and how it is painted: two lines, something before them, a state after them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextLayout
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from judge_desk.desktop.icons import pixmap
from judge_desk.desktop.theme import Corner, Size, Space, Theme

LINE_ROLE: Final = Qt.ItemDataRole.UserRole + 1
ID_ROLE: Final = Qt.ItemDataRole.UserRole + 2
KEY_ROLE: Final = Qt.ItemDataRole.UserRole + 3
FACTS_DOT: Final = " · "
"""Stands between the facts of a detail."""
_ONE_LINE: Final = int(Qt.TextFlag.TextSingleLine)
_WRAPPED: Final = int(Qt.TextFlag.TextWordWrap)
AnyIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row. All texts are finished and plain; tones are colour tokens.

    ``leading`` is a short tabular text (a time, a number), ``trailing`` a state in words; ``pill`` puts it on a soft
    ground; ``trailing_icon`` is its shape for those who do not see colour. It ends the first line, or the second
    (``trailing_below``), and the other one has the whole width. Too long a ``detail`` loses its middle, or its end
    where that matters least (``keeps_end`` False). A ``title`` loses its end, for a case is called by its parties first
    and its subject last, and of two parties without a name nobody has any use; where several begin alike and end
    otherwise, as documents and forms do, it loses its middle (``title_keeps_end``). In a narrow column ``wraps`` loses
    nothing: title, detail and state stand below each other, each in as many lines as it needs; only a pill stays at the
    right, of all or (``trailing_below``) of the detail. ``title_lines``: a title that wraps takes no more than these,
    and its last one is cut as in a row of one line (``detail_lines``: so does the detail); ``spoken`` still says all.
    ``whole_detail``: of half a case number nobody has any use, so a detail that has no room puts its facts below each
    other, the state beside the first, and the row is higher; its title then takes ``title_lines`` where it needs them.
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
    title_keeps_end: bool = False
    wraps: bool = False
    title_lines: int = 0
    detail_lines: int = 0
    whole_detail: bool = False
    whole_title: bool = False
    """A title that has no room in one line takes as many as it needs, or ``title_lines``. Its state stays at the right:
    of all where the title stands alone, in a list of names, else of its first line, above the detail."""

    @property
    def may_grow(self) -> bool:
        """Whether the width of the list makes the row higher."""
        return self.wraps or self.whole_detail or self.whole_title

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
        if isinstance(line, Line) and line.may_grow:
            high = max(high, self._grown_height(line))
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
        line = _fitted(line, self._words_width(line, room.width()))
        room = _paint_icon(painter, room, line)
        if line.leading or self._sample:
            room = self._paint_leading(painter, room, line)
        if line.wraps:
            _paint_wrapped(painter, room, line)
            return
        beside = _paint_trailing(painter, room, line)
        title = Theme.current().font(_title_face(line))
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

    def _grown_height(self, line: Line) -> int:
        """At the width that the list has now; 0 where all stands in the usual two lines."""
        theme, view = Theme.current(), self.parent()
        width = view.viewport().width() if isinstance(view, QListView) else theme.px(Size.SIDE)
        width = self._words_width(line, width - 2 * theme.px(Space.ROW))
        line = _fitted(line, width)
        return 2 * theme.px(Space.ROW) + sum(each.height for each in _pieces(line, width)) if line.wraps else 0

    def _words_width(self, line: Line, width: int) -> int:
        """What icon and leading text leave of a row."""
        theme = Theme.current()
        width -= theme.px(Size.ICON) + theme.px(Space.GAP) if line.icon else 0
        return width - (self._leading_width(line) + theme.px(Space.CARD) if line.leading or self._sample else 0)

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
    shown = _elided(text, painter.fontMetrics(), room.width(), keeps_end=keeps_end)
    painter.drawText(room, int(align | Qt.AlignmentFlag.AlignLeft) | _ONE_LINE, shown)


def _elided(text: str, metrics: QFontMetrics, width: int, *, keeps_end: bool) -> str:
    mode = Qt.TextElideMode.ElideMiddle if keeps_end else Qt.TextElideMode.ElideRight
    return metrics.elidedText(text, mode, width)


class _Piece(NamedTuple):
    """A part of a row that wraps."""

    text: str
    font: QFont
    tone: str
    width: int

    @property
    def height(self) -> int:
        return _high(self.text, QFontMetrics(self.font), self.width)


def _fitted(line: Line, width: int) -> Line:
    """What is to be whole and has no room in one line takes more: a title alone in words, a detail in its facts."""
    if line.wraps or not line.may_grow:
        return line
    if line.whole_title:
        title = QFontMetrics(Theme.current().font(_title_face(line)))
        has_room = title.horizontalAdvance(line.title) <= width - _taken_by_trailing(line, width)
        return line if has_room else replace(line, wraps=True)
    taken = _taken_by_trailing(line, width)
    caption, title = (QFontMetrics(Theme.current().font(face)) for face in ("caption", _title_face(line)))
    has_room = _has_room(line.detail, caption, width - (taken if line.trailing_below else 0))
    is_short = line.title_lines < 2 or _has_room(line.title, title, width - (0 if line.trailing_below else taken))
    if has_room and is_short:
        return line
    detail = line.detail if has_room else line.detail.replace(FACTS_DOT, "\n")
    return replace(line, wraps=True, title_lines=max(line.title_lines, 1), detail=detail)


def _has_room(text: str, metrics: QFontMetrics, width: int) -> bool:
    return _elided(text, metrics, width, keeps_end=True) == text


def _title_face(line: Line) -> str:
    return "strong" if line.strong else "body"


def _pieces(line: Line, width: int) -> list[_Piece]:
    """What a row that wraps says from top to bottom."""
    font = Theme.current().font
    title = font(_title_face(line))
    at_right = line.pill or line.trailing_below or line.whole_title
    beside = width - (_taken_by_trailing(line, width) if at_right else 0)
    wide = width if line.trailing_below else beside
    below = width if _ends_title(line) else beside
    first, _, others = line.detail.partition("\n")
    first = _in_lines(first, font("caption"), below, most=line.detail_lines, keeps_end=line.keeps_end)
    pieces = [
        _Piece(_title(line, title, wide), title, "text", wide),
        _Piece(first, font("caption"), "muted", below),
        _Piece(others, font("caption"), "muted", beside if line.pill else width),
        _Piece("" if at_right else line.trailing, font("caption"), line.trailing_tone, width),
    ]
    return [each for each in pieces if each.text]


def _ends_title(line: Line) -> bool:
    """Whether the state of a row that wraps stands beside the first line of its title, and nothing beside the rest."""
    return line.whole_title and bool(line.detail) and not (line.pill or line.trailing_below)


def _title(line: Line, font: QFont, width: int) -> str:
    return _in_lines(line.title, font, width, most=line.title_lines, keeps_end=line.title_keeps_end)


def _in_lines(text: str, font: QFont, width: int, *, most: int, keeps_end: bool) -> str:
    """A text in no more lines than it may have; 0: in as many as it needs."""
    if not most:
        return text
    layout = QTextLayout(text, font)
    starts: list[int] = []
    layout.beginLayout()
    while len(starts) <= most and (piece := layout.createLine()).isValid():
        piece.setLineWidth(width)
        starts.append(piece.textStart())
    layout.endLayout()
    if len(starts) <= most:
        return text
    *whole, last = pairwise(starts)
    shown = [text[start:end].rstrip() for start, end in whole]
    rest = text[last[0] :]
    return "\n".join([*shown, _elided(rest, QFontMetrics(font), width, keeps_end=keeps_end)])


def _high(text: str, metrics: QFontMetrics, width: int) -> int:
    return metrics.boundingRect(QRect(0, 0, max(width, 1), 1 << 16), _WRAPPED, text).height()


def _top_of_wrapped(room: QRect, line: Line) -> int:
    return room.top() + (room.height() - sum(each.height for each in _pieces(line, room.width()))) // 2


def _paint_wrapped(painter: QPainter, room: QRect, line: Line) -> None:
    pieces, top = _pieces(line, room.width()), _top_of_wrapped(room, line)
    if line.trailing_below:
        below = sum(each.height for each in (pieces[1:] if line.pill else pieces[1:2]))
        _paint_trailing(painter, QRect(room.left(), top + pieces[0].height, room.width(), below), line)
    elif _ends_title(line):
        first = QFontMetrics(pieces[0].font).lineSpacing()
        _paint_trailing(painter, QRect(room.left(), top, room.width(), first), line)
    elif line.pill or line.whole_title:
        _paint_trailing(painter, room, line)
    for each in pieces:
        painter.setFont(each.font)
        painter.setPen(Theme.current().colour(each.tone))
        painter.drawText(QRect(room.left(), top, each.width, each.height), _WRAPPED, each.text)
        top += each.height


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


def _taken_by_trailing(line: Line, room: int) -> int:
    return _trailing_widths(line, room).whole + _beside_trailing(line) if line.trailing else 0


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
