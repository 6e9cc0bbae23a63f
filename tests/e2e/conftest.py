"""A court of a few cases on a real hub, once a module, and a desk enrolled there."""

from collections.abc import Iterator

import pytest

from tests.e2e.programs import Hub, seeded_hub


@pytest.fixture(scope="module")
def court(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A seeded court of a few cases, served by ``judge-desk-hub``."""
    with seeded_hub(tmp_path_factory.mktemp("court"), cases=4, documents=3) as hub:
        yield hub
