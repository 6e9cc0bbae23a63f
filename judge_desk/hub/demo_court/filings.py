"""Which papers lie in a case file, and what stands in each: the phrases filled with the facts of the case."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from judge_desk.domain.cases import Procedure
from judge_desk.hub.demo_court import phrases
from judge_desk.hub.demo_court.dockets import Docket, facts
from judge_desk.hub.demo_court.people import Cast, somebody
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.hub.demo_court.tables import draw_table
from judge_desk.hub.demo_court.wording import day_word

OTHER_LANGUAGE_SHARE = 0.06
_EXTRAS = {
    "motion": 10,
    "statement": 7,
    "letter": 10,
    "inquiry": 8,
    "testimony": 6,
    "minutes": 12,
    "summons": 12,
    "correspondence": 6,
    "expert": 4,
    "inspection": 5,
    "calculation": 5,
    "character": 3,
    "contract": 3,
    "adjournment": 6,
    "photo": 7,
    "file_note": 4,
}
_FIRST_PAPERS = {
    Procedure.CIVIL: ("claim", "attorney", "fee_scan", "contract", "acceptance", "response"),
    Procedure.CIVIL_SIMPLIFIED: ("claim", "contract", "calculation", "acceptance", "response"),
    Procedure.CIVIL_ORDER: ("claim.civil_order", "calculation", "fee_scan"),
    Procedure.ADMINISTRATIVE: ("claim.administrative", "attorney", "letter", "acceptance", "response"),
    Procedure.ADMINISTRATIVE_OFFENCE: ("claim.administrative_offence", "testimony", "photo"),
    Procedure.CRIMINAL: ("claim.criminal", "testimony", "inspection", "expert", "character"),
    Procedure.RESTRAINT: ("claim.restraint", "testimony", "character"),
}


# What is bound into one file with a paper: out of which templates, and at most how many.
_ANNEXES: dict[str, tuple[tuple[str, ...], int]] = {
    "claim": (("correspondence", "inspection", "statement", "letter", "attorney"), 5),
    "claim.administrative": (("letter", "inspection", "statement", "attorney"), 4),
    "claim.criminal": (("testimony", "inspection", "letter", "character"), 4),
    "claim.restraint": (("testimony", "letter"), 2),
    "claim.administrative_offence": (("testimony", "inspection"), 1),
    "response": (("correspondence", "statement", "letter", "character"), 3),
    "motion": (("letter", "inspection", "correspondence"), 3),
    "letter": (("statement", "inspection", "letter"), 3),
    "contract": (("inspection", "calculation"), 2),
    "expert": (("inspection", "statement", "expert"), 3),
    "inspection": (("testimony", "inspection"), 1),
    "testimony": (("testimony",), 1),
    "minutes": (("minutes",), 1),
    "calculation": (("statement",), 1),
}
# One paper in forty is a whole volume of the file, scanned in one go.
_VOLUME_SHARE, _VOLUME_PAPERS = 0.025, (12, 40)
_VOLUME = (
    "letter",
    "inquiry",
    "motion",
    "summons",
    "minutes",
    "statement",
    "correspondence",
    "testimony",
    "adjournment",
)
_THINGS = frozenset({"traffic", "flood_damage", "supply", "property_division", "consumer", "theft", "land"})
_BARGAINS = frozenset({"loan", "supply", "bank_loan", "consumer", "utility_debt"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a filing. ``look`` is body, heading, right, item, sign, break (a new page), or table (``rows``)."""

    look: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Filing:
    """One paper to be made: its place in the file, its template, and its language. Made anew, it is the same."""

    order: int
    key: str
    language: str
    dated_on: date


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper in words: title and lines, and the facts of its index entry."""

    title: str
    kind: str
    lines: tuple[Line, ...]
    filed_by: str


def filings_of(plan: SeedPlan, docket: Docket) -> list[Filing]:
    """The papers of a file in order; their number is drawn around the plan's mean for open cases."""
    chance = plan.stream("filings", docket.serial)
    # Files that nobody works on are there to be found in the list; their papers would only take time and room.
    mean = plan.documents if docket.case.is_open and docket.is_own else max(plan.documents // 4, 1)
    count = min(max(round(chance.gammavariate(2.4, mean / 2.4)), min(4, mean)), mean * 7)
    keys = list(_FIRST_PAPERS[docket.category.procedure])
    if docket.category.id == "loan":
        keys.insert(1, "receipt")
    keys = [key for key in keys if key not in _left_out(docket)]
    extras = _extras(chance, docket, count - len(keys))
    keys = (keys + extras)[:count]
    filed, accepted = docket.days["filed"], docket.days["accepted"]
    span = max((plan.anchor - accepted).days, 0)
    days = [filed] * min(4, count) + sorted(
        accepted + timedelta(days=chance.randint(0, span)) for _ in range(max(count - 4, 0))
    )
    main = docket.case.language.value
    other = "ru" if main == "kk" else "kk"
    return [
        Filing(order, key, other if order and chance.random() < OTHER_LANGUAGE_SHARE else main, days[order - 1])
        for order, key in enumerate(keys, start=1)
    ]


def _extras(chance: random.Random, docket: Docket, count: int) -> list[str]:
    weights = {key: weight for key, weight in _EXTRAS.items() if key not in _left_out(docket)}
    return chance.choices(list(weights), list(weights.values()), k=max(count, 0))


def _left_out(docket: Docket) -> frozenset[str]:
    """Papers that would make no sense: no contract between the parents of a child, no inspection of a loan."""
    out: set[str] = set()
    if docket.category.id not in _BARGAINS:
        out |= {"contract", "calculation"}
    if docket.category.id not in _THINGS:
        out |= {"expert", "inspection", "photo"}
    return frozenset(out)


def paper(plan: SeedPlan, docket: Docket, cast: Cast, filing: Filing) -> Paper:
    """The words of one filing; scans and notes take theirs from a template too."""
    chance = plan.stream("paper", docket.serial, filing.order)
    material = phrases.filings(filing.language)
    key = {"photo": "inspection", "fee_scan": "summons", "file_note": "letter"}.get(filing.key, filing.key)
    template = material.templates[key]
    known = _own_facts(chance, docket, filing, facts(docket, cast, filing.language))
    writer = _Writer(chance, docket, filing.language, known)
    lines = [line for raw in template.lines for line in writer.lines(raw)]
    for annex in _annexes(chance, docket, filing.key):
        lines.append(Line("break"))
        lines += [line for raw in material.templates[annex].lines for line in writer.lines(raw)]
    by_court = template.kind in ("act", "summons", "minutes") or key == "inquiry"
    by_two = key in ("response", "statement")
    filed_by = known["court"] if by_court else known["two"] if by_two else known["one"]
    return Paper(template.title.format_map(known), template.kind, tuple(lines), str(filed_by))


def _annexes(chance: random.Random, docket: Docket, key: str) -> list[str]:
    options, most = _ANNEXES.get(key, ((), 0))
    if not options:
        return []
    count = chance.randint(0, most)
    if chance.random() < _VOLUME_SHARE:
        options, count = _VOLUME, chance.randint(*_VOLUME_PAPERS)
    return [each for each in chance.choices(options, k=count) if each not in _left_out(docket)]


def _own_facts(chance: random.Random, docket: Docket, filing: Filing, known: dict[str, Any]) -> dict[str, Any]:
    witnesses = [somebody(chance, ("person",)) for _ in range(2)]
    day = day_word(filing.dated_on, filing.language)
    # What belongs to the bargain keeps its number; each other paper has a number and a day of its own.
    bargain = random.Random(docket.serial).randint(11, 480)  # noqa: S311 - the same in each paper of the case
    of_case = filing.key in ("contract", "calculation") or filing.key.startswith("claim")
    return {
        **known,
        "witness1": witnesses[0].words[filing.language],
        "witness2": witnesses[1].words[filing.language],
        "three_number": witnesses[0].number,
        "number": str(bargain if of_case else chance.randint(12, 2400)),
        "date_hearing": day,
        "date_response": day,
        "date_expert": day,
    }


class _Writer:
    """Turns the markup of a template into lines."""

    def __init__(self, chance: random.Random, docket: Docket, language: str, known: dict[str, Any]) -> None:
        self._chance = chance
        self._docket = docket
        self._language = language
        self._known = known
        self._used: dict[str, list[str]] = {}

    def lines(self, raw: str) -> list[Line]:
        if raw.startswith("@"):
            name, *rest = raw[1:].split()
            return self._drawn(name, rest)
        looks = {"#": "heading", ">": "right", "-": "item", "=": "sign"}
        look = looks.get(raw[:1], "body")
        text = raw if look == "body" else raw[1:].strip()
        return [Line(look, self._fill(text))]

    def _drawn(self, name: str, rest: list[str]) -> list[Line]:
        wording = self._docket.category.wordings[self._language]
        if name == "pool":
            return [Line("body", self._fill(text)) for text in self._from_pool(rest[0], int(rest[1]), int(rest[2]))]
        if name == "rows":
            count = self._chance.randint(int(rest[1]), int(rest[2]))
            pool = phrases.filings(self._language).pools.get(rest[0], ())
            rows = draw_table(rest[0], self._chance, count, pool=pool, language=self._language, docket=self._docket)
            return [Line("table", rows=rows)]
        texts = {"story": wording.story, "law": wording.law, "ask": wording.ask, "against": wording.against}[name]
        if name != "ask":
            return [Line("body", self._fill(text)) for text in texts]
        return [Line("item", f"{number}) {self._fill(text)};") for number, text in enumerate(texts, start=1)]

    def _from_pool(self, name: str, low: int, high: int) -> list[str]:
        """Paragraphs in the order of the pool; a pool is gone through before a paragraph comes again."""
        pool = phrases.filings(self._language).pools[name]
        count = self._chance.randint(low, high)
        rest = [text for text in pool if text not in self._used.get(name, ())] or list(pool)
        chosen = set(self._chance.sample(range(len(rest)), min(count, len(rest))))
        texts = [text for index, text in enumerate(rest) if index in chosen]
        self._used.setdefault(name, []).extend(texts)
        return texts

    def _fill(self, text: str) -> str:
        # A name ends in an initial's dot; at the end of a sentence there is one dot, not two.
        return text.format_map(self._known).replace("..", ".")
