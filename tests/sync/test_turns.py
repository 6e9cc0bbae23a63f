"""Quick turns last as long as anybody needs them, and then the process is as it was."""

from __future__ import annotations

import sys
from contextlib import ExitStack

from judge_desk.sync.turns import quick_turns


def test_the_last_exchange_to_end_sets_the_usual_turn_again() -> None:
    usual = sys.getswitchinterval()
    first, second = ExitStack(), ExitStack()
    first.enter_context(quick_turns())
    quick = sys.getswitchinterval()
    assert quick < usual
    second.enter_context(quick_turns())
    first.close()
    assert sys.getswitchinterval() == quick, "the other one is still under way"
    second.close()
    assert sys.getswitchinterval() == usual
