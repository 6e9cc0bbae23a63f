"""Norms to cite: completed as they are typed, named in the language of the act, and checked by the day of the act."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from judge_desk.assistant.lint.cited_norms import spoken
from judge_desk.domain.cases import Language
from judge_desk.domain.citations import Citation, CitationReader
from judge_desk.domain.norms import Certainty, Law, LawArticle, LawCode
from judge_desk.services.law import citation_reader, rule_book

__all__ = ["NormEntry", "NormService", "NormState"]

MOST = 12
_NUMBER = re.compile(r"\d{1,4}(?:[-‑](?:\d{1,2}|(?=\s|$)))?")
_WORD = re.compile(r"[^\W\d_]+")
# Words that say nothing about which code is meant.
_FILLERS = frozenset(
    (
        "ст статья статьи статьей статьёй статьями бап бабы бабын бабының баптар баптары "
        "article articles art of the рк қр"
    ).split()
)


class NormState(StrEnum):
    """How a cited norm stands on a day. UNLISTED: the code is known, and no pack says anything of the article."""

    IN_FORCE = "in_force"
    REPEALED = "repealed"
    NOT_YET = "not_yet"
    UNLISTED = "unlisted"
    NO_SUCH = "no_such"


@dataclass(frozen=True, slots=True, kw_only=True)
class NormEntry:
    """A norm to be cited: ``text`` is what is written into the act, ``title`` its heading ("" where no pack has it)."""

    norm: str
    text: str
    title: str
    state: NormState
    certainty: Certainty
    source: str = ""


class NormService:
    """``law`` is for tests; without it the packs under resources/rules."""

    def __init__(self, law: Law | None = None) -> None:
        self._law = law or rule_book().law
        self._reader = CitationReader(law) if law else citation_reader()

    def complete(self, typed: str, language: Language, on: date, most: int = MOST) -> list[NormEntry]:
        """What ``typed`` may become, best first: "ГПК 22", "22 ГПК", "ст. 22 АПК", "гражданского проц".

        Codes are known by their names in all three languages; what was typed last weighs as much as what came first.
        """
        number = next(iter(_NUMBER.findall(typed)), "").replace("‑", "-")
        words = [word for word in _WORD.findall(typed.casefold()) if word not in _FILLERS]
        codes = [code for code in self._codes(on) if self._suits(code, words)]
        if not words and not number:
            return []
        found: list[NormEntry] = []
        for code in codes:
            found.extend(self._articles(code, number, language, on))
        return sorted(found, key=lambda each: self._rank(each, number))[:most]

    def check(self, norm: str, on: date) -> NormState:
        """How "cpc.226" stands on a day."""
        code_id, _, article = norm.partition(".")
        versions = [code for code in self._law.codes if code.id == code_id]
        held = [code for code in versions if code.holds_on(on)]
        known = [each for each in self._law.articles if each.id == norm]
        if not versions:
            return NormState.NO_SUCH
        if not held or (known and not any(each.holds_on(on) for each in known)):
            ended = any(each.valid_to and each.valid_to < on for each in (known or versions))
            return NormState.REPEALED if ended else NormState.NOT_YET
        if known:
            return NormState.IN_FORCE
        whole = re.match(r"\d+", article)
        if whole is None or (held[0].articles and int(whole[0]) > held[0].articles) or not int(whole[0]):
            return NormState.NO_SUCH
        return NormState.UNLISTED

    def name(self, norm: str, language: Language) -> str:
        """ "ҚР АПК 226-бабы", "статья 226 ГПК РК", "Article 226 CPC"."""
        return spoken(self._law, norm)[language]

    def cited(self, text: str) -> tuple[Citation, ...]:
        """Every citation in a text with its place, to be marked as one."""
        return self._reader.citations(text)

    def _codes(self, on: date) -> list[LawCode]:
        """Each code once, in the state that holds on the day."""
        best: dict[str, LawCode] = {}
        for code in self._law.codes:
            if code.id not in best or code.holds_on(on):
                best[code.id] = code
        return list(best.values())

    def _suits(self, code: LawCode, words: list[str]) -> bool:
        """Each word begins a word of one of the code's names; "гпк" and "гражданск проц" both name it."""
        names = [name for all_names in code.spoken.values() for name in all_names] + list(code.short.values())
        return any(
            all(any(_begins(part, word) for part in _WORD.findall(name.casefold())) for word in words) for name in names
        )

    def _articles(self, code: LawCode, number: str, language: Language, on: date) -> Iterator[NormEntry]:
        seen: set[str] = set()
        for each in self._law.articles:
            if each.code != code.id or not each.article.startswith(number) or each.id in seen:
                continue
            seen.add(each.id)
            yield self._entry(each.id, self._law.article(each.id, on) or each, language, on)
        norm = f"{code.id}.{number.rstrip('-')}"
        if number and norm not in seen and self.check(norm, on) is NormState.UNLISTED:
            yield self._entry(norm, None, language, on)

    def _entry(self, norm: str, known: LawArticle | None, language: Language, on: date) -> NormEntry:
        return NormEntry(
            norm=norm,
            text=self.name(norm, language),
            title=known.names.get(language, "") if known else "",
            state=self.check(norm, on),
            certainty=known.certainty if known else Certainty.GENERAL_KNOWLEDGE,
            source=known.source if known else "",
        )

    def _rank(self, entry: NormEntry, number: str) -> tuple[int, int, int, int, str]:
        article = entry.norm.partition(".")[2]
        order = [code.id for code in self._law.codes].index(entry.norm.partition(".")[0])
        in_force = entry.state in (NormState.IN_FORCE, NormState.UNLISTED)
        whole = re.match(r"\d+", article)
        return (not entry.title, article != number, not in_force, int(whole[0]) if whole else 0, f"{order:02}{article}")


def _begins(part: str, word: str) -> bool:
    """Whether a typed word is a beginning of a name's word, or the name's stem with another ending."""
    return part.startswith(word) or (len(part) > 4 and word.startswith(part))
