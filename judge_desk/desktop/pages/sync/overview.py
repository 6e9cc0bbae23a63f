"""The standing, the figures, what waits for a decision, and what the last exchanges moved."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from judge_desk.desktop.pages.sync.decision import headline_of, line_reason
from judge_desk.desktop.pages.sync.files_card import FilesCard
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.fact_rows import FactRows
from judge_desk.desktop.widgets.icon_label import IconLabel
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.progress_row import ProgressRow
from judge_desk.desktop.wording import Wording, say, say_plain, t
from judge_desk.i18n import formats
from judge_desk.runtime.clock import court_time
from judge_desk.services.attention import AttentionLine
from judge_desk.services.sync import CycleLine, OutboxState, Standing, Step, SyncView


class Overview(QWidget):
    """Shows a ``Standing`` and a ``SyncView``.

    Signals:
        opened: (operation number as text) a row that waits for a decision.
    """

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = Theme.current()
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(theme.px(Space.CARD))
        self.files = FilesCard()
        left.addWidget(self._attention_card())
        left.addWidget(self.files)
        left.addWidget(self._history_card())
        left.addStretch(1)
        right.addWidget(self._link_card())
        right.addWidget(self._figures_card())
        self._below = QVBoxLayout()
        right.addLayout(self._below)
        right.addStretch(1)
        inside = QWidget()
        columns = QHBoxLayout(inside)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(theme.px(Space.CARD))
        columns.addLayout(left, 3)
        columns.addLayout(right, 2)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)

    def add_card(self, card: QWidget) -> None:
        """One more card under the figures."""
        self._below.addWidget(card)

    def show_standing(self, standing: Standing, today: date | None) -> None:
        """The link's sentence; cheap, since it changes many times in one exchange."""
        icon, tone = link_shape(standing)
        self._shape.set_icon(icon, tone)
        say_plain(self._link.setText, link_sentence(standing, today))
        problem = standing.problem or standing.warning
        say_plain(self._problem.setText, t(problem.key, **problem.params) if problem is not None else "")
        self._problem.setVisible(problem is not None)
        is_busy = standing.progress.step is not Step.IDLE
        self.progress.setVisible(is_busy)
        if is_busy:
            count = formats.whole(standing.progress.done, Wording.current().language)
            self.progress.say(f"sync.step.{standing.progress.step.value}", done=count)
        self.files.show_standing(standing)

    def show_view(self, view: SyncView) -> None:
        """Lists and figures."""
        self._show_attention(view)
        self._show_figures(view)
        self.files.show_files(view.files, view.today)
        lines = [_cycle(number, each, view.today) for number, each in enumerate(view.history)]
        self.history.painter.set_leading_sample(max((each.leading for each in lines), key=len, default=""))
        self.history.show_lines(lines)
        self.history.setVisible(bool(lines))
        self._no_history.setVisible(not lines)

    def _show_attention(self, view: SyncView) -> None:
        rows = view.attention
        self.attention.show_lines([attention_line(each, view.today) for each in rows])
        self.attention.setVisible(bool(rows))
        self._calm.setVisible(not rows)

    def _show_figures(self, view: SyncView) -> None:
        outlook, language = view.outlook, Wording.current().language
        self.update_needed.setVisible(outlook.strangers > 0)
        if outlook.strangers:
            say(self.update_needed.setText, "sync.strangers", n=outlook.strangers)
        for key, number, tone in (
            ("sync.figure.waiting", outlook.waiting, "text"),
            ("sync.figure.sent", view.sent, "text"),
            ("sync.figure.received", view.received, "text"),
            ("sync.figure.refused", outlook.refused, "bad"),
            ("sync.figure.conflicts", outlook.conflicts, "warn"),
            ("sync.figure.files_to_send", outlook.files_to_send, "text"),
            ("sync.figure.files_to_fetch", outlook.files_to_fetch, "text"),
        ):
            self.figures.add(key, formats.whole(number, language), tone if number else "muted")

    def _attention_card(self) -> Card:
        card = Card("sync.attention")
        self.attention = LazyList("sync.attention", open_on_click=True)
        self.attention.set_grows()
        self.attention.opened.connect(self.opened)
        self._calm = QWidget()
        row = QHBoxLayout(self._calm)
        row.setContentsMargins(0, 0, 0, Space.TIGHT)
        row.addWidget(IconLabel("circle-check", "ok"), 0, Qt.AlignmentFlag.AlignTop)
        words = PlainLabel(tone="muted", wrap=True)
        say(words.setText, "sync.attention.none")
        row.addWidget(words, 1)
        card.body.addWidget(self.attention)
        card.body.addWidget(self._calm)
        return card

    def _history_card(self) -> Card:
        card = Card("sync.history")
        self.history = LazyList("sync.history")
        self.history.set_grows()
        self._no_history = PlainLabel(tone="muted", wrap=True)
        say(self._no_history.setText, "sync.history.none")
        card.body.addWidget(self.history)
        card.body.addWidget(self._no_history)
        return card

    def _link_card(self) -> Card:
        card = Card("sync.link")
        row = QHBoxLayout()
        self._shape = IconLabel("cloud", "muted")
        self._link = PlainLabel(wrap=True)
        row.addWidget(self._shape, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._link, 1)
        card.body.addLayout(row)
        self._problem = PlainLabel(tone="muted", wrap=True)
        card.body.addWidget(self._problem)
        self.update_needed = PlainLabel(tone="warn", wrap=True)
        self.update_needed.hide()
        card.body.addWidget(self.update_needed)
        self.progress = ProgressRow()
        self.progress.hide()
        card.body.addWidget(self.progress)
        return card

    def _figures_card(self) -> Card:
        card = Card("sync.figures")
        self.figures = FactRows()
        card.body.addWidget(self.figures)
        return card


def link_shape(standing: Standing) -> tuple[str, str]:
    """Icon and tone of how it stands."""
    if standing.paused:
        return "pause", "gold"
    if standing.linked is None:
        return "hourglass", "muted"
    return ("cloud", "ok") if standing.linked else ("cloud-off", "gold")


def link_sentence(standing: Standing, today: date | None) -> str:
    """Linked or not and since when, and that the work goes on."""
    if standing.paused:
        return t("sync.link.paused")
    if standing.linked is None:
        return t("sync.link.untried")
    since = moment(standing.since, today) if standing.since else ""
    if not standing.linked:
        return t("sync.link.broken", since=since)
    if standing.level_at is None:
        return t("sync.link.linked", since=since)
    told = t("sync.link.told" if standing.is_told else "sync.link.asks")
    return f"{t('sync.link.level', since=since, when=moment(standing.level_at, today))} {told}"


def moment(at: datetime, today: date | None) -> str:
    """The time alone for today, else with its date."""
    if court_time(at).date() == today:
        return formats.clock_time(at)
    return formats.date_and_time(at, Wording.current().language)


def attention_line(row: AttentionLine, today: date | None) -> Line:
    """A row of what waits: what it is about, and why it waits."""
    refused = row.state is OutboxState.REFUSED
    return Line(
        id=str(row.mid),
        title=headline_of(row.kind, row.title, row.case_number),
        detail=line_reason(row),
        icon="circle-alert" if refused else "git-compare",
        icon_tone="bad" if refused else "warn",
        trailing=moment(row.made_at, today),
        wraps=True,
    )


def _cycle(number: int, line: CycleLine, today: date) -> Line:
    language = Wording.current().language
    moved = (
        ("sync.cycle.sent", line.pushed),
        ("sync.cycle.received", line.pulled),
        ("sync.cycle.files_out", line.files_out),
        ("sync.cycle.files_in", line.files_in),
        ("sync.cycle.merged", line.merged),
    )
    wrong = (("sync.cycle.refused", line.refused), ("sync.cycle.conflicts", line.conflicts))
    size = formats.file_size(line.bytes_in + line.bytes_out, language)
    return Line(
        id=str(number),
        title=" · ".join(t(key, n=count) for key, count in moved if count) or t("sync.cycle.nothing"),
        detail=t("sync.cycle.cost", size=size, span=formats.duration(max(1, line.seconds), language)),
        leading=moment(line.at, today),
        trailing=" · ".join(t(key, n=count) for key, count in wrong if count),
        trailing_tone="warn",
        trailing_icon="triangle-alert" if line.refused or line.conflicts else "",
        strong=False,
    )
