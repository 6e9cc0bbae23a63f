"""The demo court before it is written: the same from the same seed, without clashes, its terms by the rule packs."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from datetime import date, timedelta
from itertools import combinations

import pypdfium2
import pytest

from judge_desk.assistant.lint import LintTask, lint
from judge_desk.domain.act_codes import read_code
from judge_desk.domain.act_forms import Severity
from judge_desk.domain.acts import blanks, plain_text
from judge_desk.domain.cases import Language, Stage
from judge_desk.domain.dossier import DossierSection
from judge_desk.domain.drafts import Draft, DraftState, Secrecy
from judge_desk.domain.findings import Finding
from judge_desk.domain.hearings import HearingState, clashes
from judge_desk.domain.reviews import gaps
from judge_desk.domain.terms import explain
from judge_desk.drafting.templates import parse_template
from judge_desk.hub.demo_court import deadlines, dossiers, drafts, phrases, rounds, sittings
from judge_desk.hub.demo_court.acts import decision
from judge_desk.hub.demo_court.dockets import FINAL_ACTS, Docket, dockets
from judge_desk.hub.demo_court.filings import filings_of, paper
from judge_desk.hub.demo_court.pages import make_pdf
from judge_desk.hub.demo_court.people import Cast, cast
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.hub.demo_court.scans import make_scan
from judge_desk.i18n.translator import LANGUAGES
from judge_desk.protocol import codec, rule_packs
from judge_desk.protocol.review_forms import review_form
from judge_desk.runtime import paths

BOOK = rule_packs.read_folder(paths.resource("rules")).book
PLAN = SeedPlan(anchor=date(2026, 11, 23), cases=60, documents=12, seed=3)


@pytest.fixture(scope="module")
def members() -> Cast:
    return cast(PLAN)


@pytest.fixture(scope="module")
def files(members: Cast) -> list[Docket]:
    return dockets(PLAN, members)


def test_the_same_seed_gives_the_same_bytes(files: list[Docket], members: Cast) -> None:
    again = dockets(SeedPlan(anchor=PLAN.anchor, cases=60, documents=12, seed=3), cast(PLAN))
    assert [codec.encode(each.case) for each in again] == [codec.encode(each.case) for each in files]
    filing = filings_of(PLAN, files[5])[0]
    made = [make_pdf(paper(PLAN, files[5], members, filing), "ru", "x")[0] for _ in range(2)]
    assert made[0] == made[1]


def test_another_seed_gives_another_court(files: list[Docket]) -> None:
    other = SeedPlan(anchor=PLAN.anchor, cases=60, documents=12, seed=4)
    assert {each.case.id for each in dockets(other, cast(other))}.isdisjoint(each.case.id for each in files)


def test_the_judge_has_the_open_cases_asked_for(files: list[Docket], members: Cast) -> None:
    own = [each.case for each in files if each.case.judge_id == members.id_of("judge")]
    assert sum(each.is_open for each in own) == PLAN.cases
    assert any(each.stage is Stage.DECIDED for each in own)
    share = sum(each.case.language is Language.KAZAKH for each in files) / len(files)
    assert 0.1 < share < 0.45
    assert len({each.case.number for each in files}) == len(files)


def test_what_happened_first_stands_first(files: list[Docket]) -> None:
    for each in files:
        days = [each.days[name] for name in ("1", "2", "3", "filed", "accepted", "hearing")]
        assert days == sorted(days)
        assert days[-1] <= PLAN.anchor


def test_sittings_fill_today_and_never_clash(files: list[Docket]) -> None:
    made = sittings.hearings(PLAN, files)
    per_day = Counter((each.starts_at + timedelta(hours=5)).date() for each in made)
    assert 7 <= per_day[PLAN.anchor] <= 10
    assert 7 <= per_day[PLAN.anchor + timedelta(days=1)] <= 10
    assert not [pair for pair in combinations(made, 2) if clashes(*pair)]
    assert all((each.state is HearingState.PLANNED) == (each.starts_at.date() >= PLAN.anchor) for each in made)


def test_a_case_is_heard_as_far_as_it_is_and_once_a_day() -> None:
    for cases in (20, 60):
        plan = SeedPlan(anchor=PLAN.anchor, cases=cases, seed=1)
        own = dockets(plan, cast(plan))
        case_of = {each.case.id: each.case for each in own}
        made = sittings.hearings(plan, own)
        days = [((each.starts_at + timedelta(hours=5)).date(), each.case_id) for each in made]
        assert len(days) == len(set(days))
        for day, case_id in days:
            case = case_of[case_id]
            assert case.accepted_on is not None
            assert case.accepted_on < day
            assert case.stage is not Stage.PREPARATION or day >= plan.anchor
        prepares = [each for each in made if case_of[each.case_id].stage is Stage.PREPARATION]
        words = phrases.read("court_day")["hearings"]
        assert {each.purpose for each in prepares} <= {words[language]["preparation"] for language in ("kk", "ru")}
        prepared = Counter(case_id for _, case_id in days if case_of[case_id].stage is Stage.PREPARATION)
        assert set(prepared.values()) <= {1}


def test_a_decision_waits_for_a_signature_once_the_hearing_is_over() -> None:
    for cases in (20, 60):
        plan = SeedPlan(anchor=PLAN.anchor, cases=cases, seed=1)
        court = cast(plan)
        own = dockets(plan, court)
        case_of = {each.case.id: each.case for each in own}
        last = {each.case_id: each for each in sittings.hearings(plan, own)}
        written = [*drafts.drafts(plan, own, court), *(draft for draft, _, _ in drafts.final_acts(plan, own, court))]
        assert written
        for draft in written:
            hearing, is_done = last[draft.case_id], draft.state is not DraftState.WRITING
            assert case_of[draft.case_id].stage is (Stage.DELIBERATION if is_done else Stage.HEARING)
            assert hearing.state is HearingState.HELD or not is_done
            assert draft.changed_at is not None
            assert hearing.starts_at < draft.changed_at or not is_done


def test_a_sunday_has_its_sittings_too(files: list[Docket]) -> None:
    sunday = SeedPlan(anchor=date(2026, 11, 22), cases=20)
    made = sittings.hearings(sunday, dockets(sunday, cast(sunday)))
    assert sum((each.starts_at + timedelta(hours=5)).date() == sunday.anchor for each in made) >= 7


def test_terms_end_where_their_rules_say(files: list[Docket]) -> None:
    book = rule_packs.read_folder(paths.resource("rules")).book
    made = deadlines.terms(PLAN, files)
    by_id = {each.case.id: each.case for each in files}
    for term in made:
        assert term.trigger_on is not None
        rule = book.term(term.rule_id, term.trigger_on)
        case = by_id[term.case_id]
        assert rule is not None
        assert rule.covers(case.procedure, case.instance, case.category)
        assert explain(rule, term.trigger_at or term.trigger_on, book.holidays).due_on == term.due_on
    ends = Counter((term.due_on - PLAN.anchor).days for term in made if term.due_on)
    assert ends[0]
    assert any(0 < days <= 5 for days in ends)
    assert any(days > 5 for days in ends)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_template_is_filled_in_every_category(language: str, files: list[Docket], members: Cast) -> None:
    seen = {each.category.id: each for each in files}
    for docket in seen.values():
        for filing in filings_of(PLAN, docket):
            text = paper(PLAN, docket, members, filing)
            words = text.title + "".join(line.text for line in text.lines)
            assert "{" not in words
            assert ".." not in words


def test_both_languages_have_the_same_templates_and_pools() -> None:
    kk, ru = phrases.filings("kk"), phrases.filings("ru")
    assert kk.templates.keys() == ru.templates.keys()
    assert kk.pools.keys() == ru.pools.keys()
    assert kk.roles.keys() == ru.roles.keys()


def test_a_kazakh_paper_copies_out_right(files: list[Docket], members: Cast) -> None:
    docket = next(
        each for each in files if each.case.language is Language.KAZAKH and each.category.procedure == "civil"
    )
    filing = filings_of(PLAN, docket)[0]
    content, pages = make_pdf(paper(PLAN, docket, members, filing), filing.language, docket.case.number)
    with pypdfium2.PdfDocument(io.BytesIO(content)) as pdf:
        assert len(pdf) == pages
        text = pdf[0].get_textpage().get_text_bounded()
    assert "ТАЛАП ҚОЮ АРЫЗЫ" in text
    assert docket.two.words["kk"].full in " ".join(text.split())


def test_a_scan_is_a_picture(files: list[Docket], members: Cast) -> None:
    words = paper(PLAN, files[0], members, filings_of(PLAN, files[0])[0])
    assert make_scan(words, PLAN.stream("x"), "jpeg").startswith(b"\xff\xd8\xff")
    assert make_scan(words, PLAN.stream("x"), "png").startswith(b"\x89PNG")


def test_drafts_stand_in_several_states_and_none_is_secret(files: list[Docket], members: Cast) -> None:
    made = drafts.drafts(PLAN, files, members)
    final = [draft for draft, _, _ in drafts.final_acts(PLAN, files, members)]
    assert {each.state for each in [*made, *final]} == set(DraftState)
    assert {each.secrecy for each in made} == {Secrecy.OWN, Secrecy.SHARED}
    assert sum(bool(each.remarks) for each in made) >= 2


def findings(draft: Draft, made: list[Draft], files: list[Docket]) -> list[Finding]:
    case = next(each.case for each in files if each.case.id == draft.case_id)
    twin = next((each.act for each in made if draft.pair_id == each.pair_id != "" and each is not draft), None)
    found = lint(LintTask(act=draft.act, book=BOOK, today=PLAN.anchor, case=case, twin=twin))
    return [each for each in found if each.severity is not Severity.NOTE]


def test_the_linter_finds_what_was_planted_and_nothing_else(files: list[Docket], members: Cast) -> None:
    made = drafts.drafts(PLAN, files, members)
    found = [(draft.state, draft.act.language, {each.rule for each in findings(draft, made, files)}) for draft in made]
    assert {rule for _, _, rules in found for rule in rules} == {
        "missing.appeal_term",
        "sum.total",
        "sum.reasons",
        "blank",
    }
    assert not [rules for state, _, rules in found if state is DraftState.TO_SIGN and rules]
    for draft, _, _ in drafts.final_acts(PLAN, files, members):
        assert not findings(draft, [], files)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_kind_of_dispute_makes_a_clean_act_in_both_languages(
    language: str, files: list[Docket], members: Cast
) -> None:
    fit = [each for each in files if each.case.procedure == "civil" and each.category.sums[1]]
    kinds = {(each.category.id, each.case.language): each for each in fit}
    assert len({kind for kind, _ in kinds}) >= 4
    for docket in kinds.values():
        act = decision(docket, members, language)
        found = lint(LintTask(act=act, book=BOOK, today=PLAN.anchor, case=docket.case))
        assert not [each for each in found if each.severity is not Severity.NOTE]


@pytest.mark.parametrize(("language", "years"), [("kk", ("бір", "екі", "үш")), ("ru", ("года", "двух", "трёх"))])
def test_two_texts_of_one_place_agree_with_the_days_of_the_case(
    language: str, years: tuple[str, ...], files: list[Docket]
) -> None:
    seen = set()
    for each in files:
        gone = each.days["filed"] - each.days["2"]
        said = drafts.two_texts(each, language)
        limit = next(number for number, word in enumerate(years, 1) if word in said["secretary"])
        assert timedelta(days=365 * (limit - 1)) <= gone < timedelta(days=365 * limit)
        assert years[2] in said["judge"]
        seen.add(limit)
    assert {1, 2} <= seen


def test_a_round_has_its_name_in_both_languages_of_the_courts() -> None:
    for key in phrases.read("campaigns")["titles"]:
        kazakh, _, russian = rounds.title_of(PLAN, key).partition(" / ")
        assert "бағалау" in kazakh
        assert "оценка" in russian


def test_a_twin_is_in_its_own_language_throughout(files: list[Docket], members: Cast) -> None:
    twins = [each for each in drafts.drafts(PLAN, files, members) if each.pair_id]
    assert len(twins) >= 4
    for each in twins:
        has_kazakh_letters = bool(set("әғқңөұүһі") & set(plain_text(each.act).casefold()))
        assert has_kazakh_letters is (each.act.language is Language.KAZAKH)


@pytest.mark.parametrize("seed", [1, 2, 9])
@pytest.mark.parametrize("cases", [1, 2, 3, 5, 11, 20, 33])
def test_an_act_waits_for_its_signature_however_few_cases_there_are(cases: int, seed: int) -> None:
    plan = SeedPlan(anchor=PLAN.anchor, cases=cases, documents=2, seed=seed)
    court = cast(plan)
    own = dockets(plan, court)
    made = list(drafts.final_acts(plan, own, court))
    assert 1 <= len(made) <= FINAL_ACTS
    stages = {each.case.id: each.case.stage for each in own}
    assert {(stages[draft.case_id], draft.state) for draft, _, _ in made} == {(Stage.DELIBERATION, DraftState.FINAL)}
    assert not {draft.case_id for draft, _, _ in made} & {draft.case_id for draft in drafts.drafts(plan, own, court)}
    assert [content for _, _, content in drafts.final_acts(plan, dockets(plan, court), court)] == [
        content for _, _, content in made
    ]


def test_a_final_act_is_the_file_that_its_draft_names(files: list[Docket], members: Cast) -> None:
    made = list(drafts.final_acts(PLAN, files, members))
    assert len(made) == FINAL_ACTS
    for draft, document, content in made:
        assert hashlib.sha256(content).hexdigest() == draft.final_sha256 == document.sha256
        assert read_code(draft.code) == draft.code == document.code
        assert not blanks(draft.act)


def test_a_series_of_like_cases_waits_with_a_form_of_its_own(members: Cast) -> None:
    plan = SeedPlan(anchor=PLAN.anchor)
    series = [each for each in dockets(plan, members) if each.category.is_series]
    assert len(series) >= 12
    assert len({each.case.subject for each in series}) > len(series) // 2
    assert {each.case.stage for each in series} == {Stage.HEARING}
    for record in drafts.court_forms(plan, members):
        form = parse_template(record.source, f"{record.name}.{record.language}", record.language)
        assert form.procedure is series[0].case.procedure


def test_the_dossier_has_every_section(members: Cast) -> None:
    assert {each.section for each in dossiers.entries(PLAN, members)} == set(DossierSection)
    causes = [each.cause for each in dossiers.entries(PLAN, members) if each.section is DossierSection.APPEALS]
    assert len({cause for cause in causes if cause}) == 4


def test_reviews_are_blinded_and_one_is_half_done(members: Cast) -> None:
    made = dossiers.assignments(PLAN, members)
    assert {each.act_language for each in made} == {"kk", "ru"}
    people = {word.nom.split()[-1] for member in members.members.values() for word in member.words.values()}
    for each in made:
        assert len(each.act_text) > 4000
        assert not [name for name in people if len(name) > 3 and name in each.act_text]
        assert "7199" not in each.act_text
    assert gaps(made[0].form, dossiers.half_done(PLAN, made[0]), made[0].act_text)


def test_the_review_form_is_whole_in_three_languages() -> None:
    form = review_form()
    assert (form.low, form.high, form.comment_at) == (1, 5, (1, 2, 5))
    assert 5 <= len(form.criteria) <= 6
    for criterion in form.criteria:
        assert [anchor.score for anchor in criterion.anchors] == [1, 2, 3, 4, 5]
        texts = [criterion.names, criterion.questions, *(anchor.texts for anchor in criterion.anchors)]
        assert all(each.keys() == set(LANGUAGES) for each in texts)
