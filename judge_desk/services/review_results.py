"""What came of a campaign: fairness first, then results for each judge, then the report; no rank and no reviewer.

Forms are opened on this desk with the campaign's key. Reviewers are tokens here, and whoever has too few forms has no
score. The judge hears first, by an entry of the own dossier, which can be answered and contested there.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from judge_desk.domain.campaigns import (
    Campaign,
    CampaignAct,
    CampaignState,
    SealedForm,
    Withdrawal,
    groups_of,
)
from judge_desk.domain.changes import Changes
from judge_desk.domain.dossier import DossierEntry, DossierSection
from judge_desk.domain.errors import BadInput, NotAllowed, NotFound
from judge_desk.domain.kinds import Kind
from judge_desk.domain.ratings import Analysis, Fairness, Rating, islands, misfits
from judge_desk.domain.review_periods import ReviewPeriods
from judge_desk.domain.review_results import CriterionResult, PanelResult, ReviewResult, Verdict
from judge_desk.domain.reviews import SealedAnswers
from judge_desk.domain.scopes import campaign_scope, dossier_scope
from judge_desk.runtime.clock import court_time
from judge_desk.services import campaign_keys
from judge_desk.services.campaigns import appeal_until, periods_on
from judge_desk.services.context import DeskContext
from judge_desk.services.review_words import names_of
from judge_desk.store import records, session_data
from judge_desk.store.tables import RECORD_TABLES

FAIRNESS_SEEN = "campaign_fairness_seen:"
_form = RECORD_TABLES[Kind.SEALED_FORM].c
_act = RECORD_TABLES[Kind.CAMPAIGN_ACT].c


@dataclass(frozen=True, slots=True)
class FairnessView:
    """How the campaign as a whole went, without a word about any judge."""

    forms: int
    set_aside: int
    alpha: float | None
    alpha_low: float | None
    alpha_high: float | None
    separation_reliability: float | None
    tests: tuple[Fairness, ...]
    erratic: int
    odd_acts: int
    is_connected: bool


@dataclass(frozen=True, slots=True)
class JudgeResult:
    """One judge by name, and what the panel found."""

    judge_id: str
    judge_name: str
    panel: PanelResult


@dataclass(frozen=True, slots=True)
class OpenedForm:
    """A form that the key opened."""

    form_id: str
    answers: SealedAnswers
    subject_id: str


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form that may be set aside: the act by a number, the reviewer's words, no score; ``decision``: it was."""

    form_id: str
    act_number: int
    words: tuple[str, ...]
    decision: Withdrawal | None


class ReviewResultService:
    """Only a desk that holds the campaign's key opens anything here."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context

    def fairness(self, campaign_id: str) -> FairnessView:
        """Agreement and tests of bias; seeing them is what results wait for."""
        campaign, forms = self._opened(campaign_id)
        ratings = _ratings(forms)
        linked = len(islands(ratings)) == 1
        analysis = _analysis(campaign, forms, ratings) if linked else None
        with self._context.store.writing() as connection:
            session_data.put(connection, FAIRNESS_SEEN + campaign_id, self._context.clock.now())
        return FairnessView(
            forms=len(forms),
            set_aside=len(campaign.withdrawals),
            alpha=analysis.alpha if analysis else None,
            alpha_low=analysis.alpha_low if analysis else None,
            alpha_high=analysis.alpha_high if analysis else None,
            separation_reliability=analysis.separation_reliability if analysis else None,
            tests=analysis.fairness if analysis else (),
            erratic=misfits(analysis.raters) if analysis else 0,
            odd_acts=misfits(analysis.subjects) if analysis else 0,
            is_connected=linked,
        )

    def has_seen_fairness(self, campaign_id: str) -> bool:
        with self._context.store.reading() as connection:
            return session_data.get(connection, FAIRNESS_SEEN + campaign_id, datetime) is not None

    def published_on(self, campaign_id: str) -> date | None:
        """The day on which the judges were told, or None."""
        with self._context.store.reading() as connection:
            campaign: Campaign = records.get(connection, Kind.CAMPAIGN, campaign_id)
        return None if campaign.published_at is None else court_time(campaign.published_at).date()

    def results(self, campaign_id: str) -> list[JudgeResult]:
        """Every judge's result, by name; raises NotAllowed before the judges have had their days with it."""
        told = self.published_on(campaign_id)
        days = periods_on(self._context.clock.today()).judge_first_days
        if told is None or self._context.clock.today() < told + timedelta(days=days):
            raise NotAllowed("campaigns.results.judge_first", days=days)
        return self._results(campaign_id)

    def publish(self, campaign_id: str) -> Changes:
        """Enter each judge's result in the own dossier; raises NotAllowed before fairness was looked at.

        Raises NotAllowed too where this desk may not enter in a judge's dossier; then nothing was entered at all.
        """
        if not self.has_seen_fairness(campaign_id):
            raise NotAllowed("campaigns.results.fairness_first")
        campaign, _ = self._opened(campaign_id)
        if campaign.published_at is not None:
            raise NotAllowed("campaigns.results.told")
        person, now, today = self._context.person, self._context.clock.now(), self._context.clock.today()
        with self._context.store.unit_of_work(person.id, "campaign.publish") as work:
            until = appeal_until(today, periods_on(today))
            progress = work.get(Kind.CAMPAIGN_PROGRESS, campaign_id)
            seal = progress.pairs_sha256 if progress is not None else ""
            for result in self._results(campaign_id):
                entry = entry_of(campaign, result, person.name, now, appeal_by=until, drawing_sha256=seal)
                scope = dossier_scope(result.judge_id)
                self._context.authorise(work, Kind.DOSSIER_ENTRY, scope, None, entry)
                work.put(Kind.DOSSIER_ENTRY, scope, entry)
            own = campaign_scope(person.court_id)
            told = replace(campaign, published_at=now)
            self._context.authorise(work, Kind.CAMPAIGN, own, campaign, told)
            work.put(Kind.CAMPAIGN, own, told)
        return work.changes

    def forms(self, campaign_id: str) -> list[FormRow]:
        """The forms as they may be looked at when one is to be set aside: words about the text, never a score, so that
        nobody sets a form aside for what it says."""
        with self._context.store.reading() as connection:
            campaign: Campaign = records.get(connection, Kind.CAMPAIGN, campaign_id)
        decisions = {each.form_id: each for each in campaign.withdrawals}
        opened = opened_forms(self._context, replace(campaign, withdrawals=()))
        places = {each: number for number, each in enumerate(sorted({form.answers.act_id for form in opened}), 1)}
        rows = [
            FormRow(
                form_id=form.form_id,
                act_number=places[form.answers.act_id],
                words=tuple(
                    text.strip()
                    for text in (form.answers.general_comment, *(each.comment for each in form.answers.answers))
                    if text.strip()
                ),
                decision=decisions.get(form.form_id),
            )
            for form in opened
        ]
        return sorted(rows, key=lambda row: (row.act_number, row.form_id))

    def report(self, campaign_id: str, language: str) -> bytes:
        """The campaign as a whole as PDF: protocol, agreement, fairness with plots; names nobody."""
        from judge_desk.services.review_report import CampaignFacts, render_campaign  # reportlab only where it prints

        campaign, forms = self._opened(campaign_id)
        ratings = _ratings(forms)
        if len(islands(ratings)) != 1:
            raise BadInput("ratings.not_connected", count=len(islands(ratings)))
        with self._context.store.reading() as connection:
            progress = records.get(connection, Kind.CAMPAIGN_PROGRESS, campaign_id)
        facts = CampaignFacts(
            campaign=campaign,
            progress=progress,
            analysis=_analysis(campaign, forms, ratings),
            court=self._context.court.names.get(language, ""),
            made_at=self._context.clock.now(),
        )
        return render_campaign(facts, language)

    def _results(self, campaign_id: str) -> list[JudgeResult]:
        campaign, forms = self._opened(campaign_id)
        periods = periods_on(self._context.clock.today())
        with self._context.store.reading() as connection:
            people = records.by_ids(connection, Kind.PERSON, (each.subject_id for each in forms))
        return results_of(campaign, forms, periods, {each.id: each.name for each in people.values()})

    def _opened(self, campaign_id: str) -> tuple[Campaign, list[OpenedForm]]:
        """The campaign and its forms without those set aside; raises NotAllowed, NotFound without the key, BadInput."""
        with self._context.store.reading() as connection:
            campaign: Campaign = records.get(connection, Kind.CAMPAIGN, campaign_id)
        forms = opened_forms(self._context, campaign)
        if not forms:
            raise BadInput("ratings.none")
        return campaign, forms


def opened_forms(context: DeskContext, campaign: Campaign, appeal_id: str = "") -> list[OpenedForm]:
    """The forms of the campaign, or of the second panel of an appeal, without those that were set aside.

    Raises NotAllowed while they are sealed, NotFound where this desk has no key, BadInput for one that was changed.
    """
    from judge_desk.security import sealed_forms  # HPKE only where a form is opened

    with context.store.reading() as connection:
        secret = campaign_keys.secret_of(connection, campaign)
        sealed: list[SealedForm] = records.where(
            connection, Kind.SEALED_FORM, _form.campaign_id == campaign.id, order_by=(_form.id,)
        )
        acts: list[CampaignAct] = records.where(connection, Kind.CAMPAIGN_ACT, _act.campaign_id == campaign.id)
    if campaign.state not in (CampaignState.OPENED, CampaignState.CLOSED):
        raise NotAllowed("campaigns.results.sealed")
    if secret is None:
        raise NotFound("campaigns.key.elsewhere")
    subjects = {each.id: each.subject_id for each in acts}
    aside = {each.form_id for each in campaign.withdrawals}
    forms = []
    for each in sealed:
        if each.id not in aside and each.appeal_id == appeal_id:
            answers = sealed_forms.open_form(each.sealed, campaign.id, secret)
            forms.append(OpenedForm(each.id, answers, subjects[answers.act_id]))
    return forms


def results_of(
    campaign: Campaign, forms: list[OpenedForm], periods: ReviewPeriods, names: dict[str, str]
) -> list[JudgeResult]:
    """Every judge's result from opened forms, by name; who has no name here goes by the id."""
    ratings = _ratings(forms)
    analyses = {each.id: _of_criterion(campaign, forms, ratings, each.id) for each in campaign.form.criteria}
    by_judge: defaultdict[str, list[OpenedForm]] = defaultdict(list)
    for form in forms:
        by_judge[form.subject_id].append(form)
    found = [
        _judge_result(campaign, own, analyses, periods=periods, judge_id=judge, name=names.get(judge, judge))
        for judge, own in by_judge.items()
    ]
    return sorted(found, key=lambda each: each.judge_name)


def _ratings(forms: list[OpenedForm]) -> list[Rating]:
    return [
        Rating(form.subject_id, form.answers.rater_token, answer.criterion_id, float(answer.score), form.answers.act_id)
        for form in forms
        for answer in form.answers.answers
        if answer.score is not None
    ]


def _analysis(campaign: Campaign, forms: list[OpenedForm], ratings: list[Rating]) -> Analysis:
    from judge_desk.analytics.review_analysis import analyse  # numpy and scipy only where something is computed

    groups: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for member in campaign.members:
        for name, value in groups_of(member).items():
            groups[name][member.id] = value
    for form in forms:
        for name, value in form.answers.rater_groups.items():
            groups[name][form.answers.rater_token] = value
    return analyse(ratings, groups)


def _of_criterion(
    campaign: Campaign, forms: list[OpenedForm], ratings: list[Rating], criterion_id: str
) -> Analysis | None:
    """Scores on one criterion; None where its own forms do not hang together."""
    own = [each for each in ratings if each.criterion == criterion_id]
    if not own or len(islands(own)) != 1:
        return None
    return _analysis(campaign, forms, own)


def _judge_result(
    campaign: Campaign,
    forms: list[OpenedForm],
    analyses: dict[str, Analysis | None],
    *,
    periods: ReviewPeriods,
    judge_id: str,
    name: str,
) -> JudgeResult:
    few = len(forms) < periods.fewest_forms
    criteria = []
    for criterion in campaign.form.criteria:
        analysis = analyses[criterion.id]
        agreed = analysis is not None and analysis.alpha is not None and analysis.alpha >= periods.least_alpha
        score = next((each for each in analysis.subjects if each.subject == judge_id), None) if analysis else None
        comments = _comments(campaign, forms, judge_id, criterion.id)
        if few or not agreed or score is None or score.low is None or score.high is None:
            verdict = Verdict.FEW if few else Verdict.SAME if agreed else Verdict.DISAGREE
            criteria.append(CriterionResult(criterion_id=criterion.id, verdict=verdict, comments=comments))
            continue
        low, high = max(score.low, campaign.form.low), min(score.high, campaign.form.high)
        criteria.append(
            CriterionResult(
                criterion_id=criterion.id,
                verdict=_verdict(low, high, periods.standard),
                score=_told(score.score),
                low=_told(low),
                high=_told(high),
                comments=comments,
            )
        )
    general = [form.answers.general_comment.strip() for form in forms if form.answers.general_comment.strip()]
    in_no_order = _shuffled(general, campaign.id, judge_id)
    return JudgeResult(judge_id, name, PanelResult(forms=len(forms), criteria=tuple(criteria), comments=in_no_order))


def _verdict(low: float, high: float, standard: float) -> Verdict:
    """Where the interval lies to the standard."""
    return Verdict.BELOW if high < standard else Verdict.MEETS if low >= standard else Verdict.OPEN


def _told(figure: float) -> float:
    """As it is read: further places could tell single forms apart, and the desk of the judge would hold them."""
    return round(figure, 1)


def _comments(campaign: Campaign, forms: list[OpenedForm], judge_id: str, criterion_id: str) -> tuple[str, ...]:
    found = [
        " ".join(" ".join((answer.comment, answer.evidence)).split())
        for form in forms
        for answer in form.answers.answers
        if answer.criterion_id == criterion_id and answer.comment.strip()
    ]
    return _shuffled(found, campaign.id, judge_id, criterion_id)


def _shuffled(words: list[str], *names: str) -> tuple[str, ...]:
    """The same shuffle at every look, so that two looks cannot be compared."""
    found = list(words)
    random.Random("".join(names)).shuffle(found)  # noqa: S311 - hides an order, guards no secret
    return tuple(found)


def entry_of(
    campaign: Campaign,
    result: JudgeResult,
    entered_by: str,
    now: datetime,
    *,
    appeal_by: date | None = None,
    drawing_sha256: str = "",
) -> DossierEntry:
    """What the judge hears; ``drawing_sha256`` is the seal of the drawing."""
    return DossierEntry(
        id=f"{campaign.id}-{result.judge_id}"[:64],
        judge_id=result.judge_id,
        section=DossierSection.REVIEWS,
        title=campaign.title,
        from_on=court_time(now).date(),
        figures={"forms": float(result.panel.forms)},
        review=ReviewResult(
            found=result.panel,
            names=names_of(campaign.form.criteria),
            appeal_by=appeal_by,
            seed=campaign.seed,
            drawing_sha256=drawing_sha256,
        ),
        campaign_id=campaign.id,
        entered_by=entered_by,
        entered_at=now,
    )
