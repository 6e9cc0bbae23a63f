"""The mark of a choice is seen in both themes, chosen or not."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from judge_desk.desktop.theme import THEMES, Size, Theme
from judge_desk.desktop.widgets.check_box import CheckBox


def test_a_check_box_shows_its_mark_in_both_themes(qtbot: QtBot) -> None:
    theme = Theme.current()
    before, box = theme.name, CheckBox()
    qtbot.addWidget(box)
    box.resize(Size.CONTROL, Size.CONTROL)
    for name in THEMES:
        theme.apply(name)
        shown = []
        for is_chosen in (False, True):
            box.setChecked(is_chosen)
            picture = box.grab().toImage()
            points = ((x, y) for x in range(picture.width()) for y in range(picture.height()))
            shown.append({picture.pixelColor(*point).name() for point in points})
        assert theme.colour("muted").name() in shown[0]
        assert theme.colour("accent").name() in shown[1]
    theme.apply(before)
