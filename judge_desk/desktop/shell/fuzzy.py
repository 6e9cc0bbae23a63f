"""How well a name answers a few letters: the palette's order, as a pure function."""

from __future__ import annotations


def score(query: str, name: str) -> int:
    """0 when the letters do not stand in the name in this order; higher is better.

    A name that begins so beats a word that begins so, which beats letters in a row, which beats scattered letters.
    ``ё`` counts as ``е``; case does not count.
    """
    wanted, found = _fold(query), _fold(name)
    if not wanted:
        return 1
    if found.startswith(wanted):
        return 1000 - len(found)
    words = found.replace("«", " ").replace("-", " ").split()
    if any(word.startswith(wanted) for word in words):
        return 700 - len(found)
    if wanted in found:
        return 500 - len(found)
    if all(any(word.startswith(part) for word in words) for part in wanted.split()):
        return 400 - len(found)
    return _scattered(wanted.replace(" ", ""), found)


def _scattered(wanted: str, found: str) -> int:
    place, gaps = -1, 0
    for letter in wanted:
        following = found.find(letter, place + 1)
        if following < 0:
            return 0
        gaps += following - place - 1
        place = following
    return max(1, 200 - gaps) if gaps <= 3 * len(wanted) else 0


def _fold(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())
