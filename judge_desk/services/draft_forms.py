"""What a draft may be begun from: the forms of the case's proceedings, filled with its facts, and blank sheets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from judge_desk.domain.acts import ActKind, ActText, Block, BlockKind, Part, PartKind
from judge_desk.domain.cases import Case, Language
from judge_desk.domain.errors import NotFound
from judge_desk.domain.hearings import Hearing, HearingState
from judge_desk.domain.kinds import Kind
from judge_desk.drafting.compose import compose
from judge_desk.drafting.facts import CaseFacts, facts_of
from judge_desk.drafting.templates import all_templates, offered, template
from judge_desk.i18n.translator import Translator
from judge_desk.services.context import DeskContext
from judge_desk.store import hearings, records

BLANK = "blank"
_BLANK_KINDS = (ActKind.DECISION, ActKind.RULING, ActKind.RESOLUTION)
_BLANK_PARTS = (PartKind.INTRODUCTORY, PartKind.DESCRIPTIVE, PartKind.REASONING, PartKind.OPERATIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateChoice:
    """What a draft may be begun from. ``norm`` is empty for a blank sheet."""

    id: str
    title: str
    kind: ActKind
    language: Language
    norm: str = ""

    @property
    def is_blank(self) -> bool:
        return self.id.startswith(f"{BLANK}.")


def choices(case: Case, on: date) -> list[TemplateChoice]:
    """Forms for the case's proceedings on that day, those in its language first, then blank sheets."""
    languages = sorted(Language, key=lambda each: (each is not case.language, list(Language).index(each)))
    forms = [form for language in languages for form in offered(case.procedure, language, on, case.instance)]
    found = [
        TemplateChoice(id=form.id, title=form.title, kind=form.kind, language=form.language, norm=form.norm)
        for form in forms
    ]
    for language in languages:
        for kind in _BLANK_KINDS:
            blank_id = f"{BLANK}.{kind}.{language}"
            found.append(TemplateChoice(id=blank_id, title=form_title(blank_id), kind=kind, language=language))
    return found


def form_title(template_id: str) -> str:
    """What an act of that form is called, in the language of the form; raises NotFound."""
    if not template_id.startswith(f"{BLANK}."):
        return template(template_id).title
    kind, language = _blank(template_id)
    return Translator(language).text(f"word.act.{kind}").capitalize()


def act_from(context: DeskContext, connection: Connection, case: Case, template_id: str) -> ActText:
    """The text that the form and the case make; raises NotFound."""
    if template_id.startswith(f"{BLANK}."):
        return _blank_sheet(template_id)
    form = template(template_id)
    return compose(form, facts_for(context, connection, case, form.language))


def facts_for(context: DeskContext, connection: Connection, case: Case, language: Language) -> CaseFacts:
    """What is known of a case today, worded for an act in that language."""
    secretary = records.find(connection, Kind.PERSON, case.secretary_id) if case.secretary_id else None
    return facts_of(
        case,
        language,
        court=context.court,
        secretary=secretary.name if secretary else "",
        hearing=_hearing(hearings.of_case(connection, case.id)),
    )


def field_names(act: ActText) -> dict[str, str]:
    """The words for each field of the form that an act was begun from; empty for a form that is gone."""
    return next((dict(form.slots) for form in all_templates() if form.id == act.template), {})


def _hearing(found: list[Hearing]) -> Hearing | None:
    """The one that an act would speak of: the last held, else the next planned."""
    held = [each for each in found if each.state is HearingState.HELD]
    planned = [each for each in found if each.state is HearingState.PLANNED]
    return held[-1] if held else planned[0] if planned else None


def _blank_sheet(template_id: str) -> ActText:
    kind, language = _blank(template_id)
    parts = tuple(Part(kind=part, blocks=(Block(id=f"{part}.1", kind=BlockKind.PARAGRAPH),)) for part in _BLANK_PARTS)
    return ActText(language=language, kind=kind, parts=parts)


def _blank(template_id: str) -> tuple[ActKind, Language]:
    _, kind, language = (*template_id.split("."), "", "")[:3]
    if kind not in set(_BLANK_KINDS) or language not in set(Language):
        raise NotFound("drafting.bad.no_template", template=template_id[:64])
    return ActKind(kind), Language(language)
