"""The page of the campaigns: the list at the left, one campaign at the right, everything that may be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from judge_desk.desktop.actions import Action
from judge_desk.desktop.failures import Failure
from judge_desk.desktop.page import Page
from judge_desk.desktop.pages.campaigns.campaign_view import CampaignView
from judge_desk.desktop.pages.campaigns.new_campaign import NewCampaignDialog
from judge_desk.desktop.tasks import Lane, Ticket
from judge_desk.desktop.widgets.buttons import PrimaryButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.folding_splitter import FoldingSplitter
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.campaigns import CampaignState, Drawing
from judge_desk.domain.changes import Changes
from judge_desk.domain.kinds import Kind
from judge_desk.i18n import formats
from judge_desk.services.campaign_files import CampaignFiles, Taken, prepare_from
from judge_desk.services.campaigns import ActRow, CampaignRow, CampaignService
from judge_desk.services.desk import Desk
from judge_desk.services.drawing_trial import try_drawing
from judge_desk.services.review_results import FairnessView, JudgeResult, ReviewResultService

T = TypeVar("T")
KINDS = (Kind.CAMPAIGN, Kind.CAMPAIGN_ACT, Kind.CAMPAIGN_PROGRESS, Kind.SEALED_FORM)
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
    seen: bool
    is_told: bool


class CampaignsPage(Page):
    """The commission's: others have no campaign scope and no such page."""

    id = "campaigns"
    title_key = "campaigns.title"

    @classmethod
    def samples(cls, desk: Desk) -> Sequence[Mapping[str, str]]:
        return ({}, *({"campaign_id": row.campaign.id} for row in desk.campaigns.rows()[:4]))

    def build(self) -> None:
        self.head.set_title("campaigns.title")
        self.head.set_subtitle("campaigns.subtitle")
        self._new = PrimaryButton("campaigns.new", "Ctrl+N", "plus")
        self._new.clicked.connect(self._ask_new)
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
        self._splitter = FoldingSplitter(left, self.view)
        self.content.addWidget(self._splitter)
        self.states.retry_asked.connect(self._read)

    def activate(self, params: Mapping[str, str]) -> None:
        wanted = params.get("campaign_id", self._campaign_id)
        if wanted != self._campaign_id:
            self.view.tell("")
            self.view.found.hide()
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
                handler=self._ask_new,
                shortcut="Ctrl+N",
                icon="plus",
            ),
        )

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

    def _read(self) -> None:
        if self._loaded is None:
            self.states.show_loading()
        service, results, wanted = self._service, self._results, self._campaign_id

        def load() -> Loaded:
            rows = service.rows()
            shown = next((each for each in rows if each.campaign.id == wanted), rows[0] if rows else None)
            if shown is None:
                return Loaded(rows, None, [], seen=False, is_told=False)
            campaign_id = shown.campaign.id
            seen, told = results.has_seen_fairness(campaign_id), results.published_on(campaign_id) is not None
            return Loaded(rows, shown, service.acts(campaign_id), seen=seen, is_told=told)

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
        self.view.show_campaign(loaded.shown, loaded.acts, seen=loaded.seen, is_told=loaded.is_told)

    def _ask_new(self) -> None:
        dialog = NewCampaignDialog(self.window(), self._service.today)
        dialog.accepted.connect(lambda: self._prepare(dialog.files()))
        dialog.open()

    def _prepare(self, files: CampaignFiles) -> None:
        service = self._service

        def done(taken: Taken) -> None:
            self._campaign_id = taken.campaign_id
            told = [f"{each.file}:{each.line} {each.field}: {t(each.key, **each.params)}" for each in taken.refused]
            self.view.tell("\n".join(told[:20]), "bad")
            self._read()

        self.context.tasks.run(lambda: prepare_from(service, files), done, self.context.window.show_failure)

    def _save_act(self, act_id: str, title: str, text: str) -> None:
        self._change(lambda: self._service.rewrite(act_id, title, text))

    def _clear_act(self, act_id: str) -> None:
        self._change(lambda: self._service.clear(act_id))

    def _do(self, action: str) -> None:
        campaign_id, language = self._campaign_id, Wording.current().language
        service, results = self._service, self._results
        if action == "trial":
            self._try()
        elif action == "stop":
            self._stop()
        elif action == "launch":
            self._change(lambda: service.launch(campaign_id), "campaigns.launched")
        elif action == "open":
            self._change(lambda: service.open_forms(campaign_id), "campaigns.opening")
        elif action == "publish":
            self._change(lambda: results.publish(campaign_id, language), "campaigns.published")
        elif action == "fairness":
            self._ask(lambda: results.fairness(campaign_id), self._show_fairness)
        elif action == "results":
            self._ask(lambda: results.results(campaign_id, language), self._show_results)
        elif action == "report":
            self._ask(lambda: results.report(campaign_id, language), self._keep_report)

    def _change(self, job: Callable[[], Changes], told: str = "") -> None:
        def done(changes: Changes) -> None:
            self.context.events.announce(changes, self)
            if told:
                self.context.window.toast(told)
            self._read()

        self.context.tasks.run(job, done, self.context.window.show_failure)

    def _ask(self, job: Callable[[], T], done: Callable[[T], object]) -> None:
        self.context.tasks.run(job, done, self.context.window.show_failure, key="campaigns.ask", lane=Lane.POOL)

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
        self._read()

    def _show_results(self, found: list[JudgeResult]) -> None:
        if self._loaded is None or self._loaded.shown is None:
            return
        language = Wording.current().language
        names = {each.id: each.names.get(language, each.id) for each in self._loaded.shown.campaign.form.criteria}
        self.view.show_results(found, names)

    def _keep_report(self, body: bytes) -> None:
        dialog = QFileDialog(self.window(), t("campaigns.action.report"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(lambda name: self._ask(lambda: Path(name).write_bytes(body), lambda _size: None))
        dialog.open()


def _line(row: CampaignRow) -> Line:
    day = formats.date_short(row.campaign.due_on, Wording.current().language)
    return Line(
        id=row.campaign.id,
        title=row.campaign.title,
        detail=f"{t(f'campaigns.state.{row.campaign.state}')} · {t('campaigns.due', day=day)}",
        icon=ICONS[row.campaign.state],
        strong=row.campaign.state is not CampaignState.CLOSED,
    )


PAGE = CampaignsPage
