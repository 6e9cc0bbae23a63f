"""A court's name as the owner of something: "Районного суда № 2", "аудандық сотының", "the District Court".

Acts speak of the judge or the panel of a court, and names of courts are regular enough to be declined by rule.
"""

from __future__ import annotations

from judge_desk.domain.cases import Language

_HISSING = "жшщчц"
_COURT = "суд"
_KAZAKH_ENDINGS = {"соты": "ның", "сот": "тың"}


def of_court(name: str, language: Language) -> str:
    """The genitive; a name that holds no word for a court, as in "СМЭС г. Астаны", stays as it is."""
    if not name:
        return ""
    if language is Language.RUSSIAN:
        return _russian(name)
    if language is Language.KAZAKH:
        ending = next((end for word, end in _KAZAKH_ENDINGS.items() if name.casefold().endswith(word)), "")
        return name + (ending.upper() if name.isupper() else ending)
    return name if name.casefold().startswith("the ") else f"the {name}"


def _russian(name: str) -> str:
    """What stands before the word for a court agrees with it; what follows depends on it and does not change."""
    words = name.split(" ")
    at = next((at for at, word in enumerate(words) if word.casefold() == _COURT), None)
    if at is None:
        return name
    words[:at] = [_adjective(word) for word in words[:at]]
    words[at] += "А" if words[at].isupper() else "а"
    return " ".join(words)


def _adjective(word: str) -> str:
    stem, ending = word[:-2], word[-2:].casefold()
    if not stem or ending not in ("ый", "ий", "ой"):
        return word
    found = "его" if ending == "ий" and stem[-1].casefold() in _HISSING else "ого"
    return stem + (found.upper() if word.isupper() else found)
