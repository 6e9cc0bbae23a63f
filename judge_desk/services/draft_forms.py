"""What a draft may be begun from: the forms of the case's proceedings, filled with its facts, and blank sheets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from judge_desk.domain.acts import ActKind, ActText, Block, BlockKind, Part, PartKind
from judge_desk.domain.cases import Case, Language
from judge_desk.domain.court_forms import CourtForm
from judge_desk.domain.errors import BadInput, NotFound
from judge_desk.domain.hearings import Hearing, HearingState
from judge_desk.domain.kinds import Kind
from judge_desk.drafting.compose import compose
from judge_desk.drafting.facts import CaseFacts, facts_of
from judge_desk.drafting.templates import Template, offered, parse_template, template
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
    is_own: bool = False
    """The court wrote this form itself."""

    @property
    def is_blank(self) -> bool:
        return self.id.startswith(f"{BLANK}.")


def own_forms(connection: Connection) -> list[Template]:
    """The court's own forms that are fit for use; one that another release spoilt is left out, not in the way."""
    found: list[Template] = []
    for each in records.where(connection, Kind.COURT_FORM):
        try:
            found.append(own_form(each))
        except BadInput:
            continue
    return found


def own_form(record: CourtForm) -> Template:
    """A court's form ready for use; raises BadInput with file, line and field."""
    return parse_template(record.source, f"{record.name}.{record.language}", record.language)


def form_of(connection: Connection, template_id: str) -> Template:
    """The program's form or the court's own of that id; raises NotFound."""
    own = next((form for form in own_forms(connection) if form.id == template_id), None)
    return own or template(template_id)


def choices(case: Case, on: date, connection: Connection) -> list[TemplateChoice]:
    """Forms for the case's proceedings on that day, those in its language first and the court's own before the
    program's, then blank sheets."""
    own = own_forms(connection)
    languages = sorted(Language, key=lambda each: (each is not case.language, list(Language).index(each)))
    found = []
    for language in languages:
        known = [(form, True) for form in own if form.language is language and _suits(form, case, on)]
        known += [(form, False) for form in offered(case.procedure, language, on, case.instance)]
        found += [
            TemplateChoice(
                id=form.id, title=form.title, kind=form.kind, language=language, norm=form.norm, is_own=is_own
            )
            for form, is_own in known
        ]
    for language in languages:
        for kind in _BLANK_KINDS:
            blank_id = f"{BLANK}.{kind}.{language}"
            found.append(TemplateChoice(id=blank_id, title=_blank_title(blank_id), kind=kind, language=language))
    return found


def _suits(form: Template, case: Case, on: date) -> bool:
    return form.procedure is case.procedure and form.instance is case.instance and form.is_valid(on)


def form_title(template_id: str, connection: Connection) -> str:
    """What an act of that form is called, in the language of the form; raises NotFound."""
    if template_id.startswith(f"{BLANK}."):
        return _blank_title(template_id)
    return form_of(connection, template_id).title


def _blank_title(template_id: str) -> str:
    kind, language = _blank(template_id)
    return Translator(language).text(f"word.act.{kind}").capitalize()


def act_from(context: DeskContext, connection: Connection, case: Case, template_id: str) -> ActText:
    """The text that the form and the case make; raises NotFound."""
    if template_id.startswith(f"{BLANK}."):
        return _blank_sheet(template_id)
    form = form_of(connection, template_id)
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


def field_names(act: ActText, connection: Connection) -> dict[str, str]:
    """The words for each field of the form that an act was begun from; empty for a form that is gone."""
    try:
        return dict(form_of(connection, act.template).slots)
    except NotFound:
        return {}


def _hearing(found: list[Hearing]) -> Hearing | None:
    """The one to which an act summons: the next planned. One that was held is behind, whatever the act decides."""
    return next((each for each in found if each.state is HearingState.PLANNED), None)


def _blank_sheet(template_id: str) -> ActText:
    kind, language = _blank(template_id)
    parts = tuple(Part(kind=part, blocks=(Block(id=f"{part}.1", kind=BlockKind.PARAGRAPH),)) for part in _BLANK_PARTS)
    return ActText(language=language, kind=kind, parts=parts)


def _blank(template_id: str) -> tuple[ActKind, Language]:
    _, kind, language = (*template_id.split("."), "", "")[:3]
    if kind not in set(_BLANK_KINDS) or language not in set(Language):
        raise NotFound("drafting.bad.no_template", template=template_id[:64])
    return ActKind(kind), Language(language)
