"""The certificate of outages on paper: what was noted, what it proves, and what it cannot prove."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from judge_desk.domain.cases import Language
from judge_desk.domain.people import Court, Person
from judge_desk.i18n import formats
from judge_desk.i18n.translator import Translator

if TYPE_CHECKING:
    from judge_desk.drafting.report import Section
    from judge_desk.services.outages import Certificate, Outage

GROUP = 32
"""Hex digits on one line, so that two people can compare them."""
MINUTE, HOUR = 60, 3600


def render_certificate(certificate: Certificate, court: Court, person: Person, language: str) -> bytes:
    """PDF/A-2a and PDF/UA-1."""
    from judge_desk.drafting.report import Report, render_report  # reportlab is not on the start path

    translate = Translator(language)
    said = certificate.statement
    period = translate(
        "outages.paper.period",
        since=formats.date_and_time(said.since, language),
        until=formats.date_and_time(said.until, language),
    )
    sections = (
        _facts(certificate, court, person, translate),
        _table(said.outages, translate),
        _limits(translate),
        _proof(certificate, translate),
    )
    report = Report(
        title=translate("outages.paper.title"),
        language=Language(language),
        made_at=said.made_at,
        subtitle=period,
        author=court.names.get(language, court.id),
        sections=sections,
    )
    return render_report(report)


def in_words(seconds: int, translate: Translator) -> str:
    """A duration: "2 h 05 min", "3 min 20 s", "40 s"."""
    hours, rest = divmod(seconds, HOUR)
    minutes, left = divmod(rest, MINUTE)
    if hours:
        return translate("outages.hours", hours=hours, minutes=f"{minutes:02d}")
    if minutes:
        return translate("outages.minutes", minutes=minutes, seconds=f"{left:02d}")
    return translate("outages.seconds", seconds=left)


def _facts(certificate: Certificate, court: Court, person: Person, translate: Translator) -> Section:
    from judge_desk.drafting.report import Section

    said, language = certificate.statement, translate.language
    count = len(said.outages)
    total = in_words(said.seconds, translate)
    pairs = (
        (translate("outages.paper.court"), court.names.get(language, court.id)),
        (translate("outages.paper.person"), person.full_name or person.name),
        (translate("outages.paper.device"), said.device_id or "-"),
        (translate("outages.paper.made"), formats.date_and_time(said.made_at, language)),
        (translate("outages.paper.watched"), in_words(said.watched_seconds, translate)),
        (translate("outages.paper.attempts"), formats.whole(said.attempts, language)),
        (translate("outages.paper.sum"), translate.plural("outages.paper.count", count, total=total)),
    )
    return Section(title=translate("outages.paper.what"), pairs=pairs)


def _table(outages: tuple[Outage, ...], translate: Translator) -> Section:
    from judge_desk.drafting.report import Section

    title = translate("outages.paper.list")
    if not outages:
        return Section(title=title, paragraphs=(translate("outages.paper.none"),))
    columns = tuple(translate(f"outages.column.{each}") for each in COLUMNS)
    return Section(
        title=title, columns=columns, rows=tuple(_row(each, translate) for each in outages), widths=(19, 19, 20, 20, 22)
    )


COLUMNS = ("first", "last", "reached", "duration", "attempts")


def _row(outage: Outage, translate: Translator) -> tuple[str, ...]:
    language = translate.language
    reasons = "; ".join(f"{reason_in_words(key, translate)}: {count}" for key, count in outage.reasons.items())
    reached = outage.reached_at
    return (
        formats.date_and_time(outage.first_at, language),
        formats.date_and_time(outage.last_at, language),
        translate("outages.paper.unknown") if reached is None else formats.date_and_time(reached, language),
        in_words(outage.seconds, translate),
        f"{formats.whole(outage.attempts, language)} ({reasons})"
        if reasons
        else formats.whole(outage.attempts, language),
    )


REASONS = ("hub_unreachable", "hub_cut", "hub_internal")


def reason_in_words(key: str, translate: Translator) -> str:
    """What an attempt met, in few words."""
    name = key.removeprefix("errors.")
    return translate(f"outages.reason.{name if name in REASONS else 'hub_unreachable'}")


def _limits(translate: Translator) -> Section:
    from judge_desk.drafting.report import Section

    return Section(
        title=translate("outages.paper.limits"),
        paragraphs=(translate("outages.paper.proves"), translate("outages.paper.cannot")),
    )


def _proof(certificate: Certificate, translate: Translator) -> Section:
    from judge_desk.drafting.report import Section

    pairs = [("SHA-256", _grouped(certificate.sha256))]
    if certificate.signature:
        pairs.append((translate("outages.paper.signature"), _grouped(certificate.signature)))
        pairs.append((translate("outages.paper.key"), _grouped(certificate.public_key)))
    return Section(
        title=translate("outages.paper.proof"), paragraphs=(translate("outages.paper.check"),), pairs=tuple(pairs)
    )


def _grouped(digits: str) -> str:
    return " ".join(textwrap.wrap(digits, GROUP))
