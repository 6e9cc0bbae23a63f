"""``judge-desk-hub campaign-protocol``: the protocol of one drawing, for an auditor; taking it is audited."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from judge_desk.domain.campaigns import Campaign, CampaignPlan, CampaignProgress
from judge_desk.domain.errors import NotFound
from judge_desk.domain.kinds import Kind
from judge_desk.domain.review_protocol import DrawingProtocol
from judge_desk.domain.scopes import campaign_scope, court_scope, review_scope
from judge_desk.hub import write
from judge_desk.hub.campaign_books import Books
from judge_desk.hub.command_line import add_places, answer, opened
from judge_desk.hub.db import engine as database
from judge_desk.hub.db.state import Entry
from judge_desk.protocol import codec
from judge_desk.runtime.clock import SystemClock, court_time


def add_parser(commands: Any) -> None:
    """Add ``campaign-protocol`` to argparse's subparsers."""
    text = "the protocol of a campaign's drawing, for an auditor: it names who reads whom"
    parser = commands.add_parser("campaign-protocol", help=text, description=text)
    add_places(parser)
    parser.add_argument("campaign", metavar="ID")
    parser.add_argument("--court", required=True, metavar="ID")
    parser.add_argument("--by", required=True, metavar="PERSON_ID", help="who takes it, for the audit")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    with opened(arguments) as (engine, _):
        now = SystemClock().now()
        protocol = take_protocol(engine, arguments.court, arguments.campaign, actor=arguments.by, at=now)
    arguments.out.touch(mode=0o600, exist_ok=False)
    arguments.out.write_bytes(codec.encode(protocol))
    answer(arguments, str(arguments.out), pairs=len(protocol.pairs), pairs_sha256=protocol.pairs_sha256)
    return 0


def take_protocol(engine: Engine, court_id: str, campaign_id: str, *, actor: str, at: datetime) -> DrawingProtocol:
    """The protocol of a drawing that was made, noted in the audit; raises NotFound before the launch."""

    def work(connection: Connection) -> DrawingProtocol:
        books = Books(connection, court_id, court_time(at).date())
        campaign = books.find(campaign_scope(court_id), Kind.CAMPAIGN, campaign_id)
        progress = books.find(campaign_scope(court_id), Kind.CAMPAIGN_PROGRESS, campaign_id)
        plan = books.find(review_scope(campaign_id), Kind.CAMPAIGN_PLAN, campaign_id)
        if not isinstance(campaign, Campaign) or not isinstance(plan, CampaignPlan):
            raise NotFound("hub.protocol.none")
        entry = Entry(
            chain=court_scope(court_id),
            actor_id=actor,
            action="take_protocol",
            scope=campaign_scope(court_id),
            kind=Kind.CAMPAIGN_PLAN.value,
            record_id=campaign_id,
        )
        write.write(connection, court_id, [], [entry], at)
        shown = progress if isinstance(progress, CampaignProgress) else CampaignProgress(id=campaign_id)
        return _protocol(campaign, plan, shown)

    return database.write(engine, work)


def _protocol(campaign: Campaign, plan: CampaignPlan, shown: CampaignProgress) -> DrawingProtocol:
    return DrawingProtocol(
        campaign_id=campaign.id,
        title=campaign.title,
        seed=campaign.seed,
        nonce=plan.nonce,
        per_judge=campaign.per_judge,
        members=campaign.members,
        conflicts=(*campaign.conflicts, *plan.known_conflicts),
        pairs=plan.pairs,
        reserves=plan.reserves,
        nonce_sha256=shown.nonce_sha256,
        input_sha256=shown.input_sha256,
        pairs_sha256=shown.pairs_sha256,
        solver=shown.solver,
    )
