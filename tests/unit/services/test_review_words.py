"""Results of peer review in the reader's language, whoever wrote them and whenever."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from judge_desk.domain.dossier import DossierEntry, DossierSection
from judge_desk.domain.review_results import CriterionResult, PanelResult, ReviewResult, Verdict
from judge_desk.i18n.translator import Translator
from judge_desk.protocol import codec
from judge_desk.services.dossier_extract import source_in_words
from judge_desk.services.review_words import result_in_words, title_in_words
from tests.factories import a_dossier_entry

NAMES = {"reasons": {"kk": "Уәж", "ru": "Мотивировка", "en": "Reasoning"}}
COMMENT = "Довод ответчика разобран полностью"


def panel(verdict: Verdict = Verdict.MEETS, *, comments: tuple[str, ...] = (COMMENT,)) -> PanelResult:
    scored = {} if verdict in (Verdict.FEW, Verdict.DISAGREE, Verdict.SAME) else {"score": 3.5, "low": 3.1, "high": 4.0}
    criterion = CriterionResult(criterion_id="reasons", verdict=verdict, comments=comments, **scored)
    return PanelResult(forms=6, criteria=(criterion,), comments=comments)


RESULT = ReviewResult(found=panel(), names=NAMES, appeal_by=date(2026, 12, 3), seed=7, drawing_sha256="ab" * 32)
BOTH = ReviewResult(found=panel(), first=panel(Verdict.BELOW, comments=()), names=NAMES)


def an_entry(result: ReviewResult) -> DossierEntry:
    return a_dossier_entry(section=DossierSection.REVIEWS, title="Весна", review=result)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_same_entry_is_read_in_each_language(language: str) -> None:
    others = {name for each, name in NAMES["reasons"].items() if each != language}
    for result in (RESULT, BOTH):
        kept = codec.decode_as(DossierEntry, codec.encode(an_entry(result)))
        assert kept.review is not None
        said = "\n".join(result_in_words(kept.review, Translator(language)))
        assert NAMES["reasons"][language] in said
        assert not any(name in said for name in others)
        assert f"– {COMMENT}" in said
        assert "campaigns." not in said
        assert source_in_words(kept, Translator(language)) == Translator(language)("campaigns.entry.source")


def test_the_first_panel_s_score_stands_before_the_second_s_and_its_words_are_not_said_again() -> None:
    translate = Translator("en")
    lines = result_in_words(BOTH, translate)
    first, second = (lines.index(translate(f"campaigns.appeal.panel.{each}", n=6)) for each in ("first", "second"))
    assert first < second
    assert "below the standard" in lines[first + 1]
    assert "meets the standard" in lines[second + 1]
    assert lines.count(f"– {COMMENT}") == 2
    assert lines[-1] == translate("campaigns.appeal.entry.next")


def test_only_a_second_panel_changes_the_title() -> None:
    translate = Translator("en")
    assert title_in_words(an_entry(RESULT), translate) == "Весна"
    assert title_in_words(an_entry(BOTH), translate) == "Весна: second panel"


@pytest.mark.parametrize("verdict", [Verdict.FEW, Verdict.DISAGREE, Verdict.SAME])
def test_without_a_score_the_words_say_why(verdict: Verdict) -> None:
    translate = Translator("ru")
    (line, *_) = result_in_words(replace(RESULT, found=panel(verdict)), translate)
    assert line == translate(f"campaigns.verdict.{verdict}", name="Мотивировка")


def test_a_criterion_that_nobody_named_goes_by_its_id() -> None:
    assert result_in_words(replace(RESULT, names={}), Translator("ru"))[0].startswith("reasons:")


def test_how_to_contest_and_the_drawing_are_told_only_where_known() -> None:
    translate = Translator("ru")
    whole = result_in_words(RESULT, translate)
    bare = result_in_words(replace(RESULT, appeal_by=None, drawing_sha256=""), translate)
    assert len(whole) == len(bare) + 2
    assert "03.12.2026" in whole[-2]
