"""Icons of one set (Lucide, resources/icons), drawn in the theme's colours and kept per colour, size and screen scale.

For page-writers::

    icon("gavel")                      QIcon in the text colour; icon("trash-2", "bad") in another token
    pixmap("sun", "muted", 16, ratio)  QPixmap for a delegate that paints by itself
    IconLabel("gavel", "muted")        a label that follows the theme (widgets/icon_label.py)

A QIcon is a picture of one moment: after ``Theme.changed`` ask again (actions and our buttons do it by themselves).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from judge_desk.desktop.theme import Size, Theme
from judge_desk.runtime.paths import resource

RATIOS: Final = (1.0, 1.5, 2.0)


def icon(name: str, tone: str = "text", size: int = Size.ICON) -> QIcon:
    """The icon in a colour token of the theme in force; its disabled form is muted. Raises FileNotFoundError."""
    theme = Theme.current()
    found = QIcon()
    for ratio in RATIOS:
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected, QIcon.Mode.Active):
            found.addPixmap(_draw(name, theme.colour(tone).name(), theme.px(size), ratio), mode)
        found.addPixmap(_draw(name, theme.colour("edge").name(), theme.px(size), ratio), QIcon.Mode.Disabled)
    return found


def pixmap(name: str, tone: str = "text", size: int = Size.ICON, ratio: float = 1.0) -> QPixmap:
    """One picture, ``size`` grown by the text scale, for a screen of this device pixel ratio."""
    theme = Theme.current()
    return _draw(name, theme.colour(tone).name(), theme.px(size), ratio)


@lru_cache(maxsize=512)
def _draw(name: str, colour: str, side: int, ratio: float) -> QPixmap:
    picture = QPixmap(round(side * ratio), round(side * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    painter = QPainter(picture)
    renderer.render(painter, QRectF(picture.rect()))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text("utf-8")
