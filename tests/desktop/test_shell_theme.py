"""Colours and sizes: readable in both themes, and named in one place only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFontInfo, QRawFont
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from judge_desk.desktop import theme
from judge_desk.desktop.icons import pixmap
from judge_desk.desktop.theme import COLOURS, Theme, contrast, fill
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.runtime.paths import resource

DESKTOP = Path(theme.__file__).parent
GROUNDS = ("ground", "surface", "raised")
WORDS = ("text", "muted", "accent", "ok", "warn", "bad")


@pytest.mark.parametrize("name", COLOURS)
@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_words_can_be_read_on_every_ground(name: str, word: str, ground: str) -> None:
    colours = COLOURS[name]
    assert contrast(getattr(colours, word), getattr(colours, ground)) >= 4.5


@pytest.mark.parametrize("name", COLOURS)
@pytest.mark.parametrize(
    ("word", "ground"),
    [
        ("on_accent", "accent"),
        ("on_accent", "accent_hover"),
        ("accent", "accent_soft"),
        ("text", "accent_soft"),
        ("muted", "accent_soft"),
        ("text", "hover"),
        ("muted", "hover"),
        ("ok", "ok_soft"),
        ("warn", "warn_soft"),
        ("bad", "bad_soft"),
        ("text", "gold_soft"),
        ("muted", "gold_soft"),
        ("muted", "warn_soft"),
        ("muted", "bad_soft"),
        ("text", "mark"),
        ("ink", "paper"),
        ("ground", "text"),
    ],
)
def test_words_can_be_read_on_coloured_grounds(name: str, word: str, ground: str) -> None:
    colours = COLOURS[name]
    assert contrast(getattr(colours, word), getattr(colours, ground)) >= 4.5


def test_contrast_agrees_with_the_published_extremes() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


def test_no_other_module_names_a_colour_or_a_pixel() -> None:
    literal = re.compile(
        r"""["']#[0-9A-Fa-f]{3,8}["']|QColor\(["'\d]|\d+px|setPixelSize\(\d|GlobalColor\.(?!transparent)"""
    )
    found = [
        f"{file.relative_to(DESKTOP)}:{number}"
        for file in DESKTOP.rglob("*.py")
        if file.name != "theme.py"
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if literal.search(line)
    ]
    assert found == []


def test_style_sheets_take_colours_and_sizes_from_tokens() -> None:
    literal = re.compile(r"#[0-9A-Fa-f]{3,8}\b|\b\d+px|rgb")
    for sheet in resource("styles").glob("*.qss"):
        assert not literal.search(sheet.read_text("utf-8")), sheet.name


def test_every_token_of_the_sheets_is_known(qapp: QApplication) -> None:
    for name in COLOURS:
        Theme.current().apply(name)
        assert "$" not in Theme.current().style_sheet()
    with pytest.raises(KeyError):
        fill("QWidget { color: $nonsense; }", Theme.current())


def test_text_scale_reaches_labels_and_sheets(qapp: QApplication) -> None:
    label = PlainLabel("Үкім", "body")
    Theme.current().apply(scale=1.0)
    small = label.font().pixelSize()
    Theme.current().apply(scale=1.5)
    assert label.font().pixelSize() == round(small * 1.5)


def test_shipped_letters_are_used_for_every_weight(qapp: QApplication) -> None:
    for name, face in theme.TYPE.items():
        letters = QRawFont.fromFont(Theme.current().font(name))
        assert (letters.familyName(), letters.weight()) == (face.family, face.weight.value), name
        assert letters.supportsCharacter(ord("Ә")), name


def test_icons_follow_the_theme(qapp: QApplication) -> None:
    Theme.current().apply("light")
    light = pixmap("gavel").toImage()
    Theme.current().apply("dark")
    assert pixmap("gavel").toImage() != light


def test_every_icon_named_in_the_code_is_shipped() -> None:
    shipped = {file.stem for file in resource("icons").glob("*.svg")}
    named = re.compile(r"""(?:icon|pixmap|IconLabel|IconButton)\(\s*"([a-z0-9-]+)"|icon(?:_name)?="([a-z0-9-]+)\"""")
    used = {
        match.group(1) or match.group(2)
        for file in DESKTOP.rglob("*.py")
        for match in named.finditer(file.read_text("utf-8"))
    }
    assert used - shipped == set()


def test_source_stands_in_letters_of_one_width(qapp: QApplication) -> None:
    Theme.current().apply("light")
    source, words = QPlainTextEdit(), QPlainTextEdit()
    source.setProperty("kind", "source")
    for field in (source, words):
        field.ensurePolished()
    assert QFontInfo(source.font()).fixedPitch()
    assert not QFontInfo(words.font()).fixedPitch()
