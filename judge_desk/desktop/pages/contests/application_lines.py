"""One application in words: consent and extract, the sheets of each step with their reasons, who stepped back, the
decision."""

from __future__ import annotations

from judge_desk.desktop.pages.contests import words
from judge_desk.desktop.pages.contests.lines import Lines
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.contests import ContestExtract, ScoreSheet, Vacancy
from judge_desk.services.contests import ApplicationView
from judge_desk.services.dossier_extract import details_in_words
from judge_desk.services.review_words import title_in_words


def show_application(lines: Lines, vacancy: Vacancy, seen: ApplicationView, *, is_own: bool) -> None:
    """Fill ``lines`` with everything of an application that lies on this desk."""
    if not is_own and seen.candidacy is not None:
        lines.say(words.standing(seen.candidacy), "muted")
        if seen.candidacy.statement:
            lines.head(t("contests.application.statement"))
            lines.say(seen.candidacy.statement)
    show_extract(lines, vacancy, seen.extract, is_own=is_own)
    _show_recusals(lines, vacancy, seen)
    for step in vacancy.steps:
        lines.head(words.named(step.names, step.id))
        aside = {each.member_id for each in seen.recusals}
        for sheet in (each for each in seen.sheets if each.step_id == step.id):
            _show_sheet(lines, vacancy, sheet, counts=sheet.member_id not in aside)
        owed = [member for step_id, member in seen.lacking if step_id == step.id]
        if owed:
            names = {each.person_id: each.name for each in vacancy.panel}
            told = ", ".join(names.get(each, each) for each in owed)
            lines.say(t("contests.sheet.owed", names=told), "muted")
    _show_middle(lines, vacancy, seen, is_own=is_own)
    if seen.decision is not None:
        lines.head(t("contests.decision"))
        key = "contests.decision.chosen" if seen.decision.chosen else "contests.decision.not_chosen"
        lines.say(words.capital(t(key)), "ok" if seen.decision.chosen else "text")
        lines.under(t("contests.decision.by", reasons=seen.decision.reasons, name=seen.decision.decided_by))


def show_extract(lines: Lines, vacancy: Vacancy, extract: ContestExtract | None, *, is_own: bool) -> None:
    """What was consented to; for the panel every entry, for the judge the count and the hash."""
    if extract is None:
        if not is_own:
            lines.say(t("contests.extract.gone"), "warn")
        return
    lines.head(t("contests.extract"))
    if not is_own:
        told = words.sections(extract.sections)
        lines.say(t("contests.extract.until", sections=told, day=words.day(extract.until_on)), "muted")
    lines.say(t("contests.extract.sealed", n=len(extract.entries), seal=extract.seal[:16]), "muted")
    withheld = [each for each in vacancy.sections if each not in extract.sections]
    if withheld:
        lines.say(t("contests.extract.withheld", sections=words.sections(withheld)), "muted")
    if not is_own:
        _show_entries(lines, extract)


def _show_entries(lines: Lines, extract: ContestExtract) -> None:
    """Every entry with its facts and what the judge said to it, section by section."""
    translator = Wording.current().translator
    own_words: dict[str, list[str]] = {}
    for said in extract.own_words:
        own_words.setdefault(said.entry_id, []).append(said.text)
    for section in extract.sections:
        entries = [each for each in extract.entries if each.section is section]
        if entries:
            lines.head(words.section(section))
        for entry in entries:
            title = title_in_words(entry, translator)
            lines.say(". ".join(each.rstrip(".") for each in (title, entry.text) if each))
            for line in details_in_words(entry, translator):
                lines.under(line)
            facts = words.facts(entry)
            if facts:
                lines.under(facts)
            for text in own_words.get(entry.id, ()):
                lines.under(t("contests.extract.own_words", text=text))


def _show_recusals(lines: Lines, vacancy: Vacancy, seen: ApplicationView) -> None:
    names = {each.person_id: each.name for each in vacancy.panel}
    kept_out = seen.candidacy.recused if seen.candidacy is not None else ()
    for each in kept_out:
        lines.say(t("contests.recused.kept_out", name=names.get(each, each)), "muted")
    for recusal in seen.recusals:
        reason = t(f"contests.recusal.{recusal.reason.value}")
        lines.say(t("contests.recused", name=recusal.member_name, reason=reason), "muted")
        if recusal.text:
            lines.under(recusal.text)


def _show_sheet(lines: Lines, vacancy: Vacancy, sheet: ScoreSheet, *, counts: bool) -> None:
    lines.say(words.sheet_head(sheet), "muted")
    if not counts:
        lines.say(t("contests.sheet.aside"), "warn")
    for given in sheet.scores:
        lines.say(words.score(vacancy, given))
        lines.under(given.reason)
    if sheet.comment:
        lines.under(sheet.comment)


def _show_middle(lines: Lines, vacancy: Vacancy, seen: ApplicationView, *, is_own: bool) -> None:
    """The panel's help to decide, once every sheet is in; the applicant reads each sheet instead."""
    figures = None if is_own else seen.weighted(vacancy)
    if figures is None:
        return
    lines.head(t("contests.middle"))
    for found in seen.spread(vacancy):
        lines.say(words.spread(found))
    lines.say(words.weighted(figures), "muted")
