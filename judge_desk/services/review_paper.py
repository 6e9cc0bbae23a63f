"""A review form on paper: the act's subject, the scores in words, the quotations; nothing tells who filled it, or when.

The file's own day is the round's last one, the same for all: the hour at which somebody printed would single him out.
"""

from __future__ import annotations

from datetime import UTC, datetime, time

from judge_desk.domain.cases import Language
from judge_desk.domain.review_protocol import seal_in_groups
from judge_desk.domain.reviews import Answer, Criterion, Review, ReviewAssignment
from judge_desk.drafting.report import Report, Section, render_report
from judge_desk.i18n.translator import Translator


def render_form(assignment: ReviewAssignment, review: Review, language: str) -> bytes:
    """The form as PDF/A-2a and PDF/UA-1, written or still empty; without author, reviewer and hour."""
    t = Translator(language)
    answers = {each.criterion_id: each for each in review.answers}
    sections = [_criterion(each, answers.get(each.id), t) for each in assignment.form.criteria]
    if review.general_comment.strip():
        sections.append(Section(title=t("reviews.general"), paragraphs=_lines(review.general_comment)))
    seal = seal_in_groups(assignment.drawing_sha256)
    about = Section(
        title=t("reviews.paper.about"),
        paragraphs=(t("reviews.paper.nobody"),),
        pairs=(
            (t("reviews.paper.campaign"), assignment.campaign),
            (t("reviews.paper.act"), assignment.act_title),
            (t("reviews.paper.state"), t("reviews.paper.sealed" if review.is_sealed else "reviews.paper.open")),
            *(((t("reviews.paper.drawing"), seal),) if seal else ()),
        ),
    )
    return render_report(
        Report(
            title=assignment.form.names.get(language, t("reviews.paper.title")),
            language=Language(language),
            made_at=datetime.combine(assignment.due_on, time(), UTC),
            sections=(about, *sections),
            keeps_sections=True,
        )
    )


def _criterion(criterion: Criterion, answer: Answer | None, t: Translator) -> Section:
    name, question = (told.get(t.language, criterion.id) for told in (criterion.names, criterion.questions))
    if answer is None or answer.score is None:
        return Section(title=name, paragraphs=(question, t("reviews.paper.empty")))
    words = next((each.texts.get(t.language, "") for each in criterion.anchors if each.score == answer.score), "")
    told = ((t("reviews.comment"), answer.comment), (t("reviews.evidence"), answer.evidence))
    pairs = ((t("reviews.paper.score"), f"{answer.score}. {words}".rstrip()),)
    said = tuple((label, " ".join(text.split())) for label, text in told if text.strip())
    return Section(title=name, paragraphs=(question,), pairs=pairs + said)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())
