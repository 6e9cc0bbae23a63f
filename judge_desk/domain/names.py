"""Whether two written names are one: in another case, another alphabet or another spelling of one language."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

_TO_LATIN = dict(
    pair.split("=")
    for pair in (
        "а=a ә=a б=b в=v г=g ғ=g д=d е=e ё=e ж=zh з=z и=i й=i к=k қ=k л=l м=m н=n ң=n о=o ө=o п=p р=r с=s т=t у=u ұ=u "
        "ү=u ф=f х=h һ=h ц=ts ч=ch ш=sh щ=sh ъ= ы=y і=i ь= э=e ю=iu я=ia"
    ).split()
)
_WORD = re.compile(r"[^\W\d_]+")
_ENDINGS = (
    # Russian, then Kazakh: longest first, as they stand behind a surname in Latin letters.
    *("oiu ogo omu ymi ym om oi oy ei ei iu ia u a e y i".split()),
    *("nyng ning dyng ding tyng ting nyn nin dyn din tyn tin nan nen dan den tan ten men ben pen".split()),
    *("ny ni dy di ty ti na ne da de ta te ga ge ka ke".split()),
)
_SHORT = 3
_NEAR = 0.6
_VOWELS = re.compile(r"[aeiouy]")


def same_name(one: str, other: str, *, across: bool = False) -> bool:
    """Whether both may name the same: "Сейітқалиевтің Ә." and "Сеиткалиева А.", "Алтын Су" and "«Алтын су»".

    ``across`` two languages vowels do not count: registers write Қоңыратова as Конуратова.
    """
    ours, theirs = _words(one), _words(other)
    if not ours or not theirs:
        return ours == theirs
    if [len(word) == 1 for word in ours] != [len(word) == 1 for word in theirs]:
        ours = [word for word in ours if len(word) > 1]
        theirs = [word for word in theirs if len(word) > 1]
    return len(ours) == len(theirs) and all(
        _same_word(*pair) or (across and _same_consonants(*pair)) for pair in zip(ours, theirs, strict=True)
    )


def is_misspelt(one: str, other: str) -> bool:
    """Whether two written names differ in a letter or two of one word, and are not only declined."""
    ours, theirs = _words(one), _words(other)
    if len(ours) != len(theirs) or same_name(one, other):
        return False
    unlike = [(a, b) for a, b in zip(ours, theirs, strict=True) if not _same_word(a, b)]
    return len(unlike) == 1 and min(map(len, unlike[0])) > _SHORT and _likeness(*unlike[0]) >= _NEAR


def _words(name: str) -> list[str]:
    folded = unicodedata.normalize("NFC", name).casefold()
    return [_latin(word) for word in _WORD.findall(folded)]


def _latin(word: str) -> str:
    """An initial stays one letter: Ж. is "z", not "zh", and so no word of its own."""
    letters = "".join(_TO_LATIN.get(letter, letter) for letter in word)
    return letters[:1] if len(word) == 1 else letters


def _same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    if min(len(one), len(other)) <= 1:
        return one[:1] == other[:1]
    stems = _stems(one) & _stems(other)
    return any(len(stem) >= _SHORT for stem in stems)


def _same_consonants(one: str, other: str) -> bool:
    bare = [
        # Kazakh қ often stands for Russian х: Рақымжанов, Рахимжанов.
        {_VOWELS.sub("", stem).replace("k", "h") for stem in _stems(word) if len(stem) > _SHORT}
        for word in (one, other)
    ]
    return any(len(skeleton) > 1 for skeleton in bare[0] & bare[1])


def _stems(word: str) -> set[str]:
    word = word.replace("y", "i").replace("ii", "i").replace("kh", "h")
    found = {word}
    for ending in _ENDINGS:
        bare = ending.replace("y", "i")
        if word.endswith(bare) and len(word) - len(bare) >= _SHORT:
            found.add(word.removesuffix(bare))
    return found


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
