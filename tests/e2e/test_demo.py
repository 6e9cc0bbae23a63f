"""The demo as real processes: what a judge finds on the desk came there by the real road, once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from judge_desk.bootstrap import demo_day
from judge_desk.bootstrap.demo import Demo, enrol_with, running_hub
from judge_desk.bootstrap.demo_key import make_key
from judge_desk.bootstrap.profile import OpenProfile, Profile
from judge_desk.domain.cases import Language, Procedure
from judge_desk.domain.drafts import DraftState
from judge_desk.domain.kinds import Kind
from judge_desk.hub.demo_court.dockets import FINAL_ACTS
from judge_desk.runtime.clock import SystemClock
from judge_desk.services.cases import CaseQuery
from judge_desk.services.series import SeriesRow
from judge_desk.services.signing_keys import KeyMeans, MeansKind
from judge_desk.store.outbox import OutboxState

DEMO = Demo("a passphrase of the demo", SystemClock().today().isoformat(), cases=40, documents=2, seed=1)
FILL_SECONDS = 60


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenProfile]:
    """The judge's desk as the demo hands it over, its files fetched."""
    folder = tmp_path_factory.mktemp("demo")
    with running_hub(folder, DEMO) as url:
        profile = Profile(folder / "judge", SystemClock(), use_keyring=False)
        enrol_with(profile, folder, "judge", url, DEMO)
        demo_day.live(profile, DEMO, folder)
        demo_day.live(profile, DEMO, folder)
        opened = profile.unlock(DEMO.passphrase, with_loop=False)
        try:
            fetch_the_acts(opened)
            yield opened
        finally:
            opened.close()
            profile.sign_in.lock()


def fetch_the_acts(opened: OpenProfile) -> None:
    """Sync until the acts that wait for a signature have come with their files."""
    until = time.monotonic() + FILL_SECONDS
    while time.monotonic() < until:
        opened.engine_for(lambda _progress: None).cycle(threading.Event())
        waiting = opened.desk.signing.unsigned()
        if len(waiting) == FINAL_ACTS and all(each.is_here for each in waiting):
            return
    raise AssertionError("the acts did not come")


def test_a_conflict_and_a_refusal_wait_once(desk: OpenProfile) -> None:
    lines = desk.desk.sync.attention_lines()
    assert sorted((each.kind, each.state) for each in lines) == [
        (Kind.DRAFT, OutboxState.CONFLICT),
        (Kind.HEARING, OutboxState.REFUSED),
    ]


def test_what_was_exchanged_before_the_window_opened_is_listed(desk: OpenProfile) -> None:
    view = desk.desk.sync.view()
    assert view.history
    assert (view.received > 0, sum(each.refused for each in view.history)) == (True, 1)


def test_times_without_a_link_are_on_record(desk: OpenProfile) -> None:
    now = SystemClock().now()
    statement = desk.desk.outages.certify(now - timedelta(days=30), now).statement
    assert len(statement.outages) == 3
    assert all(each.seconds >= 20 * 60 and each.reached_at for each in statement.outages)


def test_a_draft_bears_remarks_and_a_history(desk: OpenProfile) -> None:
    drafts = [desk.desk.drafts.open(row.id).draft for row in desk.desk.drafts.rows()]
    assert [each for each in drafts if each.remarks]
    assert [each for each in drafts if any(version.label for version in desk.desk.drafts.versions(each.id))]
    assert len({each.pair_id for each in drafts if each.pair_id}) >= 2


def test_the_acts_that_wait_are_signed_with_the_key_of_the_demo(desk: OpenProfile) -> None:
    assert desk.context.outside.trust is not None
    made = make_key(desk.context.outside.trust.parents[1])
    waiting = desk.desk.signing.unsigned()
    assert waiting
    with desk.desk.signing.open_key(KeyMeans(kind=MeansKind.KEY_FILE, path=made.file), made.pin) as key:
        report = desk.desk.signing.sign([waiting[0].draft_id], key)
    assert report.problem is None
    assert report.signed == (waiting[0].draft_id,)


def test_the_series_goes_from_the_choice_to_final_acts(desk: OpenProfile) -> None:
    drafts, series = desk.desk.drafts, desk.desk.series
    query = CaseQuery(procedures=frozenset({Procedure.ADMINISTRATIVE_OFFENCE}), open_only=True)
    cases = [each.id for each in desk.desk.cases.rows(desk.desk.cases.ids(query)) if "592" in each.title]
    assert len(cases) >= 2
    form = next(each for each in series.forms(cases) if each.is_own)
    table = series.table(cases, form.id)
    made = series.generate(replace(table, rows=tuple(map(answered, table.rows))))
    assert not made.failed
    done = series.finalise(list(made.done.values()), drafts.today())
    assert not done.failed, [problem.params for problem in done.failed.values()]
    assert {drafts.open(each).draft.state for each in made.done.values()} == {DraftState.FINAL}


def answered(row: SeriesRow) -> SeriesRow:
    """What the judge types: the person's words and the penalty; all else is known from the case."""
    gaps = {slot for slot, value in row.values.items() if not value}
    assert gaps == {"explanation", "penalty"}
    kazakh = row.language is Language.KAZAKH
    explanation = "кінәсін мойындады." if kazakh else "вину признал."
    penalty = "20 АЕК мөлшерінде айыппұл" if kazakh else "штраф в размере 20 МРП"
    return row.with_value("explanation", explanation).with_value("penalty", penalty)
