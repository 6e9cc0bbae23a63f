"""Campaigns of peer review on the commission's desk: prepare, blind, try the drawing, launch, follow, open.

The commission never learns who writes on whom: the hub draws. The key of the forms is made and kept here; the acts
before they are cleared, and the names they must not hold, never leave this desk.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from sqlalchemy.engine import Connection

from judge_desk.domain.act_drawing import PoolAct, drawn_acts, pool_sha256
from judge_desk.domain.blinding import Known, Leak, blind, leaks
from judge_desk.domain.campaigns import (
    ActDrawing,
    Campaign,
    CampaignAct,
    CampaignProgress,
    CampaignState,
    Conflict,
    PoolMember,
    Withdrawal,
)
from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import BadInput, NotFound, Sealed
from judge_desk.domain.ids import new_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.review_appeals import appeal_until as last_day
from judge_desk.domain.review_appeals import last_taken_on
from judge_desk.domain.review_periods import ReviewPeriods, acts_since
from judge_desk.domain.reviews import ReviewForm
from judge_desk.domain.scopes import campaign_scope
from judge_desk.runtime.clock import court_time
from judge_desk.services import campaign_keys
from judge_desk.services.context import DeskContext
from judge_desk.services.law import rule_book
from judge_desk.store import records, session_data
from judge_desk.store.tables import RECORD_TABLES
from judge_desk.store.unit_of_work import UnitOfWork

KNOWN = "campaign_known:"
_act = RECORD_TABLES[Kind.CAMPAIGN_ACT].c


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign in the list. ``has_key``: its forms can be opened on this desk; ``holders``: on so many desks;
    ``is_past``: its last day has passed."""

    campaign: Campaign
    progress: CampaignProgress | None
    acts: int
    cleared: int
    has_key: bool
    holders: int = 1
    is_past: bool = False

    @property
    def may_open(self) -> bool:
        return self.is_past or (self.progress is not None and self.progress.is_complete)


@dataclass(frozen=True, slots=True)
class ActRow:
    """A blinded act and what the leak finder still sees in it."""

    act: CampaignAct
    leaks: tuple[Leak, ...]


class CampaignService:
    """Everything up to the moment when the forms are opened; results are ``services.review_results``."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context

    @property
    def today(self) -> date:
        return self._context.clock.today()

    def periods(self, on: date | None = None) -> ReviewPeriods:
        """The rules of the day; raises NotFound where the packs hold none."""
        return periods_on(on or self.today)

    def rows(self) -> list[CampaignRow]:
        """All campaigns, the newest first."""
        with self._context.store.reading() as connection:
            found = [self._row(connection, each) for each in records.where(connection, Kind.CAMPAIGN)]
        return sorted(found, key=lambda row: str(row.campaign.created_at), reverse=True)

    def row(self, campaign_id: str) -> CampaignRow:
        """One campaign; raises NotFound."""
        with self._context.store.reading() as connection:
            return self._row(connection, records.get(connection, Kind.CAMPAIGN, campaign_id))

    def prepare(
        self,
        title: str,
        form: ReviewForm,
        members: Sequence[PoolMember],
        conflicts: Sequence[Conflict] = (),
        *,
        per_judge: int,
        seed: int,
        due_on: date,
    ) -> str:
        """Begin a campaign and make its key; gives its id. Raises BadInput for what cannot be a campaign."""
        from judge_desk.security import sealed_forms  # HPKE only where a key is made

        if not title.strip() or per_judge < 1 or not any(each.is_subject for each in members):
            raise BadInput("campaigns.prepare.incomplete")
        if due_on <= self.today:
            raise BadInput("campaigns.prepare.due")
        secret, public = sealed_forms.new_key()
        campaign_id, now = new_id(), self._context.clock.now()
        campaign = Campaign(
            id=campaign_id,
            title=title.strip(),
            per_judge=per_judge,
            seed=seed,
            due_on=due_on,
            form=form,
            seal_key=public,
            members=tuple(members),
            conflicts=tuple(conflicts),
            created_at=now,
        )
        with self._work("campaign.prepare") as work:
            campaign_keys.keep(work.connection, campaign_id, secret)
            shares = campaign_keys.shares_for_trusted(work, self._context, campaign_id, secret)
            self._put(work, Kind.CAMPAIGN, None, replace(campaign, shares=shares))
        return campaign_id

    def take_acts(
        self,
        campaign_id: str,
        pool: Iterable[PoolAct],
        *,
        months_back: int | None = None,
        number: int | None = None,
    ) -> Changes:
        """Draw acts of each judge by the campaign's seed from the last ``months_back`` months and blind them; they wait
        here until somebody clears them. What is not said comes from the rules of the day."""
        campaign = self._prepared(campaign_id)
        acts, periods = list(pool), self.periods()
        drawing = ActDrawing(
            number=periods.acts if number is None else number,
            from_on=acts_since(self.today, periods, months_back),
            to_on=self.today,
            pool_sha256=pool_sha256(acts),
            pool_size=len(acts),
        )
        wanted = {each.id for each in campaign.members if each.is_subject}
        drawn = drawn_acts((each for each in acts if each.judge_id in wanted), campaign.seed, drawing)
        with self._work("campaign.take_acts") as work:
            self._put(work, Kind.CAMPAIGN, campaign, replace(campaign, act_drawing=drawing))
            for judge_id, own in drawn.items():
                for act in own:
                    known = self._known(work.connection, judge_id, act)
                    blinded = _blinded(campaign_id, act, known)
                    self._context.authorise(work, Kind.CAMPAIGN_ACT, self._scope, None, blinded)
                    work.keep(Kind.CAMPAIGN_ACT, self._scope, blinded)
                    session_data.put(work.connection, KNOWN + blinded.id, known)
        return work.changes

    def directory(self) -> frozenset[str]:
        """Everybody whose name this desk knows: the name of anybody else could be searched for in no act."""
        with self._context.store.reading() as connection:
            return frozenset(each.id for each in records.where(connection, Kind.PERSON))

    def acts(self, campaign_id: str) -> list[ActRow]:
        """The acts of a campaign with what could still tell their author."""
        with self._context.store.reading() as connection:
            found = records.where(connection, Kind.CAMPAIGN_ACT, _act.campaign_id == campaign_id)
            return [ActRow(each, self._leaks(connection, each)) for each in found]

    def rewrite(self, act_id: str, title: str, text: str) -> Changes:
        """Change the blinded words by hand; raises Sealed for an act that was cleared."""
        with self._work("campaign.rewrite") as work:
            act = self._open_act(work, act_id)
            written = replace(act, title=title, text=text)
            self._context.authorise(work, Kind.CAMPAIGN_ACT, self._scope, act, written)
            work.keep(Kind.CAMPAIGN_ACT, self._scope, written)
        return work.changes

    def clear(self, act_id: str, title: str | None = None, text: str | None = None) -> Changes:
        """Release an act that somebody has read, with the words as they were read if they are given; raises BadInput
        while the leak finder sees anything in it, and then nothing is changed."""
        person = self._context.person
        with self._work("campaign.clear") as work:
            act = self._open_act(work, act_id)
            act = replace(act, title=act.title if title is None else title, text=act.text if text is None else text)
            found = self._leaks(work.connection, act)
            if found:
                raise BadInput("campaigns.clear.leaks", count=len(found))
            cleared = replace(act, cleared_by=person.name, cleared_at=self._context.clock.now())
            self._put(work, Kind.CAMPAIGN_ACT, None, cleared)
        return work.changes

    def launch(self, campaign_id: str, few_holders_reason: str = "") -> Changes:
        """Ask the hub to draw and to invite; raises BadInput while an act is missing or waits to be cleared, and where
        fewer desks hold the key than the rules ask for and no reason is given: it stands in the record."""
        campaign = self._prepared(campaign_id)
        acts = [row.act for row in self.acts(campaign_id)]
        subjects = {each.id for each in campaign.members if each.is_subject}
        lacking = len(subjects - {each.subject_id for each in acts}) + sum(not each.cleared_by for each in acts)
        if lacking:
            raise BadInput("campaigns.launch.acts", count=lacking)
        reason, least = few_holders_reason.strip(), self.periods().least_holders
        if campaign.holders < least and not reason:
            raise BadInput("campaigns.launch.holders", count=campaign.holders, least=least)
        few = reason if campaign.holders < least else ""
        after = replace(campaign, state=CampaignState.RUNNING, few_holders_reason=few)
        return self._change(campaign, after, "campaign.launch")

    def open_forms(self, campaign_id: str) -> Changes:
        """Ask the hub for all forms at once; raises BadInput while forms are out and the day has not passed."""
        row = self.row(campaign_id)
        campaign = row.campaign
        if campaign.state is not CampaignState.RUNNING or not row.may_open:
            raise BadInput("campaigns.open.too_early")
        return self._change(campaign, replace(campaign, state=CampaignState.OPENED), "campaign.open")

    def withdraw(self, campaign_id: str, form_id: str, reason: str) -> Changes:
        """Set a form aside by a recorded decision; raises BadInput without a reason, Sealed once results are out: from
        then on only an appeal changes anything."""
        if not reason.strip():
            raise BadInput("campaigns.withdraw.reason")
        campaign = self.row(campaign_id).campaign
        if campaign.published_at is not None:
            raise Sealed("campaigns.withdraw.late")
        if any(each.form_id == form_id for each in campaign.withdrawals):
            raise Sealed("campaigns.withdraw.twice")
        decision = Withdrawal(
            form_id=form_id,
            reason=reason.strip(),
            decided_by=self._context.person.name,
            decided_at=self._context.clock.now(),
        )
        after = replace(campaign, withdrawals=(*campaign.withdrawals, decision))
        return self._change(campaign, after, "campaign.withdraw")

    def close(self, campaign_id: str) -> Changes:
        """End a campaign whose results are out; raises BadInput while an appeal is open or the time to appeal runs."""
        row = self.row(campaign_id)
        campaign = row.campaign
        if campaign.published_at is None or any(each.is_open for each in campaign.appeals):
            raise BadInput("campaigns.close.open")
        told_on = max(told_days(campaign, row.progress))
        periods = periods_on(told_on)
        if self.today <= last_taken_on(appeal_until(told_on, periods), periods):
            raise BadInput("campaigns.close.appeals")
        return self._change(campaign, replace(campaign, state=CampaignState.CLOSED), "campaign.close")

    @property
    def _scope(self) -> str:
        return campaign_scope(self._context.person.court_id)

    def _work(self, action: str) -> AbstractContextManager[UnitOfWork]:
        return self._context.store.unit_of_work(self._context.person.id, action)

    def _put(self, work: UnitOfWork, kind: Kind, before: object, after: Campaign | CampaignAct) -> None:
        self._context.authorise(work, kind, self._scope, before, after)
        work.put(kind, self._scope, after)

    def _change(self, before: Campaign, after: Campaign, action: str) -> Changes:
        with self._work(action) as work:
            self._put(work, Kind.CAMPAIGN, before, after)
        return work.changes

    def _prepared(self, campaign_id: str) -> Campaign:
        campaign = self.row(campaign_id).campaign
        if campaign.state is not CampaignState.PREPARED:
            raise Sealed
        return campaign

    def _open_act(self, work: UnitOfWork, act_id: str) -> CampaignAct:
        act: CampaignAct | None = work.get(Kind.CAMPAIGN_ACT, act_id)
        if act is None:
            raise NotFound(kind=Kind.CAMPAIGN_ACT.value, id=act_id)
        if act.cleared_by:
            raise Sealed
        return act

    def _known(self, connection: Connection, judge_id: str, act: PoolAct) -> Known:
        """Names that the act must not hold: its judge's, everybody's whom the pool names, the court's own."""
        person = records.find(connection, Kind.PERSON, judge_id)
        own = (person.name, person.full_name) if person is not None else ()
        court = (*self._context.court.places.values(),)
        return Known((*own, *act.names), (*court, *act.places))

    def _leaks(self, connection: Connection, act: CampaignAct) -> tuple[Leak, ...]:
        known = session_data.get(connection, KNOWN + act.id, Known) or Known()
        return leaks({"title": act.title, "text": act.text}, known)

    def _row(self, connection: Connection, campaign: Campaign) -> CampaignRow:
        acts = records.where(connection, Kind.CAMPAIGN_ACT, _act.campaign_id == campaign.id)
        has_key = campaign_keys.secret_of(connection, campaign) is not None
        return CampaignRow(
            campaign,
            records.find(connection, Kind.CAMPAIGN_PROGRESS, campaign.id),
            acts=len(acts),
            cleared=sum(bool(each.cleared_by) for each in acts),
            has_key=has_key,
            # A desk that made the key holds it, whether or not it has told its own.
            holders=max(len({each.holder_id for each in campaign.shares}), int(has_key)),
            is_past=campaign.due_on < self.today,
        )


def _blinded(campaign_id: str, act: PoolAct, known: Known) -> CampaignAct:
    """The act without what could tell its author; its id says nothing about where it came from."""
    return CampaignAct(
        id=new_id(),
        campaign_id=campaign_id,
        subject_id=act.judge_id,
        title=blind(act.title or act.stratum, known, act.language),
        text=blind(act.text, known, act.language),
        language=act.language,
        source_sha256=sha256(act.text.encode()).hexdigest(),
    )


def told_days(campaign: Campaign, progress: CampaignProgress | None) -> list[date]:
    """When the results were written, and when the hub took them; the time for appeals runs from the later. Empty
    before."""
    if campaign.published_at is None:
        return []
    heard = progress.told_on if progress is not None else None
    return [court_time(campaign.published_at).date(), *([heard] if heard is not None else [])]


def appeal_until(told_on: date, periods: ReviewPeriods) -> date:
    """The last day on which a judge may ask for another panel."""
    return last_day(told_on, periods, rule_book().holidays)


def periods_on(day: date) -> ReviewPeriods:
    """The rules of a day; raises NotFound where the packs hold none."""
    found = next((each for each in rule_book().reviews if each.holds_on(day)), None)
    if found is None:
        raise NotFound("campaigns.rules.none")
    return found
