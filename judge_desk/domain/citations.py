"""Finds the norms that a text cites, in Kazakh, Russian and English, by the names that the pack gives codes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from judge_desk.domain.norms import Law

LONGEST_RANGE = 60
"""Articles in one range: a longer one is taken as its two ends, since nobody cites so many in one breath."""

_NUMBER = r"\d{1,4}(?:[-‑]\d{1,2})?"
_JOIN = r"\s*(?:,|;|–|—|\bи\b|\bжәне\b|\band\b|\bмен\b|\bбен\b|\bпен\b)\s*"
_LIST = rf"{_NUMBER}(?:{_JOIN}{_NUMBER})*"
_PARTS = r"(?:\s*(?:\((?:\d+)\)|(?:част|ч|пункт|п|подпункт|пп|para|part)\w*\.?\s*\d+(?:[-‑]\d+)?,?))*"
_ARTICLE = r"(?:стат(?:ь\w*|ей)|ст\.\s*ст\.|ст\.?|articles?|art\.?)"
_BEFORE = re.compile(rf"(?<![^\W_]){_ARTICLE}\s*№?\s*({_LIST}){_PARTS}\s*(?:of\s+(?:the\s+)?)?$", re.IGNORECASE)
_LEAD = r"(?:(?:част|ч|подпункт|пп|пункт|п)\w*\.?\s*\d+\)?,?\s*)*"
_AFTER = re.compile(
    rf"[-‑]?[^\W\d_]{{0,4}}[,:]?\s*(?:{_LEAD}{_ARTICLE}\s*({_LIST})|({_LIST})\s*[-‑]?\s*(?:бап|баб|бб)\w*)",
    re.IGNORECASE,
)
_REACH = 160
_HINT = re.compile(r"[Сс]т[.\s]|[Сс]тат[ье]|СТАТ[ЬЕ]|[Бб]а[пб]|БА[ПБ]|\dбб|[Aa]rt|ART")
"""No citation is without one of these; most paragraphs are."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A cited provision: ``articles`` as written ("226", "267-4"); ``start`` and ``end`` are places in the text."""

    code: str
    articles: tuple[str, ...]
    start: int
    end: int

    @property
    def norms(self) -> tuple[str, ...]:
        return tuple(f"{self.code}.{article}" for article in self.articles)


class CitationReader:
    """Reads citations by the names of one state of the law; made once and used for many texts."""

    def __init__(self, law: Law) -> None:
        self.law = law
        spoken = {name: code.id for code in law.codes for names in code.spoken.values() for name in names}
        self._names: dict[str, str] = {}
        choices = ["(?!)"]
        # The longest names are tried first, so that none is read inside another.
        for at, name in enumerate(sorted(spoken, key=len, reverse=True)):
            self._names[f"n{at}"] = spoken[name]
            choices.append(rf"(?P<n{at}>{name_pattern(name)})")
        self._finder = re.compile(rf"(?<![^\W_])(?:{'|'.join(choices)})(?![^\W_])")

    def citations(self, text: str) -> tuple[Citation, ...]:
        """Every citation of an article of a known code, in the order of the text."""
        if not _HINT.search(text):
            return ()
        found: list[Citation] = []
        for hit in self._finder.finditer(text):
            code = self._names[hit.lastgroup or ""]
            before = _BEFORE.search(text, max(0, hit.start() - _REACH), hit.start())
            after = None if before else _AFTER.match(text, hit.end(), hit.end() + _REACH)
            if before:
                found.append(Citation(code, articles_in(before[1]), before.start(), hit.end()))
            elif after:
                found.append(Citation(code, articles_in(after[1] or after[2]), hit.start(), after.end()))
        return tuple(found)


def articles_in(numbers: str) -> tuple[str, ...]:
    """Each article of a list: "223–226, 228" is 223, 224, 225, 226 and 228."""
    found: list[str] = []
    for stretch in re.split(r"[,;]|\b(?:и|және|and|мен|бен|пен)\b", numbers.replace("‑", "-")):
        ends = re.findall(_NUMBER, stretch)
        if len(ends) == 2 and all(end.isdigit() for end in ends):
            first, last = int(ends[0]), int(ends[1])
            if 0 < last - first <= LONGEST_RANGE:
                found.extend(str(number) for number in range(first, last + 1))
                continue
        found.extend(ends)
    return tuple(dict.fromkeys(found))


def name_pattern(spoken: str) -> str:
    """A way to name a code as a regular expression: "кодекс~" takes any ending, a blank any space."""
    any_ending = r"[^\W\d_]*"
    words = (re.escape(word.removesuffix("~")) + any_ending * word.endswith("~") for word in spoken.split())
    return r"\s+".join(words)
