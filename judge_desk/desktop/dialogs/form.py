"""A dialog that is a form: fields with their names at the left, a note, one button; scrolls where the screen is low."""

from __future__ import annotations

from PySide6.QtWidgets import QFormLayout, QWidget

from judge_desk.desktop.dialogs.frame import DialogFrame, LowScroll
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, t


class FormDialog(DialogFrame):
    """``add(key, field)`` hangs a named field under the others; ``do_it`` is the button, also by Ctrl+Enter."""

    def __init__(self, parent: QWidget, title_key: str, action_key: str) -> None:
        super().__init__(parent, title_key)
        theme = Theme.current()
        self.setMinimumWidth(theme.px(Size.DIALOG + 2 * Size.THUMBNAIL))
        self._fields = QWidget()
        self.form = QFormLayout(self._fields)
        self.form.setContentsMargins(0, 0, Space.ROW, 0)
        self.form.setSpacing(theme.px(Space.ROW))
        self.form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._scroll = LowScroll(self._fields)
        self.note = PlainLabel(tone="muted", wrap=True)
        self.note.hide()
        self.do_it = PrimaryButton(action_key, "Ctrl+Return")
        self.do_it.setShortcut("Ctrl+Return")
        self.do_it.clicked.connect(self.accept)
        self.column.addWidget(self._scroll, 1)
        self.column.addWidget(self.note)
        self.add_buttons(self.do_it)

    def add(self, key: str, field: QWidget) -> None:
        """A field beside its name, which is its name for a screen reader as well."""
        say(field.setAccessibleName, key)
        self.form.addRow(PlainLabel(t(key), "caption", "muted"), field)

    def say_note(self, text: str, tone: str = "muted") -> None:
        """A sentence under the fields; empty hides it."""
        self.note.setText(text)
        self.note.set_tone(tone)
        self.note.setVisible(bool(text))
        if self.isVisible():
            self.fit()

    def fit(self) -> None:
        """As high as the fields need, on a low screen with a scroll bar."""
        needed = max(self.form.heightForWidth(self.inner_width), self._fields.sizeHint().height())
        self._scroll.fit(needed + 2)
        super().fit()
