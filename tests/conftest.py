"""What every test stands on: texts compiled and strict, Qt without a screen, a clock that does not move by itself.

Fixtures of one area live in tests/<area>/conftest.py; builders of values in tests/factories.py.
"""

import os
import sys
from datetime import UTC, datetime

import hypothesis
import pytest

# Before any test module imports Qt or builds a Translator.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false")
os.environ["JUDGE_DESK_STRICT_TEXTS"] = "1"
os.environ["TZ"] = "UTC"

from judge_desk.i18n import catalogs
from judge_desk.runtime.clock import FixedClock
from tests.platforms import apart_on_windows

# Two busy cores make any deadline a coin toss; CI draws the same examples each time, a developer new ones.
hypothesis.settings.register_profile("desk", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("desk")


def pytest_configure(config: pytest.Config) -> None:
    """Compile stale catalogs once, in the process that starts the workers."""
    if not hasattr(config, "workerinput"):
        catalogs.compile_all()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Set aside what Windows cannot have, each with its reason; nothing on any other system."""
    for item in items if sys.platform == "win32" else ():
        group = apart_on_windows(item.nodeid, getattr(item, "fixturenames", ()))
        if group is not None:
            item.add_marker(pytest.mark.skip(reason=group.why))


@pytest.fixture
def clock() -> FixedClock:
    """A clock at 09:00 in Astana on Monday, 23 November 2026."""
    return FixedClock(datetime(2026, 11, 23, 4, 0, tzinfo=UTC))
