"""What is remembered between two renderings changes no byte of the second, and is let go of when asked."""

from __future__ import annotations

import pytest

from judge_desk.drafting import memory
from judge_desk.drafting.memory import forget, remembering
from judge_desk.drafting.pdf import render_pdf
from tests.bench.preview import typed
from tests.unit.drafting.acts import META, long_act


def test_a_remembered_paragraph_gives_the_same_bytes() -> None:
    act = long_act(paragraphs=20)
    forget()
    first = render_pdf(act, META)
    changed = render_pdf(typed(act, "х"), META)
    assert render_pdf(act, META) == first
    forget()
    assert render_pdf(typed(act, "х"), META) == changed != first


def test_nothing_is_remembered_after_forgetting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_all", [])
    asked: list[str] = []

    @remembering(10)
    def shouted(text: str) -> str:
        asked.append(text)
        return text.upper()

    assert [shouted("а"), shouted("а")] == ["А", "А"]
    forget()
    assert shouted("а") == "А"
    assert asked == ["а", "а"]
