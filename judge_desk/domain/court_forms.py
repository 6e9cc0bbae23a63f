"""A court's own form of an act: the text of a template that the court wrote, known to every desk of the court."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from judge_desk.domain.cases import Language

MOST_LETTERS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtForm:
    """In the scope of the court; ``source`` is the TOML of resources/templates, ``name`` the id in it.

    The bench writes forms (judge, secretary, chair): a form is where an act begins, never what it says, and everyone
    who begins an act on it reads it whole.
    """

    id: str
    court_id: str
    name: str
    language: Language
    source: str
    changed_by: str = ""
    changed_at: datetime | None = None
