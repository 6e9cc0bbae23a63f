"""The page of contests for a post: the list at the left, one contest at the right, and all that may be done in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog

from judge_desk.desktop.actions import Action
from judge_desk.desktop.dialogs.ask_text import ask_text
from judge_desk.desktop.dialogs.confirm import confirm
from judge_desk.desktop.page import Page, Scene
from judge_desk.desktop.pages.contests import words
from judge_desk.desktop.pages.contests.dialogs import ApplyDialog, RecuseDialog, VacancyDialog
from judge_desk.desktop.pages.contests.pane import ContestPane
from judge_desk.desktop.pages.contests.scenes import samples_of, scenes_of
from judge_desk.desktop.tasks import Lane
from judge_desk.desktop.theme import Size
from judge_desk.desktop.widgets.buttons import PrimaryButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.folding_splitter import FoldingSplitter
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.wording import t
from judge_desk.domain.changes import Changes
from judge_desk.domain.contests import Vacancy
from judge_desk.domain.dossier import DossierEntry, DossierSection
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Person
from judge_desk.services.contest_panel import ContestPanelService
from judge_desk.services.contests import ContestService, ContestView, HalfSheet, Phase
from judge_desk.services.desk import Desk

KEEP_MS = 800
KINDS = (
    Kind.VACANCY,
    Kind.CONTEST_APPLICATION,
    Kind.CANDIDACY,
    Kind.CONTEST_EXTRACT,
    Kind.RECUSAL,
    Kind.SCORE_SHEET,
    Kind.CONTEST_DECISION,
    Kind.CONTEST_LINK,
)
MOST_LIST = 0.4
"""Of the width: with large letters the names give way to the thing itself."""
ICONS = {
    Phase.OPEN: "inbox",
    Phase.WAITING: "hourglass",
    Phase.STEPS: "list-ordered",
    Phase.DECIDING: "gavel",
    Phase.ENDED: "circle-check",
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one reading brought."""

    rows: list[ContestView]
    today: date


class ContestsPage(Page):
    """For judges, the council and the auditor; what each may do follows from what lies on the desk."""

    id = "contests"
    title_key = "contests.title"

    @classmethod
    def samples(cls, desk: Desk) -> Sequence[Mapping[str, str]]:
        return samples_of(desk)

    def scenes(self) -> Sequence[Scene]:
        return scenes_of(self)

    def build(self) -> None:
        self.head.set_title("contests.title")
        self.head.set_subtitle("contests.subtitle")
        self._new = PrimaryButton("contests.new", "Ctrl+N", "plus")
        self._new.clicked.connect(self.ask_new)
        self.head.add_button(self._new)
        self._contest_id = ""
        self._loaded: Loaded | None = None
        self._half: tuple[str, str, str, HalfSheet] | None = None
        self._keep = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._keep.timeout.connect(self._keep_half)
        self.list = LazyList("contests.title", open_on_click=True)
        self.list.opened.connect(lambda contest_id: self.context.window.open_page(self.id, contest_id=contest_id))
        left = Card()
        left.body.addWidget(self.list)
        self.pane = ContestPane()
        self.pane.asked.connect(self._do)
        self.pane.panel.asked.connect(self._do_on)
        self.pane.panel.typed.connect(self._typed)
        self.pane.panel.given.connect(self._give)
        self._splitter = FoldingSplitter(left, self.pane)
        self._splitter.set_side_widths(left=Size.SIDE + Size.THUMBNAIL, most=MOST_LIST)
        self.content.addWidget(self._splitter)
        self.states.retry_asked.connect(self._read)

    def activate(self, params: Mapping[str, str]) -> None:
        self._contest_id = params.get("contest_id", self._contest_id)
        self._new.setVisible(self.may_publish)
        self._read()

    def refresh(self, changes: Changes) -> None:
        if any(changes.touches(kind) for kind in KINDS):
            self._read()

    def leave(self) -> None:
        self._keep_half()

    def retranslate(self) -> None:
        if self._loaded is not None:
            self._show(self._loaded)

    def page_actions(self) -> Sequence[Action]:
        return (
            Action(
                id="contests.new",
                text_key="contests.new",
                handler=self.ask_new,
                shortcut="Ctrl+N",
                icon="plus",
                enabled_when=lambda: self.may_publish,
            ),
        )

    def focus_first(self) -> None:
        self.list.setFocus()

    def set_reading(self, on: bool) -> None:
        self._splitter.set_reading(on)

    @property
    def may_publish(self) -> bool:
        """Whether this person publishes vacancies."""
        return self._service.is_council

    @property
    def _service(self) -> ContestService:
        return self.context.desk.contests

    @property
    def _panel(self) -> ContestPanelService:
        return self.context.desk.contest_panel

    @property
    def _shown(self) -> ContestView | None:
        rows = self._loaded.rows if self._loaded is not None else []
        return next((each for each in rows if each.vacancy.id == self._contest_id), rows[0] if rows else None)

    def _read(self) -> None:
        if self._loaded is None:
            self.states.show_loading()
        service = self._service
        self.context.tasks.run(
            lambda: Loaded(service.rows(), service.today), self._show, self.states.show_failure, key=self.id
        )

    def _show(self, loaded: Loaded) -> None:
        self._loaded = loaded
        shown = self._shown
        if shown is None:
            hint = "contests.empty.council" if self._service.is_council else "contests.empty.hint"
            self.states.show_empty("list-ordered", "contests.empty.title", hint)
            return
        self.states.show_ready()
        self.list.show_lines([_line(each, loaded.today) for each in loaded.rows])
        self._contest_id = shown.vacancy.id
        self.list.select(self._contest_id)
        self.pane.show_contest(shown, loaded.today)

    def ask_new(self) -> None:
        """The council's form for a vacancy."""
        panel = self._panel

        def ask(found: tuple[list[Person], date, int]) -> None:
            dialog = VacancyDialog(self.window(), *found)
            dialog.accepted.connect(lambda: self._publish(dialog))
            dialog.open()

        def look() -> tuple[list[Person], date, int]:
            return panel.council(), panel.last_day(), panel.rules().least_panel

        self.context.tasks.run(look, ask, self.context.window.show_failure)

    def _publish(self, dialog: VacancyDialog) -> None:
        panel, last_day = self._panel, dialog.last_day.value()
        assert last_day is not None
        title, post, court = dialog.title.text(), dialog.post.text(), dialog.court.text()
        chosen, text = dialog.panel.chosen(), dialog.text.toPlainText()

        def publish() -> Changes:
            vacancy = panel.planned(title, post, court, panel=chosen, apply_until_on=last_day, text=text)
            self._contest_id = vacancy.id
            return panel.publish(vacancy)

        self._change(publish, "contests.published")

    def _do(self, action: str) -> None:
        shown = self._shown
        if shown is None:
            return
        if action == "apply":
            self._ask_apply(shown.vacancy)
        elif action == "withdraw" and shown.mine is not None:
            keys = ("contests.withdraw", "contests.action.withdraw", "contests.withdraw.body", "contests.withdrawn")
            self._ask_take_back(shown.mine.application.id, *keys)
        elif action == "end_consent" and shown.mine is not None:
            title, do = "contests.end_consent", "contests.action.end_consent"
            body, told = "contests.end_consent.body", "contests.consent_ended"
            self._ask_take_back(shown.mine.application.id, title, do, body, told)
        elif action == "end":
            panel, contest_id = self._panel, shown.vacancy.id
            ended = "contests.ask.hint.end"
            self._ask_words("end", lambda text: panel.end(contest_id, text), "contests.ended", ended)
        elif action == "save_log":
            self._save_log(shown.vacancy.id)

    def _ask_take_back(self, application_id: str, *keys: str) -> None:
        """The application, or behind an outcome the consent that is left of it; ``keys``: title, deed, body, done."""
        service = self._service
        title, do, body, told = keys
        confirm(
            self,
            title,
            do,
            lambda: self._change(lambda: service.withdraw(application_id), told),
            body_key=body,
            danger=True,
        )

    def _do_on(self, deed: str, application_id: str) -> None:
        panel, contest_id = self._panel, self._contest_id
        if deed == "recuse":
            dialog = RecuseDialog(self.window(), self.pane.panel.absent())

            def recuse() -> None:
                (reason, member), text = dialog.chosen(), dialog.text.toPlainText()
                self._change(lambda: panel.recuse(contest_id, application_id, reason, text, member), "contests.stepped")

            dialog.accepted.connect(recuse)
            dialog.open()
            return
        chosen = deed == "choose"
        self._ask_words(
            deed,
            lambda text: panel.decide(contest_id, application_id, text, chosen=chosen),
            "contests.decided",
            "contests.ask.hint.applicant",
            judge=self.pane.panel.shown_name(),
        )

    def _ask_words(self, name: str, job: Callable[[str], Changes], told: str, hint_key: str, **params: str) -> None:
        ask_text(
            self,
            f"contests.ask.{name}",
            f"contests.action.{name}",
            lambda text: self._change(lambda: job(text), told),
            hint_key=hint_key,
            **params,
        )

    def _ask_apply(self, vacancy: Vacancy) -> None:
        service = self._service

        def ask(entries: tuple[DossierEntry, ...]) -> None:
            counts = {each: sum(entry.section is each for entry in entries) for each in DossierSection}
            dialog = ApplyDialog(self.window(), vacancy, counts)
            dialog.accepted.connect(lambda: self._apply(vacancy.id, dialog))
            dialog.open()

        self.context.tasks.run(lambda: service.preview(tuple(DossierSection)), ask, self.context.window.show_failure)

    def _apply(self, contest_id: str, dialog: ApplyDialog) -> None:
        service, until_on = self._service, dialog.until_on.value()
        assert until_on is not None
        sections, statement, kin = dialog.chosen_sections(), dialog.statement.toPlainText(), dialog.kin.chosen()
        self._change(lambda: service.apply(contest_id, sections, until_on, statement, kin), "contests.applied")

    def _typed(self, contest_id: str, application_id: str, step_id: str, half: HalfSheet) -> None:
        if self._half is not None and self._half[:3] != (contest_id, application_id, step_id):
            self._keep_half()
        self._half = (contest_id, application_id, step_id, half)
        self._keep.start()

    def _keep_half(self) -> None:
        self._keep.stop()
        if self._half is not None:
            panel, half = self._panel, self._half
            self._half = None
            self.context.tasks.run(lambda: panel.keep_half(*half), lambda _: None, self.context.window.show_failure)

    def _give(self, contest_id: str, application_id: str, step_id: str, scores: object) -> None:
        panel = self._panel
        given = tuple(scores) if isinstance(scores, tuple) else ()
        self._keep.stop()
        self._half = None
        self._change(lambda: panel.score(contest_id, application_id, step_id, given), "contests.given")

    def _change(self, job: Callable[[], Changes], told: str) -> None:
        def done(changes: Changes) -> None:
            self.context.events.announce(changes, self)
            self.context.window.toast(told)
            self._read()

        self.context.tasks.run(job, done, self.context.window.show_failure)

    def _save_log(self, contest_id: str) -> None:
        dialog = QFileDialog(self.window(), t("contests.action.save_log"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.fileSelected.connect(lambda name: self._write_log(contest_id, Path(name)))
        dialog.open()

    def _write_log(self, contest_id: str, path: Path) -> None:
        service = self._service
        self.context.tasks.run(
            lambda: service.save_log(contest_id, path),
            lambda _: self.context.window.toast("contests.log.saved"),
            self.context.window.show_failure,
            lane=Lane.POOL,
        )


def _line(view: ContestView, today: date) -> Line:
    own = view.mine
    trailing, tone = words.short(own) if own is not None else ("", "muted")
    to_score = sum(bool(each.to_score) for each in view.applications)
    if to_score:
        trailing, tone = t("contests.line.scores", n=to_score), "accent"
    return Line(
        id=view.vacancy.id,
        title=view.vacancy.title,
        detail=words.phase(view, today),
        icon=ICONS[view.phase],
        trailing=trailing,
        trailing_tone=tone,
        strong=view.phase is not Phase.ENDED,
        wraps=True,
    )


PAGE = ContestsPage
