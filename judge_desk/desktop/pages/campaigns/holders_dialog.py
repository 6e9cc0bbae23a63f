"""Who holds the key of a campaign, and handing it to another desk after its digits were compared by telephone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QLineEdit, QWidget

from judge_desk.desktop.dialogs.frame import DialogFrame
from judge_desk.desktop.widgets.buttons import PrimaryButton
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line, row_height
from judge_desk.desktop.wording import say, t
from judge_desk.services.campaign_keys import HolderRow

MOST_ROWS = 4


class HoldersDialog(DialogFrame):
    """``on_given(holder id, digits)`` runs when the person agrees; the digits are typed, never shown beside the field,
    so that nobody agrees without the other person's voice."""

    def __init__(
        self,
        parent: QWidget,
        rows: Sequence[HolderRow],
        on_given: Callable[[str, str], object],
        *,
        has_key: bool,
    ) -> None:
        super().__init__(parent, "campaigns.holders.title", wide=True)
        self._rows, self._has_key = {each.holder.id: each for each in rows}, has_key
        here = next((each for each in rows if each.is_here), None)
        self.add_sentence("campaigns.holders.hint")
        if here is not None:
            self.add_sentence("campaigns.holders.own", tone="text", digits=here.digits)
        self.list = LazyList("campaigns.holders.list")
        self.list.setFixedHeight(min(max(1, len(rows)), MOST_ROWS) * row_height(two_lines=True))
        self.list.show_lines([_line(each) for each in rows])
        self.column.addWidget(self.list)
        self.digits = QLineEdit()
        self.add_field("campaigns.holders.digits", self.digits)
        self.give = PrimaryButton("campaigns.holders.give", icon_name="key-round")
        self.give.clicked.connect(self.accept)
        self.accepted.connect(lambda: on_given(self.list.current_id(), self.digits.text()))
        self.add_buttons(self.give, close_key="common.close")
        self.list.picked.connect(lambda _id: self._enable())
        self.digits.textChanged.connect(lambda _text: self._enable())
        other = next((each for each in rows if not each.has_key and not each.is_here), None)
        if other is not None:
            self.list.select(other.holder.id)
        self._enable()

    def _enable(self) -> None:
        row = self._rows.get(self.list.current_id())
        may = row is not None and not row.is_here and not row.has_key and self._has_key
        self.digits.setEnabled(may)
        self.give.setEnabled(may and bool(self.digits.text().strip()))


def _line(row: HolderRow) -> Line:
    key = "campaigns.holders.has" if row.has_key else "campaigns.holders.has_not"
    return Line(
        id=row.holder.id,
        title=row.holder.name,
        detail=t("campaigns.holders.here") if row.is_here else t("campaigns.holders.there"),
        icon="key-round" if row.has_key else "lock",
        trailing=t(key),
        trailing_tone="ok" if row.has_key else "muted",
        trailing_icon="circle-check" if row.has_key else "",
    )


def ask_holders(
    parent: QWidget, rows: Sequence[HolderRow], on_given: Callable[[str, str], object], *, has_key: bool
) -> HoldersDialog:
    """Open the dialog and return at once."""
    dialog = HoldersDialog(parent, rows, on_given, has_key=has_key)
    say(dialog.setAccessibleName, "campaigns.holders.title")
    dialog.open()
    return dialog
