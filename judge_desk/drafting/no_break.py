"""Between which words no line may end: a number and its unit, an article and its number, initials and a surname.

The text itself keeps plain spaces and hyphens, so that search, checks and comparison see what was typed; whoever shows
it asks here. The words are data, by language, in ``resources/typography/no_break.toml``.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from judge_desk.drafting.memory import remembering
from judge_desk.runtime import paths

NO_BREAK_SPACE, NO_BREAK_HYPHEN = "\u00a0", "\u2011"
_KINDS = ("before", "before_name", "before_number", "after_number", "not_first", "short", "months")
_OPENING, _CLOSING = "«„“\"'([", ",;:!?)]»”\"'"
_INITIALS = re.compile(r"(?:[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]\.){1,3}")
_SURNAME = re.compile(r"[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ][\w’ʼ-]+")
_NUMBER = re.compile(r"\d|[IVXLC]+\b")
_HYPHEN = re.compile(r"(?<=\d)-(?=\w)")


# What a word asks of its neighbour, as bits of a number: a pair of words is judged for every gap of every act.
_ALWAYS, _ARTICLE, _NUMERAL, _DIGIT, _UNIT, _INITIAL, _NAME, _MONTH, _YEAR, _TITLE = (1 << bit for bit in range(10))


_PAIRS = ((_ARTICLE, _NUMERAL), (_DIGIT, _UNIT), (_TITLE, _NAME))
_BETTER = ((_NAME, _INITIAL), (_MONTH, _YEAR))


@dataclass(frozen=True, slots=True)
class NoBreakRules:
    """The words of one language, those common to all with them."""

    before: frozenset[str]
    before_name: frozenset[str]
    before_number: frozenset[str]
    after_number: frozenset[str]
    not_first: frozenset[str]
    short: frozenset[str]
    months: frozenset[str]

    def asks_behind(self, word: str) -> int:
        """What a word holds of what follows it."""
        left = word.lstrip(_OPENING)
        if not left:
            return 0
        if left in self.before or (len(left) == 1 and left.casefold() in self.short):
            return _ALWAYS
        found = _ARTICLE if left.casefold() in self.before_number else 0
        if left[-1].isdigit():
            found |= _DIGIT
        if left in self.before_name:
            found |= _TITLE
        if left[:3].casefold() in self.months:
            found |= _MONTH
        if _INITIALS.fullmatch(left):
            found |= _INITIAL
        return found | (_NAME if _SURNAME.fullmatch(left) else 0)

    def asks_before(self, word: str) -> int:
        """What a word holds of what stands before it."""
        right = word.rstrip(_CLOSING)
        if right in self.not_first:
            return _ALWAYS
        found = _NUMERAL if _NUMBER.match(right.lstrip(_OPENING)) else 0
        if right in self.after_number or right.rstrip(".") in self.after_number:
            found |= _UNIT
        if right[:3].isdigit() or right[:3].casefold() in self.months:
            found |= _UNIT
        if right[:4].isdigit():
            found |= _YEAR
        if _INITIALS.fullmatch(right):
            found |= _INITIAL
        return found | (_NAME if _SURNAME.match(right) else 0)


@cache
def rules_for(language: str) -> NoBreakRules:
    """The rules of kk, ru or en; of all of them together for "", where the language is not known."""
    data = tomllib.loads(paths.resource("typography", "no_break.toml").read_text(encoding="utf-8"))
    chosen = [data["common"], *(data[each] for each in ("kk", "ru", "en") if language in ("", each))]
    return NoBreakRules(*(frozenset(word for words in chosen for word in words[kind]) for kind in _KINDS))


@remembering(50_000)
def _behind(word: str, language: str) -> int:
    return rules_for(language).asks_behind(word)


@remembering(50_000)
def _before(word: str, language: str) -> int:
    return rules_for(language).asks_before(word)


@remembering(100_000)
def holds(word: str, following: str, language: str = "", is_strict: bool = True) -> bool:
    """Whether two words that stand side by side must stay on one line; ``is_strict`` holds what is only better held as
    well: a name and its initials, a month and its year."""
    left, right = _behind(word, language), _before(following, language)
    if (left | right) & _ALWAYS:
        return True
    if not left or not right:
        return False
    if left & _INITIAL:
        return bool(right & (_INITIAL | _NAME))
    pairs = _PAIRS + _BETTER if is_strict else _PAIRS
    return any(left & one and right & other for one, other in pairs)


@remembering(20_000)
def joints(text: str, language: str) -> tuple[int, ...]:
    """The places of the spaces and hyphens of a text at which no line may end, in order."""
    found = [match.start() for match in _HYPHEN.finditer(text)]
    words = list(re.finditer(r"[^ ]+", text))
    for word, following in pairwise(words):
        if following.start() == word.end() + 1 and holds(word[0], following[0], language):
            found.append(word.end())
    return tuple(sorted(found))


def bound(text: str, language: str) -> str:
    """The text for a place that breaks lines by itself: a label, a paragraph of another program."""
    letters = list(text)
    for place in joints(text, language):
        letters[place] = NO_BREAK_SPACE if letters[place] == " " else NO_BREAK_HYPHEN
    return "".join(letters)
