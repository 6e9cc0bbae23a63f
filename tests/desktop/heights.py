"""How high a dialog should be, and whether anything in it is squeezed."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog

from judge_desk.desktop.widgets.plain_label import PlainLabel


def needed(dialog: QDialog) -> int:
    layout = dialog.layout()
    assert layout is not None
    return layout.totalHeightForWidth(dialog.width())


def is_whole(dialog: QDialog) -> None:
    """Nothing of it is lower than its words, and all of it inside."""
    QApplication.processEvents()
    for button in dialog.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.height() >= button.sizeHint().height(), button.text()
            assert dialog.rect().contains(button.mapTo(dialog, button.rect().bottomRight())), button.text()
    for label in dialog.findChildren(PlainLabel):
        assert not label.isVisible() or label.height() >= label.heightForWidth(label.width()), label.text()
