"""Results of peer review: comments in an order that tells nobody's form, and no score under the minimum."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

from judge_desk.analytics.review_analysis import analyse
from judge_desk.desktop.pages.campaigns.campaign_view import fairness_in_words
from judge_desk.desktop.wording import t
from judge_desk.domain.campaigns import Campaign
from judge_desk.domain.ratings import Rating, misfits
from judge_desk.domain.reviews import Answer, SealedAnswers
from judge_desk.services.campaigns import periods_on
from judge_desk.services.review_results import FairnessView, JudgeResult, OpenedForm, results_of
from tests.sync.campaign_world import FORM

DAY = date(2026, 11, 22)
CAMPAIGN = Campaign(id="c", title="Весна", per_judge=6, seed=1, due_on=DAY, form=FORM, seal_key="", members=())
REVIEWERS = range(8)


def opened(judge: str, reviewer: int) -> OpenedForm:
    """A form in which every comment tells by a mark whose it is."""
    answers = tuple(
        Answer(criterion_id=each.id, score=1 + (reviewer + at + len(judge)) % 5, comment=f"знак{reviewer}")
        for at, each in enumerate(FORM.criteria)
    )
    told = SealedAnswers(
        campaign_id="c",
        act_id=f"act-{judge}",
        rater_token=f"t{reviewer}",
        answers=answers,
        general_comment=f"знак{reviewer}",
    )
    return OpenedForm(f"form-{judge}-{reviewer}", told, judge)


def results(*, turned: bool = False) -> list[JudgeResult]:
    forms = [opened(judge, reviewer) for judge in ("j1", "j22", "j333") for reviewer in REVIEWERS]
    return results_of(CAMPAIGN, forms[::-1] if turned else forms, periods_on(DAY), {})


def test_comments_of_one_form_stand_at_no_common_place() -> None:
    """Whoever knew the style of one comment would otherwise find the same person's under every criterion."""
    for result in results():
        lists = [each.comments for each in result.panel.criteria] + [result.panel.comments]
        written = tuple(f"знак{each}" for each in REVIEWERS)
        assert all(sorted(each) == sorted(written) for each in lists)
        assert written not in lists
        assert len(set(lists)) == len(lists)


def test_two_looks_show_comments_in_the_same_order() -> None:
    assert [each.panel for each in results()] == [each.panel for each in results()]


def test_below_the_minimum_there_are_comments_but_no_score() -> None:
    few = periods_on(DAY)
    assert few.fewest_forms == 5
    forms = [opened(judge, reviewer) for judge in ("j1", "j22", "j333") for reviewer in REVIEWERS]
    for number in (4, 5):
        kept = [each for each in forms if each.subject_id != "j1"] + forms[:number]
        (mine,) = (
            each for each in results_of(CAMPAIGN, kept, replace(few, least_alpha=-9), {}) if each.judge_id == "j1"
        )
        assert {each.verdict == "few" for each in mine.panel.criteria} == {number < 5}
        assert all(len(each.comments) == number for each in mine.panel.criteria)


def test_a_score_is_told_with_one_place_and_no_more_of_it_leaves_the_desk() -> None:
    forms = [opened(judge, reviewer) for judge in ("j1", "j22", "j333") for reviewer in REVIEWERS]
    found = results_of(CAMPAIGN, forms, replace(periods_on(DAY), least_alpha=-9), {})
    figures = [figure for each in found for one in each.panel.criteria for figure in (one.score, one.low, one.high)]
    assert figures
    assert all(figure == round(figure or 0, 1) for figure in figures)


def test_the_standard_comes_from_the_rules_of_the_day() -> None:
    forms = [opened(judge, reviewer) for judge in ("j1", "j22", "j333") for reviewer in REVIEWERS]
    for standard, verdict in ((0.5, "meets"), (5.5, "below")):
        rules = replace(periods_on(DAY), least_alpha=-9, standard=standard)
        found = {each.verdict for result in results_of(CAMPAIGN, forms, rules, {}) for each in result.panel.criteria}
        assert found == {verdict}


def test_an_act_on_which_reviewers_fly_apart_is_counted_and_so_is_an_erratic_reviewer() -> None:
    chance = random.Random(3)

    def rated(of: str, by: int) -> int:
        if by == 9:
            return chance.randint(1, 5)
        apart = (1, 5)[by % 2] if of == "s05" else 1 + int(of[1:]) // 3
        return min(5, max(1, apart + chance.choice((0, 0, 0, 1, -1))))

    def found(raters: int, subjects: int) -> tuple[int, int]:
        rows = [
            Rating(f"s{of:02d}", f"r{by}", f"c{at}", rated(f"s{of:02d}", by))
            for of in range(subjects)
            for by in range(raters)
            for at in range(3)
        ]
        analysis = analyse(rows)
        return misfits(analysis.subjects), misfits(analysis.raters)

    assert found(9, 15) == (1, 0)
    assert found(10, 5)[1] == 1


def test_the_page_says_how_many() -> None:
    view = FairnessView(30, 0, None, None, None, None, (), erratic=2, odd_acts=4, is_connected=True)
    said = [words for words, _ in fairness_in_words(view)]
    assert t("campaigns.fairness.odd_acts", count=4) in said
    assert t("campaigns.fairness.erratic", count=2) in said
