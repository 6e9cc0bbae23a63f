"""Find and replace in the text of an act."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRegularExpression, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from judge_desk.desktop.editor import commands, formats
from judge_desk.desktop.editor.act_edit import ActEdit
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.buttons import IconButton, QuietButton
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say


class EditorFindBar(QFrame):
    """Hidden until asked for; every place is marked in the text.

    Signals:
        replaced: (how many).
    """

    replaced = Signal(int)

    def __init__(self, edit: ActEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = edit
        self.needle, self.replacement = QLineEdit(), QLineEdit()
        for line, key in ((self.needle, "editor.find.placeholder"), (self.replacement, "editor.replace.placeholder")):
            say(line.setPlaceholderText, key)
            say(line.setAccessibleName, key)
            line.setMinimumWidth(Theme.current().px(Space.PAGE))
        self._count = PlainLabel(face="caption", tone="muted")
        previous = IconButton("chevron-up", "editor.find.previous", "Shift+F3")
        following = IconButton("chevron-down", "editor.find.next", "F3")
        self._one, self._all = QuietButton("editor.replace"), QuietButton("editor.replace.all")
        close = IconButton("x", "editor.find.close", "Esc")
        self._lay_out((self.needle, self._count, previous, following, close), (self.replacement, self._one, self._all))
        self.needle.textChanged.connect(self._look)
        self.needle.returnPressed.connect(self.find_next)
        self.replacement.returnPressed.connect(self.replace_one)
        previous.clicked.connect(lambda: self.find_next(backwards=True))
        following.clicked.connect(lambda: self.find_next())
        self._one.clicked.connect(self.replace_one)
        self._all.clicked.connect(self.replace_all)
        close.clicked.connect(self.close_bar)
        self.hide()

    def _lay_out(self, *lines: tuple[QWidget, ...]) -> None:
        column = QVBoxLayout(self)
        side = Theme.current().px(Space.ROW)
        column.setContentsMargins(side, 0, side, 0)
        column.setSpacing(Space.TIGHT)
        for widgets in lines:
            row = QHBoxLayout()
            row.setSpacing(Space.TIGHT)
            for widget in widgets:
                row.addWidget(widget, 1 if isinstance(widget, QLineEdit) else 0)
            column.addLayout(row)

    def open_bar(self, *, replace: bool = False) -> None:
        """Show the bar with the selected words, if any."""
        selected = formats.as_typed(self._edit.textCursor().selectedText())
        if selected and "\u2029" not in selected:
            self.needle.setText(selected)
        can_write = not self._edit.isReadOnly()
        for widget in (self.replacement, self._one, self._all):
            widget.setVisible(can_write)
        self.show()
        (self.replacement if replace and self.needle.text() and can_write else self.needle).setFocus()
        self.needle.selectAll()
        self._look()

    def close_bar(self) -> None:
        if self.isVisible():
            self.hide()
            self._edit.looks.set_needle("")
            self._edit.setFocus()

    def find_next(self, *, backwards: bool = False) -> bool:
        """Select the next place, round the end; False when there is none."""
        flags = QTextDocument.FindFlag.FindBackward if backwards else QTextDocument.FindFlag(0)
        document, words = self._edit.document(), self._pattern()
        if not self.needle.text():
            return False
        found = self._beside_parts(document.find(words, self._edit.textCursor(), flags), flags)
        if found.isNull():
            start = QTextCursor(document)
            if backwards:
                start.movePosition(QTextCursor.MoveOperation.End)
            found = self._beside_parts(document.find(words, start, flags), flags)
        if found.isNull():
            return False
        self._edit.setTextCursor(found)
        self._edit.ensureCursorVisible()
        return True

    def replace_one(self) -> None:
        """Replace the selected place and go to the next."""
        cursor = self._edit.textCursor()
        if self._is_match(cursor):
            self._write(cursor)
            self._edit.setTextCursor(cursor)
        self.find_next()
        self._look()

    def replace_all(self) -> None:
        """Replace every place in one step of undo."""
        count = 0
        if not self.needle.text() or self._edit.isReadOnly():
            return
        cursor = QTextCursor(self._edit.document())
        step = QTextCursor(self._edit.document())
        with commands.one_step(step):
            while True:
                cursor = self._beside_parts(self._edit.document().find(self._pattern(), cursor), None)
                if cursor.isNull():
                    break
                self._write(cursor)
                count += 1
        self._look()
        self.replaced.emit(count)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Else the window's own Esc would leave the page.
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def _pattern(self) -> QRegularExpression:
        """The needle word for word; a space or hyphen of it is also one that holds words together."""
        escaped = QRegularExpression.escape(formats.as_typed(self.needle.text()))
        letters = escaped.replace("\\ ", "[ \u00a0]").replace("\\-", "[-\u2011]")
        return QRegularExpression(letters, QRegularExpression.PatternOption.CaseInsensitiveOption)

    def _write(self, cursor: QTextCursor) -> None:
        cursor.insertText(self.replacement.text(), commands.typing_format(cursor))

    def _is_match(self, cursor: QTextCursor) -> bool:
        selected = formats.as_typed(cursor.selectedText())
        wanted = formats.as_typed(self.needle.text())
        return bool(wanted) and selected.casefold() == wanted.casefold() and not self._edit.isReadOnly()

    def _beside_parts(self, found: QTextCursor, flags: QTextDocument.FindFlag | None) -> QTextCursor:
        """Skip names of parts: they are no words of the act."""
        while not found.isNull() and commands.is_part_line(found.block()):
            found = self._edit.document().find(self._pattern(), found, flags or QTextDocument.FindFlag(0))
        return found

    def _look(self) -> None:
        words = formats.as_typed(self.needle.text()).casefold()
        self._edit.looks.set_needle(words)
        count = 0
        line = self._edit.document().begin()
        while words and line.isValid():
            if not commands.is_part_line(line):
                count += formats.as_typed(line.text()).casefold().count(words)
            line = line.next()
        self._count.setVisible(bool(words))
        if count:
            say(self._count.setText, "editor.find.count", n=count)
        else:
            say(self._count.setText, "editor.find.none")
