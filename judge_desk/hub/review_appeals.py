"""Appeals against results of peer review at the hub: in time, once each; a second panel only where one was asked for.

The day counts on which the hub took the result, which its own seal in the dossier says, never a desk's clock alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from judge_desk.domain.campaigns import Campaign, CampaignProgress, CampaignState
from judge_desk.domain.dossier import DossierEntry, DossierReply, DossierSeal, ReplyKind
from judge_desk.domain.errors import BadInput
from judge_desk.domain.kinds import Kind
from judge_desk.domain.review_appeals import Appeal, AppealState, appeal_until, came_in_time, last_taken_on, told_on
from judge_desk.domain.review_periods import ReviewPeriods
from judge_desk.domain.rules import holding
from judge_desk.domain.scopes import dossier_scope
from judge_desk.hub import seals, write
from judge_desk.hub.law import rule_book
from judge_desk.protocol import codec
from judge_desk.protocol.codes import Code
from judge_desk.protocol.operations import Action, Operation
from judge_desk.runtime.clock import court_time

ASKED = frozenset({Kind.DOSSIER_REPLY, Kind.CAMPAIGN})
"""What desks ask for about appeals."""


@dataclass(slots=True)
class Appeals:
    """The results and appeals that a push is about; they move on with each operation that is taken.

    ``settling``: desks bring back what the hub lost in a restore, so the day that a desk wrote is all there is.
    """

    today: date
    settling: bool = False
    entries: dict[str, DossierEntry] = field(default_factory=dict)
    seals: dict[str, DossierSeal] = field(default_factory=dict)
    written: dict[str, DossierReply] = field(default_factory=dict)
    progress: dict[str, CampaignProgress] = field(default_factory=dict)

    def why_not(self, before: Any, after: Any) -> Code | None:
        """Why a judge's appeal, or what the commission makes of one, may not be taken now; None: it may."""
        if isinstance(after, DossierReply):
            return self._asked(after) if before is None and after.kind is ReplyKind.APPEAL else None
        if not isinstance(after, Campaign):
            return None
        known = {each.id for each in before.appeals} if isinstance(before, Campaign) else set()
        new = [each for each in after.appeals if each.id not in known]
        refused = (self._answered(after, each) for each in new)
        return next((code for code in refused if code is not None), None) or self._closed(before, after)

    def move_on(self, after: Any) -> None:
        """Let the operations behind this one see what it did."""
        if isinstance(after, DossierReply) and after.kind is ReplyKind.APPEAL:
            self.written[after.id] = after

    def _asked(self, reply: DossierReply) -> Code | None:
        entry = self._result(reply)
        if entry is None or any(each.entry_id == reply.entry_id for each in self.written.values()):
            return Code.NOT_ALLOWED
        written_on = court_time(reply.written_at).date()
        arrived_on = written_on if self.settling else self.today
        seal = self.seals.get(entry.id)
        moments = (entry.entered_at, None if seal is None else seal.at)
        told = told_on(*(court_time(at).date() for at in moments if at is not None))
        rules = _rules(told)
        if told is None or rules is None:
            return Code.NOT_ALLOWED
        until = appeal_until(told, rules, rule_book().holidays)
        in_time = came_in_time(until, arrived_on=arrived_on, written_on=written_on, periods=rules)
        return None if in_time else Code.LATE_APPEAL

    def _answered(self, campaign: Campaign, appeal: Appeal) -> Code | None:
        """A second panel is nobody's to make up: the judge's own words must be here, against a result of this campaign;
        it writes from today for no longer than the rules allow."""
        reply = self.written.get(appeal.id)
        entry = None if reply is None else self._result(reply)
        if reply is None or entry is None or entry.campaign_id != campaign.id or reply.judge_id != appeal.subject_id:
            return Code.NOT_ALLOWED
        if appeal.state is AppealState.REFUSED:
            return None
        decided_on = court_time(appeal.decided_at).date()
        rules = _rules(decided_on)
        if rules is None or appeal.due_on is None or (appeal.due_on - decided_on).days > rules.panel_days:
            return Code.NOT_ALLOWED
        return Code.TOO_LATE if appeal.due_on <= self.today else None

    def _closed(self, before: Any, after: Campaign) -> Code | None:
        """A campaign is not closed in the face of judges who may still appeal."""
        was = before.state if isinstance(before, Campaign) else None
        if after.state is not CampaignState.CLOSED or was is CampaignState.CLOSED or self.settling:
            return None
        progress = self.progress.get(after.id)
        published = court_time(after.published_at).date() if after.published_at is not None else None
        told = told_on(*(each for each in (published, progress and progress.told_on) if each))
        rules = _rules(told)
        if told is None or rules is None:
            return Code.NOT_ALLOWED
        until = appeal_until(told, rules, rule_book().holidays)
        return Code.NOT_ALLOWED if self.today <= last_taken_on(until, rules) else None

    def _result(self, reply: DossierReply) -> DossierEntry | None:
        """The result of a campaign that a reply is about, in the judge's own dossier."""
        entry = self.entries.get(reply.entry_id)
        return entry if entry is not None and entry.campaign_id and entry.judge_id == reply.judge_id else None


def few_holders(before: Any, after: Any, today: date) -> bool:
    """Whether a campaign is launched with its key on too few desks, and nobody wrote why: one lost desk would lose
    every form."""
    launches = isinstance(after, Campaign) and after.state is CampaignState.RUNNING
    if not launches or (isinstance(before, Campaign) and before.state is CampaignState.RUNNING):
        return False
    rules = _rules(today)
    return rules is not None and after.holders < rules.least_holders and not after.few_holders_reason.strip()


def load(
    connection: Connection, court_id: str, operations: Iterable[Operation], today: date, *, settling: bool
) -> Appeals:
    """What the checks of these operations need; nothing where none is about an appeal."""
    found = Appeals(today, settling)
    records = [(each.scope, record) for each in operations if (record := _peek(each)) is not None]
    campaigns = [(scope, each) for scope, each in records if isinstance(each, Campaign)]
    asked = [(scope, each) for scope, each in records if isinstance(each, DossierReply)]
    for scope in sorted({scope for scope, _ in asked}):
        replies: Sequence[DossierReply] = seals.records_of(connection, court_id, scope, Kind.DOSSIER_REPLY)
        found.written |= {each.id: each for each in replies if each.kind is ReplyKind.APPEAL}
    keys = {
        (dossier_scope(appeal.subject_id), Kind.DOSSIER_REPLY, appeal.id)
        for _, campaign in campaigns
        for appeal in campaign.appeals
    }
    keys |= {(scope, Kind.CAMPAIGN_PROGRESS, each.id) for scope, each in campaigns}
    told = _records(connection, court_id, keys)
    found.progress = {each.id: each for each in told if isinstance(each, CampaignProgress)}
    appeals = [each for each in told if isinstance(each, DossierReply) and each.kind is ReplyKind.APPEAL]
    found.written |= {each.id: each for each in appeals}
    about = [*asked, *((dossier_scope(each.judge_id), each) for each in appeals)]
    results = _records(
        connection,
        court_id,
        {(scope, kind, each.entry_id) for scope, each in about for kind in (Kind.DOSSIER_ENTRY, Kind.DOSSIER_SEAL)},
    )
    found.entries = {each.id: each for each in results if isinstance(each, DossierEntry)}
    found.seals = {each.id: each for each in results if isinstance(each, DossierSeal)}
    return found


def told(campaign: Campaign, before: Campaign | None, progress: Any, today: date) -> CampaignProgress | None:
    """Progress with the day on which the hub heard that the results are out, where it hears it now."""
    was_out = before is not None and before.published_at is not None
    if was_out or campaign.published_at is None or not isinstance(progress, CampaignProgress):
        return None
    return replace(progress, told_on=today)


def _rules(day: date | None) -> ReviewPeriods | None:
    return None if day is None else holding(rule_book().reviews, day)


def _records(connection: Connection, court_id: str, keys: Iterable[tuple[str, Kind, str]]) -> list[Any]:
    wanted = set(keys)
    stored = write.load(connection, court_id, wanted) if wanted else {}
    return [codec.decode(kind, each.body) for (_, kind, _), each in stored.items() if not each.deleted]


def _peek(operation: Operation) -> Any:
    """A judge's appeal, or a campaign; None for what is neither or cannot be read."""
    if operation.kind not in ASKED or operation.action is not Action.PUT:
        return None
    try:
        record = codec.decode(operation.kind, bytes(operation.body))
    except BadInput:
        return None
    return None if isinstance(record, DossierReply) and record.kind is not ReplyKind.APPEAL else record
