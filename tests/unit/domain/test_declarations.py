"""Declared kin: between whom they stand, until when, and how they are told in a case."""

from __future__ import annotations

from datetime import date

import pytest

from judge_desk.domain.declarations import (
    KIN_REASON,
    Declaration,
    DeclarationKind,
    Declared,
    Kin,
    kin_among,
    kin_conflicts,
)

TODAY = date(2026, 11, 22)


def declared(judge: str, *kin: Kin, **days: date) -> Declared:
    return Declared(judge, Declaration(kind=DeclarationKind.KIN, kin=kin), **days)


def test_one_side_s_word_is_enough_and_each_pair_stands_once() -> None:
    told = [declared("b", Kin(name="А", person_id="a")), declared("a", Kin(name="Б", person_id="b"))]
    (found,) = kin_conflicts(told, ["a", "b"], TODAY)
    assert (found.one, found.other, found.reason) == ("a", "b", KIN_REASON)


@pytest.mark.parametrize(
    "told",
    [
        declared("a", Kin(name="Б", person_id="b", until_on=date(2026, 11, 21))),
        declared("a", Kin(name="Б", person_id="b"), to_on=date(2026, 11, 21)),
        declared("a", Kin(name="Б", person_id="b"), from_on=date(2026, 11, 23)),
        declared("a", Kin(name="Б", person_id="stranger")),
        declared("a", Kin(name="Б")),
        declared("a", Kin(name="А", person_id="a")),
        Declared("a", Declaration(kind=DeclarationKind.NO_PARTY)),
    ],
)
def test_what_does_not_hold_bars_nobody(told: Declared) -> None:
    assert kin_conflicts([told], ["a", "b"], TODAY) == ()


@pytest.mark.parametrize(
    ("name", "is_told"),
    [
        ("Ким Лариса Викторовна", True),
        ("КИМ Л. В.", True),
        ("Ким Л.", True),
        ("Ким Людмила", False),
        ("Ким", False),
        ("Кимов Лариса", False),
        ("Цой Л. В.", False),
    ],
)
def test_a_relative_among_the_parties_is_told_in_full_or_by_initials(name: str, is_told: bool) -> None:
    relative = Kin(name="Ким Лариса")
    assert bool(kin_among([relative], ["ТОО Берег", name])) is is_told
