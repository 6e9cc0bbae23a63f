"""Without a link: write a memory stick for the court, read one from it, and certify when there was no link."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from judge_desk.desktop.failures import Failure
from judge_desk.desktop.page import PageContext
from judge_desk.desktop.tasks import Lane, Progress, Ticket
from judge_desk.desktop.theme import Space
from judge_desk.desktop.widgets.buttons import QuietButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.progress_row import ProgressRow
from judge_desk.desktop.wording import Wording, say, say_plain, t
from judge_desk.i18n import formats
from judge_desk.services.courier import CourierView, Taken, Written

DAYS = 30
"""What the certificate covers; another period is a matter of the command line."""
_MEGABYTE = 1 << 20
Place = Callable[[], "Path | None"]


class CourierCard(Card):
    """Two buttons for the stick and one for the certificate. ``ask_folder`` and ``ask_file`` open the dialogs."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__("courier.title", parent)
        self._context = context
        self._ticket: Ticket | None = None
        self._view: CourierView | None = None
        self._told: Callable[[], str] = lambda: ""
        self.ask_folder: Place = self._choose_folder
        self.ask_file: Place = self._choose_file
        hint = PlainLabel(tone="muted", wrap=True)
        say(hint.setText, "courier.hint")
        self.standing = PlainLabel(wrap=True)
        self.answer = PlainLabel(wrap=True)
        self.answer.hide()
        self.progress = ProgressRow(cancellable=True)
        self.progress.cancel_asked.connect(self.stop)
        self.progress.hide()
        self.write_button = QuietButton("courier.write", icon_name="usb")
        self.write_button.clicked.connect(self.write)
        self.read_button = QuietButton("courier.read", icon_name="download")
        self.read_button.clicked.connect(self.read)
        self.certify_button = QuietButton("outages.certificate", icon_name="printer")
        self.certify_button.clicked.connect(self.certify)
        buttons = FlowRow()
        for button in (self.write_button, self.read_button):
            buttons.add(button)
        certificate = PlainLabel(face="caption", tone="muted", wrap=True)
        say(certificate.setText, "outages.certificate.hint")
        below = QVBoxLayout()
        below.setSpacing(Space.TIGHT)
        below.addWidget(certificate)
        below.addWidget(self.certify_button, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (hint, self.standing, buttons, self.progress, self.answer):
            self.body.addWidget(widget)
        self.body.addLayout(below)

    def refresh(self) -> None:
        """Read anew how it stands."""
        self._context.tasks.run(self._context.desk.courier.view, self._show, key="courier")

    def retranslate(self) -> None:
        """The language was switched."""
        if self._view is not None:
            self._show(self._view)
        say_plain(self.answer.setText, self._told())

    def write(self) -> None:
        """Ask where the stick is, and write it."""
        folder = self.ask_folder()
        if folder is None or self._ticket is not None:
            return
        service = self._context.desk.courier
        self._run("courier.writing", lambda stop, done: service.write(folder, stop=stop, progress=done), self._written)

    def read(self) -> None:
        """Ask where the stick is, and take in what lies there for this desk."""
        folder = self.ask_folder()
        if folder is None or self._ticket is not None:
            return
        service = self._context.desk.courier
        self._run("courier.reading", lambda stop, done: service.read([folder], stop=stop, progress=done), self._taken)

    def certify(self) -> None:
        """Save the certificate of the last days where the person says."""
        path = self.ask_file()
        if path is None:
            return
        service, language = self._context.desk.outages, Wording.current().language

        def save() -> None:
            until = service.now()
            service.save(path, until - timedelta(days=DAYS), until, language)

        self._context.tasks.run(save, lambda _nothing: self._context.window.toast("outages.saved"), lane=Lane.POOL)

    def stop(self) -> None:
        """Enough: what is whole is kept, what is half is removed."""
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None
            self._end(lambda: t("courier.stopped"))

    def _run(self, key: str, work: Callable[..., object], on_done: Callable[..., None]) -> None:
        self.answer.hide()
        self._busy(busy=True)
        self.progress.say(key)
        self.progress.show_progress(Progress(0, 0))

        def job(ticket: Ticket) -> object:
            stop = threading.Event()

            def done(count: int) -> None:
                ticket.report(count // _MEGABYTE, 0, "courier.megabytes")
                if ticket.cancelled:
                    stop.set()

            if ticket.cancelled:
                stop.set()
            return work(stop, done)

        self._ticket = self._context.tasks.run_long(job, on_done, self._failed, on_progress=self.progress.show_progress)

    def _written(self, written: Written | None) -> None:
        if written is None:
            self._end(lambda: t("courier.stopped"))
            return
        number, count = written.number, written.operations + written.files
        self._end(lambda: t("courier.written", number=number, n=count))

    def _taken(self, taken: Taken) -> None:
        self._end(lambda: _in_words(taken))
        self._context.events.announce(taken.report.changes, self)

    def _failed(self, failure: Failure) -> None:
        self._end(lambda: "")
        self._context.window.show_failure(failure)

    def _end(self, told: Callable[[], str]) -> None:
        self._ticket = None
        self._told = told
        self._busy(busy=False)
        say_plain(self.answer.setText, told())
        self.answer.setVisible(bool(told()))
        self.refresh()

    def _busy(self, *, busy: bool) -> None:
        self.progress.setVisible(busy)
        can_exchange = self._view is not None and self._view.can_exchange
        for button in (self.write_button, self.read_button):
            button.setEnabled(not busy and can_exchange)

    def _show(self, view: CourierView) -> None:
        self._view = view
        say_plain(self.standing.setText, " ".join(_standing(view)))
        self._busy(busy=self._ticket is not None)

    def _choose_folder(self) -> Path | None:
        chosen = QFileDialog.getExistingDirectory(self.window(), t("courier.choose"))
        return Path(chosen) if chosen else None

    def _choose_file(self) -> Path | None:
        name = f"{t('outages.file_name')}.pdf"
        chosen, _ = QFileDialog.getSaveFileName(self.window(), t("outages.save"), name, "PDF (*.pdf)")
        return Path(chosen) if chosen else None


def _standing(view: CourierView) -> list[str]:
    language = Wording.current().language
    if not view.can_exchange:
        return [t("courier.no_keys")]
    said: list[str] = []
    if view.written_at is None:
        said.append(t("courier.never"))
    elif view.unconfirmed:
        when = formats.date_and_time(view.written_at, language)
        said.append(t("courier.waits", number=view.unconfirmed, when=when))
    else:
        said.append(t("courier.confirmed", number=view.number))
    if view.taken_at is not None:
        when = formats.date_and_time(view.taken_at, language)
        said.append(t("courier.taken_at", number=view.taken_number, when=when))
    if view.owed:
        said.append(f"{t('courier.owed', n=view.owed)}.")
    return said


def _in_words(taken: Taken) -> str:
    report = taken.report
    if not taken.numbers:
        return t("courier.stopped")
    language = Wording.current().language
    pulled, files, pushed = (formats.whole(each, language) for each in (report.pulled, report.files_in, report.pushed))
    said = [t("courier.taken", pulled=pulled, files=files, pushed=pushed)]
    attention = report.refused + report.conflicts
    if attention:
        said.append(t("courier.taken.attention", n=attention))
    if taken.next_part:
        said.append(t("courier.taken.next_part", part=taken.next_part))
    if taken.waiting:
        said.append(t("courier.taken.waiting", n=taken.waiting))
    return " ".join(said)
