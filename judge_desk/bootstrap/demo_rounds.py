"""Peer review in the demo: the hub's part is written by the hub's process, keys and half-done forms lie on the desks.

The forms are sealed as a reviewer's desk seals them. The secret halves of the keys go to a file that this user alone
can read, beside the passwords: the demo's commission takes them from there, its hub never asks for them.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from judge_desk.bootstrap.demo_files import CAMPAIGN_KEYS, ROUNDS_WRITTEN
from judge_desk.bootstrap.profile import OpenProfile
from judge_desk.domain.act_drawing import PoolAct
from judge_desk.domain.acts import plain_text
from judge_desk.domain.dossier import DossierEntry, DossierReply, ReplyKind
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.reviews import Review, ReviewState
from judge_desk.domain.scopes import dossier_scope, review_scope
from judge_desk.hub.campaign_asking import SEALED
from judge_desk.hub.demo_court import colleagues, phrases, rounds
from judge_desk.hub.demo_court.acts import decision
from judge_desk.hub.demo_court.colleagues import Colleague
from judge_desk.hub.demo_court.desk_work import moment
from judge_desk.hub.demo_court.dockets import matters
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.hub.demo_court.rounds import Round
from judge_desk.hub.demo_court.seeding import DemoCourt, rebuilt
from judge_desk.hub.registry import Item, Registry
from judge_desk.protocol.review_forms import review_form
from judge_desk.runtime.clock import court_time
from judge_desk.security import sealed_forms
from judge_desk.services import campaign_keys, review_results
from judge_desk.services.campaigns import appeal_until, periods_on
from judge_desk.services.review_results import FAIRNESS_SEEN, OpenedForm
from judge_desk.services.reviews import OWN_COPY
from judge_desk.store import session_data

PREPARED_JUDGES = slice(4, 20)
WAITING_ACTS = 3
"""Of the round that is being prepared, so many acts are still to be read; the first of them leaks."""


def write(registry: Registry, court: DemoCourt, folder: Path) -> None:
    """Write the rounds and the released results; nothing where that was done before, or where nobody has a key to open
    sealed forms with (the self-test's hub has no commission)."""
    if (folder / ROUNDS_WRITTEN).exists() or not (folder / CAMPAIGN_KEYS).exists():
        return
    public = {name: halves[1] for name, halves in json.loads((folder / CAMPAIGN_KEYS).read_text()).items()}
    pool = colleagues.colleagues(court.plan, court.cast)
    names = {each.person.id: each.person.name for each in pool}
    court_id = court.cast.court.id
    # The round that people work at comes first.
    for each in reversed(rounds.rounds(court, pool, public)):
        registry.put_many(court_id, rounds.items(court.cast, each, sealed_forms.seal))
        told_at = each.campaign.published_at
        if told_at is not None:
            # Sealed on that day too: the time for an appeal runs from when the hub took the result.
            registry.as_of(told_at).put_many(court_id, released(court, each, names))
    (folder / ROUNDS_WRITTEN).touch()


def released(court: DemoCourt, of: Round, names: dict[str, str]) -> Iterator[Item]:
    """What each judge was told of a round, computed as the commission's desk computes it."""
    at = of.campaign.published_at
    if at is None:
        return
    by, day = court.cast.members["commission"].person.name, court_time(at).date()
    periods = periods_on(day)
    until = appeal_until(day, periods)
    appealing = next(each.id for each in of.campaign.members if each.id != court.cast.id_of("judge"))
    for result in review_results.results_of(of.campaign, opened(of), periods, names):
        entry = review_results.entry_of(of.campaign, result, by, at, appeal_by=until)
        yield dossier_scope(result.judge_id), Kind.DOSSIER_ENTRY, entry.id, entry
        if result.judge_id == appealing:
            reply = _appeal(court.plan, entry)
            yield dossier_scope(appealing), Kind.DOSSIER_REPLY, reply.id, reply


def _appeal(plan: SeedPlan, entry: DossierEntry) -> DossierReply:
    """What one colleague says to the result; the commission has not decided yet."""
    return DossierReply(
        id=plan.id_of("appeal", entry.id),
        judge_id=entry.judge_id,
        entry_id=entry.id,
        kind=ReplyKind.APPEAL,
        text=phrases.read("campaigns")["appeal"],
        written_at=moment(plan, 4, hour=11),
    )


def opened(of: Round) -> list[OpenedForm]:
    """The forms that were sent, as the key would open them."""
    return [
        OpenedForm(each.assignment_id, of.forms[each.assignment_id], each.subject_id)
        for each in of.plan.places
        if each.state == SEALED
    ]


def lay_out(desk: OpenProfile, plan: SeedPlan, folder: Path) -> None:
    """What lies on this person's desk alone: the commission's keys and a round in preparation, or a reviewer's form."""
    roles = desk.context.person.roles
    if Role.COMMISSION in roles:
        _hand_over_keys(desk, plan, folder)
        desk.engine_for(lambda _progress: None).cycle(threading.Event(), with_files=False)
        _prepare(desk, plan)
    if Role.REVIEWER in roles:
        _leave_forms(desk, plan)


def _hand_over_keys(desk: OpenProfile, plan: SeedPlan, folder: Path) -> None:
    keys = json.loads((folder / CAMPAIGN_KEYS).read_text())
    told = rounds.campaign_id(plan, "told")
    with desk.context.store.writing() as connection:
        for name, (secret, _) in keys.items():
            campaign_keys.keep(connection, rounds.campaign_id(plan, name), secret)
        session_data.put(connection, FAIRNESS_SEEN + told, moment(plan, 13))


def _leave_forms(desk: OpenProfile, plan: SeedPlan) -> None:
    """The copy of the form that was sent off, which is readable here alone, and one that is half-done."""
    me, campaign = desk.context.person.id, rounds.campaign_id(plan, "running")
    sent, half = (
        Review(
            id=place,
            assignment_id=place,
            reviewer_id=me,
            state=ReviewState.STARTED,
            answers=rounds.own_form(name),
            changed_at=moment(plan, days, hour=17),
        )
        for name, days, place in (
            ("sent", 3, rounds.place_id(plan, campaign, me, 0)),
            ("half", 1, rounds.place_id(plan, campaign, me, 1)),
        )
    )
    with desk.context.store.unit_of_work(me, "review.save") as work:
        work.keep(Kind.REVIEW, review_scope(half.id), half)
        session_data.put(work.connection, OWN_COPY + sent.id, sent)


def _prepare(desk: OpenProfile, plan: SeedPlan) -> None:
    """A round as a secretary of the commission leaves it in the evening: all but a few acts read and cleared."""
    court = rebuilt(plan)
    pool = colleagues.colleagues(plan, court.cast)[PREPARED_JUDGES]
    service = desk.desk.campaigns
    campaign = service.prepare(
        rounds.title_of(plan, "prepared"),
        review_form(),
        [each.member for each in pool],
        per_judge=rounds.FORMS_A_JUDGE,
        seed=plan.anchor.year,
        due_on=plan.anchor + timedelta(days=60),
    )
    service.take_acts(campaign, _pool_acts(court, pool))
    for row in service.acts(campaign)[WAITING_ACTS:]:
        if not row.leaks:
            service.clear(row.act.id)


def _pool_acts(court: DemoCourt, pool: Sequence[Colleague]) -> Iterator[PoolAct]:
    """A decision of each judge as it stands in the file, with everybody's name; one names its judge in spaced letters,
    which no list of names takes out."""
    plan, members = court.plan, court.cast.members
    drawn = matters(plan, court.cast, "prepared", plan.anchor - timedelta(days=40), len(pool))
    for number, (each, docket) in enumerate(zip(pool, drawn, strict=True)):
        language = "kk" if "kk" in each.member.languages else "ru"
        author = members["judge"].words[language].nom
        decided_on = docket.days["hearing"]
        text = plain_text(decision(docket, court.cast, language, dated_on=decided_on))
        text = text.replace(author, each.person.name)
        if number == 0:
            spaced = " ".join(each.person.name.split()[0].upper())
            text += "\n" + phrases.read("campaigns")["leak"][language].format(spaced=spaced)
        yield PoolAct(
            id=f"act-{number}",
            judge_id=each.person.id,
            stratum=docket.category.id,
            decided_on=decided_on,
            text=text,
            title=docket.category.names[language],
            language=language,
            names=(members["secretary"].words[language].full, *(party.name for party in docket.case.parties)),
        )
