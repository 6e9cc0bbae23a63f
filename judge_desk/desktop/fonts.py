"""Registers the shipped fonts, so that every desk shows the same letters whatever fonts the PC has."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFontDatabase

from judge_desk.runtime import logs
from judge_desk.runtime.paths import resource

log = logs.topic("ui")
FOLDERS = ("noto-sans", "tinos")


def register_fonts() -> list[str]:
    """The families now known to Qt. A missing file is logged, not fatal: the desk then shows the PC's own sans."""
    families: list[str] = []
    for folder in FOLDERS:
        for file in sorted(resource("fonts", folder).glob("*.ttf")):
            families += _register(file)
    return sorted(set(families))


def _register(file: Path) -> list[str]:
    number = QFontDatabase.addApplicationFont(str(file))
    if number < 0:
        log.error("font not registered in %s", file.parent.name.replace("-", "_"))
        return []
    return list(QFontDatabase.applicationFontFamilies(number))
