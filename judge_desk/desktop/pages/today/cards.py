"""The cards of the first page: a list that grows with its rows, and the readiness of the next working day."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from judge_desk.desktop.pages.court_lines import day_words
from judge_desk.desktop.theme import Space
from judge_desk.desktop.widgets.buttons import LinkButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording, say, t
from judge_desk.i18n import formats
from judge_desk.services.today import Readiness


class ListCard(Card):
    """A heading, its number, and a list; a quiet sentence while there is nothing."""

    def __init__(self, title_key: str, rows: LazyList, empty_key: str, parent: QWidget | None = None) -> None:
        super().__init__(title_key, parent)
        self.rows = rows
        rows.set_grows()
        self._count = PlainLabel(face="caption", tone="muted")
        self.add_trailing(self._count)
        self._nothing = PlainLabel(tone="muted", wrap=True)
        say(self._nothing.setText, empty_key)
        self.body.addWidget(self._nothing)
        self.body.addWidget(rows)
        self.body.addStretch(1)

    def show_lines(self, lines: Sequence[Line]) -> None:
        self.rows.show_lines(lines)
        self.rows.setVisible(bool(lines))
        self._nothing.setVisible(not lines)
        self._count.setText(formats.whole(len(lines), Wording.current().language) if lines else "")

    def say_nothing(self, key: str, **params: object) -> None:
        """Another sentence for an empty list."""
        say(self._nothing.setText, key, **params)


class ReadinessCard(Card):
    """How many hearings of the next working day can be read without a link.

    Signals:
        fetch_asked: get what is missing first.
    """

    fetch_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._ready, self._ready_words, ready_row = _figure_row("ok")
        self._lacking, self._lacking_words, self._lacking_row = _figure_row("warn")
        self._nothing = PlainLabel(tone="muted", wrap=True)
        self._fetch = LinkButton("today.ready.fetch", icon_name="download")
        self._fetch.clicked.connect(self.fetch_asked)
        self._ready_row = ready_row
        for widget in (self._nothing, self._ready_row, self._lacking_row):
            self.body.addWidget(widget)
        self.body.addWidget(self._fetch, 0, Qt.AlignmentFlag.AlignLeft)

    def show_readiness(self, found: Readiness) -> None:
        language = Wording.current().language
        self.set_title("today.ready.title", day=day_words(found.on))
        say(self._nothing.setText, "today.ready.nothing")
        self._nothing.setVisible(not found.hearings)
        self._ready_row.setVisible(bool(found.ready))
        self._lacking_row.setVisible(bool(found.lacking))
        self._fetch.setVisible(bool(found.missing_documents))
        self._ready.setText(formats.whole(found.ready, language))
        say(self._ready_words.setText, "today.ready.ready", n=found.ready)
        self._lacking.setText(formats.whole(found.lacking, language))
        say(
            self._lacking_words.setText,
            "today.ready.lacking",
            n=found.lacking,
            documents=t("common.documents", n=found.missing_documents),
            size=formats.file_size(found.missing_bytes, language),
        )


def _figure_row(tone: str) -> tuple[PlainLabel, PlainLabel, QWidget]:
    figure, words = PlainLabel(face="figure", tone=tone), PlainLabel(wrap=True)
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(Space.ROW)
    line.addWidget(figure, 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(words, 1, Qt.AlignmentFlag.AlignVCenter)
    return figure, words, row
