"""A real encrypted store for every test of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from judge_desk.services.context import DeskContext
from judge_desk.store.unit_of_work import Store
from tests import factories


@pytest.fixture
def context(tmp_path: Path) -> Iterator[DeskContext]:
    """A judge's desk, empty but for the person and the court."""
    made = factories.desk_context(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def store(context: DeskContext) -> Store:
    return context.store
