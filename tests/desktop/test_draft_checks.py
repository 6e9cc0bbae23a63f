"""Findings, twin, series and forms in the page of drafts, by keyboard, over a real desk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QSplitter
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless, unreachable
from judge_desk.desktop.dialogs.ask_text import AskTextDialog
from judge_desk.desktop.editor import places
from judge_desk.desktop.editor.formats import as_typed
from judge_desk.desktop.local import LocalDesk
from judge_desk.desktop.pages.drafts.finalise_dialog import MOST_ERRORS, FinaliseDialog
from judge_desk.desktop.pages.drafts.page import DraftsPage
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import t
from judge_desk.domain.act_forms import Severity
from judge_desk.domain.acts import PartKind
from judge_desk.domain.cases import Language, PartyRole, Procedure
from judge_desk.domain.drafts import DraftState, Secrecy
from judge_desk.domain.findings import Finding
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.context import DeskContext
from judge_desk.services.desk import Desk
from tests.desktop.draft_desk import Window, drafts_page, opened, settled
from tests.factories import a_case, a_party, desk_context, with_case
from tests.unit.services.test_linting import retold

SHOTS = os.environ.get("JUDGE_DESK_TEST_SHOTS", "")
COUNT = 43


@pytest.fixture
def context(tmp_path: Path, clock: FixedClock) -> Iterator[DeskContext]:
    context = desk_context(tmp_path, clock=clock)
    yield context
    context.store.close()


@pytest.fixture
def window() -> Window:
    return Window()


@pytest.fixture
def page(
    qtbot: QtBot, context: DeskContext, tasks: TaskRunner, window: Window, local: LocalDesk
) -> Iterator[DraftsPage]:
    page = drafts_page(context, tasks, window, local)
    page.resize(1400, 860)
    qtbot.addWidget(page)
    yield page
    # As the window does before the threads end: nothing may want to save afterwards.
    page.desk.put_away()


@pytest.fixture
def draft_id(context: DeskContext) -> str:
    case = with_case(context, a_case(parties=(a_party("Ибраев А. Қ."),), judge_name="Ахметова Г. С."))
    desk = Desk.over(context)
    made, _ = desk.drafts.create(case.id, "civil_decision.ru")
    act = retold(desk.drafts.open(made).draft.act, "op-costs", "Взыскать 5 000 (шесть тысяч) тенге пошлины.")
    desk.drafts.save(made, act)
    return made


def shot(page: DraftsPage, name: str) -> None:
    """A picture for a person's eyes, where one asks for it."""
    if SHOTS:
        page.grab().save(f"{SHOTS}/{name}.png")


def checked(qtbot: QtBot, page: DraftsPage) -> None:
    qtbot.waitUntil(lambda: bool(page.more.report.open), timeout=10_000)
    settled(qtbot, page)


def test_findings_are_listed_explained_and_lead_to_their_place(qtbot: QtBot, page: DraftsPage, draft_id: str) -> None:
    opened(qtbot, page, draft_id)
    checked(qtbot, page)
    page.more.toggle_findings()
    panel = page.more.findings
    assert panel.list.lines.rowCount() == len(page.more.report.open)
    rules = [finding.rule for finding, _ in panel._entries().values()]
    panel.list.setCurrentIndex(panel.list.lines.index(rules.index("sum.words")))
    shot(page, "findings")
    assert "6\u00a0000" in panel.words.text()
    assert "CPC" in panel.norm.text()  # the window speaks English, the act Russian
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert "шесть тысяч" in page.desk.edit.textCursor().block().text()
    assert nameless(page) == []
    assert page.step_back()
    assert not page.desk.columns.in_own_right


def test_what_is_missing_leads_to_the_part_where_it_belongs(qtbot: QtBot, page: DraftsPage, draft_id: str) -> None:
    opened(qtbot, page, draft_id)
    checked(qtbot, page)
    part = PartKind.OPERATIVE
    params, what = {"part": f"word.part.{part}"}, {"en": "costs"}
    missing = Finding(rule="missing.costs", severity=Severity.ERROR, part=part, params=params, what=what)
    panel = page.more.findings
    page.more.toggle_findings()
    panel.show_report(replace(page.more.report, open=(missing,)), may_edit=True)
    assert panel.go.isEnabled()
    page.desk.edit.go_to_part(PartKind.INTRODUCTORY)
    QTest.mouseClick(panel.go, Qt.MouseButton.LeftButton)
    at = places.place_of_part(page.desk.edit.document(), part)
    assert page.desk.edit.textCursor().position() == at
    panel.show_report(replace(page.more.report, open=(replace(missing, part=None),)), may_edit=True)
    assert not panel.go.isEnabled()


def test_the_check_follows_the_typing(qtbot: QtBot, page: DraftsPage, draft_id: str) -> None:
    opened(qtbot, page, draft_id)
    checked(qtbot, page)
    page.desk.edit.go_to("op-costs")
    page.desk.edit.textCursor().insertText("Взыскать 7 (девять) тенге. ")

    def found() -> list[str]:
        return [each.params.get("found", "") for each in page.more.report.open if each.rule == "sum.words"]

    qtbot.waitUntil(lambda: any("девять" in each for each in found()), timeout=10_000)
    page.desk.autosave.flush()
    settled(qtbot, page)
    qtbot.waitUntil(lambda: page.context.tasks.is_idle, timeout=10_000)


def test_a_finding_is_left_with_a_reason_and_told_before_closing(qtbot: QtBot, page: DraftsPage, draft_id: str) -> None:
    opened(qtbot, page, draft_id)
    checked(qtbot, page)
    page.more.toggle_findings()
    panel, before = page.more.findings, len(page.more.report.open)
    QTest.mouseClick(panel.leave, Qt.MouseButton.LeftButton)
    dialog = cast(AskTextDialog, page.more.dialog)
    assert not dialog.do_it.isEnabled()
    dialog.field.setPlainText("так решено")
    dialog.accept()
    qtbot.waitUntil(lambda: len(page.more.report.left) == 1, timeout=10_000)
    assert len(page.more.report.open) == before - 1
    page.deeds.ask_finalise()
    qtbot.waitUntil(lambda: page.deeds.dialog is not None, timeout=10_000)
    question = cast(FinaliseDialog, page.deeds.dialog)
    assert page.more.summary() in question.check.text()
    assert len(page.more.errors()) > MOST_ERRORS
    assert question.errors.text().splitlines() == [*page.more.errors()[:MOST_ERRORS], "…"]
    question.tell_check("5", page.more.errors()[:1])
    assert question.errors.text() == page.more.errors()[0]
    question.reject()
    page.desk.autosave.flush()
    settled(qtbot, page)
    qtbot.waitUntil(lambda: page.context.tasks.is_idle, timeout=10_000)


def test_both_languages_stand_side_by_side(qtbot: QtBot, page: DraftsPage, draft_id: str, context: DeskContext) -> None:
    desk = Desk.over(context)
    twin_id, _ = desk.twins.create(draft_id, Language.KAZAKH)
    act = desk.drafts.open(twin_id).draft.act
    desk.drafts.save(twin_id, retold(act, "op-costs", "7 000 теңге баж өндірілсін."))
    opened(qtbot, page, draft_id)
    page.more.open_twin()
    qtbot.waitUntil(lambda: page._views.currentWidget() is page.more.twin, timeout=10_000)
    view = page.more.twin
    shot(page, "twin")
    assert view.list.lines.rowCount() > 0
    assert "7 000 теңге" in view.texts.toPlainText()
    assert view.authority.value() == Language.RUSSIAN
    offered = {value for value, button in view.authority._buttons.items() if button.isVisibleTo(view)}
    assert offered == {Language.RUSSIAN, Language.KAZAKH}
    assert nameless(page) == []
    found = [each.fault.value for each in view._found]
    view.list.setCurrentIndex(view.list.lines.index(found.index("sum")))
    QTest.keyClick(view.list, Qt.Key.Key_Return)
    assert page._views.currentWidget() is page.desk
    assert "5 000" in as_typed(page.desk.edit.textCursor().block().text())
    page.more.open_twin()
    qtbot.waitUntil(lambda: page._views.currentWidget() is page.more.twin, timeout=10_000)
    view.list.setCurrentIndex(view.list.lines.index(found.index("sum")))
    view.there.click()
    qtbot.waitUntil(lambda: page.draft_id == twin_id and page._views.currentWidget() is page.desk, timeout=10_000)
    settled(qtbot, page)
    assert "7 000 теңге" in as_typed(page.desk.edit.textCursor().block().text())


def test_a_twin_is_begun_from_the_window(qtbot: QtBot, page: DraftsPage, draft_id: str) -> None:
    opened(qtbot, page, draft_id)
    page.more._create_twin(Language.KAZAKH)
    qtbot.waitUntil(lambda: page._views.currentWidget() is page.more.twin, timeout=10_000)
    page.more._set_authority(Language.KAZAKH)
    qtbot.waitUntil(lambda: page.more.twin.authority.value() == Language.KAZAKH, timeout=10_000)
    assert page.step_back()
    settled(qtbot, page)


def test_the_twin_follows_into_the_deliberation_room(qtbot: QtBot, page: DraftsPage, draft_id: str) -> None:
    desk = page.context.desk
    desk.twins.create(draft_id, Language.KAZAKH)
    opened(qtbot, page, draft_id)
    page.deeds._move(Secrecy.DELIBERATION)
    qtbot.waitUntil(lambda: {row.secrecy for row in desk.drafts.rows()} == {Secrecy.DELIBERATION}, timeout=10_000)
    settled(qtbot, page)


def test_43_cases_by_keyboard(qtbot: QtBot, page: DraftsPage, context: DeskContext, window: Window) -> None:
    for number in range(COUNT):
        with_case(
            context,
            a_case(
                number=f"7140-26-00-3/{1000 + number}",
                procedure=Procedure.ADMINISTRATIVE_OFFENCE,
                judge_name="Ахметова Г. С.",
                subject=f"проезд на запрещающий сигнал светофора, случай {number}",
                parties=(a_party("Оспанов А. Б.", PartyRole.OFFENDER),),
            ),
        )
    page.activate({})
    settled(qtbot, page)
    page.more.open_series()
    view = page.more.series
    qtbot.waitUntil(lambda: view.cases.count() == COUNT and view.form.count() > 0, timeout=10_000)
    QTest.keyClick(view.cases, Qt.Key.Key_Space)
    assert len(view.chosen()) == 1
    view.all.click()
    view.form.setCurrentIndex(view.form.findData("offence_resolution.ru"))
    shot(page, "series_choose")
    view.next.click()
    qtbot.waitUntil(lambda: view._steps.currentIndex() == 1, timeout=10_000)
    fill(view.table)
    shot(page, "series_table")
    assert view.table.series().gaps() == 2 * COUNT
    view.next.click()
    qtbot.waitUntil(lambda: view._steps.currentIndex() == 2 and len(view._reports) == COUNT, timeout=60_000)
    shot(page, "series_results")
    assert nameless(page) == []
    view.next.click()
    qtbot.waitUntil(lambda: len(view._numbers) == COUNT, timeout=120_000)
    shot(page, "series_closed")
    rows = page.context.desk.drafts.rows()
    assert [row.state for row in rows] == [DraftState.FINAL] * COUNT
    assert "series.closed" in window.toasts
    assert page.step_back()
    settled(qtbot, page)


def fill(table: object) -> None:
    """Every column but the optional ones typed once and given to all, the reasons each their own."""
    from judge_desk.desktop.pages.drafts.series_table import SeriesTableView

    assert isinstance(table, SeriesTableView)
    model = table.series()
    words = {
        "article": "часть 1 статьи 599 КоАП РК",
        "explanation": "вину признал",
        "circumstances": "смягчающих обстоятельств нет",
        "penalty": "штраф 43 250 (сорок три тысячи двести пятьдесят) тенге",
        "execution": "уплатить в течение тридцати суток",
    }
    columns = [column.slot for column in model.table().columns]
    for slot, text in words.items():
        cell = model.index(0, columns.index(slot))
        model.setData(cell, text)
        table.setCurrentIndex(cell)
        QTest.keyClick(table, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    evidence = columns.index("evidence")
    for row in range(model.rowCount()):
        model.setData(model.index(row, evidence), f"протокол № {row}")


def test_a_series_is_stopped_in_the_middle(qtbot: QtBot, page: DraftsPage, context: DeskContext) -> None:
    for number in range(30):
        with_case(context, a_case(number=f"7140-26-00-3/{number}", procedure=Procedure.ADMINISTRATIVE_OFFENCE))
    page.activate({})
    settled(qtbot, page)
    page.more.open_series()
    view = page.more.series
    qtbot.waitUntil(lambda: view.cases.count() == 30 and view.form.count() > 0, timeout=10_000)
    view.all.click()
    view.next.click()
    qtbot.waitUntil(lambda: view._steps.currentIndex() == 1, timeout=10_000)
    view.next.click()
    view.cancel()
    qtbot.waitUntil(page.is_settled, timeout=10_000)
    assert len(page.context.desk.drafts.rows()) < 30


def test_a_form_is_written_with_its_pages_beside_it(qtbot: QtBot, page: DraftsPage, window: Window) -> None:
    page.activate({})
    settled(qtbot, page)
    page.more.open_forms()
    editor = page.more.forms
    qtbot.waitUntil(lambda: bool(editor.text.toPlainText()) and editor._source is not None, timeout=20_000)
    source, _ = page.context.desk.court_forms.source_of("civil_adjournment.ru")
    editor.text.setPlainText(
        source.replace('id = "civil_adjournment"', 'id = "ours"').replace("{judge}", "{{ nobody }}")
    )
    editor.language.setCurrentIndex(editor.language.findData("ru"))
    qtbot.waitUntil(lambda: editor.fault.isVisible(), timeout=20_000)
    shot(page, "forms_fault")
    assert "nobody" in editor.state.text()
    assert not editor.save.isEnabled()
    editor.fault.click()
    assert "in-court" in editor.text.textCursor().block().text()
    editor.text.setPlainText(source.replace('id = "civil_adjournment"', 'id = "ours"'))
    qtbot.waitUntil(lambda: editor.save.isEnabled() and not editor.fault.isVisible(), timeout=20_000)
    editor.save.click()
    qtbot.waitUntil(lambda: "forms.saved" in window.toasts, timeout=10_000)
    qtbot.waitUntil(lambda: any(row.is_own for row in editor._rows.values()), timeout=10_000)
    settled(qtbot, page)
    shot(page, "forms")
    assert nameless(page) == []
    assert not editor.is_changed
    assert page.step_back()
    settled(qtbot, page)


def test_the_head_names_a_view_with_buttons_of_its_own_and_the_draft_again_behind_it(
    qtbot: QtBot, page: DraftsPage, draft_id: str
) -> None:
    opened(qtbot, page, draft_id)
    checked(qtbot, page)
    of_draft = head_of(page)
    for open_view, key in ((page.more.open_series, "series.open"), (page.more.open_forms, "forms.open")):
        open_view()
        settled(qtbot, page)
        page.read_again()  # an exchange comes in between
        settled(qtbot, page)
        assert head_of(page) == (t(key), "", set())
        assert page.step_back()
        settled(qtbot, page)
        assert head_of(page) == of_draft
    page.show_list()
    settled(qtbot, page)
    assert head_of(page)[0] == t("drafts.title")
    page.more.open_forms()
    page._load()  # the list is read anew below
    settled(qtbot, page)
    assert head_of(page) == (t("forms.open"), "", set())


def head_of(page: DraftsPage) -> tuple[str, str, set[str]]:
    """Title and subtitle without the time, and what can be pressed."""
    words = [each.text() for each in page.head.findChildren(PlainLabel) if not each.isHidden()]
    buttons = {each.text() for each in page.head.findChildren(QPushButton) if not each.isHidden()}
    return words[0], words[1].partition(" · ")[0] if len(words) > 1 else "", buttons


def test_every_view_is_reached_by_the_keyboard(qtbot: QtBot, page: DraftsPage, draft_id: str) -> None:
    opened(qtbot, page, draft_id)
    checked(qtbot, page)
    page.more.toggle_findings()
    assert unreachable(page) == []
    keys = {action.id: action.shortcut for action in page.page_actions()}
    assert all(keys[each] for each in ("lint.toggle", "twin.open", "series.open", "forms.open"))
    assert len({keys[each] for each in keys if keys[each]}) == len([each for each in keys if keys[each]])


@pytest.mark.parametrize("percent", [100, 125])
def test_cards_of_the_twin_and_of_the_forms_stand_apart_as_elsewhere(page: DraftsPage, percent: int) -> None:
    Theme.current().apply(scale=percent / 100)
    page.show()
    for view in (page.more.twin, page.more.forms, page.desk.columns):
        cards = view if isinstance(view, QSplitter) else view.findChild(QSplitter)
        assert cards is not None
        assert cards.handleWidth() == Theme.current().px(Space.GAP)
        page._views.setCurrentWidget(page.desk if view is page.desk.columns else view)
        QApplication.processEvents()
        widgets = map(cards.widget, range(cards.count()))
        shown = [each.geometry() for each in widgets if each is not None and each.isVisible()]
        gaps = {right.left() - left.right() - 1 for left, right in pairwise(shown)}
        assert gaps == {Theme.current().px(Space.GAP)}
