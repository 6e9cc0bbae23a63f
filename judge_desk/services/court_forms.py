"""The court's own forms of acts: written, tried on a sample case, checked with the line of each fault, and shared.

They are records in the scope of the court and travel to every desk of it. The bench and the chair write them; an act
begun on one bears its id, and goes on when the form is changed or gone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy.engine import Connection

from judge_desk.domain.cases import Case, Instance, Language, Party, PartyRole, Procedure
from judge_desk.domain.changes import Changes
from judge_desk.domain.court_forms import MOST_LETTERS, CourtForm
from judge_desk.domain.errors import BadInput, NotAllowed, NotFound
from judge_desk.domain.hearings import Hearing
from judge_desk.domain.ids import new_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.permissions import may_write
from judge_desk.domain.scopes import Scope, court_scope
from judge_desk.drafting.compose import compose
from judge_desk.drafting.facts import CaseFacts, facts_of
from judge_desk.drafting.templates import Template, all_templates, parse_template
from judge_desk.runtime import paths
from judge_desk.services.context import DeskContext
from judge_desk.store import records

__all__ = ["CourtForm", "CourtFormRow", "CourtFormService", "Template"]

_SAMPLE_DAY = date(2026, 5, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtFormRow:
    """A form in the list of the editor: the court's own (``is_own``) or one of the program, to be copied."""

    id: str
    title: str
    language: Language
    procedure: Procedure | None
    is_own: bool
    fault: BadInput | None = None
    pending: int = 0


class CourtFormService:
    """``check`` and ``preview`` read nothing but what they are given: they may run in a task as often as one types."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context

    def rows(self) -> list[CourtFormRow]:
        """The court's own forms, then those of the program."""
        with self._context.store.reading() as connection:
            own = [self._row(each) for each in records.where(connection, Kind.COURT_FORM)]
        shipped = [
            CourtFormRow(id=form.id, title=form.title, language=form.language, procedure=form.procedure, is_own=False)
            for form in all_templates()
        ]
        return sorted(own, key=lambda row: (row.title, row.language)) + shipped

    def _row(self, record: CourtForm) -> CourtFormRow:
        try:
            form = self.check(record.source, record.language, record.name)
        except BadInput as fault:
            return CourtFormRow(
                id=record.id, title=record.name, language=record.language, procedure=None, is_own=True, fault=fault
            )
        return CourtFormRow(
            id=record.id, title=form.title, language=record.language, procedure=form.procedure, is_own=True
        )

    def may_write(self) -> bool:
        """Whether this person may write forms of the court."""
        probe = CourtForm(
            id="probe", court_id=self._context.court.id, name="probe", language=Language.KAZAKH, source=""
        )
        with self._context.store.reading() as connection:
            return self._may(connection, None, probe)

    def source_of(self, row_id: str) -> tuple[str, Language]:
        """The text of a form as it is edited, and its language; raises NotFound."""
        with self._context.store.reading() as connection:
            own: CourtForm | None = records.find(connection, Kind.COURT_FORM, row_id)
        if own is not None:
            return own.source, own.language
        for form in all_templates():
            if form.id == row_id:
                path = paths.resource("templates", form.language) / f"{form.name}.toml"
                return path.read_text(encoding="utf-8"), form.language
        raise NotFound("drafting.bad.no_template", template=row_id[:64])

    def check(self, source: str, language: Language, name: str = "") -> Template:
        """The form ready for use; raises BadInput with file, line and field."""
        form = parse_template(source, f"{name or 'form'}.toml", language)
        compose(form, sample_facts(form, self._context))
        return form

    def preview(self, source: str, language: Language) -> bytes:
        """The form on a sample case as PDF pages; run it in a task. Raises BadInput."""
        from judge_desk.drafting.pdf import meta_of, render_pdf

        form = self.check(source, language)
        act = compose(form, sample_facts(form, self._context))
        return render_pdf(act, meta_of(act, self._context.clock.now(), is_draft=True))

    def save(self, source: str, language: Language, form_id: str = "") -> tuple[str, Changes]:
        """Keep a form; a new one without ``form_id``. Gives its id.

        Raises BadInput (see ``check``; a name that another form has), NotAllowed, NotFound.
        """
        if len(source) > MOST_LETTERS:
            raise BadInput("drafting.bad.template_size", file="form.toml")
        form = self.check(source, language)
        context = self._context
        with context.store.unit_of_work(context.person.id, "court_form.save") as work:
            before: CourtForm | None = work.get(Kind.COURT_FORM, form_id) if form_id else None
            if form_id and before is None:
                raise NotFound(kind=Kind.COURT_FORM.value, id=form_id)
            self._refuse_taken(work.connection, form, form_id)
            base = before or CourtForm(
                id=new_id(), court_id=context.court.id, name=form.name, language=language, source=source
            )
            after = replace(
                base,
                name=form.name,
                language=language,
                source=source,
                changed_by=context.person.id,
                changed_at=context.clock.now(),
            )
            scope = court_scope(context.court.id)
            context.authorise(work, Kind.COURT_FORM, scope, before, after)
            work.put(Kind.COURT_FORM, scope, after)
        return after.id, work.changes

    def delete(self, form_id: str) -> tuple[CourtForm, Changes]:
        """Remove an own form; acts begun on it stay as they are. Raises NotAllowed, NotFound."""
        context = self._context
        with context.store.unit_of_work(context.person.id, "court_form.delete") as work:
            before: CourtForm | None = work.get(Kind.COURT_FORM, form_id)
            if before is None:
                raise NotFound(kind=Kind.COURT_FORM.value, id=form_id)
            scope = court_scope(context.court.id)
            context.authorise(work, Kind.COURT_FORM, scope, before, None)
            work.delete(Kind.COURT_FORM, scope, form_id)
        return before, work.changes

    def _refuse_taken(self, connection: Connection, form: Template, form_id: str) -> None:
        """One id, one form: an act must always lead back to the form that it was begun on."""
        shipped = {each.id for each in all_templates()}
        others = {
            f"{each.name}.{each.language}" for each in records.where(connection, Kind.COURT_FORM) if each.id != form_id
        }
        if form.id in shipped | others:
            raise BadInput("forms.bad.name_taken", name=form.name)

    def _may(self, connection: Connection, before: CourtForm | None, after: CourtForm | None) -> bool:
        scope = court_scope(self._context.court.id)
        try:
            actor = self._context.actor(connection, scope)
        except NotAllowed:
            return False
        return may_write(actor, Kind.COURT_FORM, Scope.parse(scope), before, after)


def sample_facts(form: Template, context: DeskContext) -> CaseFacts:
    """Facts of nobody, so that every line of the form can be seen: those a case has, and words for the others."""
    parties = tuple(
        Party(id=str(number), role=role, name=name, number=identity, is_organisation=is_organisation)
        for number, (role, name, identity, is_organisation) in enumerate(_PARTIES)
    )
    case = Case(
        id="sample",
        court_id=context.court.id,
        number="7199-26-00-2/1234",
        title="",
        procedure=form.procedure,
        instance=Instance(form.instance),
        language=form.language,
        judge_name=context.person.name,
        received_on=_SAMPLE_DAY,
        claim_tiyn=500_000_000,
        fee_tiyn=5_000_000,
        parties=parties,
    )
    hearing = Hearing(
        id="sample",
        case_id="sample",
        starts_at=datetime(2026, 5, 26, 5, 30, tzinfo=UTC),
        minutes=60,
        room="3",
        judge_id=context.person.id,
    )
    known = facts_of(case, form.language, court=context.court, hearing=hearing, dated_on=_SAMPLE_DAY, number="1234")
    words = {slot: f"‹{words}›" for slot, words in form.slots.items()}
    return CaseFacts(language=form.language, values={**words, **known.values})


_PARTIES = (
    (PartyRole.CLAIMANT, "«Үлгі» ЖШС", "120340005670", True),
    (PartyRole.DEFENDANT, "Үлгіев Үлгі", "850312300450", False),
    (PartyRole.CREDITOR, "«Үлгі» ЖШС", "120340005670", True),
    (PartyRole.DEBTOR, "Үлгіев Үлгі", "850312300450", False),
    (PartyRole.PUBLIC_BODY, "Үлгі қаласының әкімдігі", "", True),
    (PartyRole.OFFENDER, "Үлгіев Үлгі", "850312300450", False),
    (PartyRole.ACCUSED, "Үлгіев Үлгі", "850312300450", False),
    (PartyRole.VICTIM, "Үлгібаева Үлгі", "", False),
)
