"""What a rule rests on: its legal reference, how sure we are of it, and the days between which it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Certainty(StrEnum):
    """How well a rule is known, best first. Anything but SOURCED is shown to the judge as unverified."""

    SOURCED = "sourced"
    GENERAL_KNOWLEDGE = "general_knowledge"
    ASSUMED = "assumed"


NORM_LANGUAGES = ("kk", "ru", "en")
BETWEEN = " / "


def norm_in(norm: str, language: str) -> str:
    """A citation in one language, out of "АПК 226-бап / ГПК ст. 226 / CPC Art. 226"; one that stands alone is the same
    in each, and of two the second serves for all but Kazakh."""
    parts = norm.split(BETWEEN)
    at = NORM_LANGUAGES.index(language) if language in NORM_LANGUAGES else 0
    return parts[min(at, len(parts) - 1)]


def weakest(*certainties: Certainty) -> Certainty:
    """The least sure of several; SOURCED when none is given."""
    order = list(Certainty)
    return max(certainties, key=order.index, default=Certainty.SOURCED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What every item of a rule pack has: ``names`` by language code, ``norm`` the law as `norm_in` reads it,
    ``source`` where it was read.

    ``valid_from`` and ``valid_to`` are the first and the last day on which the rule holds; None leaves that side open.
    """

    id: str
    names: dict[str, str]
    norm: str
    certainty: Certainty
    source: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def overlaps(self, other: Rule) -> bool:
        """Whether there is a day on which both hold."""
        starts = max(self.valid_from or date.min, other.valid_from or date.min)
        ends = min(self.valid_to or date.max, other.valid_to or date.max)
        return starts <= ends


@dataclass(frozen=True, slots=True, kw_only=True)
class LawCode(Rule):
    """A code or law that acts cite. ``short`` is its abbreviation by language code, as in "ГПК РК".

    ``spoken`` are, by language code, the ways in which a text names it; ``~`` after a stem stands for any ending.
    ``articles`` is the number of its last article (0: not known); ``replaced_by`` names the code that took its place.
    """

    short: dict[str, str]
    spoken: dict[str, tuple[str, ...]]
    articles: int = 0
    replaced_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LawArticle(Rule):
    """One article of a code, named for completion. ``id`` is "cpc.226"; a validity that ends says it was repealed."""

    code: str
    article: str
    replaced_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """The codes and articles that are known."""

    codes: tuple[LawCode, ...] = ()
    articles: tuple[LawArticle, ...] = ()

    def code(self, code_id: str) -> LawCode | None:
        return next((each for each in self.codes if each.id == code_id), None)

    def article(self, norm_id: str, on: date) -> LawArticle | None:
        """The version of an article that holds on a day, or else any version of it."""
        found = [each for each in self.articles if each.id == norm_id]
        return next((each for each in found if each.holds_on(on)), found[-1] if found else None)
