"""The campaign as a whole on paper: how it was drawn, how far reviewers agree, whether it was fair; it names nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from judge_desk.domain.campaigns import Campaign, CampaignProgress
from judge_desk.domain.cases import Language
from judge_desk.domain.ratings import Analysis
from judge_desk.domain.review_protocol import seal_in_groups
from judge_desk.drafting.report import Report, Section, render_report
from judge_desk.i18n import formats
from judge_desk.i18n.translator import Translator
from judge_desk.services.review_plots import with_plots

WIDTH = 1.96
GOOD, ENOUGH = 0.8, 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFacts:
    """What is printed; ``analysis`` holds judges and tokens, of which none reaches the paper."""

    campaign: Campaign
    progress: CampaignProgress
    analysis: Analysis
    court: str
    made_at: datetime


def render_campaign(facts: CampaignFacts, language: str) -> bytes:
    """The report as PDF/A-2a and PDF/UA-1."""
    t = Translator(language)
    report = Report(
        title=t("campaigns.report.title"),
        subtitle=facts.campaign.title,
        language=Language(language),
        made_at=facts.made_at,
        author=facts.court,
        pages_after=1,
        sections=(
            _protocol(facts, t),
            _agreement(facts, t),
            _criteria(facts, t),
            _fairness(facts, t),
            _remarks(facts, t),
            _severity(facts, t),
        ),
    )
    names = {each.id: each.names.get(language, each.id) for each in facts.campaign.form.criteria}
    return with_plots(render_report(report), facts.analysis, names, t)


def _protocol(facts: CampaignFacts, t: Translator) -> Section:
    campaign, progress = facts.campaign, facts.progress
    counts = f"{progress.asked}, {progress.received}, {progress.declined}"
    return Section(
        title=t("campaigns.report.protocol"),
        paragraphs=(t("campaigns.report.nobody"),),
        pairs=(
            (t("campaigns.report.seed"), str(campaign.seed)),
            (t("campaigns.report.nonce"), progress.nonce_sha256[:32]),
            (t("campaigns.report.input"), progress.input_sha256[:32]),
            (t("reviews.paper.drawing"), seal_in_groups(progress.pairs_sha256)),
            (t("campaigns.report.solver"), progress.solver),
            (t("campaigns.report.asked"), counts),
            (t("campaigns.report.aside"), str(len(campaign.withdrawals))),
        ),
    )


def _agreement(facts: CampaignFacts, t: Translator) -> Section:
    found = facts.analysis
    bounds = f"{_figure(found.alpha, t)} ({_figure(found.alpha_low, t)} – {_figure(found.alpha_high, t)})"
    return Section(
        title=t("campaigns.report.agreement"),
        paragraphs=(t(f"campaigns.report.agreement.{_level(found.alpha, found.alpha_low)}"),),
        pairs=(
            (t("campaigns.report.alpha"), bounds),
            ("ICC(2,1)", _figure(found.icc, t)),
            (t("campaigns.report.separation"), _figure(found.separation_reliability, t)),
        ),
    )


def _criteria(facts: CampaignFacts, t: Translator) -> Section:
    names = {each.id: each.names.get(t.language, each.id) for each in facts.campaign.form.criteria}
    return Section(
        title=t("campaigns.report.criteria"),
        columns=(t("campaigns.report.criterion"), t("campaigns.report.difficulty"), t("campaigns.report.alpha.one")),
        rows=tuple(
            (names.get(each.criterion, each.criterion), _figure(each.difficulty, t), _figure(each.alpha, t))
            for each in facts.analysis.criteria
        ),
        widths=(50, 25, 25),
    )


def _severity(facts: CampaignFacts, t: Translator) -> Section:
    """Every reviewer is a line without a name, in an order of severity alone: nobody can be found in it."""
    known = sorted(
        (each.points, WIDTH * each.points_se)
        for each in facts.analysis.raters
        if each.points is not None and each.points_se is not None
    )
    return Section(
        title=t("campaigns.report.severity"),
        paragraphs=(t("campaigns.report.severity.words"),),
        columns=(t("campaigns.report.points"), t("campaigns.report.from"), t("campaigns.report.to")),
        rows=tuple((_figure(x, t), _figure(x - half, t), _figure(x + half, t)) for x, half in known),
        widths=(34, 33, 33),
    )


def _fairness(facts: CampaignFacts, t: Translator) -> Section:
    tests = facts.analysis.fairness
    if not tests:
        return Section(title=t("campaigns.report.fairness"), paragraphs=(t("campaigns.report.untested"),))
    answer = {True: t("campaigns.report.yes"), False: t("campaigns.report.no")}
    return Section(
        title=t("campaigns.report.fairness"),
        columns=(t("campaigns.report.grouping"), t("campaigns.report.chance"), t("campaigns.report.found")),
        rows=tuple(
            (t(f"campaigns.group.{each.grouping}"), _figure(each.p, t, 3), answer[each.is_found]) for each in tests
        ),
        widths=(40, 40, 20),
    )


def _remarks(facts: CampaignFacts, t: Translator) -> Section:
    """What must be said in words; a remark about one reviewer or judge stays out of the paper."""
    names = {each.id: each.names.get(t.language, each.id) for each in facts.campaign.form.criteria}
    told = [each for each in facts.analysis.remarks if not each.about or each.about in names]
    words = [t(each.key, **{**_local(each.params, t), "name": names.get(each.about, "")}) for each in told]
    return Section(title=t("campaigns.report.remarks"), paragraphs=tuple(words) or ("—",))


def _local(params: Iterable[tuple[str, object]], t: Translator) -> dict[str, object]:
    """Numbers as the language writes them."""
    return {name: formats.number(value, t.language, 2) if isinstance(value, float) else value for name, value in params}


def _level(alpha: float | None, low: float | None) -> str:
    """What the agreement carries, as the last part of a key of words: the interval decides, not its middle."""
    if alpha is None or low is None:
        return "unknown"
    return "good" if low >= GOOD else "enough" if low >= ENOUGH else "open" if alpha >= ENOUGH else "poor"


def _figure(value: float | None, t: Translator, digits: int = 2) -> str:
    # No minus before a nought.
    return "—" if value is None else formats.number(round(value, digits) + 0.0, t.language, digits)
