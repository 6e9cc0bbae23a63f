"""A term's explanation in words: every day has its reason, in each language."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from judge_desk.domain.rules import Bound
from judge_desk.domain.terms import explain
from judge_desk.i18n import catalogs
from judge_desk.i18n.terms import bound_text, explanation_lines, left_text, reason_text
from judge_desk.i18n.translator import Translator
from judge_desk.protocol.rule_packs import read_folder
from judge_desk.runtime import paths

BOOK = read_folder(paths.resource("rules")).book


def lines(rule_id: str, trigger: date, language: str) -> list[str]:
    rule = BOOK.term(rule_id, date(2026, 3, 10))
    assert rule is not None
    found = explanation_lines(explain(rule, trigger, BOOK.holidays), Translator(language, strict=True))
    return [line.replace("\u00a0", " ") for line in found]


def test_the_explanation_reads_like_a_reckoning() -> None:
    assert lines("civil.hear", date(2026, 3, 10), "ru") == [
        "вторник, 10 марта 2026 г.: подготовка дела окончена",
        "среда, 11 марта 2026 г.: начало срока (2 месяца)",
        "воскресенье, 10 мая 2026 г.: расчётный конец срока",
        "воскресенье, 10 мая 2026 г.: конец срока переносится дальше (выходной день)",
        "понедельник, 11 мая 2026 г.: конец срока переносится дальше"
        " (выходной перенесён с праздника «День Победы», 9 мая 2026 г.)",
        "вторник, 12 мая 2026 г.: последний день",
        "Основание: ГПК ст. 183 ч. 2",
        "есть источник",
    ]


@pytest.mark.parametrize("language", catalogs.LANGUAGES)
def test_every_rule_can_be_told_in_every_language(language: str) -> None:
    t = Translator(language, strict=True)
    for rule in BOOK.terms:
        trigger = datetime(2026, 3, 18, 9, 0, tzinfo=UTC)
        found = explain(rule, trigger, BOOK.holidays)
        assert len(explanation_lines(found, t)) == len(found.steps) + 2
    assert len({bound_text(bound, t) for bound in Bound}) == len(Bound)


def test_a_transferred_day_and_the_hour_of_an_urgent_term_are_told() -> None:
    t = Translator("en", strict=True)
    friday = BOOK.holidays.day_off(date(2018, 8, 31))
    assert friday is not None
    assert reason_text(friday, t) == "day off moved by the Government"
    assert lines("restraint.detention", datetime(2026, 3, 20, 17, 30, tzinfo=UTC), "en")[2].find("06:30") > 0


def test_days_left_are_told_in_the_right_form() -> None:
    t = Translator("ru", strict=True)
    told = [left_text(days, t).replace("\u00a0", " ") for days in (5, 1, 0, -2)]
    assert told == [
        "осталось 5 рабочих дней",
        "остался 1 рабочий день",
        "сегодня последний день",
        "просрочено на 2 рабочих дня",
    ]
