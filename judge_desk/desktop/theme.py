"""The only place that knows a colour or a size: tokens of look.md, light and dark, turned into palette, fonts and QSS.

For page-writers::

    theme = Theme.current()
    theme.colour("muted")            QColor of a token of ``Colours``
    theme.px(Space.ROW)              a length in device-independent pixels, grown by the reader's text scale
    theme.font("title")              QFont of a ``TYPE`` token: caption body strong section title display figure act
    theme.changed.connect(slot)      after theme or text scale changed; QSS and palette are already in place

QSS lives in ``resources/styles/*.qss``, joined in the order of names; ``$token`` stands for a colour of ``Colours``,
``$px_N`` for N pixels grown by the text scale, ``$hair`` for a hairline, ``$mono`` for letters of one width. Put a
page's own sheet beside them
(``50_<page>.qss``). In code no other module names a colour or a pixel size (tests/desktop/test_shell_theme.py).
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from enum import IntEnum
from string import Template
from typing import ClassVar, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from judge_desk.runtime.paths import resource

SANS: Final = "Noto Sans"
SERIF: Final = "Tinos"
SCALES: Final = (1.0, 1.25, 1.5)
THEMES: Final = ("light", "dark")
SHADE: Final = QColor(0, 0, 0, 90)
"""Laid over the window behind a dialog, in pictures."""


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme's colours. ``on_*`` is text laid over that colour; ``*_soft`` is a quiet ground for that tone."""

    ground: str
    surface: str
    raised: str
    line: str
    edge: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    hover: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    gold: str
    gold_soft: str
    mark: str
    paper: str
    ink: str


LIGHT: Final = Colours(
    ground="#F6F5F1",
    surface="#FFFFFF",
    raised="#FBFAF7",
    line="#E4E1D8",
    edge="#CBC7BB",
    text="#1F2328",
    muted="#62666D",
    accent="#1F5F8B",
    accent_hover="#194F75",
    on_accent="#FFFFFF",
    accent_soft="#E5EFF6",
    hover="#EEECE5",
    ok="#2A7347",
    ok_soft="#E6F2EA",
    warn="#8F5200",
    warn_soft="#FBF0DC",
    bad="#B3322B",
    bad_soft="#FAE9E7",
    gold="#B0832B",
    gold_soft="#F7EFDC",
    mark="#FCE8A6",
    paper="#FFFFFF",
    ink="#1A1A1A",
)
DARK: Final = Colours(
    ground="#17191C",
    surface="#1E2125",
    raised="#24282D",
    line="#33383F",
    edge="#4A515A",
    text="#E8E6E1",
    muted="#A3A9B1",
    accent="#7FB7DD",
    accent_hover="#9CC9E8",
    on_accent="#11202B",
    accent_soft="#233442",
    hover="#262A2F",
    ok="#7CC79A",
    ok_soft="#1F3328",
    warn="#E0A95A",
    warn_soft="#382C1B",
    bad="#E88A82",
    bad_soft="#3C2523",
    gold="#D6B062",
    gold_soft="#342D1C",
    mark="#5C4A14",
    paper="#FFFFFF",
    ink="#1A1A1A",
)
COLOURS: Final = {"light": LIGHT, "dark": DARK}


class Space(IntEnum):
    """Distances in steps of 4, at text scale 1."""

    HAIR = 1
    TIGHT = 4
    ROW = 8
    GAP = 12
    CARD = 16
    SECTION = 20
    PAGE = 28


class Corner(IntEnum):
    """Radii of corners."""

    BADGE = 9
    CONTROL = 8
    CARD = 12


class Size(IntEnum):
    """Sizes of things that are neither a distance nor a letter."""

    ICON = 18
    ICON_SMALL = 16
    ICON_LARGE = 40
    CONTROL = 34
    ROW = 34
    ROW_TWO_LINES = 54
    NAVIGATION = 208
    STATUS = 28
    SIDE = 280
    PALETTE = 640
    DIALOG = 440
    READING = 760
    THUMBNAIL = 96
    FIELD_SHORT = 56
    POPOVER = 380
    WINDOW_WIDTH = 1440
    WINDOW_HEIGHT = 900
    WINDOW_MIN_WIDTH = 960
    WINDOW_MIN_HEIGHT = 600
    FOCUS = 2


@dataclass(frozen=True, slots=True)
class Face:
    """One size of type: pixels at scale 1, weight, family."""

    px: float
    weight: QFont.Weight = QFont.Weight.Normal
    family: str = SANS


TYPE: Final = {
    "caption": Face(12.5),
    "body": Face(14),
    "strong": Face(14, QFont.Weight.DemiBold),
    "section": Face(14, QFont.Weight.DemiBold),
    "title": Face(19, QFont.Weight.DemiBold),
    "display": Face(24, QFont.Weight.DemiBold),
    "figure": Face(20, QFont.Weight.Bold),
    "act": Face(16, family=SERIF),
}


class Theme(QObject):
    """The theme in force. One object a process; ``Theme.current()`` makes it on first call.

    Signals:
        changed: theme or text scale was switched; palette, font and style sheet of the application are already new.
    """

    changed = Signal()
    _current: ClassVar[Theme | None] = None

    def __init__(self) -> None:
        super().__init__()
        self.name = "light"
        self.scale = 1.0
        self._is_fusion = False

    @classmethod
    def current(cls) -> Theme:
        if cls._current is None:
            cls._current = cls()
        return cls._current

    @property
    def colours(self) -> Colours:
        return COLOURS[self.name]

    def colour(self, token: str) -> QColor:
        return QColor(getattr(self.colours, token))

    def px(self, length: float) -> int:
        return max(1, round(length * self.scale))

    def font(self, token: str) -> QFont:
        face = TYPE[token]
        font = QFont([face.family, SANS])
        font.setPixelSize(int(face.px * self.scale + 0.5))
        font.setWeight(face.weight)
        font.setFeature(QFont.Tag("tnum"), 1)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font

    def apply(self, name: str | None = None, scale: float | None = None) -> None:
        """Put a theme ("light", "dark" or "system") and a text scale in force for the whole application."""
        if name is not None:
            self.name = system_theme() if name == "system" else name
        if scale is not None:
            self.scale = scale
        application = QApplication.instance()
        if isinstance(application, QApplication):
            self._put_on(application)
        self.changed.emit()

    def _put_on(self, application: QApplication) -> None:
        # Each of these four visits every widget: none is done for nothing.
        if not self._is_fusion:
            application.setStyle("Fusion")
            self._is_fusion = True
        palette, font, sheet = self.palette(), self.font("body"), self.style_sheet()
        if application.palette() != palette:
            application.setPalette(palette)
        if application.font() != font:
            application.setFont(font)
        if application.styleSheet() != sheet:
            application.setStyleSheet(sheet)

    def palette(self) -> QPalette:
        palette = QPalette()
        role, group = QPalette.ColorRole, QPalette.ColorGroup
        for key, token in {
            role.Window: "ground",
            role.WindowText: "text",
            role.Base: "surface",
            role.AlternateBase: "raised",
            role.Text: "text",
            role.Button: "surface",
            role.ButtonText: "text",
            role.BrightText: "bad",
            role.Highlight: "accent_soft",
            role.HighlightedText: "text",
            role.ToolTipBase: "raised",
            role.ToolTipText: "text",
            role.PlaceholderText: "muted",
            role.Link: "accent",
            role.LinkVisited: "accent",
            role.Accent: "accent",
            role.Light: "surface",
            role.Midlight: "line",
            role.Mid: "line",
            role.Dark: "edge",
            role.Shadow: "edge",
        }.items():
            palette.setColor(key, self.colour(token))
        for key in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(group.Disabled, key, self.colour("muted"))
        return palette

    def style_sheet(self) -> str:
        sheets = sorted(resource("styles").glob("*.qss"))
        faces = [
            f'PlainLabel[face="{name}"] {{ font-size: $type_{name}; font-weight: {face.weight.value}; }}'
            for name, face in TYPE.items()
        ]
        return fill("\n".join([*faces, *(sheet.read_text("utf-8") for sheet in sheets)]), self)


def paper_colour(token: str) -> QColor:
    """A colour for what is painted on a page of a document: paper stays white in the dark theme too."""
    return QColor(getattr(LIGHT, token))


def fill(sheet: str, theme: Theme) -> str:
    """A style sheet with its ``$tokens`` filled; an unknown token raises KeyError."""
    words: dict[str, str] = dict(asdict(theme.colours))
    words["hair"] = "1px"
    words["sans"], words["serif"], words["mono"] = SANS, SERIF, fixed_family()
    for number in set(re.findall(r"\$px_(\d+)", sheet)):
        words[f"px_{number}"] = f"{theme.px(int(number))}px"
    for name, face in TYPE.items():
        words[f"type_{name}"] = f"{int(face.px * theme.scale + 0.5)}px"
    icons = resource("icons").as_posix()
    return Template(sheet).substitute(words, icons=icons)


def fixed_family() -> str:
    """The system's letters of one width, for source: the desk ships none."""
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()


def system_theme() -> str:
    """What the desktop around us asks for: "dark" or "light"."""
    hints = QGuiApplication.styleHints()
    return "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"


def contrast(one: str, other: str) -> float:
    """WCAG contrast of two ``#RRGGBB`` colours, 1 to 21."""
    first, second = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
