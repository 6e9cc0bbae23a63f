"""Document files on their way: the one that comes now, what waits behind it and why, and the room they take."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import Signal

from judge_desk.desktop.pages.court_lines import joined
from judge_desk.desktop.tasks import Progress
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.progress_row import ProgressRow
from judge_desk.desktop.wording import Wording, say_plain, t
from judge_desk.i18n import formats
from judge_desk.runtime.clock import court_time
from judge_desk.services.files_under_way import FileLine, FilesView, Held, Why
from judge_desk.services.sync import Standing

LISTED = 12
"""Enough to see what comes next; the rest is said in a sentence."""
_TONES = {Why.OPENED: "accent", Why.ASKED: "accent", Why.HEARING: "warn", Why.TERM: "warn"}
_KIB = 1 << 10


class FilesCard(Card):
    """``show_standing`` many times a second, ``show_files`` when something changed.

    Signals:
        opened: (document id) a file that waits is wanted now.
    """

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__("sync.files")
        self._view: FilesView | None = None
        self.now = ProgressRow()
        self.now.hide()
        self.state = PlainLabel(tone="muted", wrap=True)
        self.rows = LazyList("sync.files.waiting")
        self.rows.set_grows()
        self.rows.opened.connect(self._hurry)
        self.room = PlainLabel(face="caption", tone="muted", wrap=True)
        for widget in (self.now, self.state, self.rows, self.room):
            self.body.addWidget(widget)

    def show_standing(self, standing: Standing) -> None:
        """The file that comes now: how much of it is here, how fast, and how long it will take."""
        file = standing.progress.file
        is_coming = file is not None and file.received < file.size
        self.now.setVisible(is_coming)
        if file is None or not is_coming:
            return
        language = Wording.current().language
        name = next((each.title for each in self._view.waiting if each.sha256 == file.sha256), "") if self._view else ""
        params = {
            "title": name or t("sync.files.one"),
            "done": formats.file_size(file.received, language),
            "size": formats.file_size(file.size, language),
        }
        if file.rate >= _KIB:
            left = formats.duration(max(1, (file.size - file.received) / file.rate), language)
            self.now.say("sync.files.now.rate", **params, rate=formats.file_size(int(file.rate), language), left=left)
        else:
            self.now.say("sync.files.now", **params)
        self.now.show_progress(Progress(file.received // _KIB, max(1, file.size // _KIB)))

    def show_files(self, view: FilesView, today: date) -> None:
        """The queue and the room."""
        self._view = view
        listed = view.waiting[:LISTED]
        self.rows.show_lines([file_line(each, today) for each in listed])
        self.rows.setVisible(bool(listed))
        say_plain(self.state.setText, _state(view, len(listed)))
        say_plain(self.room.setText, _room(view))

    def _hurry(self, sha256: str) -> None:
        waiting = self._view.waiting if self._view is not None else ()
        found = next((each for each in waiting if each.sha256 == sha256), None)
        if found is not None and found.document_id:
            self.opened.emit(found.document_id)


def file_line(line: FileLine, today: date) -> Line:
    """What it is, why it stands there, and what holds it."""
    language = Wording.current().language
    held = t(f"sync.files.held.{line.held.value}") if line.held is not None else ""
    return Line(
        id=line.sha256,
        title=line.title or t("sync.files.one"),
        detail=joined(line.case_number, _why(line, today), held),
        icon="pause" if line.held is not None else "download",
        icon_tone="muted" if line.held is not None else _TONES.get(line.why, "muted"),
        trailing=formats.file_size(line.size, language),
        strong=line.held is None,
        title_keeps_end=True,
    )


def _why(line: FileLine, today: date) -> str:
    if not line.due:
        return t(f"sync.files.why.{line.why.value}")
    language = Wording.current().language
    is_moment = "T" in line.due
    day = court_time(datetime.fromisoformat(line.due)).date() if is_moment else date.fromisoformat(line.due)
    when = t("sync.files.today") if day == today else formats.date_short(day, language)
    return t(f"sync.files.why.{line.why.value}.due", when=when) if line.why in _DUE else t("sync.files.why.later")


_DUE = (Why.HEARING, Why.TERM)


def _state(view: FilesView, listed: int) -> str:
    language = Wording.current().language
    if not view.total:
        return t("sync.files.none")
    words = [t("sync.files.total", n=view.total, size=formats.file_size(view.bytes, language))]
    if view.metered:
        words.append(t("sync.files.metered"))
    elif any(each.held is Held.NO_ROOM for each in view.waiting):
        words.append(t("sync.files.no_room"))
    if view.total > listed:
        words.append(t("sync.files.more", n=view.total - listed))
    return " ".join(words)


def _room(view: FilesView) -> str:
    language = Wording.current().language
    here, kept = (formats.file_size(each, language) for each in (view.room.here, view.room.kept))
    words = [
        t("sync.files.room.of", here=here, budget=formats.file_size(view.budget_bytes, language))
        if view.budget_bytes
        else t("sync.files.room", here=here)
    ]
    if view.room.kept:
        words.append(t("sync.files.room.kept", kept=kept))
    if view.on_hub:
        words.append(t("sync.files.room.on_hub", n=view.on_hub))
    if view.failed:
        words.append(t("sync.files.failed", n=view.failed))
    return " ".join(words)
