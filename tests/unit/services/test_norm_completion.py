"""Citations completed as they are typed, in three languages and by the day of the act."""

from __future__ import annotations

from datetime import date

import pytest

from judge_desk.domain.cases import Language
from judge_desk.services.norms import NormService, NormState

DAY = date(2026, 11, 22)
NORMS = NormService()


@pytest.mark.parametrize(
    ("typed", "language", "text"),
    [
        ("ГПК 226", Language.RUSSIAN, "статья 226 ГПК РК"),
        ("226 гпк", Language.RUSSIAN, "статья 226 ГПК РК"),
        ("ст. 226 Гражданского процесс", Language.RUSSIAN, "статья 226 ГПК РК"),
        ("АПК 226", Language.KAZAKH, "ҚР АПК 226-бабы"),
        ("226-бап азаматтық процес", Language.KAZAKH, "ҚР АПК 226-бабы"),
        ("cpc 226", Language.ENGLISH, "Article 226 CPC"),
        ("КоАП 822", Language.RUSSIAN, "статья 822 КоАП РК"),
    ],
)
def test_a_norm_is_found_however_it_is_typed(typed: str, language: Language, text: str) -> None:
    assert NORMS.complete(typed, language, DAY)[0].text == text


def test_a_beginning_gives_all_that_begin_so() -> None:
    norms = [entry.norm for entry in NORMS.complete("ГПК 22", Language.RUSSIAN, DAY)]
    assert norms[:1] == ["cpc.22"]
    assert {"cpc.223", "cpc.224", "cpc.225", "cpc.226"} <= set(norms)
    assert all(norm.startswith("cpc.22") for norm in norms)


def test_nothing_typed_gives_nothing() -> None:
    assert NORMS.complete("  ст. ", Language.RUSSIAN, DAY) == []


@pytest.mark.parametrize(
    ("norm", "day", "state"),
    [
        ("cpc.226", DAY, NormState.IN_FORCE),
        ("cpc.227", DAY, NormState.UNLISTED),
        ("cpc.999", DAY, NormState.NO_SUCH),
        ("xyz.1", DAY, NormState.NO_SUCH),
        ("tax.610", DAY, NormState.REPEALED),
        ("tax.610", date(2025, 6, 1), NormState.IN_FORCE),
        ("tax.664", date(2025, 6, 1), NormState.NOT_YET),
        ("appc.152", date(2020, 1, 1), NormState.NOT_YET),
    ],
)
def test_a_norm_is_checked_by_the_day(norm: str, day: date, state: NormState) -> None:
    assert NORMS.check(norm, day) is state


def test_a_repealed_norm_is_offered_last_and_marked() -> None:
    found = NORMS.complete("НК 6", Language.RUSSIAN, DAY)
    assert found[0].norm == "tax.662"
    assert NORMS.complete("НК 610", Language.RUSSIAN, DAY)[0].state is NormState.REPEALED
