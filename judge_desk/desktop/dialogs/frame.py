"""The frame of a dialog: title, body, and a row of buttons at its foot; as high as its sentences need."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import QuietButton
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say

MOST_OF_SCREEN = 0.65
"""What scrolls takes no more; title, note and buttons need the rest."""


def fit_height(dialog: QDialog, column: QVBoxLayout) -> None:
    """Make a dialog as high as what stands in it needs at its width; Qt alone gives it two thirds of the screen at most
    and takes what is missing from the buttons."""
    width = max(dialog.width(), dialog.minimumWidth())
    # The size hint takes a sentence for narrower than it stands; what it asks for too much would part the fields.
    knows = column.hasHeightForWidth()
    dialog.resize(width, column.totalHeightForWidth(width) if knows else column.totalSizeHint().height())


class LowScroll(QScrollArea):
    """The part of a dialog that scrolls where the screen is low; ``fit(height)`` says how high it would like to be."""

    def __init__(self, inner: QWidget) -> None:
        super().__init__(widgetResizable=True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inner)
        self._inner = inner

    def fit(self, height: int) -> None:
        """Take that much, or what the screen has for it."""
        self.setFixedHeight(min(height, round(self.screen().availableSize().height() * MOST_OF_SCREEN)))

    def fit_words(self, width: int) -> None:
        """Take what words need that wrap at this width."""
        # As they stand beside a bar: Qt may begin with one, which makes them higher, and would then keep it.
        self.fit(self._inner.heightForWidth(width - self.verticalScrollBar().sizeHint().width()))


class DialogFrame(QDialog):
    """``column`` takes what stands inside; ``add_buttons`` closes it. Opens with ``open()``, gone when closed."""

    def __init__(self, parent: QWidget, title_key: str, *, wide: bool = False) -> None:
        super().__init__(parent.window())
        theme = Theme.current()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(Size.READING if wide else Size.DIALOG))
        say(self.setWindowTitle, title_key)
        title = PlainLabel(face="title", wrap=True)
        say(title.setText, title_key)
        self.column = QVBoxLayout(self)
        side = theme.px(Space.SECTION)
        self.column.setContentsMargins(side, side, side, side)
        self.column.setSpacing(theme.px(Space.ROW))
        self.column.addWidget(title)

    def add_sentence(self, key: str = "", tone: str = "muted", **params: object) -> PlainLabel:
        """A sentence that wraps."""
        label = PlainLabel(tone=tone, wrap=True)
        if key:
            say(label.setText, key, **params)
        self.column.addWidget(label)
        return label

    def add_field(self, key: str, field: QWidget) -> PlainLabel:
        """A field under its name; the name is its name for a screen reader as well."""
        label = PlainLabel(face="caption", tone="muted")
        say(label.setText, key)
        label.setBuddy(field)
        say(field.setAccessibleName, key)
        self.column.addWidget(label)
        self.column.addWidget(field)
        return label

    def add_buttons(self, *buttons: QuietButton, close_key: str = "common.cancel") -> QuietButton:
        """The row at the foot, the one that closes first; gives that one."""
        close = QuietButton(close_key, "Esc")
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(Theme.current().px(Space.ROW))
        row.addStretch(1)
        for button in (close, *buttons):
            row.addWidget(button)
        self.column.addSpacing(Theme.current().px(Space.ROW))
        self.column.addLayout(row)
        return close

    @property
    def inner_width(self) -> int:
        """What stands between the margins, in px."""
        return max(self.width(), self.minimumWidth()) - 2 * Theme.current().px(Space.SECTION)

    def fit(self) -> None:
        """Sentences wrap, and only a shown dialog knows how high that makes it."""
        fit_height(self, self.column)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()
