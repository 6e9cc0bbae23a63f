"""Reads the law from its TOML packs into domain values; a bad item is reported with file, line and field, and left out.

Each file is cut at its ``[[kind]]`` lines and every item is parsed alone, so that even a syntax error spoils only the
item it stands in, and so that each problem knows its line. A text of several lines must therefore not contain one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec

from judge_desk.domain.act_forms import ActForm, ActLaw, ClaimTopic, Requisite
from judge_desk.domain.contests import ContestRules
from judge_desk.domain.errors import BadRow
from judge_desk.domain.guarantees import GuaranteeRule
from judge_desk.domain.norms import Law, LawArticle, LawCode, Rule
from judge_desk.domain.review_periods import ReviewPeriods
from judge_desk.domain.rules import ActNumberForm, FeeRule, MonthlyIndex, NumberPattern, RuleBook, TermRule
from judge_desk.domain.working_days import DatedHoliday, Holidays, Transfer, WeekendRule, YearlyHoliday

FORMAT = 1
LANGUAGES = ("kk", "ru", "en")
KINDS: dict[str, type[Rule]] = {
    "weekend": WeekendRule,
    "yearly": YearlyHoliday,
    "dated": DatedHoliday,
    "transfer": Transfer,
    "term": TermRule,
    "fee": FeeRule,
    "index": MonthlyIndex,
    "number": NumberPattern,
    "act_number": ActNumberForm,
    "code": LawCode,
    "article": LawArticle,
    "act_form": ActForm,
    "requisite": Requisite,
    "claim_topic": ClaimTopic,
    "review_period": ReviewPeriods,
    "contest": ContestRules,
    "guarantee": GuaranteeRule,
}
ITEM_START = re.compile(r"^[ \t]*\[\[[ \t]*([A-Za-z0-9_-]+)[ \t]*\]\]", re.MULTILINE)
SYNTAX_LINE = re.compile(r"\(at line (\d+)")
WRONG_PATH = re.compile(r" - at `\$\.([A-Za-z0-9_]+)")
MISSING_FIELD = re.compile(r"missing required field `([A-Za-z0-9_]+)`")


@dataclass(frozen=True, slots=True)
class LoadedRules:
    """The good items of all packs, and what was wrong with the others."""

    book: RuleBook
    problems: tuple[BadRow, ...]


@dataclass(frozen=True, slots=True)
class _Item:
    """One ``[[kind]]`` block of a file; ``line`` is where it begins, counted from 1. The head of a file has no kind."""

    file: str
    kind: str
    line: int
    text: str

    def bad(self, key: str, field: str = "", line: int | None = None, **params: str | int) -> BadRow:
        if line is None:
            line = self.line_of(field)
        return BadRow(f"law.pack.{key}", file=self.file, line=line, field=field, kind=self.kind, **params)

    def line_of(self, field: str) -> int:
        found = re.search(rf"^\s*{re.escape(field)}\s*[=.]", self.text, re.MULTILINE) if field else None
        return self.line + (self.text.count("\n", 0, found.end()) if found else 0)


def read_folder(folder: Path) -> LoadedRules:
    """All ``*.toml`` of a folder, by name. A file that cannot be read as UTF-8 is a problem of its own."""
    sources: list[tuple[str, str]] = []
    unreadable: list[BadRow] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            sources.append((path.name, path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError):
            unreadable.append(BadRow("law.pack.unreadable", file=path.name, line=1, field=""))
    loaded = read_rules(sources)
    return LoadedRules(loaded.book, (*unreadable, *loaded.problems))


def read_rules(sources: Iterable[tuple[str, str]]) -> LoadedRules:
    """Packs given as (file name, text) to one rule book. Never raises for what the texts hold."""
    good: dict[type[Rule], list[Rule]] = {each: [] for each in KINDS.values()}
    problems: list[BadRow] = []
    for name, text in sources:
        try:
            items = _checked_items(name, text)
        except BadRow as problem:
            problems.append(problem)
            continue
        for item in items:
            try:
                rule = _rule(item)
                _refuse_overlap(item, rule, good[type(rule)])
            except BadRow as problem:
                problems.append(problem)
            else:
                good[type(rule)].append(rule)
    return LoadedRules(_book(good), tuple(problems))


def _checked_items(name: str, text: str) -> list[_Item]:
    head, *items = _cut(name, text)
    pack = _parse(head)
    if pack.get("format") != FORMAT:
        raise head.bad("format", "format", expected=FORMAT)
    if any(isinstance(value, list | dict) for value in pack.values()):
        raise head.bad("syntax")
    return items


def _cut(name: str, text: str) -> Iterator[_Item]:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    starts = list(ITEM_START.finditer(text))
    ends = [found.start() for found in starts] + [len(text)]
    yield _Item(name, "", 1, text[: ends[0]])
    for found, end in zip(starts, ends[1:], strict=True):
        line = text.count("\n", 0, found.start()) + 1
        yield _Item(name, found.group(1), line, text[found.start() : end])


def _parse(item: _Item) -> dict[str, Any]:
    try:
        return tomllib.loads(item.text)
    except tomllib.TOMLDecodeError as error:
        found = SYNTAX_LINE.search(str(error))
        last = item.line + item.text.rstrip().count("\n")
        line = min(item.line + int(found.group(1)) - 1, last) if found else last
        raise item.bad("syntax", line=line) from None


def _rule(item: _Item) -> Rule:
    if item.kind not in KINDS:
        raise item.bad("unknown_kind", allowed=", ".join(KINDS))
    kind = KINDS[item.kind]
    parsed = _parse(item)
    table: dict[str, Any] = parsed[item.kind][0]
    if len(parsed) != 1 or len(parsed[item.kind]) != 1:
        raise item.bad("syntax")
    known = {each.name for each in fields(kind) if each.init}
    for field in table:
        if field not in known:
            raise item.bad("unknown_field", field)
    try:
        rule: Rule = msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        raise _wrong_value(item, kind, str(error)) from None
    _check_texts(item, rule)
    return rule


def _wrong_value(item: _Item, kind: type[Rule], message: str) -> BadRow:
    missing = MISSING_FIELD.search(message)
    path = WRONG_PATH.search(message)
    if missing and not path:
        return item.bad("missing_field", missing.group(1))
    field = path.group(1) if path else ""
    choices = _choices(get_type_hints(kind)[field]) if field else ()
    if choices:
        return item.bad("not_a_choice", field, allowed=", ".join(choices))
    return item.bad("bad_value", field) if field else item.bad("bad_item")


def _choices(hint: Any) -> tuple[str, ...]:
    for each in (hint, *get_args(hint)):
        if isinstance(each, type) and issubclass(each, Enum):
            return tuple(str(member.value) for member in each)
    return ()


def _check_texts(item: _Item, rule: Rule) -> None:
    for language in LANGUAGES:
        if not rule.names.get(language, "").strip():
            raise item.bad("missing_name", "names", language=language)
    for field, text in (("id", rule.id), ("norm", rule.norm)):
        if not text.strip():
            raise item.bad("bad_value", field)
    if rule.valid_from and rule.valid_to and rule.valid_to < rule.valid_from:
        raise item.bad("ends_before_start", "valid_to")
    if isinstance(rule, YearlyHoliday) and not (1 <= rule.month <= 12 and 1 <= rule.day <= 31):
        raise item.bad("bad_value", "day" if 1 <= rule.month <= 12 else "month")


def _refuse_overlap(item: _Item, rule: Rule, others: Iterable[Rule]) -> None:
    if any(each.id == rule.id and each.overlaps(rule) for each in others):
        raise item.bad("overlap", "id", id=rule.id)


def _book(good: dict[type[Rule], list[Rule]]) -> RuleBook:
    def of(kind: type[Any]) -> tuple[Any, ...]:
        return tuple(good[kind])

    holidays = Holidays(
        weekends=of(WeekendRule), yearly=of(YearlyHoliday), dated=of(DatedHoliday), transfers=of(Transfer)
    )
    return RuleBook(
        holidays=holidays,
        terms=of(TermRule),
        fees=of(FeeRule),
        indices=of(MonthlyIndex),
        numbers=of(NumberPattern),
        act_numbers=of(ActNumberForm),
        law=Law(codes=of(LawCode), articles=of(LawArticle)),
        acts=ActLaw(forms=of(ActForm), requisites=of(Requisite), topics=of(ClaimTopic)),
        reviews=of(ReviewPeriods),
        contests=of(ContestRules),
        guarantees=of(GuaranteeRule),
    )
