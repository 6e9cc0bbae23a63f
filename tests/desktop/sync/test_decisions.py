"""Deciding a conflict: one choice above each text, one button below, and the keys alone will do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from judge_desk.desktop.dialogs.confirm import ConfirmDialog
from judge_desk.desktop.pages.sync.page import SyncPage
from judge_desk.desktop.pages.sync.questions import KEYS
from judge_desk.desktop.pages.sync.two_texts import MarkedText, TwoTexts
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.cases import Case
from judge_desk.domain.dossier import DossierReply, ReplyKind
from judge_desk.domain.drafts import Secrecy
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import case_scope, court_scope, dossier_scope
from judge_desk.i18n import formats
from judge_desk.services.context import DeskContext
from judge_desk.services.sync import SyncService
from judge_desk.store import records
from tests.desktop.real_page import settle, window_of
from tests.desktop.sync.test_page import (
    MINE,
    a_conflicting_note,
    an_act_in_conflict,
    button,
    buttons,
    note_texts,
    open_first,
)
from tests.factories import (
    JUDGE_ID,
    NOW,
    a_dossier_entry,
    a_draft,
    a_note,
    a_person,
    agreed,
    in_conflict,
    with_case,
)


def test_a_conflict_marks_the_words_that_differ(
    qtbot: QtBot, show: Callable[..., SyncPage], context: DeskContext, case: Case
) -> None:
    a_conflicting_note(context, case)
    page = show()
    open_first(qtbot, page)
    (pair,) = page.decision.findChildren(TwoTexts)
    assert (pair.mine.toPlainText(), pair.hubs.toPlainText()) == ("Сумма 200 тенге", "Сумма 300 тенге")
    assert (underlined(pair.mine), underlined(pair.hubs)) == ("200", "300")


def test_an_act_in_conflict_tells_when_the_hubs_text_was_written(
    qtbot: QtBot, show: Callable[..., SyncPage], context: DeskContext, case: Case
) -> None:
    an_act_in_conflict(context, case)
    (row,) = SyncService(context).attention()
    page = show()
    open_first(qtbot, page)
    assert page.decision._hint.text().startswith("Your text of ")
    written = replace(row, hubs=replace(row.hubs, changed_at=NOW.replace(day=20)))
    page.decision.show_row(written)
    when = formats.date_and_time(NOW.replace(day=20), Wording.current().language)
    assert when in page.decision._hint.text()
    page.decision.show_row(replace(written, hubs_by="Сейітова А. Б."))
    assert f"written by Сейітова А. Б. on {when}" in page.decision._hint.text()


def test_the_writer_of_the_hubs_text_is_named(context: DeskContext, case: Case) -> None:
    secretary = a_person(Role.SECRETARY, id="secretary", name="Сейітова А. Б.")
    agreed(context, Kind.PERSON, court_scope(context.court.id), [secretary])
    mine = replace(a_draft(case.id, secrecy=Secrecy.SHARED), title="x")
    hubs = replace(mine, title="y", changed_by=secretary.id)
    in_conflict(context, Kind.DRAFT, case_scope(case.id), base=replace(mine, title="z"), mine=mine, hubs=hubs)
    (row,) = SyncService(context).attention()
    assert row.hubs_by == secretary.name


def underlined(text: MarkedText) -> str:
    cursor = text.textCursor()
    found = ""
    for position in range(1, len(text.toPlainText()) + 1):
        cursor.setPosition(position)
        if cursor.charFormat().fontUnderline():
            found += text.toPlainText()[position - 1]
    return found


def decide(qtbot: QtBot, page: SyncPage, *sides: str) -> None:
    """By the keys alone: each choice, then the one button."""
    for side in sides:
        press_keys(page, KEYS[side])
    press_keys(page, "Ctrl+Return")
    settle(qtbot, page)


def press_keys(page: SyncPage, keys: str) -> None:
    QApplication.processEvents()
    QTest.keySequence(window_of(page), QKeySequence(keys))
    QApplication.processEvents()


@pytest.mark.parametrize(
    ("side", "texts"),
    [("mine", ["Сумма 200 тенге"]), ("both", ["Сумма 200 тенге", "Сумма 300 тенге"])],
)
def test_a_decision_is_carried_out(
    qtbot: QtBot, show: Callable[..., SyncPage], context: DeskContext, side: str, texts: list[str]
) -> None:
    case = with_case(context)
    a_conflicting_note(context, case)
    page = show()
    open_first(qtbot, page)
    assert page.decision._outcome.text() == t("sync.choice.none", keys="Alt+1, Alt+2, Alt+3, Alt+4")
    decide(qtbot, page, side)
    assert note_texts(context, case) == texts
    assert window_of(page).toast_line.isVisible()


def test_one_choice_and_one_button_are_all_there_is(
    qtbot: QtBot, show: Callable[..., SyncPage], context: DeskContext, case: Case
) -> None:
    a_conflicting_note(context, case)
    page = show()
    open_first(qtbot, page)
    sides = {t(f"sync.pick.{side}") for side in ("mine", "hubs", "own", "both")}
    assert buttons(page) - {t("sync.copy"), t("sync.open_case")} == {*sides, t("sync.decide")}
    assert not button(page, "sync.decide").isEnabled()
    button(page, "sync.pick.mine").click()
    assert button(page, "sync.decide").isEnabled()
    assert page.decision._outcome.text() == t("sync.choice.mine")


def test_nobody_has_chosen_a_text_that_came_since(
    qtbot: QtBot, show: Callable[..., SyncPage], context: DeskContext, case: Case
) -> None:
    a_conflicting_note(context, case)
    page = show()
    open_first(qtbot, page)
    row = page.decision.row
    assert row is not None
    button(page, "sync.pick.hubs").click()
    page.decision.show_row(row)
    assert page.decision.is_ready, "the same texts anew, as in another language"
    page.decision.show_row(replace(row, hubs=replace(row.hubs, text="Сумма 400 тенге")))
    assert not page.decision.is_ready


def test_the_hubs_text_is_taken_after_a_question(
    qtbot: QtBot, show: Callable[..., SyncPage], context: DeskContext, case: Case
) -> None:
    a_conflicting_note(context, case)
    page = show()
    open_first(qtbot, page)
    decide(qtbot, page, "hubs")
    (dialog,) = window_of(page).findChildren(ConfirmDialog)
    assert note_texts(context, case) == ["Сумма 200 тенге"]
    dialog.accept()
    settle(qtbot, page)
    assert note_texts(context, case) == ["Сумма 300 тенге"]


def test_a_text_can_be_made_out_of_both(
    qtbot: QtBot, show: Callable[..., SyncPage], context: DeskContext, case: Case
) -> None:
    a_conflicting_note(context, case)
    page = show()
    open_first(qtbot, page)
    press_keys(page, KEYS["own"])
    field = page.decision._written[0]._field
    assert (field.toPlainText(), field.hasFocus()) == ("Сумма 200 тенге", True)
    field.setPlainText("Сумма 250 тенге")
    Wording.current().switch("ru")
    assert page.decision._written[0].text() == "Сумма 250 тенге", "what was typed survives a language switch"
    decide(qtbot, page)
    assert note_texts(context, case) == ["Сумма 250 тенге"]


@pytest.mark.parametrize("deleted", ["mine", "hubs"])
def test_a_deleted_side_is_called_so(
    qtbot: QtBot, show: Callable[..., SyncPage], context: DeskContext, case: Case, deleted: str
) -> None:
    base = a_note(case.id, id="note", text="Сумма 100 тенге")
    sides = {"mine": replace(base, text="Сумма 200 тенге"), "hubs": replace(base, text="Сумма 300 тенге")}
    in_conflict(context, Kind.NOTE, MINE, base=base, **sides | {deleted: None})
    page = show()
    open_first(qtbot, page)
    button(page, "sync.pick.deleted").click()
    assert page.decision._outcome.text() == t(f"sync.choice.{deleted}.deleted")
    decide(qtbot, page)
    for dialog in window_of(page).findChildren(ConfirmDialog):
        assert deleted == "hubs", "nothing of one's own is given up"
        dialog.accept()
    settle(qtbot, page)
    assert note_texts(context, case) == []
    assert SyncService(context).attention() == []


def test_an_operative_part_waits_until_a_side_is_chosen(
    qtbot: QtBot, show: Callable[..., SyncPage], context: DeskContext, case: Case
) -> None:
    an_act_in_conflict(context, case)
    page = show()
    open_first(qtbot, page)
    assert page.decision._why.text() == t("sync.conflict.operative")
    press_keys(page, "Ctrl+Return")
    assert page._is_deciding()
    decide(qtbot, page, "hubs")
    with context.store.reading() as connection:
        (block,) = records.get(connection, Kind.DRAFT, "draft").act.blocks()
    assert block.text == "Взыскать 300 тенге"


BASE, OWN, HUBS = (f"Прошу исправить {each} дел" for each in ("10", "12", "13"))


def a_conflicting_reply(context: DeskContext) -> None:
    scope, entry = dossier_scope(JUDGE_ID), a_dossier_entry(title="Нагрузка за год")
    agreed(context, Kind.DOSSIER_ENTRY, scope, [entry])
    base = DossierReply(
        id="reply", judge_id=JUDGE_ID, entry_id=entry.id, kind=ReplyKind.CORRECTION_REQUEST, text=BASE, written_at=NOW
    )
    sides = {"mine": replace(base, text=OWN), "hubs": replace(base, text=HUBS)}
    in_conflict(context, Kind.DOSSIER_REPLY, scope, base=base, **sides)


def reply_texts(context: DeskContext) -> list[str]:
    with context.store.reading() as connection:
        return sorted(each.text for each in records.where(connection, Kind.DOSSIER_REPLY))


@pytest.mark.parametrize(
    ("side", "texts"),
    [("mine", [OWN]), ("hubs", [HUBS]), ("both", [OWN, HUBS]), ("own", ["Прошу исправить 25 дел"])],
)
def test_a_reply_in_conflict_stands_side_by_side_and_is_decided(
    qtbot: QtBot, show: Callable[..., SyncPage], context: DeskContext, side: str, texts: list[str]
) -> None:
    a_conflicting_reply(context)
    page = show()
    open_first(qtbot, page)
    assert page.decision._title.text() == f"{t('sync.kind.dossier_reply')} · Нагрузка за год"
    (pair,) = page.decision.findChildren(TwoTexts)
    assert (pair.mine.toPlainText(), pair.hubs.toPlainText()) == (OWN, HUBS)
    assert (underlined(pair.mine), underlined(pair.hubs)) == ("12", "13")
    press_keys(page, KEYS[side])
    said = {"both": "sync.choice.both.reply"}.get(side, f"sync.choice.{side}")
    assert page.decision._outcome.text() == t(said)
    if side == "own":
        page.decision._written[0]._field.setPlainText(texts[0])
    decide(qtbot, page)
    for dialog in window_of(page).findChildren(ConfirmDialog):
        assert side == "hubs", "nothing of one's own is given up"
        dialog.accept()
    settle(qtbot, page)
    assert reply_texts(context) == texts
    assert SyncService(context).attention() == []
