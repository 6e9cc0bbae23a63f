"""A score that must be shown by the act: its own words are asked for, and others are not taken for them."""

from __future__ import annotations

import pytest

from judge_desk.domain.reviews import Answer, Criterion, Review, ReviewForm, ReviewState, gaps, quotes

ACT = "Суд исследовал\nдоговор и пришёл к выводу, что «срок исполнения» не наступил.\n\nИск отклонить."
FORM = ReviewForm(
    id="form",
    version=1,
    names={},
    low=1,
    high=5,
    comment_at=(1, 5),
    evidence_at=(1, 5),
    criteria=(Criterion(id="law", names={}, questions={}, anchors=()),),
)


@pytest.mark.parametrize(
    "evidence",
    [
        "«исследовал договор»",
        "исследовал   ДОГОВОР",
        "сильное место: «пришёл к выводу, что «срок исполнения» не наступил»",
        "«чужие слова»\n«Иск отклонить.»",
        "«выводу, что «срок исполнения» не наступил.\n\nИск отклонить.»",
    ],
)
def test_words_of_the_act_are_a_quotation(evidence: str) -> None:
    assert quotes(evidence, ACT)


@pytest.mark.parametrize("evidence", ["", "«»", "«и»", "«суд удовлетворил иск»", "см. мотивировочную часть"])
def test_other_words_are_none(evidence: str) -> None:
    assert not quotes(evidence, ACT)


@pytest.mark.parametrize(
    ("score", "comment", "evidence", "reasons"),
    [
        (3, "", "", []),
        (5, "", "", ["comment"]),
        (5, "ясно", "", ["evidence"]),
        (5, "ясно", "«суд удовлетворил иск»", ["foreign"]),
        (5, "ясно", "«Иск отклонить»", []),
        (1, "неясно", " ", ["evidence"]),
        (None, "ясно", "«Иск отклонить»", ["score"]),
    ],
)
def test_an_end_of_the_scale_is_explained_and_shown(
    score: int | None, comment: str, evidence: str, reasons: list[str]
) -> None:
    answer = Answer(criterion_id="law", score=score, comment=comment, evidence=evidence)
    review = Review(id="r", assignment_id="r", reviewer_id="j", state=ReviewState.STARTED, answers=(answer,))
    assert [each.reason for each in gaps(FORM, review, ACT)] == reasons
