"""Spelling of a draft's words: the dictionaries of this PC, the court's own words, names and addresses of the case,
the people of the court, and what this person taught the desk."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from functools import cached_property

from sqlalchemy.engine import Connection

from judge_desk.domain.cases import Case
from judge_desk.domain.drafts import Draft
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Person
from judge_desk.drafting.name_forms import is_form_of
from judge_desk.drafting.templates import all_templates
from judge_desk.i18n.spelling import MOST_LETTERS, Spelling, words_in
from judge_desk.services.context import DeskContext
from judge_desk.store import hearings, records, session_data

LEARNT = "spelling_words"
MOST_LEARNT = 5_000


class SpellingService:
    """Any thread may ask; a first question in a language loads its dictionary (0.2 s)."""

    def __init__(self, context: DeskContext, spelling: Spelling | None = None) -> None:
        self._context = context
        self._spelling = spelling or Spelling()
        self._guard = threading.Lock()

    def missing(self) -> list[str]:
        """The languages without a dictionary on this PC: their words are not judged."""
        return self._spelling.missing()

    def misspelt(self, draft_id: str, words: Collection[str], language: str) -> set[str]:
        """Those of the words that nobody knows: no dictionary, no form of an act, neither case nor court, not this
        person."""
        learnt = self._learnt()
        asked = {word for word in words if word.lower() not in learnt and word.lower() not in self._of_forms}
        with self._guard:
            wrong = self._spelling.misspelt(asked, language)
        # A name is looked for in all its endings, among hundreds: only for the few words that no dictionary has.
        names = self._names(draft_id) if wrong else frozenset()
        return {word for word in wrong if not _is_of(word, names)}

    def suggestions(self, word: str, language: str) -> list[str]:
        """What may have been meant, the likeliest first."""
        with self._guard:
            return self._spelling.suggestions(word, language)

    def learn(self, word: str) -> None:
        """Never mark this word again on this desk."""
        learnt = self._learnt() | {word.lower()[:MOST_LETTERS]}
        with self._context.store.writing() as connection:
            session_data.put(connection, LEARNT, sorted(learnt)[:MOST_LEARNT])

    def _learnt(self) -> frozenset[str]:
        with self._context.store.reading() as connection:
            return frozenset(session_data.get(connection, LEARNT, list[str]) or ())

    def _names(self, draft_id: str) -> frozenset[str]:
        with self._context.store.reading() as connection:
            draft: Draft | None = records.find(connection, Kind.DRAFT, draft_id)
            case: Case | None = records.find(connection, Kind.CASE, draft.case_id) if draft is not None else None
            named = [*self._of_court(connection), *(_of_case(connection, case) if case is not None else ())]
        return frozenset(word.lower() for name in named for _, word in words_in(name))

    def _of_court(self, connection: Connection) -> Iterator[str]:
        """What the court and its places are called, and whoever is in its directory: judges, secretaries."""
        court = self._context.court
        for texts in (court.names, court.places, court.appeal_courts):
            yield from texts.values()
        people: list[Person] = records.where(connection, Kind.PERSON)
        for person in people:
            yield from (person.name, person.full_name)

    @cached_property
    def _of_forms(self) -> frozenset[str]:
        """Whatever stands in a form of an act was read by more eyes than any dictionary of court language."""
        return frozenset(word.lower() for text in _form_texts() for _, word in words_in(text))


def _of_case(connection: Connection, case: Case) -> Iterator[str]:
    yield case.judge_name
    for party in case.parties:
        yield from (party.name, party.address)
    yield from (hearing.prosecutor for hearing in hearings.of_case(connection, case.id))


def _form_texts() -> Iterator[str]:
    for form in all_templates():
        yield form.title
        yield from form.slots.values()
        for part in form.parts:
            for block in part.block:
                yield from (block.text, block.label, *block.cells)


def _is_of(word: str, names: Collection[str]) -> bool:
    """Whether a word is one of the names, in whatever case it stands; a slip behind the name is none."""
    return word.lower() in names or any(is_form_of(word, name) for name in names)
