"""Words with their case endings, sums and dates in words: what makes a made filing read like a real one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from judge_desk.i18n import formats

CASES = ("gen", "dat", "acc", "ins", "abl", "loc", "rel")
_VOWELS = "аәеиоөуұүыіэюяё"
_BACK, _FRONT = "аоұыяё", "әөүіеэ"
_NASAL, _SONANT, _HISSING = "мнң", "лрй", "зж"
# Endings by the last sound: after a vowel, a nasal, л р й, з ж, a voiceless consonant, and after a possessive.
_ENDINGS: dict[str, tuple[str, str, str, str, str, str]] = {
    "vowel": ("нЫң", "ғА", "нЫ", "мен", "дАн", "дА"),
    "nasal": ("нЫң", "ғА", "дЫ", "мен", "нАн", "дА"),
    "sonant": ("дЫң", "ғА", "дЫ", "мен", "дАн", "дА"),
    "hissing": ("дЫң", "ғА", "дЫ", "бен", "дАн", "дА"),
    "voiceless": ("тЫң", "қА", "тЫ", "пен", "тАн", "тА"),
    "possessive": ("нЫң", "нА", "н", "мен", "нАн", "ндА"),
}
_TO_FRONT = str.maketrans("ЫАғқ", "іегк")
_TO_BACK = str.maketrans("ЫА", "ыа")


@dataclass(frozen=True, slots=True)
class Word:
    """A word or name with its forms; a form that is not told apart is the nominative. ``full`` is the long form."""

    nom: str
    forms: dict[str, str] = field(default_factory=dict)
    full: str = ""

    def __getattr__(self, name: str) -> str:
        if name not in CASES:
            raise AttributeError(name)
        return self.forms.get(name, self.nom)

    def __str__(self) -> str:
        return self.nom

    def __format__(self, spec: str) -> str:
        return self.nom

    @property
    def capital(self) -> Word:
        """The same word at the head of a sentence."""
        return Word(
            _capital(self.nom), {name: _capital(form) for name, form in self.forms.items()}, _capital(self.full)
        )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def kazakh(nom: str, *, full: str = "", possessive: bool = False, joint: str = "") -> Word:
    """A Kazakh word with endings by vowel harmony; ``joint`` stands before the ending of a shortened word."""
    kind, front = _sound(nom, possessive), _is_front(nom)
    endings = (each.translate(_TO_FRONT if front else _TO_BACK) for each in _ENDINGS[kind])
    forms = {case: f"{nom}{joint}{ending}" for case, ending in zip(CASES, endings, strict=False)}
    # "of that day": 5 қаңтардағы, 24 қыркүйектегі.
    forms["rel"] = forms["loc"] + ("гі" if front else "ғы")
    return Word(nom, forms, full or nom)


def _sound(word: str, possessive: bool) -> str:
    last = word.rstrip("».").lower()[-1]
    if possessive:
        return "possessive"
    groups = ((_VOWELS, "vowel"), (_NASAL, "nasal"), (_SONANT, "sonant"), (_HISSING, "hissing"))
    return next((kind for letters, kind in groups if last in letters), "voiceless")


def _is_front(word: str) -> bool:
    lower = word.lower().rstrip("».")
    # A surname follows its stem: Әуезовтің, Мұқановтың; the feminine ending is a back vowel by itself.
    stem = lower[:-2] if lower.endswith(("ов", "ев", "ёв")) else lower
    last = next((letter for letter in reversed(stem) if letter in _BACK + _FRONT), "і")
    return last in _FRONT


def kazakh_organisation(name: str) -> Word:
    """«X» ЖШС, «Y» АҚ or a body whose name ends in a possessive."""
    if name.endswith("ЖШС"):
        return Word(name, dict(zip(CASES, _shortened(name, "нің не н мен нен нде ндегі"), strict=True)), name)
    if name.endswith("АҚ"):
        return Word(name, dict(zip(CASES, _shortened(name, "ның на н мен нан нда ндағы"), strict=True)), name)
    return kazakh(name, possessive=True)


def _shortened(name: str, endings: str) -> list[str]:
    return [f"{name}-{ending}" for ending in endings.split()]


def russian(text: str, full: str = "") -> Word:
    """ "nominative|genitive|dative|accusative|instrumental"; one form alone does not change."""
    forms = text.split("|")
    return Word(forms[0], dict(zip(CASES, forms[1:], strict=False)), full or forms[0])


def russian_surname(surname: str, is_woman: bool) -> dict[str, str]:
    """The cases of a surname in -ов, -ев, -ин; given in the form of its bearer."""
    if is_woman:
        stem = surname[:-1]
        return {"gen": stem + "ой", "dat": stem + "ой", "acc": stem + "у", "ins": stem + "ой", "loc": stem + "ой"}
    return {
        "gen": surname + "а",
        "dat": surname + "у",
        "acc": surname + "а",
        "ins": surname + "ым",
        "loc": surname + "е",
    }


def day_word(day: date, language: str) -> Word:
    """ "12 марта 2026 года"; "2026 жылғы 12 наурыз" with its endings."""
    month = formats.day_and_month(day, language).replace(formats.NBSP, " ")
    return kazakh(f"{day.year} жылғы {month}") if language == "kk" else Word(f"{month} {day.year} года")


def sum_word(tenge: int, language: str) -> Word:
    """ "1 250 000 (один миллион двести пятьдесят тысяч) тенге"."""
    figure = formats.whole(tenge, language)
    text = f"{figure} ({number_words(tenge, language)}) {'теңге' if language == 'kk' else 'тенге'}"
    return kazakh(text) if language == "kk" else Word(text)


_KK_ONES = " бір екі үш төрт бес алты жеті сегіз тоғыз".split(" ")
_KK_TENS = " он жиырма отыз қырық елу алпыс жетпіс сексен тоқсан".split(" ")
_RU_ONES = (
    " один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать "
    "пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"
).split(" ")
_RU_TENS = "  двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто".split(" ")
_RU_HUNDREDS = " сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот".split(" ")
_RU_GROUPS = (("", "", ""), ("тысяча", "тысячи", "тысяч"), ("миллион", "миллиона", "миллионов"))


def number_words(number: int, language: str) -> str:
    """A whole number from 0 to 999,999,999 in words."""
    if number == 0:
        return "нөл" if language == "kk" else "ноль"
    groups = [(number // 1000**power % 1000, power) for power in (2, 1, 0)]
    spell = _kazakh_group if language == "kk" else _russian_group
    return " ".join(word for group, power in groups if group for word in spell(group, power) if word)


def _kazakh_group(group: int, power: int) -> list[str]:
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    words = [_KK_ONES[hundreds] if hundreds > 1 else "", "жүз" if hundreds else "", _KK_TENS[tens], _KK_ONES[ones]]
    return [*words, ("", "мың", "миллион")[power]]


def _russian_group(group: int, power: int) -> list[str]:
    rest = group % 100
    tens, ones = (0, rest) if rest < 20 else (rest // 10, rest % 10)
    one_word = _RU_ONES[ones]
    if power == 1 and ones in (1, 2):
        one_word = "одна" if ones == 1 else "две"
    form = 0 if ones == 1 else 1 if 2 <= ones <= 4 else 2
    return [_RU_HUNDREDS[group // 100], _RU_TENS[tens], one_word, _RU_GROUPS[power][form]]
