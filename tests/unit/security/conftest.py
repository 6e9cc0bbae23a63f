"""Sign-ins that cost a millisecond in place of a third of a second; all else is as in a court."""

from collections.abc import Callable
from pathlib import Path

import pytest

from judge_desk.runtime.clock import FixedClock
from judge_desk.security.keyslot import Cost, KeySlot
from judge_desk.security.session import SignIn
from judge_desk.security.vault import Vault

CHEAP = Cost(memory_kib=128, iterations=1, lanes=1)


@pytest.fixture
def slot(tmp_path: Path, clock: FixedClock) -> KeySlot:
    return KeySlot(tmp_path / "key.json", clock, CHEAP)


@pytest.fixture
def restarted(tmp_path: Path, clock: FixedClock) -> Callable[[], SignIn]:
    """The profile of the test as a fresh start of the program finds it."""
    return lambda: SignIn(tmp_path, clock, vault=Vault(tmp_path, use_keyring=False), cost=CHEAP)


@pytest.fixture
def sign_in(restarted: Callable[[], SignIn]) -> SignIn:
    return restarted()
