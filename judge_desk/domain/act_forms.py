"""What the law asks of each kind of act on a day: its parts in order, and what must be said in them; all of it data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from judge_desk.domain.acts import ActKind, BlockKind, PartKind
from judge_desk.domain.cases import Instance, Procedure
from judge_desk.domain.norms import Rule

SAME_NORM = "="
"""A requisite's norm that says: the norm of the form that asks for it."""


class Severity(StrEnum):
    """How much a finding weighs, worst first. A NOTE asks the judge to look; nothing forbids to sign with it."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requisite(Rule):
    """One thing that must stand in one of ``parts``; any of several signs shows that it does.

    ``fields`` are facts of the case whose text it is. ``says`` are phrases by language code, looked for in words that
    come from no other fact: ``~`` takes any ending, ``…`` a few words, ``{person}``, ``{name}`` and ``{word}`` what
    they say. With ``near`` a block counts only where it holds one of those phrases too. ``right`` are the only phrases
    that are correct among those found, as the length of a term. ``blocks`` limits it to kinds of blocks.
    """

    parts: tuple[PartKind, ...]
    severity: Severity = Severity.ERROR
    fields: tuple[str, ...] = ()
    says: dict[str, tuple[str, ...]] = field(default_factory=dict)
    near: dict[str, tuple[str, ...]] = field(default_factory=dict)
    right: dict[str, tuple[str, ...]] = field(default_factory=dict)
    blocks: tuple[BlockKind, ...] = ()

    @property
    def rule(self) -> str:
        """The linter's name for its absence: "civil.appeal_term" is "missing.appeal_term"."""
        return f"missing.{self.id.rpartition('.')[2]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActForm(Rule):
    """The form of one kind of act. Empty ``instances`` means any; ``templates`` narrows it to acts begun on those.

    ``parts`` must all stand there, ``may_have`` may. ``code`` is the code of procedure that such an act is made under.
    """

    procedures: tuple[Procedure, ...]
    kinds: tuple[ActKind, ...]
    parts: tuple[PartKind, ...]
    requisites: tuple[str, ...]
    instances: tuple[Instance, ...] = ()
    templates: tuple[str, ...] = ()
    may_have: tuple[PartKind, ...] = ()
    code: str = ""

    def covers(self, procedure: Procedure, kind: ActKind, instance: Instance) -> bool:
        return (
            procedure in self.procedures and kind in self.kinds and (not self.instances or instance in self.instances)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTopic(Rule):
    """A thing that parties ask for. Where one of ``asked`` is claimed, one of ``answered`` must be said."""

    asked: dict[str, tuple[str, ...]]
    answered: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActLaw:
    """All that the packs ask of acts."""

    forms: tuple[ActForm, ...] = ()
    requisites: tuple[Requisite, ...] = ()
    topics: tuple[ClaimTopic, ...] = ()

    def form_for(
        self, procedure: Procedure, kind: ActKind, instance: Instance, on: date, template: str = ""
    ) -> ActForm | None:
        """The form that an act of that day must have: the one for its template first, then the general one."""
        held = [each for each in self.forms if each.holds_on(on)]
        return next((each for each in held if template and template in each.templates), None) or next(
            (each for each in held if not each.templates and each.covers(procedure, kind, instance)), None
        )

    def requisites_of(self, form: ActForm, on: date) -> tuple[Requisite, ...]:
        """What the form asks for on that day, in its order."""
        held = {each.id: each for each in self.requisites if each.holds_on(on)}
        return tuple(held[each] for each in form.requisites if each in held)
