"""Makes words findable by any of their forms: one path from text to stems, for the index and for the query alike.

Kazakh, Russian and English stand mixed in one file, often in one sentence. A word with a letter that only Kazakh has is
stemmed as Kazakh, one with a Russian ending as Russian, a Latin one as English. A word that could be either ("талап",
"расписка") gets both stems where they differ, in the index and as alternatives in the query.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final, NamedTuple

from judge_desk.i18n.kazakh_stemmer import kazakh_stem

# What may stand inside a word without being part of it: soft hyphens, the marks that PDF readers leave for a hyphen at
# the end of a line (U+FFFE, U+0002) with the line break behind them, and spaces of no width.
_INVISIBLE: Final = re.compile("[\u00ad\ufffe\u0002](?:\r?\n)?|[\u200b-\u200f\u2060\ufeff]")
_CYRILLIC: Final = "а-яёәғқңөұүһі"
# Kazakh texts are full of Latin letters that look the same: i typed for і, a "schwa" for ә.
_LATIN_IN_CYRILLIC: Final = re.compile(f"(?<=[{_CYRILLIC}])[a-zəɵ]+|[a-zəɵ]+(?=[{_CYRILLIC}])")
_LOOK_ALIKE: Final = str.maketrans("iaeocpxyhkmtəɵ", "іаеосрхуһкмтәө")
_ALIKE: Final = frozenset("iaeocpxyhkmtəɵ")
_LATIN: Final = re.compile("[a-zəɵ]")
_MARKS: Final = str.maketrans(
    {"ё": "е", "\u00a0": " ", "\u202f": " "}
    | dict.fromkeys("«»„“”‟″", '"')
    | dict.fromkeys("‘’‚‛ʼ`´", "'")
    | dict.fromkeys("‐‑‒–—−", "-")
)
_MARKED: Final = re.compile(f"[{re.escape(''.join(map(chr, _MARKS)))}]")
_TOKEN: Final = re.compile(r"\d+[^\W\d_]{0,3}(?:[-/.]\d+[^\W\d_]{0,3})+|[^\W_]+")
# The same on a text as it stands, where a word may hold invisible or combining marks.
_RAW_TOKEN: Final = re.compile(
    r"\d+[^\W\d_]{0,3}(?:[-/.‐‑‒–—−]\d+[^\W\d_]{0,3})+"
    r"|[^\W_](?:[^\W_]|[\u0300-\u036f\u00ad\ufffe\u0002\u200b-\u200f\u2060\ufeff](?:\r?\n(?=[^\W_]))?)*"
)
_NUMBER_PART: Final = re.compile(r"[-/.]")
_KAZAKH_LETTER: Final = re.compile("[әғқңөұүһі]")
_CYRILLIC_LETTER: Final = re.compile(f"[{_CYRILLIC}]")
_RUSSIAN_LETTER: Final = re.compile("[щъэ]")
_RUSSIAN_ENDINGS: Final = (
    "ого", "его", "ому", "ему", "ыми", "ими", "ами", "ями", "ение", "ению", "ений", "ание", "анию", "аний",
    "ость", "ости", "ный", "ной", "ная", "ное", "ные", "ных", "ным", "ский", "ская", "ское", "ской", "ских", "ться",
    "тся",
    "ать", "ить", "еть", "ует", "ают", "ой", "ый", "ых", "ую", "ие", "ию", "ей", "ов", "ам", "ях", "ах", "ем", "ом",
)  # fmt: skip
# Where the Russian rules part what belongs together, or join what does not (суд is the court, судья the judge).
_RUSSIAN_WHOLE: Final = dict.fromkeys(
    ("судья", "судьи", "судье", "судью", "судьей", "судьею", "судей", "судьям", "судьями", "судьях"), "судья"
) | {
    "заем": "займ",
    "денег": "деньг",
    "дней": "дн",
    "день": "дн",
    "дня": "дн",
    "дети": "дет",
    "актов": "акт",
    "земель": "земл",
}
_VOWELS: Final = "аеиоуыэюя"


def normalise(text: str) -> str:
    """The text as search sees it. Kazakh letters stay what they are.

    NFC, case folded, ё as е, Latin look-alikes in Cyrillic words made Cyrillic, plain quotes and hyphens, soft hyphens
    and other invisible marks gone.
    """
    if text.isascii() and "\x02" not in text:
        return text.lower()
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).casefold()
    # Not str.translate, which walks a Cyrillic text letter by letter and takes forty times as long.
    text = _MARKED.sub(_plain, text)
    if _LATIN.search(text):
        text = _LATIN_IN_CYRILLIC.sub(_cyrillic, text)
    return text


def _plain(found: re.Match[str]) -> str:
    return found.group().translate(_MARKS)


def _cyrillic(found: re.Match[str]) -> str:
    letters = found.group()
    return letters.translate(_LOOK_ALIKE) if _ALIKE.issuperset(letters) else letters


def stems(text: str) -> list[str]:
    """The stems of a text in its order, to be indexed; a word that may be Kazakh or Russian can give two.

    A number with parts (a case number, a date) comes whole and then in its parts.
    """
    return stem_line(text).split()


def stem_line(text: str, *, once: bool = False) -> str:
    """The stems of a text as one line, a space between two of them: what goes into the index. ``once``: a word that
    comes again is left out."""
    # Where a mark may swallow a line break behind it, words are not yet what stands between two spaces.
    # None of these marks is printable, and to know that of a text takes a fifth of the time of looking for them.
    # A text that is printable has no other space than the common one: to look for that alone is quicker too.
    pieces = text.split(" ") if text.isprintable() else _INVISIBLE.sub("", text).split()
    return " ".join(filter(None, map(_pieces.__getitem__, dict.fromkeys(pieces) if once else pieces)))


class _Pieces(dict[str, str]):
    """The stems of what stands between two spaces. Nothing in ``normalise`` or ``_TOKEN`` reaches across a space, and
    texts repeat their words, so nearly every word of a text costs one look into this."""

    MOST = 1 << 17

    def __missing__(self, piece: str) -> str:
        if not piece or (piece.isascii() and piece.isdecimal()):
            return piece  # nothing: two spaces, or a field of a case that is empty
        found: list[str] = []
        for token in _TOKEN.findall(normalise(piece)):
            found += _token_stems(token)
        line = " ".join(found)
        if piece.isascii():
            return line  # numbers of cases and files: hardly ever twice
        if len(self) >= self.MOST:
            self.clear()
        self[piece] = line
        return line


_pieces = _Pieces()


class QueryTerm(NamedTuple):
    """One word of a query: a text matches it by any of ``stems``, or by what begins with one if ``is_prefix``."""

    stems: tuple[str, ...]
    is_prefix: bool

    def matches(self, found: tuple[str, ...]) -> bool:
        if self.is_prefix:
            return any(each.startswith(self.stems) for each in found)
        return not set(self.stems).isdisjoint(found)


def query_terms(text: str, *, typing: bool = True) -> list[QueryTerm]:
    """A query's words; all of them must match. Each unpacks as ``(stems, is_prefix)``.

    A word is a prefix when ``*`` follows it, and so is the last one until a space is typed behind it, unless
    ``typing`` is False (a finished query, as from the command line). A number with parts stays whole: as a quoted
    phrase, FTS5 finds it and any run of its parts.
    """
    plain = normalise(text)
    terms: list[QueryTerm] = []
    for token in _TOKEN.finditer(plain):
        word = token.group()
        behind = plain[token.end() : token.end() + 1]
        whole = (word,) if _NUMBER_PART.search(word) else _token_stems(word)
        terms.append(QueryTerm(whole, behind == "*" or (typing and not behind)))
    return terms


def highlight(text: str, query: str, *, typing: bool = True) -> list[tuple[int, int]]:
    """Where the words of a query stand in a text, by any of their forms: (start, end) in characters, in order."""
    terms = query_terms(query, typing=typing)
    if not terms:
        return []
    spans: list[tuple[int, int]] = []
    for token in _RAW_TOKEN.finditer(text):
        word = normalise(token.group())
        found = _token_stems(word)
        if any(term.matches(found) or _holds_number(word, term) for term in terms):
            spans.append(token.span())
    return spans


def _holds_number(word: str, term: QueryTerm) -> bool:
    number = term.stems[0]
    return _NUMBER_PART.search(number) is not None and number in word


def _token_stems(token: str) -> tuple[str, ...]:
    if token.isalpha():
        return _word_stems(token)
    parts = _NUMBER_PART.split(token)
    return (token, *parts) if len(parts) > 1 else (token,)


@lru_cache(maxsize=1 << 16)
def _word_stems(token: str) -> tuple[str, ...]:
    if _CYRILLIC_LETTER.search(token) is None:
        return (_snowball("english")(token),)
    return tuple(dict.fromkeys(_one_i(each) for each in _cyrillic_stems(token)))


def _cyrillic_stems(word: str) -> tuple[str, ...]:
    if _KAZAKH_LETTER.search(word):
        return (kazakh_stem(word),)
    if _RUSSIAN_LETTER.search(word) or (len(word) > 4 and word.endswith(_RUSSIAN_ENDINGS)):
        return (_russian_stem(word),)
    return _russian_stem(word), kazakh_stem(word)


def _one_i(stem: str) -> str:
    # Many type и where Kazakh writes і; no two Kazakh stems of court language differ by this alone.
    return stem.replace("і", "и")


def _russian_stem(word: str) -> str:
    known = _RUSSIAN_WHOLE.get(word)
    if known:
        return known
    if word.endswith("пись"):
        # подпись and запись, which the rules take for verbs.
        return word[:-1]
    stem = _snowball("russian")(word)
    # A vowel that comes and goes: расписок and расписки, неустоек and неустойка, истец and истца.
    if len(stem) > 4 and stem[-2:] in ("ок", "ек", "ец"):
        before, final = stem[-3], stem[-1]
        if stem[-2] == "о" and before not in _VOWELS:
            return stem[:-2] + final
        if stem[-2] == "е":
            link = "й" if before in _VOWELS else "ь" if before == "л" else ""
            return stem[:-2] + link + final
    return stem


@cache
def _snowball(language: str) -> Callable[[str], str]:
    """A stemmer of the Snowball project; imported late, because nothing at the start needs it."""
    import snowballstemmer

    stemmer = snowballstemmer.stemmer(language)
    # A stemmer keeps the word it works on in itself, and the indexer and the window run in different threads.
    lock = threading.Lock()

    def stem(word: str) -> str:
        with lock:
            return str(stemmer.stemWord(word))

    return stem
