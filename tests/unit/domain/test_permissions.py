"""Who may write what, line by line as the table of the design has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from judge_desk.domain.cases import Language, Stage
from judge_desk.domain.court_forms import CourtForm
from judge_desk.domain.documents import DocumentKind
from judge_desk.domain.dossier import DossierSection
from judge_desk.domain.drafts import DraftState, Secrecy
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import NoteReach
from judge_desk.domain.people import Actor, Role
from judge_desk.domain.permissions import may_write
from judge_desk.domain.review_results import PanelResult, ReviewResult
from judge_desk.domain.scopes import Scope, case_scope, court_scope, dossier_scope, user_scope
from tests import factories

ME = "me"
CASE = factories.a_case(id="k1", judge_id=ME, secretary_id="s1")
IN_CASE, MINE, IN_COURT = case_scope("k1"), user_scope(ME), court_scope(CASE.court_id)
SHARED = factories.a_draft("k1", author_id="s1", secrecy=Secrecy.SHARED)
OWN = factories.a_draft("k1", author_id=ME)
NOTE = factories.a_note("k1", author_id=ME)
HEARING = factories.a_hearing("k1")
TERM = factories.a_term("k1")
FILED = factories.a_document("k1")
FORM = CourtForm(id="f1", court_id=CASE.court_id, name="x", language=Language.KAZAKH, source="")
ACT = replace(FILED, kind=DocumentKind.ACT)
MY_ACT = replace(ACT, filed_by=ME)
TODAY = date(2026, 11, 24)
ENTRY = factories.a_dossier_entry(judge_id=ME)
RESULT = ReviewResult(found=PanelResult(forms=6, criteria=()))
REVIEWED = replace(ENTRY, section=DossierSection.REVIEWS, review=RESULT)
EVERYBODY = frozenset(Role)
BENCH = frozenset({Role.JUDGE, Role.SECRETARY})
JUDGE, SECRETARY, CHAIR = frozenset({Role.JUDGE}), frozenset({Role.SECRETARY}), frozenset({Role.CHAIR})
COMMISSION, NOBODY = frozenset({Role.COMMISSION}), frozenset[Role]()

TABLE: list[tuple[str, Kind, str, Any, Any, frozenset[Role]]] = [
    ("register a case", Kind.CASE, IN_CASE, None, CASE, SECRETARY),
    ("correct a case", Kind.CASE, IN_CASE, CASE, replace(CASE, title="x"), SECRETARY),
    ("rule on a case", Kind.CASE, IN_CASE, CASE, replace(CASE, stage=Stage.PREPARATION), BENCH),
    ("skip a stage", Kind.CASE, IN_CASE, CASE, replace(CASE, stage=Stage.IN_FORCE), NOBODY),
    ("reassign a case", Kind.CASE, IN_CASE, CASE, replace(CASE, judge_id="other"), CHAIR),
    ("reassign and rewrite", Kind.CASE, IN_CASE, CASE, replace(CASE, judge_id="other", title="x"), NOBODY),
    ("assign a case first", Kind.CASE, IN_CASE, replace(CASE, judge_id=""), CASE, SECRETARY | CHAIR),
    ("give a case to another court", Kind.CASE, IN_CASE, CASE, replace(CASE, court_id="x"), NOBODY),
    ("remove a case", Kind.CASE, IN_CASE, CASE, None, NOBODY),
    ("write the case of another scope", Kind.CASE, case_scope("k2"), CASE, replace(CASE, title="x"), NOBODY),
    ("plan a hearing", Kind.HEARING, IN_CASE, None, HEARING, BENCH),
    ("mark a term", Kind.TERM, IN_CASE, TERM, replace(TERM, note="x"), BENCH),
    ("file a document", Kind.DOCUMENT, IN_CASE, None, FILED, SECRETARY),
    ("lay an act into the file", Kind.DOCUMENT, IN_CASE, None, ACT, BENCH),
    ("change a document", Kind.DOCUMENT, IN_CASE, FILED, replace(FILED, title="x"), NOBODY),
    ("remove a document", Kind.DOCUMENT, IN_CASE, FILED, None, NOBODY),
    ("write a private note", Kind.NOTE, MINE, None, NOTE, EVERYBODY),
    ("write another's private note", Kind.NOTE, user_scope("x"), None, replace(NOTE, author_id="x"), NOBODY),
    ("share a note", Kind.NOTE, IN_CASE, None, replace(NOTE, reach=NoteReach.SHARED), BENCH),
    ("let a private note into the case", Kind.NOTE, IN_CASE, None, NOTE, NOBODY),
    ("change another's shared note", Kind.NOTE, IN_CASE, *2 * (replace(NOTE, author_id="x"),), NOBODY),
    ("write an own draft", Kind.DRAFT, MINE, None, OWN, JUDGE),
    ("write in a shared draft", Kind.DRAFT, IN_CASE, SHARED, replace(SHARED, title="x"), BENCH),
    ("say that a paper is signed", Kind.DOCUMENT, IN_CASE, None, replace(ACT, signed_on_paper=TODAY), NOBODY),
    ("say that one's own is", Kind.DOCUMENT, IN_CASE, None, replace(MY_ACT, signed_on_paper=TODAY), JUDGE),
    ("write in it by name", Kind.DRAFT, IN_CASE, SHARED, replace(SHARED, changed_by=ME), BENCH),
    ("write in it in another's name", Kind.DRAFT, IN_CASE, SHARED, replace(SHARED, changed_by="x"), NOBODY),
    ("write in what another wrote", Kind.DRAFT, IN_CASE, replace(SHARED, changed_by="x"), SHARED, BENCH),
    ("write a court's form by name", Kind.COURT_FORM, IN_COURT, FORM, replace(FORM, changed_by=ME), BENCH | CHAIR),
    ("write one in another's name", Kind.COURT_FORM, IN_COURT, FORM, replace(FORM, changed_by="x"), NOBODY),
    ("remove a shared draft", Kind.DRAFT, IN_CASE, SHARED, None, JUDGE),
    ("finalise a shared draft", Kind.DRAFT, IN_CASE, SHARED, replace(SHARED, state=DraftState.FINAL), JUDGE),
    ("reopen a final act", Kind.DRAFT, IN_CASE, replace(SHARED, state=DraftState.FINAL), SHARED, NOBODY),
    ("send a deliberation draft", Kind.DRAFT, MINE, None, replace(OWN, secrecy=Secrecy.DELIBERATION), NOBODY),
    ("share one", Kind.DRAFT, IN_CASE, None, replace(SHARED, secrecy=Secrecy.DELIBERATION), NOBODY),
    ("enter into a dossier", Kind.DOSSIER_ENTRY, dossier_scope(ME), None, ENTRY, COMMISSION),
    ("enter a result of peer review", Kind.DOSSIER_ENTRY, dossier_scope(ME), None, REVIEWED, COMMISSION),
    ("enter it elsewhere", Kind.DOSSIER_ENTRY, dossier_scope(ME), None, replace(ENTRY, review=RESULT), NOBODY),
    ("change an entry", Kind.DOSSIER_ENTRY, dossier_scope(ME), ENTRY, replace(ENTRY, title="x"), NOBODY),
]


@pytest.mark.parametrize(
    ("kind", "scope", "before", "after", "roles"),
    [row[1:] for row in TABLE],
    ids=[row[0].replace(" ", "_") for row in TABLE],
)
def test_as_the_table_says(kind: Kind, scope: str, before: Any, after: Any, roles: frozenset[Role]) -> None:
    may = {role for role in Role if may_write(Actor(ME, CASE.court_id, role), kind, Scope.parse(scope), before, after)}
    assert may == roles
