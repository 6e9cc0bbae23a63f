"""The campaign as a whole on paper: how it was drawn, how far reviewers agree, whether it was fair; it names nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from judge_desk.domain.campaigns import Campaign, CampaignProgress
from judge_desk.domain.cases import Language
from judge_desk.domain.ratings import Analysis, RaterSeverity
from judge_desk.drafting.report import Report, Section, render_report
from judge_desk.i18n import formats
from judge_desk.i18n.translator import Translator

COLUMNS = 41
"""Places of a dot plot in text: wide enough to see, narrow enough for the table's cell."""
WIDTH = 1.96


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
        sections=(
            _protocol(facts, t),
            _agreement(facts, t),
            _criteria(facts, t),
            _severity(facts, t),
            _fairness(facts, t),
            _remarks(facts, t),
        ),
    )
    return render_report(report)


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
        columns=(t("campaigns.report.criterion"), t("campaigns.report.difficulty"), t("campaigns.report.alpha")),
        rows=tuple(
            (names.get(each.criterion, each.criterion), _figure(each.difficulty, t), _figure(each.alpha, t))
            for each in facts.analysis.criteria
        ),
        widths=(50, 25, 25),
    )


def _severity(facts: CampaignFacts, t: Translator) -> Section:
    """Every reviewer is a line without a name, in an order of severity alone: nobody can be found in it."""
    known = [each for each in facts.analysis.raters if each.points is not None and each.points_se is not None]
    ordered = sorted(known, key=lambda each: each.points or 0.0)
    reach = max((abs(each.points or 0) + WIDTH * (each.points_se or 0) for each in ordered), default=1.0) or 1.0
    return Section(
        title=t("campaigns.report.severity"),
        columns=("", f"−{reach:.1f} … +{reach:.1f}"),
        rows=tuple((_figure(each.points, t), _line(each, reach)) for each in ordered),
        widths=(15, 85),
    )


def _line(rater: RaterSeverity, reach: float) -> str:
    """A reviewer's severity as a dot within its interval, on a common scale."""

    def place(value: float) -> int:
        return round((value / reach + 1) / 2 * (COLUMNS - 1))

    points, error = rater.points or 0.0, rater.points_se or 0.0
    low, high, middle = place(points - WIDTH * error), place(points + WIDTH * error), place(points)
    letters = ["·" if at != COLUMNS // 2 else "|" for at in range(COLUMNS)]
    for at in range(max(low, 0), min(high, COLUMNS - 1) + 1):
        letters[at] = "–"
    letters[middle] = "•"
    return "".join(letters)


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
    criteria = {each.id for each in facts.campaign.form.criteria}
    told = [each for each in facts.analysis.remarks if not each.about or each.about in criteria]
    words = [t(each.key, **{"name": each.about, **dict(each.params)}) for each in told]
    return Section(title=t("campaigns.report.remarks"), paragraphs=tuple(words) or ("—",))


def _figure(value: float | None, t: Translator, digits: int = 2) -> str:
    return "—" if value is None else formats.number(value, t.language, digits)
