"""Appeals against a result: the judge asks, the commission decides with reasons, another panel reads the same acts, the
judge hears both results first, and it is recorded which of them stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy.engine import Connection

from judge_desk.domain.campaigns import Campaign, CampaignProgress, PanelProgress
from judge_desk.domain.changes import Changes
from judge_desk.domain.dossier import DossierEntry, DossierReply, DossierSection, ReplyKind
from judge_desk.domain.errors import BadInput, NotAllowed, NotFound
from judge_desk.domain.kinds import Kind
from judge_desk.domain.review_appeals import Appeal, AppealState, Standing
from judge_desk.domain.review_results import PanelResult, ReviewResult
from judge_desk.domain.scopes import campaign_scope, dossier_scope
from judge_desk.runtime.clock import court_time
from judge_desk.services.campaigns import appeal_until, periods_on, told_days
from judge_desk.services.context import DeskContext
from judge_desk.services.review_results import OpenedForm, opened_forms, results_of
from judge_desk.services.review_words import names_of
from judge_desk.store import records
from judge_desk.store.tables import RECORD_TABLES
from judge_desk.store.unit_of_work import UnitOfWork

_entry = RECORD_TABLES[Kind.DOSSIER_ENTRY].c
_reply = RECORD_TABLES[Kind.DOSSIER_REPLY].c
SECOND = "#2"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealRow:
    """A judge's appeal and how far it has come; ``appeal`` None: nothing is decided yet. ``is_late``: it was written
    after the last day for it."""

    reply: DossierReply
    judge_name: str
    is_late: bool
    appeal: Appeal | None
    panel: PanelProgress | None
    may_open: bool
    may_decide: bool


@dataclass(frozen=True, slots=True)
class BothResults:
    """The first panel's result and the second's, side by side."""

    first: PanelResult
    second: PanelResult


class AppealService:
    """The commission's side; a judge appeals in the own dossier (``DossierService.appeal``)."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context

    def rows(self, campaign_id: str) -> list[AppealRow]:
        """Every appeal against a result of a campaign, those that wait for a decision first."""
        with self._context.store.reading() as connection:
            campaign: Campaign = records.get(connection, Kind.CAMPAIGN, campaign_id)
            progress: CampaignProgress | None = records.find(connection, Kind.CAMPAIGN_PROGRESS, campaign_id)
            replies = _appeals(connection, campaign_id)
            people = records.by_ids(connection, Kind.PERSON, {each.judge_id for each in replies})
        names = {each.id: each.name for each in people.values()}
        rows = [self._row(campaign, progress, each, names.get(each.judge_id, each.judge_id)) for each in replies]
        return sorted(rows, key=lambda row: (row.appeal is not None, row.reply.written_at))

    def grant(self, campaign_id: str, reply_id: str, reason: str, due_on: date | None = None) -> Changes:
        """Ask the hub to draw another panel, which writes until ``due_on``, by default as long as the rules allow.

        Raises BadInput without a reason, with a day that has passed or lies beyond what the rules allow, NotAllowed
        where it was decided before.
        """
        last = self._today + timedelta(days=periods_on(self._today).panel_days)
        due_on = due_on or last
        if due_on <= self._today:
            raise BadInput("campaigns.prepare.due")
        if due_on > last:
            raise BadInput("campaigns.appeal.panel_days", days=periods_on(self._today).panel_days)
        return self._begin(campaign_id, reply_id, reason, AppealState.RUNNING, due_on)

    def refuse(self, campaign_id: str, reply_id: str, reason: str) -> Changes:
        """Refuse another panel; the judge reads the reason under the own words. Raises as ``grant``."""
        return self._begin(campaign_id, reply_id, reason, AppealState.REFUSED, None)

    def open_forms(self, campaign_id: str, appeal_id: str) -> Changes:
        """Ask for the second panel's forms; raises BadInput while they are out and the day has not passed."""
        row = self._found(campaign_id, appeal_id)
        if not row.may_open:
            raise BadInput("campaigns.open.too_early")
        return self._step(campaign_id, appeal_id, "appeal.open", state=AppealState.OPENED)

    def tell(self, campaign_id: str, appeal_id: str) -> Changes:
        """Enter both results in the judge's dossier, side by side; the commission sees them some days later.

        Raises NotAllowed while the second panel's forms are sealed or have not come yet.
        """
        campaign, appeal = self._known(campaign_id, appeal_id)
        if appeal.state is not AppealState.OPENED:
            raise NotAllowed("campaigns.results.sealed")
        both = self._both(campaign, appeal)
        person, now = self._context.person, self._context.clock.now()
        entry = _entry_of(campaign, appeal, both, person.name, now)
        with self._context.store.unit_of_work(person.id, "appeal.tell") as work:
            scope = dossier_scope(appeal.subject_id)
            self._context.authorise(work, Kind.DOSSIER_ENTRY, scope, None, entry)
            work.put(Kind.DOSSIER_ENTRY, scope, entry)
            self._put(work, campaign, replace(appeal, state=AppealState.TOLD, told_at=now))
        return work.changes

    def results(self, campaign_id: str, appeal_id: str) -> BothResults:
        """Both results, for the commission; raises NotAllowed before the judge has had the days with them."""
        campaign, appeal = self._known(campaign_id, appeal_id)
        self._check_heard(appeal)
        return self._both(campaign, appeal)

    def decide(self, campaign_id: str, appeal_id: str, standing: Standing, reason: str) -> Changes:
        """Record which result stands, and why; the judge reads it under the own words. Raises BadInput without a
        reason, NotAllowed before the judge has had the days with both results."""
        words = _reason(reason)
        campaign, appeal = self._known(campaign_id, appeal_id)
        self._check_heard(appeal)
        if appeal.state is not AppealState.TOLD:
            raise NotAllowed("campaigns.appeal.decided")
        person, now = self._context.person, self._context.clock.now()
        after = replace(
            appeal,
            state=AppealState.DECIDED,
            outcome=standing,
            outcome_reason=words,
            outcome_by=person.name,
            outcome_at=now,
        )
        with self._context.store.unit_of_work(person.id, "appeal.decide") as work:
            self._put(work, campaign, after)
            self._answer(work, appeal.id, words)
        return work.changes

    def _begin(self, campaign_id: str, reply_id: str, reason: str, state: AppealState, due_on: date | None) -> Changes:
        words = _reason(reason)
        row = self._found(campaign_id, reply_id)
        if row.appeal is not None:
            raise NotAllowed("campaigns.appeal.decided")
        person = self._context.person
        appeal = Appeal(
            id=reply_id,
            subject_id=row.reply.judge_id,
            state=state,
            reason=words,
            decided_by=person.name,
            decided_at=self._context.clock.now(),
            due_on=due_on,
        )
        with self._context.store.unit_of_work(person.id, "appeal.begin") as work:
            campaign: Campaign | None = work.get(Kind.CAMPAIGN, campaign_id)
            if campaign is None:
                raise NotFound(kind=Kind.CAMPAIGN.value, id=campaign_id)
            after = replace(campaign, appeals=(*campaign.appeals, appeal))
            self._write(work, campaign, after)
            if state is AppealState.REFUSED:
                self._answer(work, reply_id, words)
        return work.changes

    def _step(self, campaign_id: str, appeal_id: str, action: str, *, state: AppealState) -> Changes:
        campaign, appeal = self._known(campaign_id, appeal_id)
        with self._context.store.unit_of_work(self._context.person.id, action) as work:
            self._put(work, campaign, replace(appeal, state=state))
        return work.changes

    def _put(self, work: UnitOfWork, campaign: Campaign, appeal: Appeal) -> None:
        appeals = tuple(appeal if each.id == appeal.id else each for each in campaign.appeals)
        self._write(work, campaign, replace(campaign, appeals=appeals))

    def _write(self, work: UnitOfWork, before: Campaign, after: Campaign) -> None:
        scope = campaign_scope(self._context.person.court_id)
        self._context.authorise(work, Kind.CAMPAIGN, scope, before, after)
        work.put(Kind.CAMPAIGN, scope, after)

    def _answer(self, work: UnitOfWork, reply_id: str, words: str) -> None:
        """The decision stands under the judge's own words, too."""
        before: DossierReply | None = work.get(Kind.DOSSIER_REPLY, reply_id)
        if before is None:
            raise NotFound(kind=Kind.DOSSIER_REPLY.value, id=reply_id)
        after = replace(before, decision=words, decided_at=self._context.clock.now())
        scope = dossier_scope(before.judge_id)
        self._context.authorise(work, Kind.DOSSIER_REPLY, scope, before, after)
        work.put(Kind.DOSSIER_REPLY, scope, after)

    def _known(self, campaign_id: str, appeal_id: str) -> tuple[Campaign, Appeal]:
        with self._context.store.reading() as connection:
            campaign: Campaign = records.get(connection, Kind.CAMPAIGN, campaign_id)
        appeal = next((each for each in campaign.appeals if each.id == appeal_id), None)
        if appeal is None:
            raise NotFound(kind=Kind.CAMPAIGN.value, id=appeal_id)
        return campaign, appeal

    def _found(self, campaign_id: str, reply_id: str) -> AppealRow:
        row = next((each for each in self.rows(campaign_id) if each.reply.id == reply_id), None)
        if row is None:
            raise NotFound(kind=Kind.DOSSIER_REPLY.value, id=reply_id)
        return row

    def _row(self, campaign: Campaign, progress: CampaignProgress | None, reply: DossierReply, name: str) -> AppealRow:
        appeal = next((each for each in campaign.appeals if each.id == reply.id), None)
        panel = progress.panel(reply.id) if progress else None
        told = told_days(campaign, progress)
        is_late = not told or court_time(reply.written_at).date() > appeal_until(max(told), periods_on(max(told)))
        running = appeal is not None and appeal.state is AppealState.RUNNING
        passed = appeal is not None and appeal.due_on is not None and appeal.due_on < self._today
        return AppealRow(
            reply=reply,
            judge_name=name,
            is_late=is_late,
            appeal=appeal,
            panel=panel,
            may_open=running and (passed or (panel is not None and panel.is_complete)),
            may_decide=appeal is not None and appeal.state is AppealState.TOLD and self._is_heard(appeal),
        )

    @property
    def _today(self) -> date:
        return self._context.clock.today()

    def _is_heard(self, appeal: Appeal) -> bool:
        days = timedelta(days=periods_on(self._today).judge_first_days)
        return appeal.told_at is not None and self._today >= court_time(appeal.told_at).date() + days

    def _check_heard(self, appeal: Appeal) -> None:
        if not self._is_heard(appeal):
            days = periods_on(self._today).judge_first_days
            raise NotAllowed("campaigns.results.judge_first", days=days)

    def _both(self, campaign: Campaign, appeal: Appeal) -> BothResults:
        """Both panels in one analysis: the severity of the second is known from what else its members wrote."""
        first = opened_forms(self._context, campaign)
        again = opened_forms(self._context, campaign, appeal.id)
        if not again:
            raise NotAllowed("campaigns.appeal.no_forms")
        other = appeal.subject_id + SECOND
        second = [OpenedForm(each.form_id, each.answers, other) for each in again]
        found = {
            each.judge_id: each
            for each in results_of(campaign, [*first, *second], periods_on(self._today), {})
            if each.judge_id in (appeal.subject_id, other)
        }
        return BothResults(found[appeal.subject_id].panel, found[other].panel)


def _appeals(connection: Connection, campaign_id: str) -> list[DossierReply]:
    """The appeals among the judges' words, against entries of that campaign."""
    entries: list[DossierEntry] = records.where(
        connection, Kind.DOSSIER_ENTRY, _entry.section == DossierSection.REVIEWS.value
    )
    own = {each.id for each in entries if each.campaign_id == campaign_id}
    replies: list[DossierReply] = records.where(connection, Kind.DOSSIER_REPLY, _reply.entry_id.in_(sorted(own)))
    return [each for each in replies if each.kind is ReplyKind.APPEAL]


def _reason(text: str) -> str:
    if not text.strip():
        raise BadInput("campaigns.appeal.reason")
    return text.strip()


def _entry_of(campaign: Campaign, appeal: Appeal, both: BothResults, entered_by: str, now: datetime) -> DossierEntry:
    # The judge has the first panel's comments already, in the entry that was contested.
    first = PanelResult(
        forms=both.first.forms, criteria=tuple(replace(each, comments=()) for each in both.first.criteria)
    )
    return DossierEntry(
        id=sha256(f"{campaign.id} {appeal.id}".encode()).hexdigest()[:32],
        judge_id=appeal.subject_id,
        section=DossierSection.REVIEWS,
        title=campaign.title,
        from_on=court_time(now).date(),
        figures={"forms": float(both.second.forms)},
        review=ReviewResult(found=both.second, first=first, names=names_of(campaign.form.criteria)),
        entered_by=entered_by,
        entered_at=now,
    )
