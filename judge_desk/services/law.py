"""The law in use: the packs that the program ships, read once for every service, and the readers made from them.

Reading takes about 60 ms, so the program does it while the passphrase is typed (bootstrap/gate.py).
"""

from __future__ import annotations

from functools import cache

from judge_desk.domain.citations import CitationReader
from judge_desk.domain.mentions import MentionReader
from judge_desk.domain.rules import RuleBook
from judge_desk.protocol import rule_packs
from judge_desk.runtime import paths


@cache
def rule_book() -> RuleBook:
    """The law under resources/rules; what is wrong with a pack is shown by ``doctor``, the rest of it holds."""
    return rule_packs.read_folder(paths.resource("rules")).book


@cache
def citation_reader() -> CitationReader:
    """Reads cited articles by the names of that law."""
    return CitationReader(rule_book().law)


@cache
def mention_reader() -> MentionReader:
    """Reads whatever two texts of an act must agree in."""
    return MentionReader(citation_reader())
