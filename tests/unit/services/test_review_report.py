"""The report of a campaign: valid PDF/A and PDF/UA with its page of vectors, and nobody can be found in it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from judge_desk.analytics.review_analysis import analyse
from judge_desk.domain.campaigns import Campaign, CampaignProgress, PoolMember
from judge_desk.domain.ratings import Rating
from judge_desk.domain.reviews import Criterion, ReviewForm
from judge_desk.i18n.translator import Translator
from judge_desk.services.review_report import CampaignFacts, _severity, render_campaign
from tests.pdfa import assert_pdfa
from tests.unit.analytics.made_ratings import many_facet


def facts() -> CampaignFacts:
    made, _ = many_facet(subjects=30, raters=12, criteria=3, share=0.5)
    ratings = [Rating(f"Ахметов{each.subject}", f"токен{each.rater}", each.criterion, each.score) for each in made]
    names = {"kk": "Құқық", "ru": "Право", "en": "Law"}
    form = ReviewForm(
        id="f",
        version=1,
        names=names,
        low=1,
        high=4,
        comment_at=(),
        criteria=tuple(Criterion(id=f"c{at}", names=names, questions={}, anchors=()) for at in range(3)),
    )
    groups = {each: "fm"[at % 2] for at, each in enumerate({x.subject for x in ratings} | {x.rater for x in ratings})}
    return CampaignFacts(
        campaign=Campaign(
            id="c",
            title="Весна",
            per_judge=5,
            seed=7,
            due_on=date(2026, 12, 1),
            form=form,
            seal_key="",
            members=(PoolMember(id="Ахметов"),),
        ),
        progress=CampaignProgress(id="c", asked=60, received=58, declined=2, solver="scipy"),
        analysis=analyse(ratings, {"sex": groups}),
        court="Городской суд",
        made_at=datetime(2026, 11, 22, tzinfo=UTC),
    )


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_report_is_valid_and_names_nobody(tmp_path: Path, language: str) -> None:
    told = facts()
    body = render_campaign(told, language)
    path = tmp_path / "report.pdf"
    path.write_bytes(body)
    assert_pdfa(path, "2a", "ua1")
    document = pypdfium2.PdfDocument(body)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert "Ахметов" not in text
    assert "токен" not in text
    with pikepdf.open(io.BytesIO(body)) as pdf:
        meta = str(pdf.docinfo) + pdf.open_metadata().__str__()
        assert "Ахметов" not in meta
        last = pdf.pages[-1]
        assert not last.get_images()
        drawn = last.Contents.read_bytes()
        assert drawn.count(b" c\n") + drawn.count(b" c ") >= 12
    assert render_campaign(told, language) == body


def test_the_lines_of_severity_stand_in_no_order_but_their_own() -> None:
    """In the order of tokens, or of forms, a line would be a reviewer."""
    told = facts()
    turned = replace(told, analysis=replace(told.analysis, raters=tuple(reversed(told.analysis.raters))))
    rows = [_severity(each, Translator("en")).rows for each in (told, turned)]
    points = [float(row[0].replace("−", "-")) for row in rows[0]]
    assert rows[0] == rows[1]
    assert len(points) == 12
    assert points == sorted(points)
