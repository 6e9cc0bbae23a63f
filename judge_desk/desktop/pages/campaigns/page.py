"""The page of the campaigns: the list at the left, one campaign at the right, everything that may be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog

from judge_desk.desktop.actions import Action
from judge_desk.desktop.failures import Failure
from judge_desk.desktop.page import Page, Scene
from judge_desk.desktop.pages.campaigns.campaign_view import CampaignView
from judge_desk.desktop.pages.campaigns.deeds import CampaignDeeds
from judge_desk.desktop.pages.campaigns.new_campaign import NewCampaignDialog
from judge_desk.desktop.pages.campaigns.scenes import samples_of, scenes_of
from judge_desk.desktop.tasks import Lane, Ticket
from judge_desk.desktop.theme import Size
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.folding_splitter import FoldingSplitter
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.campaigns import Campaign, CampaignState, Drawing, PoolMember
from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import BadInput
from judge_desk.domain.kinds import Kind
from judge_desk.i18n import formats
from judge_desk.services.campaign_files import CampaignFiles, Taken, prepare_from
from judge_desk.services.campaigns import ActRow, CampaignRow, CampaignService
from judge_desk.services.desk import Desk
from judge_desk.services.drawing_trial import try_drawing
from judge_desk.services.review_appeals import AppealRow
from judge_desk.services.review_results import FairnessView, JudgeResult, ReviewResultService
from judge_desk.services.review_words import names_of

T = TypeVar("T")
KINDS = (
    *(Kind.CAMPAIGN, Kind.CAMPAIGN_ACT, Kind.CAMPAIGN_PROGRESS, Kind.SEALED_FORM),
    *(Kind.KEY_HOLDER, Kind.DOSSIER_REPLY),
)
MOST_LIST = 0.4
"""Of the width: with large letters the names give way to the thing itself."""
ICONS = {
    CampaignState.PREPARED: "file-pen",
    CampaignState.RUNNING: "lock",
    CampaignState.OPENED: "lock-open",
    CampaignState.CLOSED: "circle-check",
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one reading brought: all campaigns, and the acts and standing of the one that is shown."""

    rows: list[CampaignRow]
    shown: CampaignRow | None
    acts: list[ActRow]
    appeals: list[AppealRow]
    seen: bool


class CampaignsPage(Page):
    """The commission's: others have no campaign scope and no such page."""

    id = "campaigns"
    title_key = "campaigns.title"

    @classmethod
    def samples(cls, desk: Desk) -> Sequence[Mapping[str, str]]:
        return samples_of(desk)

    def scenes(self) -> Sequence[Scene]:
        return scenes_of(self)

    def build(self) -> None:
        self.head.set_title("campaigns.title")
        self.head.set_subtitle("campaigns.subtitle")
        self._new = PrimaryButton("campaigns.new", "Ctrl+N", "plus")
        self._new.clicked.connect(lambda: self.ask_new())
        self.deeds = CampaignDeeds(self)
        self._due = QuietButton("campaigns.due.show", "Ctrl+D", "calendar-clock")
        self._due.clicked.connect(self.deeds.show_due)
        self.head.add_button(self._due)
        self.head.add_button(self._new)
        self._campaign_id = ""
        self._loaded: Loaded | None = None
        self._trial: Ticket | None = None
        self.list = LazyList("campaigns.title", open_on_click=True)
        self.list.opened.connect(lambda campaign_id: self.context.window.open_page(self.id, campaign_id=campaign_id))
        left = Card()
        left.body.addWidget(self.list)
        self.view = CampaignView()
        self.view.asked.connect(self._do)
        self.view.acts.saved.connect(self._save_act)
        self.view.acts.cleared.connect(self._clear_act)
        self.view.forms.aside_asked.connect(self.deeds.ask_aside)
        self.view.appeals.asked.connect(self.deeds.on_appeal)
        self._splitter = FoldingSplitter(left, self.view)
        self._splitter.set_side_widths(left=Size.SIDE + Size.THUMBNAIL, most=MOST_LIST)
        self.content.addWidget(self._splitter)
        self.states.retry_asked.connect(self._read)

    def activate(self, params: Mapping[str, str]) -> None:
        wanted = params.get("campaign_id", self._campaign_id)
        if wanted != self._campaign_id:
            self.view.tell("")
            self.view.found.hide()
            self.view.forms_card.hide()
        self._campaign_id = wanted
        self._read()

    def refresh(self, changes: Changes) -> None:
        if any(changes.touches(kind) for kind in KINDS):
            self._read()

    def leave(self) -> None:
        self._stop()

    def retranslate(self) -> None:
        if self._loaded is not None:
            self._show(self._loaded)

    def page_actions(self) -> Sequence[Action]:
        return (
            Action(
                id="campaigns.new",
                text_key="campaigns.new",
                handler=self.ask_new,
                shortcut="Ctrl+N",
                icon="plus",
            ),
            Action(
                id="campaigns.due",
                text_key="campaigns.due.show",
                handler=self.deeds.show_due,
                shortcut="Ctrl+D",
                icon="calendar-clock",
            ),
            _of_act("save", "Ctrl+S", self.view.acts.save),
            _of_act("clear", "Ctrl+Return", self.view.acts.clear),
        )

    def is_settled(self) -> bool:
        return super().is_settled() and not self.view.is_settling

    def focus_first(self) -> None:
        self.list.setFocus()

    def set_reading(self, on: bool) -> None:
        self._splitter.set_reading(on)

    @property
    def _service(self) -> CampaignService:
        return self.context.desk.campaigns

    @property
    def _results(self) -> ReviewResultService:
        return self.context.desk.review_results

    @property
    def campaign(self) -> Campaign | None:
        """The campaign that is shown."""
        shown = self._loaded.shown if self._loaded is not None else None
        return None if shown is None else shown.campaign

    @property
    def campaign_id(self) -> str:
        return self._campaign_id

    @property
    def has_key(self) -> bool:
        """Whether this desk can open the forms of the campaign that is shown."""
        return self._loaded is not None and self._loaded.shown is not None and self._loaded.shown.has_key

    def _read(self) -> None:
        if self._loaded is None:
            self.states.show_loading()
        service, results, wanted = self._service, self._results, self._campaign_id
        appeals = self.context.desk.review_appeals

        def load() -> Loaded:
            rows = service.rows()
            shown = next((each for each in rows if each.campaign.id == wanted), rows[0] if rows else None)
            if shown is None:
                return Loaded(rows, None, [], [], seen=False)
            own = shown.campaign.id
            seen = results.has_seen_fairness(own)
            return Loaded(rows, shown, service.acts(own), appeals.rows(own), seen=seen)

        self.context.tasks.run(load, self._show, self.states.show_failure, key=self.id)

    def _show(self, loaded: Loaded) -> None:
        self._loaded = loaded
        if loaded.shown is None:
            self.states.show_empty("scale", "campaigns.empty.title", "campaigns.empty.hint")
            return
        self.states.show_ready()
        self.list.show_lines([_line(each) for each in loaded.rows])
        self._campaign_id = loaded.shown.campaign.id
        self.list.select(self._campaign_id)
        self.view.show_campaign(loaded.shown, loaded.acts, loaded.appeals, seen=loaded.seen)
        if self.view.forms_card.isVisible():
            self.deeds.show_forms()
        if loaded.seen and self.view.is_opened and self.view.found.isHidden():
            # What was seen once stays in sight; only the first look is asked for.
            self._do("fairness")

    def ask_new(self, members: tuple[PoolMember, ...] = ()) -> None:
        """The form for a new campaign; ``members`` come from the list of who is due."""
        dialog = NewCampaignDialog(self.window(), self._service.today, self._service.periods(), members)
        dialog.accepted.connect(lambda: self._prepare(dialog.files()))
        dialog.open()

    def _prepare(self, files: CampaignFiles) -> None:
        service = self._service

        def done(taken: Taken) -> None:
            self._campaign_id = taken.campaign_id
            told = [f"{each.file}:{each.line} {each.field}: {t(each.key, **each.params)}" for each in taken.refused]
            if taken.outside:
                told.insert(0, t("campaigns.acts.outside", n=taken.outside))
            self.view.tell("\n".join(told[:20]), "bad")
            self._read()

        self.context.tasks.run(lambda: prepare_from(service, files), done, self.context.window.show_failure)

    def _save_act(self, act_id: str, title: str, text: str) -> None:
        self.change(lambda: self._service.rewrite(act_id, title, text))

    def _clear_act(self, act_id: str, title: str, text: str) -> None:
        self.change(lambda: self._service.clear(act_id, title, text))

    def _do(self, action: str) -> None:
        campaign_id, language = self._campaign_id, Wording.current().language
        service, results, deeds = self._service, self._results, self.deeds
        jobs: dict[str, Callable[[], object]] = {
            "trial": self._try,
            "stop": self._stop,
            "launch": deeds.ask_launch,
            "open": lambda: self.change(lambda: service.open_forms(campaign_id), "campaigns.opening"),
            "publish": lambda: self.change(lambda: results.publish(campaign_id), "campaigns.published"),
            "fairness": lambda: self.ask(lambda: results.fairness(campaign_id), self._show_fairness),
            "results": lambda: self.ask(lambda: results.results(campaign_id), self._show_results),
            "report": lambda: self.ask(lambda: results.report(campaign_id, language), self._keep_report),
            "forms": deeds.show_forms,
            "keys": deeds.show_holders,
            "close": deeds.ask_close,
        }
        jobs[action]()

    def change(self, job: Callable[[], Changes], told: str = "") -> None:
        """Do something in a thread, tell it, and read the page anew."""

        def done(changes: Changes) -> None:
            self.context.events.announce(changes, self)
            if told:
                self.context.window.toast(told)
            self._read()

        self.context.tasks.run(job, done, self.context.window.show_failure)

    def ask(self, job: Callable[[], T], done: Callable[[T], object], *, key: str = "campaigns.ask") -> None:
        """Work something out in a thread of its own; only the newest answer of a ``key`` is shown. What the page asks
        by itself when it is read anew needs one of its own: the answer that a person waits for would be dropped."""
        self.context.tasks.run(job, done, self.context.window.show_failure, key=key, lane=Lane.POOL)

    def _try(self) -> None:
        if self._loaded is None or self._loaded.shown is None:
            return
        campaign = self._loaded.shown.campaign
        self.view.set_trying(on=True)

        def failed(failure: Failure) -> None:
            self._trial = None
            self.view.set_trying(on=False)
            self.view.tell("")
            self.context.window.show_failure(failure)

        self._trial = self.context.tasks.run_long(
            lambda ticket: try_drawing(
                campaign,
                progress=lambda stage, percent: ticket.report(percent, 100),
                is_cancelled=lambda: ticket.cancelled,
            ),
            self._show_trial,
            failed,
            key="campaigns.trial",
        )

    def _show_trial(self, drawing: Drawing | None) -> None:
        self._trial = None
        self.view.show_trial(drawing)

    def _stop(self) -> None:
        if self._trial is not None:
            self._trial.cancel()
            self._trial = None
            self.context.tasks.drop("campaigns.trial")
            self.view.show_trial(None)

    def _show_fairness(self, view: FairnessView) -> None:
        self.view.show_fairness(view)
        if self._loaded is not None and not self._loaded.seen:
            self._read()

    def _show_results(self, found: list[JudgeResult]) -> None:
        if self._loaded is None or self._loaded.shown is None:
            return
        self.view.show_results(found, names_of(self._loaded.shown.campaign.form.criteria))

    def _keep_report(self, body: bytes) -> None:
        dialog = QFileDialog(self.window(), t("campaigns.action.report"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(t("dossier.print.filter"))
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(t("campaigns.report.file_name"))
        told = self.context.window.toast
        dialog.fileSelected.connect(
            lambda name: self.ask(lambda: _write(Path(name), body), lambda _none: told("campaigns.report.kept"))
        )
        dialog.open()


def _write(path: Path, body: bytes) -> None:
    try:
        path.write_bytes(body)
    except OSError as fault:
        raise BadInput("campaigns.report.not_written") from fault


def _of_act(name: str, shortcut: str, button: QAbstractButton) -> Action:
    """The key of a button under the act that is read."""

    def press() -> None:
        if button.isVisible():
            button.click()

    key = f"campaigns.action.{name}"
    return Action(id=key, text_key=key, handler=press, shortcut=shortcut, in_palette=False)


def _line(row: CampaignRow) -> Line:
    day = formats.date_short(row.campaign.due_on, Wording.current().language)
    return Line(
        id=row.campaign.id,
        title=row.campaign.title,
        detail=f"{t(f'campaigns.state.{row.campaign.state}')} · {t('campaigns.due', day=day)}",
        icon=ICONS[row.campaign.state],
        strong=row.campaign.state is not CampaignState.CLOSED,
        wraps=True,
    )


PAGE = CampaignsPage
