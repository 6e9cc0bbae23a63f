"""Strips Kazakh endings, because no library does: without it a search for "қолхат" misses "қолхаттарын".

A noun takes its endings in a fixed order: plural, possessive, case, person. They are taken off from the outside, one
of each layer at most. An ending comes off only where Kazakh sound law lets it stand: its vowel must agree with the
last vowel of the stem (front or back), its first consonant with the stem's last letter. What is left gets one written
form: a final consonant that voices between vowels (талап, талабы) is made voiceless, and a final ы or і falls.

Alternative weighed: a lexicon with a finite-state analyser (Apertium). More exact, but a GPL lexicon of 30 MB and a
hundredfold slower; a search index needs the same stem for all forms, not the right lemma.
"""

from __future__ import annotations

from typing import Final

BACK: Final = frozenset("аоұыёя")
FRONT: Final = frozenset("өүіеэ")
# ә, у, и and ю take endings of either kind: куәлар, кінәсі, пункті.
VOWELS: Final = BACK | FRONT | frozenset("әуию")
VOICELESS: Final = "пткқсшщчцфхһбвгд"
# у and и end a syllable like a consonant: дауды, дауы, биді.
OPEN: Final = "аәеоөұүыіэяё"
HIGH: Final = "ыі"
# Not after ы and і: there -мін is far more often a possessive with its accusative (шешімін) than "I am".
BROAD: Final = "аәеоөұүэяё"
NASAL: Final = "мнң"
LIQUID: Final = "рлйуию"
HISSING: Final = "зж"
SOFT: Final = "ь"

# Ending without its harmony twin, and the letters after which it may stand.
_PERSON: Final = {
    "мын": BROAD + LIQUID, "бын": NASAL + HISSING, "пын": VOICELESS,
    "пыз": VOICELESS, "быз": NASAL + HISSING, "сың": BROAD + LIQUID + NASAL + HISSING + VOICELESS,
}  # fmt: skip
_CASE: Final = {
    "ның": OPEN + NASAL, "дың": LIQUID + HISSING + SOFT, "тың": VOICELESS,
    "ға": OPEN + LIQUID + NASAL + HISSING + SOFT, "қа": VOICELESS, "на": HIGH,
    "ны": OPEN, "ды": LIQUID + NASAL + HISSING + SOFT, "ты": VOICELESS, "н": HIGH,
    "да": OPEN + LIQUID + NASAL + HISSING + SOFT, "та": VOICELESS, "нда": HIGH,
    "дан": OPEN + LIQUID + HISSING + SOFT, "тан": VOICELESS, "нан": NASAL + HIGH,
    "дағы": OPEN + LIQUID + NASAL + HISSING + SOFT, "тағы": VOICELESS, "ндағы": HIGH,
}  # fmt: skip
_INSTRUMENTAL: Final = {"мен": OPEN + LIQUID + NASAL + SOFT, "бен": HISSING, "пен": VOICELESS}
_CLOSED: Final = LIQUID + NASAL + HISSING + VOICELESS + "ғ" + SOFT
_POSSESSIVE: Final = {
    "сы": OPEN, "ы": _CLOSED, "мыз": OPEN, "ымыз": _CLOSED, "ңыз": OPEN, "ыңыз": _CLOSED, "ым": "бгғшу",
}  # fmt: skip
_PLURAL: Final = {"лар": OPEN + LIQUID + SOFT, "дар": "лмнңзж" + SOFT, "тар": VOICELESS}
_FRONT_TWIN: Final = str.maketrans("аығқ", "еігк")


def _with_twins(endings: dict[str, str]) -> dict[str, frozenset[str]]:
    both = {ending: frozenset(after) for ending, after in endings.items()}
    return both | {ending.translate(_FRONT_TWIN): after for ending, after in both.items()}


PERSON: Final = _with_twins(_PERSON)
CASE: Final = _with_twins(_CASE) | {ending: frozenset(after) for ending, after in _INSTRUMENTAL.items()}
POSSESSIVE: Final = _with_twins(_POSSESSIVE)
PLURAL: Final = _with_twins(_PLURAL)
# These agree with no vowel, or hold none.
NO_HARMONY: Final = frozenset(_INSTRUMENTAL) | {"н"}

# Words that only look as if they had an ending.
WHOLE: Final = frozenset(
    """
    төраға баға аға жаға тамға қазына жарна сауда пайда мұрагер мәтін орын бүгін кейін үшін дейін бұрын сайын жақын
    алтын ұзын тұрғын толқын қатын келін тегін жиын салқын күтін отын егін туралы арқылы және мына ғана ана сана
    айна астана алматы қоғам бірге жаңа неке өлке мінеки енді тағы тиісті маңызды қажетті ауызша жазбаша сондықтан
    бірақ қарсы жалпы жеке барлық бөлшек кінәлі айыпты бағалы бұзылған ант хабардар мүдде мәселе өндіріп қайта алда
    артта ішінде кезінде бойынша сәйкес өзге басқа екінші бірінші үшінші ереже мекеме бөлме тәртіп мүше заңнама
    анықтама хаттама сараптама ұсыныс мәлімдеме куәлік негіз сөзсіз заңсыз шек ақша облыс адвокат бұйым бастап
    бермен шығын ағын түйін жалын сатқын қуғын жасырын тосын нан дән сан жан тан кен мен сен бен пен қан таң бас
    ден дан болат талант гарант карта норма форма кассация апелляция инстанция компания организация экспертиза
    сумма мина смета анкета газета банкрот
    """.split()
)
# Nouns in ы and і that take -сы; any other word in -ысы is one in -ыс with -ы.
ENDS_HIGH: Final = frozenset({"қаулы", "ұлы", "ішкі", "тері", "көрші", "елші", "сырты", "жүргізуші", "кісі"})
# Two letters are enough for these; any other stem has three.
SHORT: Final = frozenset({"іс", "үй", "ай", "ел", "ер", "ой", "ақ", "ат"})
# Stems of one syllable from which a lone н may fall as the accusative of a possessive: сотын, but not мәтін.
ONE_SYLLABLE: Final = frozenset(
    """
    сот заң дау бап баб шарт хат акт сөз жер қыз ұл пай құн тіл күн түн үн бас төл мал көз қол жол тарт сын ант іс
    үй жас құл ақ
    """.split()
)
# A stem that lost a vowel or a consonant before its ending, and the whole of it.
LOST: Final = {
    "мүлк": "мүлік", "халқ": "халық", "орн": "орын", "ауз": "ауыз", "қауп": "қауіп", "ғұрп": "ғұрып", "әрп": "әріп",
    "қалп": "қалып", "көрк": "көрік", "парқ": "парық", "құлқ": "құлық", "мойн": "мойын", "ерк": "ерік", "қырқ": "қырық",
    "пунк": "пункт", "фак": "факт", "объек": "объект", "субъек": "субъект", "проек": "проект", "контрак": "контракт",
    "конфлик": "конфликт", "ак": "акт",
}  # fmt: skip
_VOICELESS_FINAL: Final = {"б": "п", "г": "к", "ғ": "қ"}


def kazakh_stem(word: str) -> str:
    """The stem that all forms of a Kazakh noun share. ``word`` is normalised: lower case, one i, no hyphens."""
    stem = _strip(word, PERSON, shortest=4)
    stem = _strip(stem, CASE)
    stem = _strip(stem, POSSESSIVE)
    stem = _strip(stem, PLURAL)
    return _written(stem)


def kazakh_bases(word: str) -> list[str]:
    """What is left of a noun as its endings come off one by one, each as a dictionary would write it."""
    found: list[str] = []
    base = word
    for endings, shortest in ((PERSON, 4), (CASE, 3), (POSSESSIVE, 3), (PLURAL, 3)):
        base = _strip(base, endings, shortest)
        final = _VOICELESS_FINAL.get(base[-1:])
        found += [LOST.get(base, base), base[:-1] + final if final else base]
    return [each for each in dict.fromkeys(found) if each != word]


def _strip(word: str, endings: dict[str, frozenset[str]], shortest: int = 3) -> str:
    if word in WHOLE:
        return word
    for length in range(min(5, len(word) - 2), 0, -1):
        ending = word[-length:]
        after = endings.get(ending)
        if after is None:
            continue
        stem = word[:-length]
        if stem[-1] in after and _may_stand(stem, ending, shortest):
            return stem
    return word


def _may_stand(stem: str, ending: str, shortest: int) -> bool:
    if len(stem) < shortest and stem not in SHORT and stem not in LOST:
        return False
    if ending[0] == "н" and stem + "н" in WHOLE:
        return False
    if ending in ("сы", "сі") and stem[-1] in HIGH:
        # қаулы, қаулысы and хатшы, хатшысы, but отырыс, отырысы and шығыс, шығысы.
        return stem[-2] in "шгкқ" or stem in ENDS_HIGH
    if ending == "н":
        bare = stem[:-1]
        return _syllables(bare) > 1 or bare in ONE_SYLLABLE or bare in LOST
    if ending in ("ым", "ім") and _syllables(stem) < 2:
        return False
    return ending in NO_HARMONY or _agrees(stem, ending)


def _agrees(stem: str, ending: str) -> bool:
    last = next((letter for letter in reversed(stem) if letter in VOWELS), "")
    if not last:
        return False
    front = any(letter in FRONT for letter in ending)
    return last not in (BACK if front else FRONT)


def _syllables(stem: str) -> int:
    return sum(letter in VOWELS for letter in stem)


def _written(stem: str) -> str:
    if len(stem) > 3 and stem[-1] in HIGH and stem not in WHOLE:
        stem = stem[:-1]
    stem = LOST.get(stem, stem)
    final = _VOICELESS_FINAL.get(stem[-1:])
    return stem[:-1] + final if final else stem
