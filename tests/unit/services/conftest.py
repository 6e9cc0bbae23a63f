"""A desk over a real encrypted store for every test of a use case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from judge_desk.services.context import DeskContext
from tests import factories
from tests.softhsm import TokenDrawer


@pytest.fixture
def context(tmp_path: Path) -> Iterator[DeskContext]:
    """A judge's desk at 09:00 on Monday, 23 November 2026; nothing on it but the person and the court."""
    made = factories.desk_context(tmp_path)
    yield made
    made.store.close()


@pytest.fixture(scope="session")
def drawer(tmp_path_factory: pytest.TempPathFactory) -> TokenDrawer:
    """Where tokens of these tests lie."""
    return TokenDrawer.of_this_process(tmp_path_factory.mktemp("softhsm"))
