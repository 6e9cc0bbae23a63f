"""A form on paper: it says what was written, in words, and neither the file nor its pages tell by whom or when."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime

import pikepdf
import pypdfium2
import pytest

from judge_desk.domain.reviews import Answer, Review, ReviewState
from judge_desk.protocol.review_forms import review_form
from judge_desk.services.review_paper import render_form
from tests.factories import a_review_assignment

ASSIGNMENT = replace(
    a_review_assignment(act_title="Қарыз туралы", act_text="Сот дәлелдемелерді бағалады."), form=review_form()
)
REVIEWER, TOKEN = "judge-ermekov", "0123456789abcdef"
WRITTEN_AT = datetime(2026, 11, 3, 14, 37, 59, tzinfo=UTC)


def a_review(state: ReviewState = ReviewState.SUBMITTED) -> Review:
    return Review(
        id=ASSIGNMENT.id,
        assignment_id=ASSIGNMENT.id,
        reviewer_id=REVIEWER,
        state=state,
        answers=(
            Answer(criterion_id="clarity", score=5, comment="Ойы анық", evidence="«Сот дәлелдемелерді бағалады»"),
            Answer(criterion_id="law", score=3),
        ),
        general_comment="Жалпы жақсы жазылған",
        changed_at=WRITTEN_AT,
        submitted_at=WRITTEN_AT,
    )


def words_of(paper: bytes) -> str:
    pages = pypdfium2.PdfDocument(paper)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_paper_says_what_was_written_in_words(language: str) -> None:
    text = words_of(render_form(ASSIGNMENT, a_review(), language))
    form = review_form()
    anchor = next(each for each in form.criteria[0].anchors if each.score == 5)
    for said in ("Ойы анық", "Сот дәлелдемелерді бағалады", "Жалпы жақсы жазылған", "Қарыз туралы"):
        assert said in text
    assert anchor.texts[language][:25] in text
    assert all(each.names[language] in text for each in form.criteria)


def test_nothing_tells_who_wrote_it_or_when() -> None:
    paper = render_form(replace(ASSIGNMENT, rater_token=TOKEN), a_review(), "ru")
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        told = {str(key): str(value) for key, value in pdf.docinfo.items()}
        meta = bytes(pdf.Root.Metadata.read_bytes()).decode()
        streams = b"".join(bytes(each.read_bytes()) for each in pdf.objects if isinstance(each, pikepdf.Stream))
    assert "/Author" not in told
    assert "dc:creator" not in meta
    everything = paper + meta.encode() + streams + words_of(paper).encode()
    for secret in (REVIEWER, "ermekov", TOKEN, ASSIGNMENT.id):
        assert secret.encode() not in everything
    days = set(re.findall(r"\d{4}-\d\d-\d\d", meta)) | {f"{day[:4]}-{day[4:6]}-{day[6:8]}" for day in dates_in(told)}
    assert days == {ASSIGNMENT.due_on.isoformat()}


def dates_in(told: dict[str, str]) -> list[str]:
    return [value[2:10] for key, value in told.items() if key in ("/CreationDate", "/ModDate")]


def test_two_reviewers_who_wrote_the_same_hold_the_same_paper() -> None:
    other = replace(a_review(), reviewer_id="somebody-else", changed_at=datetime(2026, 11, 9, tzinfo=UTC))
    assert render_form(ASSIGNMENT, a_review(), "kk") == render_form(ASSIGNMENT, other, "kk")


@pytest.mark.parametrize("longest", range(5))
def test_a_criterion_is_not_parted_and_none_is_alone_on_the_last_page(longest: int) -> None:
    form, words = review_form(), "Доводы изложены полно, но вывод из них не следует. "
    marks = [f"знак{number}" for number in range(len(form.criteria))]
    answers = tuple(
        Answer(criterion_id=each.id, score=4, comment=words * (longest * number % 5) + mark, evidence=f"«{mark}»")
        for number, (each, mark) in enumerate(zip(form.criteria, marks, strict=True))
    )
    review = replace(a_review(), answers=answers, general_comment="")
    pages = [" ".join(each.split()) for each in texts_of(render_form(ASSIGNMENT, review, "ru"))]
    assert len(pages) > 1
    for criterion, mark in zip(form.criteria, marks, strict=True):
        assert [criterion.names["ru"] in each for each in pages] == [each.count(mark) == 2 for each in pages]
    assert sum(criterion.names["ru"] in pages[-1] for criterion in form.criteria) > 1


def texts_of(paper: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(paper)]
