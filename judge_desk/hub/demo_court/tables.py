"""The tables of the filings: bank operations, debts by month, lists of exhibits, measurements, payment plans."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import timedelta

from judge_desk.domain.working_days import add_months
from judge_desk.hub.demo_court.dockets import Docket
from judge_desk.i18n import formats

Rows = tuple[tuple[str, ...], ...]
# Places in the pool of bank operations whose money comes in: topping up, wages, a purchase returned.
_SALARY, _INCOMING = 3, (1, 3, 9)
_HEADS: dict[str, dict[str, tuple[str, ...]]] = {
    "operations": {"kk": ("Күні", "Операция", "Сома", "Қалдық"), "ru": ("Дата", "Операция", "Сумма", "Остаток")},
    "debt": {"kk": ("Ай", "Есептелді", "Төленді", "Берешек"), "ru": ("Месяц", "Начислено", "Оплачено", "Долг")},
    "exhibits": {"kk": ("№", "Атауы", "Парақ"), "ru": ("№", "Наименование", "Листов")},
    "measures": {"kk": ("№", "Көрсеткіш", "Норма", "Нақты"), "ru": ("№", "Показатель", "Норма", "Факт")},
    "schedule": {"kk": ("№", "Төлем күні", "Сома"), "ru": ("№", "Срок платежа", "Сумма")},
}


def draw_table(
    name: str, chance: random.Random, count: int, *, pool: Sequence[str], language: str, docket: Docket
) -> Rows:
    """A head row and up to ``count`` rows; the first row is always the head."""
    return (_HEADS[name][language], *_ROWS[name](chance, count, pool, language, docket))


def _operations(chance: random.Random, count: int, pool: Sequence[str], language: str, docket: Docket) -> Rows:
    start, balance = docket.days["1"], chance.randint(40_000, 900_000)
    span = max((docket.days["3"] - start).days, 1)
    rows = []
    for day in sorted(chance.randint(0, span) for _ in range(count)):
        amount, kind = round(chance.lognormvariate(9.5, 1.1)), chance.randrange(len(pool))
        if balance < amount:
            kind = _SALARY
        amount = amount * 3 if kind == _SALARY else amount if kind in _INCOMING else -amount
        balance += amount
        shown = formats.date_short(start + timedelta(days=day), language)
        sums = formats.whole(amount, language), formats.whole(balance, language)
        rows.append((shown, pool[kind], *sums))
    return tuple(rows)


def _debt(chance: random.Random, count: int, _pool: Sequence[str], language: str, docket: Docket) -> Rows:
    # Nobody reckons a debt for months that are still to come.
    count = max(min(count, (docket.days["filed"] - docket.days["1"]).days // 31), 1)
    monthly, owed, rows = docket.sums[0] // count, 0, []
    for number in range(count):
        paid = monthly // chance.choice((1, 2, 4)) if chance.random() < 0.25 else 0
        owed += monthly - paid
        month = formats.month_and_year(add_months(docket.days["1"], number), language)
        rows.append((month, *(formats.whole(each, language) for each in (monthly, paid, owed))))
    return tuple(rows)


def _exhibits(chance: random.Random, count: int, pool: Sequence[str], _language: str, _docket: Docket) -> Rows:
    names = chance.sample(pool, min(count, len(pool)))
    return tuple((str(number), name, str(chance.randint(1, 14))) for number, name in enumerate(names, start=1))


def _measures(chance: random.Random, count: int, pool: Sequence[str], language: str, _docket: Docket) -> Rows:
    rows = []
    for number in range(1, count + 1):
        norm = chance.uniform(2, 40)
        shown = (formats.number(each, language, 1) for each in (norm, norm * chance.uniform(0.7, 1.9)))
        rows.append((str(number), chance.choice(pool), *shown))
    return tuple(rows)


def _schedule(chance: random.Random, count: int, _pool: Sequence[str], language: str, docket: Docket) -> Rows:
    part = docket.sums[0] // count
    parts = [part] * (count - 1) + [docket.sums[0] - part * (count - 1)]
    start = docket.days["1"] + timedelta(days=chance.randint(5, 25))
    return tuple(
        (str(number + 1), formats.date_short(add_months(start, number), language), formats.whole(each, language))
        for number, each in enumerate(parts)
    )


_ROWS: dict[str, Callable[[random.Random, int, Sequence[str], str, Docket], Rows]] = {
    "operations": _operations,
    "debt": _debt,
    "exhibits": _exhibits,
    "measures": _measures,
    "schedule": _schedule,
}
