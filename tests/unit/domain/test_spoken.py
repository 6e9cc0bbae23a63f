"""The language of a paragraph is told by its letters, whatever stands between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge_desk.domain.cases import Language
from judge_desk.domain.spoken import spoken_language

RUSSIAN = "Суд установил, что ответчик не исполнил обязательство в срок."
KAZAKH = "Сот жауапкердің міндеттемесін мерзімінде орындамағанын анықтады."
ENGLISH = "The court found that the defendant did not perform in time."
BETWEEN = st.text(alphabet=" \n0123456789.,:;№%«»()-–_/₸×÷", min_size=40, max_size=90)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (RUSSIAN, Language.RUSSIAN),
        (KAZAKH, Language.KAZAKH),
        (ENGLISH, Language.ENGLISH),
        (f"{RUSSIAN} Әбдіқадырова", None),
        (f"{RUSSIAN} {ENGLISH}", None),
        (f"{KAZAKH} {ENGLISH}", None),
        ("а" * 39, None),
        ("а" * 40, Language.RUSSIAN),
        ("ә" * 4 + "а" * 36, Language.KAZAKH),
        ("ә" * 3 + "а" * 37, None),
        ("a" * 33 + "а" * 7, Language.ENGLISH),
        ("a" * 32 + "а" * 8, None),
        ("", None),
    ],
)
@given(between=BETWEEN)
def test_a_language_is_told_by_its_letters_alone(text: str, language: Language | None, between: str) -> None:
    assert spoken_language(text) is language
    assert spoken_language(f" {between} ".join([*text.split(" "), ""])) is language
