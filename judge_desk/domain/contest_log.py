"""The log of a contest: one link for everything that was published, admitted, scored and decided, and what it proves.

It names the panel, whose names are public, and applications by ids that say nothing; all else is a salted hash. So it
can be given to anybody, and whoever holds a record of the contest can find its hash in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from judge_desk.domain.chains import FIRST_LINK, ChainFault, chain_faults, link_hash
from judge_desk.domain.contests import Vacancy, of_sheet


class LogEvent(StrEnum):
    PUBLISHED = "published"
    ADMITTED = "admitted"
    NOT_ADMITTED = "not_admitted"
    EXTRACT = "extract"
    RECUSED = "recused"
    SHEET = "sheet"
    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestLink:
    """One line of the log, in the scope ``contest:contest_id``, written and signed by the hub itself.

    ``name`` is an applicant's, only where the rule of the contest shows names. ``recused`` are the members who were
    kept from an application when it was admitted, ``member_id`` whoever acted. ``signature`` is the hub's (Ed25519,
    hex) over the hash.
    """

    id: str
    contest_id: str
    number: int
    event: LogEvent
    record_kind: str
    record_id: str
    application_id: str = ""
    step_id: str = ""
    member_id: str = ""
    recused: tuple[str, ...] = ()
    name: str = ""
    record_sha256: str
    at: datetime
    previous: str
    hash: str = ""
    signature: str = ""

    @property
    def sealed_id(self) -> str:
        return f"{self.record_kind}:{self.record_id}"

    @property
    def sealed_sha256(self) -> str:
        return self.record_sha256

    @property
    def said(self) -> tuple[str, ...]:
        words = (self.contest_id, self.event, self.record_kind, self.record_id, self.application_id, self.step_id)
        return (*words, self.member_id, ",".join(self.recused), self.name, self.record_sha256, self.at.isoformat())

    def true_hash(self) -> str:
        return link_hash(self.number, self.previous, *self.said)


def signed_text(link_hash: str) -> bytes:
    """What the hub signs of a link."""
    return f"judge-desk contest log {link_hash}".encode()


class LogFault(StrEnum):
    """What a whole chain may still say that no fair contest can."""

    NOT_SIGNED = "not_signed"
    OTHER_VACANCY = "other_vacancy"
    NOT_PUBLISHED_FIRST = "not_published_first"
    NOT_ADMITTED = "not_admitted"
    NOT_ON_PANEL = "not_on_panel"
    RECUSED_SCORED = "recused_scored"
    SCORED_TWICE = "scored_twice"
    DECIDED_TOO_EARLY = "decided_too_early"
    DECIDED_TWICE = "decided_twice"
    SEVERAL_CHOSEN = "several_chosen"
    OUTCOME_TOO_EARLY = "outcome_too_early"
    OUTCOME_NOT_CHOSEN = "outcome_not_chosen"
    AFTER_OUTCOME = "after_outcome"


@dataclass(slots=True)
class Told:
    """What the log says of one application."""

    is_open: bool = True
    recused: set[str] = field(default_factory=set)
    sheets: set[tuple[str, str]] = field(default_factory=set)
    """(step, member)."""
    chosen: bool | None = None
    ended: str = ""
    result: bool | None = None
    """Chosen or not, for one that stood when the outcome was announced; a consent that ends later changes nothing."""


@dataclass(slots=True)
class LogState:
    """Where a contest stands by its log alone."""

    applications: dict[str, Told] = field(default_factory=dict)
    links: int = 0
    has_outcome: bool = False

    @property
    def open(self) -> dict[str, Told]:
        """Applications that are neither withdrawn nor lapsed nor refused."""
        return {each: told for each, told in self.applications.items() if told.is_open}

    def lacking(self, vacancy: Vacancy, application_id: str) -> list[tuple[str, str]]:
        """(step, member) of the sheets that are still owed for an application."""
        told = self.applications[application_id]
        seats = [each.person_id for each in vacancy.panel if each.person_id not in told.recused]
        owed = [(step.id, member) for step in vacancy.steps for member in seats]
        return [each for each in owed if each not in told.sheets]

    def is_step_whole(self, vacancy: Vacancy, application_id: str, step_id: str) -> bool:
        return all(step != step_id for step, _ in self.lacking(vacancy, application_id))

    def deciders(self, vacancy: Vacancy, application_id: str) -> set[str]:
        """Members who stepped back from no application; where everybody did from one, those who did not from this."""
        seats = {each.person_id for each in vacancy.panel}
        free = seats.difference(*(each.recused for each in self.open.values()))
        return free or seats - self.applications[application_id].recused

    def may_decide(self, vacancy: Vacancy, application_id: str, member_id: str) -> bool:
        """Every sheet is in, somebody scored, it was not decided, and the member is one of its deciders."""
        told = self.applications.get(application_id)
        if told is None or not told.is_open or told.chosen is not None:
            return False
        whole = bool(told.sheets) and not self.lacking(vacancy, application_id)
        return whole and member_id in self.deciders(vacancy, application_id)

    def chosen(self) -> list[str]:
        return [each for each, told in self.open.items() if told.chosen]

    def may_end(self) -> bool:
        """Every application that stands was decided, and at most one of them chosen."""
        return (
            not self.has_outcome
            and all(each.chosen is not None for each in self.open.values())
            and (len(self.chosen()) <= 1)
        )


def replay(links: Iterable[ContestLink]) -> LogState:
    """Where the contest stands after these links; what they prove wrong is ``log_faults``."""
    state = LogState()
    for link in sorted(links, key=lambda each: each.number):
        _step(state, link)
    return state


def _step(state: LogState, link: ContestLink) -> None:
    state.links += 1
    if link.event is LogEvent.OUTCOME:
        state.has_outcome = True
        for each in state.open.values():
            each.result = each.chosen
    if not link.application_id:
        return
    told = state.applications.setdefault(link.application_id, Told())
    if link.event is LogEvent.ADMITTED:
        told.recused |= set(link.recused)
    elif link.event is LogEvent.RECUSED:
        told.recused.add(link.member_id)
    elif link.event is LogEvent.SHEET:
        told.sheets.add((link.step_id, link.member_id))
    elif link.event in (LogEvent.CHOSEN, LogEvent.NOT_CHOSEN):
        told.chosen = link.event is LogEvent.CHOSEN
    elif link.event in (LogEvent.NOT_ADMITTED, LogEvent.WITHDRAWN, LogEvent.LAPSED):
        told.is_open, told.ended = False, link.event.value


def log_faults(vacancy: Vacancy, links: Sequence[ContestLink], vacancy_sha256: str) -> tuple[tuple[int, str], ...]:
    """(number of the link, fault) of everything wrong with a log: its chain, and what it says of the contest.

    A fault is a ChainFault or a LogFault; number 0 is the log as a whole. Signatures are checked by who has the key.
    """
    number_of = {link.sealed_id: link.number for link in links}
    found = [
        (number_of.get(sealed_id, 0), fault.value)
        for sealed_id, fault in chain_faults(links, {f"vacancy:{vacancy.id}": vacancy_sha256}, complete=False)
        if fault is not ChainFault.UNSEALED
    ]
    state = LogState()
    for link in sorted(links, key=lambda each: each.number):
        found += [(link.number, fault.value) for fault in _against_rules(vacancy, state, link)]
        _step(state, link)
    if not links:
        found.append((0, LogFault.NOT_PUBLISHED_FIRST.value))
    return tuple(sorted(set(found)))


def _against_rules(vacancy: Vacancy, state: LogState, link: ContestLink) -> list[LogFault]:
    found: list[LogFault] = []
    if link.contest_id != vacancy.id:
        found.append(LogFault.OTHER_VACANCY)
    if (state.links == 0) != (link.event is LogEvent.PUBLISHED):
        found.append(LogFault.NOT_PUBLISHED_FIRST)
    ends = {LogEvent.WITHDRAWN, LogEvent.LAPSED, LogEvent.NOT_ADMITTED}
    if state.has_outcome and link.event not in ends:
        found.append(LogFault.AFTER_OUTCOME)
    told = state.applications.get(link.application_id)
    if link.event in (LogEvent.RECUSED, LogEvent.SHEET, LogEvent.CHOSEN, LogEvent.NOT_CHOSEN):
        if told is None or not told.is_open:
            return [*found, LogFault.NOT_ADMITTED]
        if vacancy.seat(link.member_id) is None:
            found.append(LogFault.NOT_ON_PANEL)
    if told is not None and link.event is LogEvent.SHEET:
        found += _sheet_faults(vacancy, told, link)
    if told is not None and link.event in (LogEvent.CHOSEN, LogEvent.NOT_CHOSEN):
        found += _decision_faults(vacancy, state, told, link)
    if link.event is LogEvent.OUTCOME:
        found += _outcome_faults(vacancy, state)
    return found


def _sheet_faults(vacancy: Vacancy, told: Told, link: ContestLink) -> Iterable[LogFault]:
    if link.member_id in told.recused:
        yield LogFault.RECUSED_SCORED
    named = (link.application_id, link.step_id, vacancy.seat(link.member_id))
    if (link.step_id, link.member_id) in told.sheets or of_sheet(link.record_id) != named:
        yield LogFault.SCORED_TWICE


def _decision_faults(vacancy: Vacancy, state: LogState, told: Told, link: ContestLink) -> Iterable[LogFault]:
    if told.chosen is not None:
        yield LogFault.DECIDED_TWICE
    elif not state.may_decide(vacancy, link.application_id, link.member_id):
        yield LogFault.DECIDED_TOO_EARLY
    if link.event is LogEvent.CHOSEN and state.chosen():
        yield LogFault.SEVERAL_CHOSEN


def _outcome_faults(vacancy: Vacancy, state: LogState) -> Iterable[LogFault]:
    if not state.may_end():
        yield LogFault.OUTCOME_TOO_EARLY
    said = vacancy.outcome.application_id if vacancy.outcome is not None else ""
    if [said] * bool(said) != state.chosen():
        yield LogFault.OUTCOME_NOT_CHOSEN


def last_of(links: Sequence[ContestLink]) -> tuple[int, str]:
    """Number and hash of the last link."""
    if not links:
        return 0, FIRST_LINK
    last = max(links, key=lambda each: each.number)
    return last.number, last.hash
