"""Sealed forms: only the campaign's own key opens them, no bit may change, and all are of one size."""

from __future__ import annotations

import base64

import pytest

from judge_desk.domain.errors import BadInput
from judge_desk.domain.reviews import Answer, SealedAnswers
from judge_desk.security import sealed_forms


def answers(words: str = "ясно") -> SealedAnswers:
    told = (Answer(criterion_id="law", score=4, comment=words),)
    return SealedAnswers(campaign_id="c1", act_id="a1", rater_token="t1", answers=told, rater_groups={"sex": "f"})


def test_what_is_sealed_comes_back() -> None:
    secret, public = sealed_forms.new_key()
    sealed = sealed_forms.seal(answers(), public)
    assert sealed_forms.open_form(sealed, "c1", secret) == answers()
    assert "ясно" not in base64.b64decode(sealed).decode("latin-1")
    assert sealed != sealed_forms.seal(answers(), public)


def test_size_tells_nothing() -> None:
    _, public = sealed_forms.new_key()
    sizes = {len(sealed_forms.seal(answers("x" * number), public)) for number in (0, 10, 5_000)}
    assert len(sizes) == 1


def test_another_key_another_campaign_and_a_changed_bit_are_refused() -> None:
    secret, public = sealed_forms.new_key()
    sealed = sealed_forms.seal(answers(), public)
    body = bytearray(base64.b64decode(sealed))
    body[-1] ^= 1
    for text, campaign, key in (
        (sealed, "c2", secret),
        (sealed, "c1", sealed_forms.new_key()[0]),
        (base64.b64encode(bytes(body)).decode(), "c1", secret),
        ("no base64", "c1", secret),
        (sealed, "c1", "xx"),
    ):
        with pytest.raises(BadInput, match="unreadable"):
            sealed_forms.open_form(text, campaign, key)
    with pytest.raises(BadInput, match="key"):
        sealed_forms.seal(answers(), "no key")
