"""The outage log: few rows, clocks that nobody can set, and a paper whose signature shows every change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from judge_desk.domain.errors import BadInput, DiskFull, HubRefused, HubUnreachable
from judge_desk.runtime.clock import FixedClock
from judge_desk.security.device_key import DeviceKey
from judge_desk.services.context import DeskContext
from judge_desk.services.outages import Certificate, OutageService, is_genuine
from judge_desk.store import outages
from tests.desktop.real_page import HandLoop
from tests.factories import NOW

YEAR = timedelta(days=365)


@pytest.fixture
def service(context: DeskContext) -> OutageService:
    return OutageService(context)


def clock_of(context: DeskContext) -> FixedClock:
    assert isinstance(context.clock, FixedClock)
    return context.clock


def certified(service: OutageService) -> Certificate:
    return service.certify(NOW - YEAR, NOW + YEAR)


def minutes_pass(context: DeskContext, minutes: int) -> None:
    clock_of(context).advance(minutes=minutes)


def test_an_outage_lasts_from_the_first_failure_to_the_next_success(
    context: DeskContext, service: OutageService
) -> None:
    service.note(None)
    minutes_pass(context, 5)
    for _ in range(4):
        service.note(HubUnreachable())
        minutes_pass(context, 2)
    service.note(None)
    said = certified(service).statement
    (outage,) = said.outages
    assert (outage.attempts, outage.reasons) == (4, {"errors.hub_unreachable": 4})
    assert outage.seconds == 8 * 60
    assert outage.reached_at == NOW + timedelta(minutes=13)
    assert said.attempts == 6


def test_attempts_that_end_alike_are_one_row(context: DeskContext, service: OutageService) -> None:
    for _ in range(500):
        service.note(HubUnreachable())
        minutes_pass(context, 1)
    with context.store.reading() as connection:
        rows = outages.between(connection, NOW - YEAR, NOW + YEAR)
    assert [(row.attempts, row.reachable) for row in rows] == [(500, False)]


def test_a_hub_that_refuses_was_reached_and_a_full_disk_says_nothing(service: OutageService) -> None:
    service.note(HubRefused("device_revoked"))
    service.note(DiskFull())
    said = certified(service).statement
    assert (said.outages, said.attempts) == ((), 1)


def test_what_nobody_watched_is_not_claimed(context: DeskContext, service: OutageService) -> None:
    """The program was closed in the middle of an outage and began again a day later."""
    service.note(HubUnreachable())
    minutes_pass(context, 10)
    service.note(HubUnreachable())
    minutes_pass(context, 24 * 60)
    again = OutageService(context)
    again.note(None)
    said = certified(again).statement
    (outage,) = said.outages
    assert (outage.seconds, outage.reached_at) == (600, None)
    assert said.watched_seconds == 600


def test_a_clock_that_was_set_does_not_stretch_an_outage(context: DeskContext, service: OutageService) -> None:
    service.note(HubUnreachable())
    minutes_pass(context, 3)
    ticks = context.clock.monotonic()
    clock_of(context).set(NOW + timedelta(days=100))
    assert context.clock.monotonic() == ticks
    service.note(HubUnreachable())
    (outage,) = certified(service).statement.outages
    assert outage.seconds == 180


def test_the_loop_is_listened_to(context: DeskContext) -> None:
    loop: Any = HandLoop()
    service = OutageService(context, loop)
    loop.stand(linked=False, problem=HubUnreachable())
    loop.stand(paused=True)
    loop.stand(problem=HubUnreachable())
    assert [each.attempts for each in certified(service).statement.outages] == [2]


def test_a_changed_statement_is_found_out(service: OutageService, context: DeskContext) -> None:
    key = DeviceKey(Ed25519PrivateKey.generate())
    service.note(HubUnreachable())
    plain = certified(service)
    signed = msgspec.structs.replace(
        plain, signature=key.sign(f"outages {plain.sha256}".encode()), public_key=key.public_key
    )
    assert is_genuine(signed)
    assert not is_genuine(plain), "a desk that was never enrolled signs nothing"
    other = msgspec.structs.replace(signed.statement, attempts=99)
    assert not is_genuine(msgspec.structs.replace(signed, statement=other))
    assert not is_genuine(msgspec.structs.replace(signed, public_key="00" * 32))


def test_a_period_that_ends_before_it_begins_is_told(service: OutageService) -> None:
    with pytest.raises(BadInput):
        service.certify(NOW, NOW)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_paper_is_made_in_each_language(service: OutageService, language: str) -> None:
    service.note(HubUnreachable())
    assert service.paper(certified(service), language).startswith(b"%PDF")
