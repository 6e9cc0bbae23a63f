"""The page of contests: what a judge, a member of the panel and nobody else can do there, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless, unreachable
from judge_desk.desktop.dialogs.ask_text import AskTextDialog
from judge_desk.desktop.dialogs.confirm import ConfirmDialog
from judge_desk.desktop.local import LocalDesk
from judge_desk.desktop.pages.contests.dialogs import ApplyDialog, RecuseDialog, VacancyDialog
from judge_desk.desktop.pages.contests.page import KEEP_MS, ContestsPage
from judge_desk.desktop.pages.contests.score_form import CriterionField
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Theme
from judge_desk.desktop.widgets.buttons import DangerButton
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.state_stack import State
from judge_desk.desktop.wording import Wording
from judge_desk.domain.chains import FIRST_LINK
from judge_desk.domain.contest_log import ContestLink, LogEvent, signed_text
from judge_desk.domain.contests import ContestExtract, Vacancy, sheet_id
from judge_desk.domain.dossier import ChangeCause, DossierEntry, DossierSection
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.review_results import CriterionResult, PanelResult, ReviewResult, Verdict
from judge_desk.domain.scopes import application_scope, contest_scope, court_scope, sheet_scope
from judge_desk.protocol import codec
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.contests import ContestService, HalfSheet
from judge_desk.services.context import DeskContext
from judge_desk.store import session_data
from tests.contract.contests import a_candidacy, a_sheet, a_vacancy
from tests.desktop.conftest import type_text
from tests.desktop.real_page import open_real_page, settle, window_of
from tests.factories import JUDGE_ID, NOW, a_person, agreed, desk_context, grant

ME = JUDGE_ID
PANEL = (ME, "m2", "m3")
Show = Callable[..., ContestsPage]


@pytest.fixture
def open_as(
    qtbot: QtBot, tmp_path: Path, clock: FixedClock, local: LocalDesk, tasks: TaskRunner
) -> Iterator[Callable[[Role], tuple[DeskContext, Show]]]:
    clock.set(NOW)
    made: list[DeskContext] = []

    def make(role: Role) -> tuple[DeskContext, Show]:
        context = desk_context(tmp_path, role, clock)
        made.append(context)
        people = [a_person(Role.COUNCIL, id=each, name=f"Член {each}") for each in PANEL[1:]]
        agreed(context, Kind.PERSON, court_scope(context.court.id), people)

        def show(**params: str) -> ContestsPage:
            return cast(ContestsPage, open_real_page(qtbot, context, local, tasks, "contests", loop=None, **params))

        return context, show

    yield make
    for each in made:
        each.store.close()


def running(context: DeskContext, *, days: int = 0) -> Vacancy:
    """A contest whose first step began ``days`` ago (less than nothing: applications are still taken)."""
    vacancy = a_vacancy(panel=PANEL, title="Судья районного суда")
    day = NOW.date() - timedelta(days=days)
    steps = tuple(replace(each, from_on=day, to_on=day + timedelta(days=3)) for each in vacancy.steps)
    vacancy = replace(
        vacancy, steps=steps, apply_until_on=day - timedelta(days=4), consent_until_on=day.replace(year=2030)
    )
    agreed(context, Kind.VACANCY, court_scope(context.court.id), [vacancy])
    return vacancy


def log_of(context: DeskContext, vacancy: Vacancy, *said: tuple[LogEvent, str, object, str, str]) -> None:
    """A log signed by a hub whose key this desk knows: (event, kind, record, application, member) of each line."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key, previous, links = Ed25519PrivateKey.generate(), FIRST_LINK, []
    for number, (event, kind, record, application, member) in enumerate(said, 1):
        step = getattr(record, "step_id", "")
        link = ContestLink(
            id=f"{vacancy.id}.{number}",
            contest_id=vacancy.id,
            number=number,
            event=event,
            record_kind=kind,
            record_id=record.id,  # type: ignore[attr-defined]
            application_id=application,
            step_id=step,
            member_id=member,
            record_sha256=codec.sha256(record),
            at=datetime(2026, 11, 1, tzinfo=UTC),
            previous=previous,
        )
        previous = link.true_hash()
        links.append(replace(link, hash=previous, signature=key.sign(signed_text(previous)).hex()))
    scope = contest_scope(vacancy.id)
    grant(context, scope, Role.COUNCIL)
    agreed(context, Kind.CONTEST_LINK, scope, links)
    with context.store.writing() as connection:
        session_data.put(connection, session_data.HUB_KEY, key.public_key().public_bytes_raw().hex())


def before_the_panel(context: DeskContext, *, scored: bool = False) -> Vacancy:
    """One application with its extract, on the desk of a member; ``scored``: every sheet is in."""
    vacancy = running(context)
    candidacy = replace(a_candidacy("a1", "judge9", vacancy.id), judge_name="Сапаров К. Б.")
    entry = DossierEntry(
        id="e1", judge_id="judge9", section=DossierSection.APPEALS, title="Изменено", cause=ChangeCause.LAW_CHANGED
    )
    criterion = CriterionResult(criterion_id="c", verdict=Verdict.FEW)
    found = ReviewResult(found=PanelResult(forms=2, criteria=(criterion,)), names={"c": {"en": "Reasoning"}})
    review = DossierEntry(id="e2", judge_id="judge9", section=DossierSection.REVIEWS, title="Весна", review=found)
    extract = ContestExtract(
        id="a1",
        contest_id=vacancy.id,
        judge_id="judge9",
        sections=(DossierSection.APPEALS, DossierSection.REVIEWS),
        entries=(entry, review),
        own_words=(),
        chain_number=1,
        chain_hash="",
        seal="ab" * 32,
        until_on=NOW.date() + timedelta(days=30),
        salt="00",
    )
    scope = application_scope("a1")
    grant(context, scope, Role.COUNCIL)
    agreed(context, Kind.CANDIDACY, scope, [candidacy])
    agreed(context, Kind.CONTEST_EXTRACT, scope, [extract])
    said = [
        (LogEvent.PUBLISHED, "vacancy", vacancy, "", ME),
        (LogEvent.ADMITTED, "candidacy", candidacy, "a1", ""),
        (LogEvent.EXTRACT, "contest_extract", extract, "a1", ""),
    ]
    for seat, member in enumerate(PANEL):
        for step in vacancy.steps:
            name = sheet_id("a1", step.id, seat)
            if member == ME or scored:
                grant(context, sheet_scope(name), Role.COUNCIL)
            if scored:
                sheet = a_sheet(name, member, vacancy.id)
                agreed(context, Kind.SCORE_SHEET, sheet_scope(name), [sheet])
                said.append((LogEvent.SHEET, "score_sheet", sheet, "a1", member))
    log_of(context, vacancy, *said)
    return vacancy


def words(page: ContestsPage) -> str:
    """Everything that the page says now; labels made this moment are shown with the next events."""
    QApplication.processEvents()
    return "\n".join(each.text() for each in page.pane.findChildren(PlainLabel) if each.isVisible())


def dialog_of(page: ContestsPage, kind: type[QDialog]) -> QDialog:
    found = page.window().findChild(kind)
    assert found is not None
    assert (nameless(found), unreachable(found)) == ([], [])
    return found


def test_the_council_publishes_by_the_rules_of_the_day(
    qtbot: QtBot, open_as: Callable[..., tuple[DeskContext, Show]]
) -> None:
    context, show = open_as(Role.COUNCIL)
    page = show()
    assert page.states.state is State.EMPTY
    page._new.click()
    settle(qtbot, page)
    dialog = cast(VacancyDialog, dialog_of(page, VacancyDialog))
    assert not dialog.do_it.isEnabled()
    for field, text in ((dialog.title, "Судья"), (dialog.post, "судья"), (dialog.court, "Суд")):
        field.setText(text)
    assert dialog.do_it.isEnabled()
    dialog.panel.untick("m2")
    assert not dialog.do_it.isEnabled()
    dialog.panel.item(1).setCheckState(dialog.panel.item(0).checkState())
    dialog.do_it.click()
    settle(qtbot, page)
    view = ContestService(context).rows()[0]
    assert [each.id for each in view.vacancy.steps] == ["file", "written", "interview"]
    assert view.waiting
    assert "Waits for the link" in words(page)
    assert "unverified" in words(page)


def test_a_member_scores_with_reasons_once_and_what_is_half_done_stays(
    qtbot: QtBot, open_as: Callable[..., tuple[DeskContext, Show]]
) -> None:
    context, show = open_as(Role.COUNCIL)
    vacancy = before_the_panel(context)
    page = show(contest_id=vacancy.id)
    assert (nameless(page), unreachable(page)) == ([], [])
    told = words(page)
    assert page.pane.panel.list.model().index(0, 0).data() == "Сапаров К. Б."
    assert "the law changed" in told
    assert "Reasoning: too few forms for a score" in told
    assert "The log is whole: 3 lines" in told
    form = page.pane.panel.form
    assert form.isVisible()
    assert not form.give.isEnabled()
    field = form.fields[0]
    _choose(field, 3)
    assert not form.give.isEnabled()
    field.reason.setFocus()
    type_text(field.reason, "Тәжірибе жеткілікті")
    qtbot.wait(KEEP_MS // 8)
    page.pane.panel._show_one()  # an exchange comes in between
    assert form.fields[0].reason.toPlainText() == "Тәжірибе жеткілікті"
    page.leave()
    settle(qtbot, page)
    half = ContestService(context).view(vacancy.id).applications[0].half["file"]
    assert half == HalfSheet(form.half().scores)
    for language in ("kk", "ru", "en"):
        Wording.current().switch(language)
        settle(qtbot, page)
        assert page.pane.panel.form.fields[0].reason.toPlainText() == "Тәжірибе жеткілікті"
    form.give.click()
    settle(qtbot, page)
    seen = ContestService(context).view(vacancy.id).applications[0]
    assert [(each.step_id, each.scores[0].reason) for each in seen.sheets] == [("file", "Тәжірибе жеткілікті")]
    assert seen.waiting
    assert form.key[2] == "talk"
    assert form.fields[0].reason.toPlainText() == ""


def test_a_member_steps_back(qtbot: QtBot, open_as: Callable[..., tuple[DeskContext, Show]]) -> None:
    context, show = open_as(Role.COUNCIL)
    vacancy = before_the_panel(context)
    page = show(contest_id=vacancy.id)
    page.pane.panel.buttons["recuse"].click()
    dialog = cast(RecuseDialog, dialog_of(page, RecuseDialog))
    assert dialog.focusWidget() is dialog.reason
    dialog.text.setPlainText("Жұмыс істедік")
    dialog.do_it.click()
    settle(qtbot, page)
    assert [each.text for each in ContestService(context).view(vacancy.id).applications[0].recusals] == [
        "Жұмыс істедік"
    ]


def test_another_contest_begins_at_its_top(qtbot: QtBot, open_as: Callable[..., tuple[DeskContext, Show]]) -> None:
    context, show = open_as(Role.COUNCIL)
    vacancy = before_the_panel(context)
    other = replace(vacancy, id="other", title="Судья областного суда")
    agreed(context, Kind.VACANCY, court_scope(context.court.id), [other])
    page = show(contest_id=vacancy.id)
    window_of(page).resize(960, 600)
    bar = page.pane.scrolled.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    page.activate({"contest_id": vacancy.id})
    settle(qtbot, page)
    assert bar.value() > 0
    page.activate({"contest_id": "other"})
    settle(qtbot, page)
    assert bar.value() == 0


def test_the_panel_decides_when_every_sheet_is_in(
    qtbot: QtBot, open_as: Callable[..., tuple[DeskContext, Show]]
) -> None:
    context, show = open_as(Role.COUNCIL)
    vacancy = before_the_panel(context, scored=True)
    page = show(contest_id=vacancy.id)
    assert not page.pane.panel.form.isVisible()
    assert "By weight: 3.0 (3.0–3.0)" in words(page)
    page.pane.panel.buttons["choose"].click()
    dialog = cast(AskTextDialog, dialog_of(page, AskTextDialog))
    assert page.pane.panel.shown_name() in dialog.windowTitle()
    assert page.pane.panel.shown_name()
    dialog.field.setPlainText("Уәж")
    dialog.do_it.click()
    settle(qtbot, page)
    decision = ContestService(context).view(vacancy.id).applications[0].decision
    assert decision is not None
    assert (decision.chosen, decision.reasons) == (True, "Уәж")
    assert not page.pane.panel.buttons["choose"].isVisible()


def test_a_judge_applies_by_consent_and_withdraws(
    qtbot: QtBot, open_as: Callable[..., tuple[DeskContext, Show]]
) -> None:
    context, show = open_as(Role.JUDGE)
    vacancy = running(context, days=-10)
    vacancy = replace(vacancy, panel=a_vacancy(panel=("m1", "m2", "m3")).panel, sections=(DossierSection.AWARDS,))
    agreed(context, Kind.VACANCY, court_scope(context.court.id), [vacancy], rev=2)
    page = show()
    assert not page._new.isVisible()
    assert not page.pane.panel.isVisible()
    page.pane.buttons["apply"].click()
    settle(qtbot, page)
    dialog = cast(ApplyDialog, dialog_of(page, ApplyDialog))
    assert dialog.chosen_sections() == [DossierSection.AWARDS]
    dialog.sections.untick("awards")
    assert not dialog.do_it.isEnabled()
    dialog.sections.item(0).setCheckState(dialog.sections.item(0).checkState().Checked)
    dialog.do_it.click()
    settle(qtbot, page)
    mine = ContestService(context).view(vacancy.id).mine
    assert mine is not None
    assert mine.application.consent.sections == (DossierSection.AWARDS,)
    assert "Waits for the link" in words(page)
    assert not page.pane.buttons["apply"].isVisible()
    page.pane.buttons["withdraw"].click()
    asked = cast(ConfirmDialog, dialog_of(page, ConfirmDialog))
    button = asked.findChild(DangerButton)
    assert button is not None
    button.click()
    settle(qtbot, page)
    after = ContestService(context).view(vacancy.id).mine
    assert after is not None
    assert after.application.withdrawn_at is not None


@pytest.mark.parametrize("percent", [100, 150])
def test_all_that_is_consented_to_is_seen_and_the_post_is_named(qtbot: QtBot, percent: int) -> None:
    Theme.current().apply(scale=percent / 100)
    vacancy = replace(a_vacancy(panel=("m1", "m2", "m3")), sections=tuple(DossierSection)[:8])
    page = QWidget()
    qtbot.addWidget(page)
    page.show()
    dialog = ApplyDialog(page, vacancy, dict.fromkeys(DossierSection, 2))
    dialog.open()
    QApplication.processEvents()
    port = dialog.sections.viewport().rect()
    assert dialog.chosen_sections() == list(vacancy.sections)
    for row in range(dialog.sections.count()):
        assert port.contains(dialog.sections.visualItemRect(dialog.sections.item(row)))
        assert "(2\N{NO-BREAK SPACE}" in dialog.sections.item(row).text()
    for rows in (dialog.sections, dialog.kin):  # the dialog scrolls where the screen is low; nothing scrolls in it
        assert not rows.verticalScrollBar().isVisible()
    assert f"{vacancy.post} · {vacancy.court}" in [each.text() for each in dialog.findChildren(PlainLabel)]
    assert dialog.do_it.visibleRegion().boundingRect() == dialog.do_it.rect()
    dialog.reject()


def test_the_auditor_reads_the_log_saves_it_and_is_told_what_is_wrong(
    qtbot: QtBot, open_as: Callable[..., tuple[DeskContext, Show]], tmp_path: Path
) -> None:
    context, show = open_as(Role.AUDITOR)
    vacancy = running(context)
    log_of(context, vacancy, (LogEvent.PUBLISHED, "vacancy", vacancy, "", ME))
    page = show(contest_id=vacancy.id)
    assert "The log is whole: 1 line" in words(page)
    assert not page.pane.broken.isVisible()
    page.pane.buttons["save_log"].click()
    dialog = page.window().findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "log.json"))
    settle(qtbot, page)
    assert (tmp_path / "log.json").is_file()
    dialog.reject()
    changed = replace(vacancy, title="Другое")
    agreed(context, Kind.VACANCY, court_scope(context.court.id), [changed], rev=2)
    page.activate({"contest_id": vacancy.id})
    settle(qtbot, page)
    assert page.pane.broken.isVisible()
    assert "the record is not the one that was sealed" in words(page)


def _choose(field: CriterionField, score: int) -> None:
    for button in field._group.buttons():
        if field._group.id(button) == score:
            button.click()
