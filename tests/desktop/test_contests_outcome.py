"""One's own application behind the last day and behind an outcome: what the page says of it, and what it offers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from judge_desk.desktop.dialogs.confirm import ConfirmDialog
from judge_desk.desktop.local import LocalDesk
from judge_desk.desktop.pages.contests import words as page_words
from judge_desk.desktop.pages.contests.page import ContestsPage
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.widgets.buttons import DangerButton
from judge_desk.desktop.widgets.line import LINE_ROLE, Line
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording
from judge_desk.domain.contest_log import LogEvent
from judge_desk.domain.contests import ContestDecision, ContestOutcome, Standing, Vacancy
from judge_desk.domain.dossier import DossierSection
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import application_scope, court_scope, user_scope
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.contests import ContestService, Mine
from judge_desk.services.context import DeskContext
from tests.contract.contests import a_candidacy, a_vacancy, an_application
from tests.desktop.real_page import open_real_page, settle
from tests.desktop.test_contests_page import dialog_of, log_of, running, words
from tests.factories import JUDGE_ID, NOW, agreed, desk_context, grant

ME = JUDGE_ID


@pytest.fixture
def context(tmp_path: Path, clock: FixedClock) -> Iterator[DeskContext]:
    clock.set(NOW)
    made = desk_context(tmp_path, Role.JUDGE, clock)
    yield made
    made.store.close()


def ended(context: DeskContext, *, chosen: str, consent_ended: bool = False) -> Vacancy:
    """A contest that ended; a1 is one's own application, a2 somebody else's, ``chosen`` one of them or neither."""
    name = {"a1": "Ермеков А. С.", "a2": "Нурсеитова Б. К."}.get(chosen, "")
    outcome = ContestOutcome(
        application_id=chosen, name=name, reasons="Итог", decided_by="Самойлова И. В.", decided_at=NOW
    )
    vacancy = replace(running(context, days=20), outcome=outcome)
    agreed(context, Kind.VACANCY, court_scope(context.court.id), [vacancy], rev=2)
    application = an_application("a1", ME, vacancy.id, made_at=NOW - timedelta(days=30))
    candidacies = [a_candidacy(each, judge, vacancy.id) for each, judge in (("a1", ME), ("a2", "judge2"))]
    decisions = [
        ContestDecision(
            id=each,
            contest_id=vacancy.id,
            chosen=each == chosen,
            reasons="Мотивы",
            decider_id="m1",
            decided_by="Самойлова И. В.",
            decided_at=NOW,
            salt="00",
        )
        for each in ("a1", "a2")
    ]
    said: list[tuple[LogEvent, str, object, str, str]] = [(LogEvent.PUBLISHED, "vacancy", vacancy, "", "m1")]
    said += [(LogEvent.ADMITTED, "candidacy", each, each.id, "") for each in candidacies]
    events = [LogEvent.CHOSEN if each.chosen else LogEvent.NOT_CHOSEN for each in decisions]
    pairs = zip(events, decisions, strict=True)
    said += [(event, "contest_decision", each, each.id, "m1") for event, each in pairs]
    said.append((LogEvent.OUTCOME, "vacancy", vacancy, "", "m1"))
    own = candidacies[0]
    if consent_ended:
        own = replace(own, standing=Standing.WITHDRAWN)
        application = replace(application, withdrawn_at=NOW)
        said.append((LogEvent.WITHDRAWN, "candidacy", own, "a1", ""))
    scope = application_scope("a1")
    grant(context, scope, Role.JUDGE)
    agreed(context, Kind.CONTEST_APPLICATION, user_scope(ME), [application])
    agreed(context, Kind.CANDIDACY, scope, [own])
    agreed(context, Kind.CONTEST_DECISION, scope, decisions[:1])
    log_of(context, vacancy, *said)
    return vacancy


@pytest.fixture
def show(qtbot: QtBot, context: DeskContext, local: LocalDesk, tasks: TaskRunner) -> Callable[[], ContestsPage]:
    return lambda: cast(ContestsPage, open_real_page(qtbot, context, local, tasks, "contests", loop=None))


def line_of(page: ContestsPage) -> Line:
    found = page.list.model().index(0, 0).data(LINE_ROLE)
    assert isinstance(found, Line)
    return found


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (("a2", "kk"), ("сіз таңдалмадыңыз", "Таңдалмады", "muted")),
        (("a2", "ru"), ("вы не избраны", "Не избран(а)", "muted")),
        (("", "en"), ("you were not chosen", "Not chosen", "muted")),
        (("a1", "kk"), ("сіз таңдалдыңыз", "Таңдалды", "ok")),
        (("a1", "ru"), ("вы избраны", "Избран(а)", "ok")),
        (("a1", "en"), ("you were chosen", "Chosen", "ok")),
    ],
)
def test_behind_an_outcome_the_list_and_the_page_say_what_came_of_it(
    context: DeskContext, show: Callable[[], ContestsPage], told: tuple[str, str], said: tuple[str, str, str]
) -> None:
    (chosen, language), (listed, word, tone) = told, said
    ended(context, chosen=chosen)
    page = show()
    Wording.current().switch(language)
    line = line_of(page)
    assert (line.trailing, line.trailing_tone) == (listed, tone)
    lines = words(page).splitlines()
    assert lines[lines.index(Wording.current().translator("contests.mine")) + 1] == word
    counted = Wording.current().translator("contests.fact.applications.count", standing=2, withdrawn=0)
    assert not any(counted in each for each in lines)


@pytest.mark.parametrize(("chosen", "said"), [(True, "chosen"), (False, "not_chosen")])
def test_the_list_says_what_came_of_it_in_its_own_word_alone(
    monkeypatch: pytest.MonkeyPatch, chosen: bool, said: str
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(page_words, "t", asked.append)
    own = SimpleNamespace(seen=SimpleNamespace(result=chosen))
    page_words.short(cast(Mine, own))
    assert asked == [f"contests.short.{said}"]


def test_behind_an_outcome_only_the_consent_can_be_taken_back(
    qtbot: QtBot, context: DeskContext, show: Callable[[], ContestsPage]
) -> None:
    vacancy = ended(context, chosen="a2")
    page = show()
    assert not page.pane.buttons["withdraw"].isVisible()
    page.pane.buttons["end_consent"].click()
    asked = cast(ConfirmDialog, dialog_of(page, ConfirmDialog))
    button = asked.findChild(DangerButton)
    assert button is not None
    assert button.text() == "End the consent to the extract"
    button.click()
    settle(qtbot, page)
    mine = ContestService(context).view(vacancy.id).mine
    assert mine is not None
    assert mine.application.withdrawn_at is not None
    assert "The consent to the extract was ended; the hub learns of it" in words(page)
    assert not page.pane.buttons["end_consent"].isVisible()


def test_a_consent_that_ends_behind_the_outcome_leaves_the_result(
    context: DeskContext, show: Callable[[], ContestsPage]
) -> None:
    ended(context, chosen="a2", consent_ended=True)
    page = show()
    assert line_of(page).trailing == "you were not chosen"
    told = words(page)
    assert "The consent to the extract was ended. The Council can no longer read the extract." in told
    assert "consent to the extract ended" in told
    assert "application withdrawn" not in told


def test_a_closed_contest_says_on_which_day_it_closed_and_who_did_not_apply(
    qtbot: QtBot, context: DeskContext, local: LocalDesk, tasks: TaskRunner, clock: FixedClock
) -> None:
    vacancy = replace(running(context, days=-10), panel=a_vacancy(panel=("m1", "m2", "m3")).panel)
    agreed(context, Kind.VACANCY, court_scope(context.court.id), [vacancy], rev=2)
    opened = open_real_page(qtbot, context, local, tasks, "contests", loop=None, contest_id=vacancy.id)
    page = cast(ContestsPage, opened)
    (until,) = told_of_the_last_day(page)
    assert until.startswith("Applications until: 29 Nov 2026; those made offline")
    clock.set(NOW + timedelta(days=7))
    reread(qtbot, page)
    assert told_of_the_last_day(page) == ["Taking applications ended on 29 Nov 2026. You did not apply."]
    clock.set(NOW)
    service = ContestService(context)
    service.apply(vacancy.id, [DossierSection.AWARDS], vacancy.steps[-1].to_on)
    clock.set(NOW + timedelta(days=7))
    reread(qtbot, page)
    assert told_of_the_last_day(page) == ["Taking applications ended on 29 Nov 2026."]
    (unsure,) = (each for each in page.pane.facts.findChildren(PlainLabel) if "unverified" in each.text())
    assert "set by the Council" in unsure.text()
    assert unsure.property("tone") == "muted"


def reread(qtbot: QtBot, page: ContestsPage) -> None:
    page.activate({})
    settle(qtbot, page)


def told_of_the_last_day(page: ContestsPage) -> list[str]:
    lines = words(page).replace("\u00a0", " ").splitlines()
    return [each for each in lines if each.startswith(("Applications until", "Taking applications"))]
