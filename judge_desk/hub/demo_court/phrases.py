"""Reads the phrase material of ``resources/demo``; every file is read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from judge_desk.domain.cases import Procedure
from judge_desk.runtime import paths

LANGUAGES = ("kk", "ru")


@dataclass(frozen=True, slots=True)
class Wording:
    """A category in one language: what it is about, what happened, the law, what is asked, what is said against it."""

    title: str
    story: tuple[str, ...]
    law: tuple[str, ...]
    ask: tuple[str, ...]
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Category:
    """A sort of dispute. ``one`` and ``two`` name who may stand on each side; ``sums`` in tenge, (0, 0) for none;
    ``things`` are the places in the list of things that it may turn on."""

    id: str
    procedure: Procedure
    roles: tuple[str, str]
    weight: float
    one: tuple[str, ...]
    two: tuple[str, ...]
    sums: tuple[int, int]
    names: dict[str, str]
    wordings: dict[str, Wording]
    things: tuple[int, ...]
    article: dict[str, str] = field(default_factory=dict)
    """For a series of offences: the article in both languages."""
    is_series: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    key: str
    kind: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filings:
    """The filings of one language: templates by key, paragraphs by pool, roles with their cases."""

    templates: dict[str, Template]
    pools: dict[str, tuple[str, ...]]
    roles: dict[str, str]


@cache
def read(name: str) -> dict[str, Any]:
    """A file of ``resources/demo`` by its name without ending."""
    return tomllib.loads(paths.resource("demo", f"{name}.toml").read_text(encoding="utf-8"))


@cache
def categories() -> tuple[Category, ...]:
    found: list[Category] = []
    for procedure in Procedure:
        if not paths.resource("demo", f"{procedure}.toml").is_file():
            continue
        file = read(procedure.value)
        share = file["weight"] / sum("series" not in each for each in file["category"])
        found += [_category(each, procedure, (file["roles"][0], file["roles"][1]), share) for each in file["category"]]
    return tuple(found)


def _category(entry: dict[str, Any], procedure: Procedure, roles: tuple[str, str], weight: float) -> Category:
    wordings = {
        language: Wording(
            entry[language]["title"],
            *(tuple(entry[language][part]) for part in ("story", "law", "ask", "against")),
        )
        for language in LANGUAGES
    }
    low, high = entry["sum"]
    is_series = entry.get("series", False)
    return Category(
        entry["id"],
        procedure,
        roles,
        0.0 if is_series else weight,
        tuple(entry["one"]),
        tuple(entry["two"]),
        (low, high),
        entry["names"],
        wordings,
        tuple(entry.get("things", range(len(read("places")["things"]["kk"]) - 1))),
        entry.get("article", {}),
        is_series,
    )


@cache
def series() -> Category:
    """The kind of case of which there are many alike."""
    return next(each for each in categories() if each.is_series)


@cache
def filings(language: str) -> Filings:
    file = read(f"documents.{language}")
    templates = {
        each["key"]: Template(each["key"], each["kind"], each["title"], tuple(each["text"].strip().splitlines()))
        for each in file["document"]
    }
    pools = {each["name"]: tuple(each["texts"]) for each in file["pool"]}
    return Filings(templates, pools, file["roles"])
