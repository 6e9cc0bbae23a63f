"""Asks once before something is taken away or closed for good, naming the thing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import DangerButton, PrimaryButton, QuietButton
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import t


class ConfirmDialog(QDialog):
    """``title`` and ``body`` are finished plain sentences; the button says what it does, never "yes".

    ``danger``: something is taken away. ``final``: nothing brings back what was before. Both begin on Cancel.
    """

    def __init__(
        self, parent: QWidget, title: str, body: str, action_key: str, *, danger: bool, final: bool = False
    ) -> None:
        super().__init__(parent)
        theme = Theme.current()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(Size.DIALOG))
        column = QVBoxLayout(self)
        side = theme.px(Space.SECTION)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.px(Space.GAP))
        column.addWidget(PlainLabel(title, "title", wrap=True))
        if body:
            column.addWidget(PlainLabel(body, tone="muted", wrap=True))
        do_it = DangerButton(action_key) if danger else PrimaryButton(action_key)
        keep = QuietButton("common.cancel", "Esc")
        row = QHBoxLayout()
        row.setSpacing(theme.px(Space.ROW))
        row.addStretch(1)
        row.addWidget(keep)
        row.addWidget(do_it)
        column.addSpacing(theme.px(Space.ROW))
        column.addLayout(row)
        do_it.clicked.connect(self.accept)
        keep.clicked.connect(self.reject)
        is_grave = danger or final
        (keep if is_grave else do_it).setFocus()
        do_it.setDefault(not is_grave)


def confirm(
    parent: QWidget,
    title_key: str,
    action_key: str,
    on_yes: Callable[[], object],
    *,
    body_key: str = "",
    danger: bool = False,
    final: bool = False,
    **params: object,
) -> ConfirmDialog:
    """Open the question and return at once; ``on_yes`` runs if the person agrees. ``params`` fill both texts."""
    body = t(body_key, **params) if body_key else ""
    dialog = ConfirmDialog(parent.window(), t(title_key, **params), body, action_key, danger=danger, final=final)
    dialog.accepted.connect(lambda: on_yes())
    dialog.open()
    return dialog
