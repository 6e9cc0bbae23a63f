"""Phrases of the rule packs as regular expressions; the notation is described in resources/rules/act_forms.toml."""

from __future__ import annotations

import re
from functools import lru_cache

from judge_desk.domain.mentions import CAPITAL, PERSON, SMALL

_BETWEEN = r"[\s\u00a0:–—-]+"
_GAP = r"[^.,;:\n]{0,60}?"
_PLACES = {
    "{person}": rf"(?-i:{PERSON})",
    # Сейітқали, «Алтын», ТОО; not ӘҚБтК, which is neither a name nor the beginning of one.
    "{name}": rf"(?-i:[«“\"]?[{CAPITAL}](?:[{SMALL}]\w*|[{CAPITAL}]+(?!\w)))",
    "{word}": r"\w{2,}",
    "{number}": r"(?:\d+(?:\s*\([^()]*\))?|\w+(?:\s\w+)?)",
    "{date}": r"\d{1,4}[.\s\u00a0-]+(?:\d\d|\w+)[.\s\u00a0-]+\w+",
    "{case}": r"\d{1,5}-\d{2}-\d{1,3}-\d\w{0,3}/\d+",
}


@lru_cache(maxsize=1024)
def finder(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """One expression for several phrases; it finds nothing where there are none."""
    choices = "|".join(_phrase(each) for each in phrases) or "(?!)"
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)", re.IGNORECASE)


def _phrase(phrase: str) -> str:
    pattern = ""
    glue = ""
    for word in phrase.split():
        if word == "…":
            glue = rf"\s*{_GAP}(?<!\w)"
            continue
        pattern += glue + _word(word)
        glue = _BETWEEN
    return pattern


def _word(word: str) -> str:
    if word in _PLACES:
        return _PLACES[word]
    return re.escape(word.removesuffix("~")) + r"\w*" * word.endswith("~")
