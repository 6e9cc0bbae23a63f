"""The law that the hub decides by: the same packs as on the desks, read once at the first question."""

from __future__ import annotations

from functools import cache

from judge_desk.domain.rules import RuleBook
from judge_desk.protocol import rule_packs
from judge_desk.runtime import paths


@cache
def rule_book() -> RuleBook:
    """The packs under resources/rules; an item that cannot be read is left out, as on the desks."""
    return rule_packs.read_folder(paths.resource("rules")).book
