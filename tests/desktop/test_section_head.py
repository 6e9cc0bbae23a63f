"""The heading of a section: whole, whatever stands beside it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless
from judge_desk.desktop.theme import Space
from judge_desk.desktop.widgets.badge import Badge
from judge_desk.desktop.widgets.buttons import LinkButton
from judge_desk.desktop.widgets.section_head import SectionHead


def test_a_heading_stays_whole_beside_its_buttons(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    head, link, badge = SectionHead("cases.file.hearings"), LinkButton("cases.file.plan", icon_name="plus"), Badge()
    badge.say("common.saved")
    column.addWidget(head)
    column.addStretch(1)
    head.add_trailing(link)
    head.add_trailing(badge)
    holder.show()
    others = head._label.sizeHint().width() + badge.sizeHint().width() + 2 * Space.ROW
    whole, least = (others + link.width_when(short=short) for short in (False, True))
    looks = {}
    for width in (whole, whole - 1, least, least - 1, whole):
        holder.resize(width, 200)
        qtbot.wait(20)
        assert head._label._shown() == head._label.text()
        hint(link)
        looks[width] = (link.toolTip(), badge.mapTo(head, badge.rect().topLeft()).y() > head._label.height() // 2)
        assert nameless(head) == []
    short = (link.text(), False)
    assert looks == {whole: ("", False), whole - 1: short, least: short, least - 1: (link.text(), True)}


def hint(widget: QWidget) -> None:
    """Let a tooltip be asked for, as the mouse does."""
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, QPoint(1, 1), QPoint(1, 1)))
