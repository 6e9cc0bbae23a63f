"""A finished act, an authority with its servers, and tokens, shared by all tests of signatures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from judge_desk.drafting.check_mark import CheckMark
from judge_desk.drafting.compose import compose
from judge_desk.drafting.facts import CaseFacts
from judge_desk.drafting.pdf import meta_of, render_pdf
from judge_desk.drafting.templates import template
from tests.authority import Authority, StampServer, stamp_server
from tests.softhsm import TokenDrawer


@cache
def final_act(language: str = "kk", signers: int = 2) -> bytes:
    form = template(f"civil_decision.{language}")
    act = compose(form, CaseFacts(language=form.language, values=dict.fromkeys(form.slots, "Ақтөбе")))
    names = tuple(f"Судья {number}" for number in range(signers))
    check = CheckMark(address="https://hub.example/verify", code="K7QM3F8T9XWA2HNP", signers=names)
    return render_pdf(act, meta_of(act, datetime(2026, 11, 23, tzinfo=UTC), is_draft=False, check=check))


@pytest.fixture(scope="session")
def pdf() -> bytes:
    return final_act()


@pytest.fixture(scope="session")
def stamps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Authority, StampServer, str]]:
    with stamp_server(tmp_path_factory.mktemp("authority")) as running:
        yield running


@pytest.fixture
def server(stamps: tuple[Authority, StampServer, str]) -> Iterator[StampServer]:
    """The stamp server, honest again after each test."""
    running = stamps[1]
    yield running
    running.lie, running.is_away = "", False


@pytest.fixture(scope="session")
def authority(stamps: tuple[Authority, StampServer, str]) -> Authority:
    return stamps[0]


@pytest.fixture(scope="session")
def drawer(tmp_path_factory: pytest.TempPathFactory) -> TokenDrawer:
    return TokenDrawer.of_this_process(tmp_path_factory.mktemp("softhsm"))


@pytest.fixture
def now() -> datetime:
    """Certificates and stamps live by the real clock."""
    return datetime.now(UTC)


@pytest.fixture
def roots_file(authority: Authority) -> Path:
    return authority.root_file
