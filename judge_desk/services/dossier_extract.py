"""The dossier on paper: every section with its entries, the judge's replies, and what an outsider must know of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from judge_desk.domain.cases import Language
from judge_desk.domain.declarations import Kin
from judge_desk.domain.dossier import DossierEntry, DossierReply, DossierSection
from judge_desk.domain.guarantees import Guarantee, GuaranteeFault, rule_for
from judge_desk.i18n import formats
from judge_desk.i18n.translator import Translator
from judge_desk.services.law import rule_book
from judge_desk.services.review_words import result_in_words, title_in_words

if TYPE_CHECKING:
    from judge_desk.drafting.report import Section
    from judge_desk.services.signing_keys import SigningKey

SHARES = frozenset({"share"})
FIGURES = (
    *("received resolved pending per_month on_time late share appealed upheld changed cancelled".split()),
    *("points hours forms mean".split()),
    *("court_mean over_6_months over_12_months jury cassation".split()),
)
"""The named numbers that have a text of their own; another name is shown as it is."""
WHEN, ENTRY = "dossier.extract.when", "dossier.extract.entry"
FACTS, SOURCE = "dossier.extract.figures", "dossier.extract.source"
COLUMNS = {WHEN: 18, ENTRY: 38, FACTS: 20, SOURCE: 24}
BARE_COLUMNS = {WHEN: 18, ENTRY: 56, SOURCE: 26}
"""Shares of the page in per cent; a section without a number or a cause has no empty column for them."""

MOST_IN_CELL = 700
"""Letters: more would run down a narrow column over several pages."""
LONG_ID = re.compile(r"\b[0-9a-z]{14,}([0-9a-z]{6})\b")

Rows = tuple[tuple[DossierEntry, tuple[DossierReply, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """What is printed. ``counted``: acts changed on appeal, and how many of them count against the judge."""

    judge_name: str
    court: str
    made_by: str
    made_at: datetime
    purpose: str
    sections: tuple[tuple[DossierSection, Rows], ...]
    counted: tuple[int, int]


def figures_in_words(figures: dict[str, float], translate: Translator) -> list[tuple[str, str]]:
    """(label, value) of each named number: shares in per cent, whole numbers without decimals."""
    return [(figure_label(name, translate), figure_value(name, value, translate)) for name, value in figures.items()]


def figure_label(name: str, translate: Translator) -> str:
    """The number's name; one that no catalog knows stays as it was entered."""
    return translate(f"dossier.figure.{name}") if name in FIGURES else name


def figure_value(name: str, value: float, translate: Translator) -> str:
    """The number as it is read: a share as per cent, a whole number without decimals."""
    if name in SHARES:
        return formats.percent(value, translate.language)
    if value == int(value):
        return formats.whole(int(value), translate.language)
    return formats.number(value, translate.language, 1)


def days_of(entry: DossierEntry, translate: Translator) -> str:
    """The days of an entry; a post without a last day is held since its first."""
    if entry.section is DossierSection.POSTS and entry.from_on is not None and entry.to_on is None:
        return translate("dossier.period.since", day=formats.date_short(entry.from_on, translate.language))
    return period(entry.from_on, entry.to_on, translate)


def period(from_on: date | None, to_on: date | None, translate: Translator) -> str:
    """ "01.01.2026 – 30.06.2026", "until 01.01.2026", one day, or nothing."""
    language = translate.language
    if from_on is None:
        return "" if to_on is None else translate("dossier.period.until", day=formats.date_short(to_on, language))
    begin = formats.date_short(from_on, language)
    if to_on is None or to_on == from_on:
        return begin
    return f"{begin} – {formats.date_short(to_on, language)}"


def render_extract(extract: Extract, language: str) -> bytes:
    """The extract as PDF/A."""
    from judge_desk.drafting.report import Report, Section, render_report  # reportlab is not on the start path

    translate = Translator(language)
    head = Section(
        title=translate("dossier.extract.about"),
        paragraphs=(translate("dossier.schema.note"),),
        pairs=(
            (translate("dossier.extract.judge"), _clean(extract.judge_name)),
            (translate("dossier.extract.purpose"), _clean(extract.purpose) or "—"),
            (translate("dossier.extract.made_by"), _clean(extract.made_by)),
            (translate("dossier.extract.made_at"), formats.date_and_time(extract.made_at, language)),
        ),
    )
    report = Report(
        title=translate("dossier.extract.title"),
        subtitle=_clean(extract.judge_name),
        language=Language(language),
        made_at=extract.made_at,
        author=_clean(extract.court),
        sections=(head, *(part for each in extract.sections for part in _sections(each, extract, translate))),
    )
    return render_report(report)


def signed_extract(pdf: bytes, extract: Extract, key: SigningKey, language: str) -> bytes:
    """The extract with an electronic signature (PAdES) that names its purpose; any reader of PDF verifies it."""
    from judge_desk.security.signatures.signing import ToSign, sign_all  # pyHanko takes a third of a second to load

    reason = Translator(language)("dossier.extract.reason", purpose=_clean(extract.purpose))
    file = ToSign(pdf=pdf, at=extract.made_at, reason=reason, location=_clean(extract.court))
    return next(iter(sign_all([file], key.signer)))


def _sections(section: tuple[DossierSection, Rows], extract: Extract, translate: Translator) -> list[Section]:
    """The table of a section, and under it in full width what is too long for a cell."""
    from judge_desk.drafting.report import Section  # reportlab is not on the start path

    kind, rows = section
    name = translate(f"word.dossier.{kind.value}")
    paragraphs = [] if rows else [translate("dossier.extract.nothing")]
    if kind is DossierSection.APPEALS and extract.counted[0]:
        changed, counted = extract.counted
        paragraphs.append(translate("dossier.appeals.counted", n=changed, counted=counted))
    told = [_row(entry, _said(entry, replies, translate), translate) for entry, replies in rows]
    columns = COLUMNS if any(each[FACTS] for each in told) else BARE_COLUMNS
    table = Section(
        title=_sentence(name),
        paragraphs=tuple(paragraphs),
        columns=tuple(translate(each) for each in columns) if rows else (),
        rows=tuple(tuple(row[each] for each in columns) for row in told),
        widths=tuple(columns.values()) if rows else (),
    )
    long = [(entry, said) for entry, replies in rows if _is_long(said := _said(entry, replies, translate))]
    return [
        table,
        *(Section(title=_head_of(entry, translate), paragraphs=tuple(_lines(said))) for entry, said in long),
    ]


def _said(entry: DossierEntry, replies: tuple[DossierReply, ...], translate: Translator) -> list[str]:
    """What an entry says beside its title, and what was said to it."""
    return [entry.text, *details_in_words(entry, translate), *(_reply(each, translate) for each in replies)]


def _is_long(said: list[str]) -> bool:
    return sum(map(len, said)) > MOST_IN_CELL


def _head_of(entry: DossierEntry, translate: Translator) -> str:
    days, title = days_of(entry, translate), _sentence(title_in_words(entry, translate))
    return _clean(f"{title}, {days}" if days else title)


def _lines(said: list[str]) -> list[str]:
    return [cleaned for each in said for line in each.splitlines() if (cleaned := _clean(line))]


def _row(entry: DossierEntry, said: list[str], translate: Translator) -> dict[str, str]:
    """What stands in each column."""
    words = [title_in_words(entry, translate), *([translate("dossier.extract.below")] if _is_long(said) else said)]
    facts = [f"{label}: {value}" for label, value in figures_in_words(entry.figures, translate)]
    if entry.cause is not None:
        facts.append(translate(f"word.cause.{entry.cause.value}"))
    case = translate("dossier.entry.case", number=entry.case_number) if entry.case_number else ""
    entered = formats.date_and_time(entry.entered_at, translate.language) if entry.entered_at else ""
    origin = (case, source_in_words(entry, translate), *_evidence(entry), entry.entered_by, entered)
    return {
        WHEN: days_of(entry, translate),
        ENTRY: _clean(". ".join(_sentence(each.rstrip(".")) for each in words if each)),
        FACTS: _clean("; ".join(facts)),
        SOURCE: _clean("; ".join(each for each in origin if each)),
    }


def details_in_words(entry: DossierEntry, translate: Translator) -> list[str]:
    """What an entry on a post, a declaration, a measure or a review says beside its title and text."""
    if entry.review is not None:
        return result_in_words(entry.review, translate)
    if entry.post is not None:
        post = entry.post
        known = (
            translate(f"word.office.{post.office}"),
            post.court,
            post.region,
            post.branch,
            ", ".join(_language(each, translate) for each in post.languages),
        )
        return [_sentence(" · ".join(each for each in known if each))]
    if entry.declaration is not None:
        kind = translate(f"word.declaration.{entry.declaration.kind}")
        return [_sentence(kind), *(_sentence(kin_in_words(each, translate)) for each in entry.declaration.kin)]
    if entry.guarantee is not None:
        measure = entry.guarantee
        told = translate(
            "dossier.guarantee.told",
            measure=translate(f"word.measure.{measure.measure}"),
            authority=translate(f"word.authority.{measure.authority}"),
            day=formats.date_short(measure.allowed_on, translate.language),
        )
        return [
            _sentence(told + (f", {measure.paper}" if measure.paper else "")),
            _sentence(law_in_words(measure, translate)),
        ]
    return []


def _language(code: str, translate: Translator) -> str:
    """The language by its name; what was entered in other words stays as it is."""
    return translate(f"dossier.language.{code}") if code in set(Language) else code


def source_in_words(entry: DossierEntry, translate: Translator) -> str:
    """Where an entry comes from; of a long id its last letters, by which lists on screen tell it as well."""
    source = entry.source or (translate("campaigns.entry.source") if entry.review is not None else "")
    return LONG_ID.sub(r"…\1", source)


def fault_in_words(fault: GuaranteeFault, translate: Translator) -> str:
    """Why an entry about a measure is refused: who was asked, who should have been, by which norm, how sure it is."""
    day = formats.date_short(fault.allowed_on, translate.language)
    measure, asked = translate(f"word.measure.{fault.measure}"), translate(f"word.authority.{fault.authority}")
    if fault.rule is None:
        return translate("dossier.guarantee.no_rule", measure=measure, day=day)
    right = ", ".join(translate(f"word.authority.{each}") for each in fault.rule.authorities)
    told = translate(
        "dossier.guarantee.wrong", measure=measure, day=day, authority=asked, right=right, norm=fault.rule.norm
    )
    return f"{told} ({translate(f'law.certainty.{fault.rule.certainty}')})"


def law_in_words(guarantee: Guarantee, translate: Translator) -> str:
    """Who could allow a measure on its day, by which norm, and how sure that is: some of these days are assumed."""
    rule = rule_for(guarantee.measure, guarantee.allowed_on, rule_book().guarantees)
    if rule is None:
        return ""
    right = ", ".join(translate(f"word.authority.{each}") for each in rule.authorities)
    certainty = translate(f"law.certainty.{rule.certainty}")
    return translate("dossier.guarantee.by_law", right=right, norm=rule.norm, certainty=certainty)


def kin_in_words(kin: Kin, translate: Translator) -> str:
    until = formats.date_short(kin.until_on, translate.language) if kin.until_on else ""
    parts = (translate(f"word.kinship.{kin.kinship}"), kin.name, kin.works_at)
    told = ", ".join(each for each in parts if each)
    return f"{told} ({translate('dossier.period.until', day=until)})" if until else told


def _evidence(entry: DossierEntry) -> tuple[str, ...]:
    return (entry.evidence, f"SHA-256 {entry.evidence_sha256[:16]}…" if entry.evidence_sha256 else "")


def _reply(reply: DossierReply, translate: Translator) -> str:
    name = translate(f"word.dossier.{reply.kind.value}")
    told = f"{_sentence(name)}: {reply.text}"
    return f"{told} {translate('dossier.reply.decision')}: {reply.decision}" if reply.decision else told


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _clean(text: str) -> str:
    """One line of letters that can be printed: what came from outside may hold anything."""
    printable = "".join(each if each.isprintable() or each == formats.NBSP else " " for each in text)
    return re.sub(" +", " ", printable).strip()
