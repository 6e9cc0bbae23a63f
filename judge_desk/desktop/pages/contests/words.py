"""Contests in the language of the window: where one stands, what became of an application, a score in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.contest_scores import CriterionSpread
from judge_desk.domain.contests import Candidacy, ContestCriterion, ScoreSheet, SheetScore, Standing, Vacancy
from judge_desk.domain.dossier import DossierEntry, DossierSection
from judge_desk.i18n import formats
from judge_desk.services import dossier_extract
from judge_desk.services.contests import ContestView, Mine, Phase
from judge_desk.services.dossier import Delivery

TONES = {Standing.ADMITTED: "ok", Standing.WITHDRAWN: "muted", Standing.LAPSED: "muted"}


def named(names: dict[str, str], otherwise: str = "") -> str:
    """A rule's own name in the language of the window."""
    return names.get(Wording.current().language) or otherwise


def day(on: date) -> str:
    return formats.date_short(on, Wording.current().language)


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def section(each: DossierSection) -> str:
    return capital(t(f"word.dossier.{each.value}"))


def sections(several: Iterable[DossierSection]) -> str:
    return ", ".join(t(f"word.dossier.{each.value}") for each in several)


def phase(view: ContestView, today: date) -> str:
    """Where the contest stands, with the day that matters now."""
    vacancy = view.vacancy
    if view.phase is Phase.ENDED and vacancy.outcome is not None:
        return (
            t("contests.phase.chosen", name=vacancy.outcome.name)
            if vacancy.outcome.name
            else t("contests.phase.nobody")
        )
    if view.phase is Phase.STEPS:
        step = next(each for each in vacancy.steps if today <= each.to_on)
        return t("contests.phase.steps", step=named(step.names, step.id), day=day(step.to_on))
    days = {Phase.OPEN: vacancy.apply_until_on, Phase.WAITING: vacancy.last_taken_on}
    return t(f"contests.phase.{view.phase.value}", day=day(days.get(view.phase, vacancy.steps[-1].to_on)))


def mine(own: Mine) -> tuple[str, str]:
    """(sentence, tone) of one's own application: what the hub made of it and why, or that it waits."""
    candidacy, decided = own.seen.candidacy, own.seen.result is not None
    if own.delivery is Delivery.REFUSED:
        return t(f"refused.{own.code}"), "bad"
    if own.application.withdrawn_at is not None and (candidacy is None or candidacy.is_open):
        return t("contests.mine.consent_ending" if decided else "contests.mine.withdrawing"), "warn"
    if decided and candidacy is not None:
        # What it was when the panel had it before it is no news behind the outcome.
        is_ended = candidacy.standing is Standing.WITHDRAWN
        return t("contests.mine.consent_ended") if is_ended else standing(candidacy), "muted"
    if candidacy is None:
        key = "contests.mine.waiting" if own.delivery is Delivery.WAITING else "contests.mine.sent"
        return t(key), "warn"
    return standing(candidacy), TONES.get(candidacy.standing, "bad")


def standing(candidacy: Candidacy) -> str:
    """What the hub decided, by which rule, with the days on which that rests."""
    days = {
        "arrived": day(candidacy.arrived_on),
        "made": formats.date_and_time(candidacy.made_at, Wording.current().language),
        "until": day(candidacy.apply_until_on),
        "last": day(candidacy.last_taken_on),
    }
    if candidacy.is_open and candidacy.late:
        return t("contests.standing.admitted_late", **days)
    return t(f"contests.standing.{candidacy.standing.value}", **days)


def facts(entry: DossierEntry) -> str:
    """The days, figures and cause of an entry, as the dossier itself tells them: only an error counts as one."""
    translator = Wording.current().translator
    told = [dossier_extract.days_of(entry, translator)]
    told += [f"{label}: {value}" for label, value in dossier_extract.figures_in_words(entry.figures, translator)]
    if entry.cause is not None:
        told.append(t(f"word.cause.{entry.cause.value}"))
    return " · ".join(each for each in (*told, dossier_extract.source_in_words(entry, translator)) if each)


def anchor(criterion: ContestCriterion, score: int) -> str:
    """The words of a score."""
    return next((named(each.texts) for each in criterion.anchors if each.score == score), "")


def score(vacancy: Vacancy, given: SheetScore) -> str:
    """A score never stands without its words and its reason."""
    criterion = next((each for each in vacancy.criteria if each.id == given.criterion_id), None)
    if criterion is None:
        return ""
    name = named(criterion.names, criterion.id)
    return t("contests.sheet.score", name=name, score=given.score, words=anchor(criterion, given.score))


def spread(found: CriterionSpread) -> str:
    """The middle with its ends and the nearest words."""
    language = Wording.current().language
    name = named(found.criterion.names, found.criterion.id)
    near = found.anchor
    words = named(near.texts) if near is not None else ""
    figures = {"mean": formats.number(found.mean, language, 1), "low": found.low, "high": found.high}
    return t("contests.spread", name=name, words=words, sheets=found.sheets, **figures)


def weighted(figures: tuple[float, float, float]) -> str:
    """All criteria by their weights, with the ends; a help to who decides, never a place."""
    language = Wording.current().language
    mean, low, high = (formats.number(each, language, 1) for each in figures)
    return t("contests.weighted", mean=mean, low=low, high=high)


def sheet_head(sheet: ScoreSheet) -> str:
    given = formats.date_and_time(sheet.made_at, Wording.current().language)
    return t("contests.sheet.head", member=sheet.member_name, at=given)


def result(own: Mine) -> tuple[str, str] | None:
    """(word, tone) of what the contest brought for one's own application; None before an outcome."""
    chosen = own.seen.result
    if chosen is None:
        return None
    return t("contests.decision.chosen" if chosen else "contests.decision.not_chosen"), _tone_of(chosen=chosen)


def short(own: Mine) -> tuple[str, str]:
    """(word, tone) for the list."""
    chosen = own.seen.result
    if chosen is not None:
        return t("contests.short.chosen" if chosen else "contests.short.not_chosen"), _tone_of(chosen=chosen)
    candidacy = own.seen.candidacy
    if own.delivery is Delivery.REFUSED or (candidacy is not None and not candidacy.is_open):
        return t("contests.short.out"), "muted"
    if candidacy is None or own.delivery is Delivery.WAITING:
        return t("contests.short.waiting"), "warn"
    return t("contests.short.in"), "ok"


def _tone_of(*, chosen: bool) -> str:
    return "ok" if chosen else "muted"
