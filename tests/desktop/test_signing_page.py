"""Signing, exporting, Word and the public copy in the window, over a real desk and a real key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless, unreachable
from judge_desk.desktop.local import LocalDesk
from judge_desk.desktop.pages.drafts.finalise_dialog import FinaliseDialog
from judge_desk.desktop.pages.drafts.list_view import draft_line
from judge_desk.desktop.pages.drafts.page import DraftsPage
from judge_desk.desktop.pages.drafts.public_dialog import PublicDialog
from judge_desk.desktop.pages.drafts.sign_dialog import SignDialog, line_of
from judge_desk.desktop.pages.drafts.verify_dialog import VerifyDialog
from judge_desk.desktop.pages.drafts.word_dialog import WordDialog
from judge_desk.desktop.pages.today.page import _draft_line
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.acts import ActText, plain_text
from judge_desk.domain.cases import Language
from judge_desk.domain.drafts import DraftState
from judge_desk.drafting.docx_out import render_docx
from judge_desk.drafting.papers import Paper
from judge_desk.i18n import formats
from judge_desk.runtime import settings
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.context import DeskContext, Outside
from judge_desk.services.drafts import DraftService
from judge_desk.services.signing import SigningService, UnsignedAct
from judge_desk.services.signing_keys import MeansKind
from tests.authority import PASSWORD, Authority
from tests.desktop.draft_desk import Window, drafts_page
from tests.factories import a_case, a_party, desk_context, with_case
from tests.unit.services.test_drafts import FORM, with_text, without_blanks

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def context(tmp_path: Path, authority: Authority) -> Iterator[DeskContext]:
    made = desk_context(tmp_path, clock=FixedClock(datetime.now(UTC)))
    yield replace(made, outside=Outside(verify_url="https://hub.example/verify", trust=authority.root_file.parent))
    made.store.close()


@pytest.fixture
def window() -> Window:
    return Window()


@pytest.fixture
def page(
    context: DeskContext, qtbot: QtBot, tasks: TaskRunner, window: Window, local: LocalDesk
) -> Iterator[DraftsPage]:
    made = drafts_page(context, tasks, window, local)
    qtbot.addWidget(made)
    yield made
    # As the window does before the threads end: nothing may want to save afterwards.
    made.desk.put_away()


@pytest.fixture
def settle(qtbot: QtBot, tasks: TaskRunner) -> Callable[[], None]:
    return lambda: qtbot.waitUntil(lambda: tasks.is_idle, timeout=20_000)


def a_draft(context: DeskContext, *, number: str = "") -> str:
    """A draft about Ибраев А. Қ.; with a number it is final."""
    service = DraftService(context)
    case = with_case(context, a_case(parties=(a_party("Ибраев А. Қ.", number="900101300123"),)))
    draft_id, _ = service.create(case.id, FORM, title=f"Решение {number}")
    service.save(draft_id, without_blanks(service.open(draft_id).draft.act))
    if number:
        service.finalise(draft_id, number, DAY)
    return draft_id


def open_act(page: DraftsPage, draft_id: str, settle: Callable[[], None]) -> None:
    page.activate({"draft_id": draft_id})
    settle()


def fill_key(dialog: SignDialog, authority: Authority, password: str = PASSWORD) -> None:
    dialog.means.kind.set_value(MeansKind.KEY_FILE)
    dialog.means.path.setText(str(authority.key_file()))
    dialog.means.pin.setText(password)


def is_fit(dialog: QDialog) -> None:
    """Every control has a name and is reached by the keyboard."""
    assert nameless(dialog) == []
    assert unreachable(dialog) == []


def test_drafts_laid_out_to_sign_are_told_to_want_finalising_first(
    page: DraftsPage, context: DeskContext, window: Window, settle: Callable[[], None]
) -> None:
    made = [a_draft(context) for _ in range(2)]
    page.activate({"list": "1"})
    settle()
    page.outputs.ask_sign()
    settle()
    assert window.toasts == ["signing.nothing"]
    for each in made:
        page.context.desk.drafts.set_state(each, DraftState.TO_SIGN)
    page.activate({"list": "1"})
    settle()
    page.outputs.ask_sign()
    settle()
    assert window.told[-1] == ("signing.laid_out", {"n": 2})


def test_beside_what_is_signed_stands_how_many_want_finalising_first(
    page: DraftsPage, context: DeskContext, settle: Callable[[], None]
) -> None:
    final = a_draft(context, number="1")
    page.context.desk.drafts.set_state(a_draft(context), DraftState.TO_SIGN)
    page.activate({"list": "1"})
    settle()
    page.outputs.ask_sign()
    settle()
    dialog = cast(SignDialog, page.outputs.dialog)
    assert dialog.list.chosen() == [final]
    assert t("signing.laid_out", n=1) in [each.text() for each in dialog.findChildren(PlainLabel)]


def test_a_final_act_has_one_colour_on_today_and_in_the_list_until_it_is_signed(
    page: DraftsPage, context: DeskContext
) -> None:
    final = a_draft(context, number="1")
    (waiting,) = page.context.desk.today.overview().drafts_to_sign
    (row,) = page.context.desk.drafts.rows()
    assert (waiting.id, row.id) == (final, final)
    on_today, in_list, signed = _draft_line(waiting), draft_line(row), draft_line(row, is_signed=True)
    assert (on_today.trailing, on_today.trailing_tone) == (in_list.trailing, in_list.trailing_tone)
    assert in_list.trailing == t("signing.state.owed")
    assert in_list.trailing_tone == draft_line(replace(row, state=DraftState.TO_SIGN)).trailing_tone
    assert (signed.trailing, signed.trailing_tone) == (t("signing.state"), "ok")


@pytest.mark.parametrize(("language", "button"), [("kk", "«Аяқтау»"), ("ru", "«Завершить»"), ("en", "“Finalise”")])
def test_the_way_to_a_signature_names_the_button_as_it_is_written(language: str, button: str) -> None:
    Wording.current().switch(language)
    assert t("drafts.finalise") == button[1:-1]
    for n in (1, 2, 5):
        assert str(n) in t("signing.laid_out", n=n)
        assert button in t("signing.laid_out", n=n)


def test_acts_are_signed_from_the_list_and_a_wrong_password_keeps_them(
    page: DraftsPage, context: DeskContext, authority: Authority, window: Window, settle: Callable[[], None]
) -> None:
    made = [a_draft(context, number=str(number)) for number in (1, 2, 3)]
    page.activate({"list": "1"})
    settle()
    page.outputs.ask_sign()
    settle()
    dialog = cast(SignDialog, page.outputs.dialog)
    is_fit(dialog)
    assert dialog.list.chosen() == made
    assert not dialog.do.isEnabled()
    dialog.list.untick(made[1])
    fill_key(dialog, authority, "nope")
    assert dialog.do.isEnabled()
    dialog.sign()
    settle()
    assert dialog.message.isVisible()
    assert dialog.message.text() == t("signing.password.wrong", file=Path(dialog.means.path.text()).name)
    assert dialog.means.pin.text() == ""
    assert len(SigningService(context).unsigned()) == 3
    dialog.means.pin.setText(PASSWORD)
    QTest.keyClick(dialog.means.pin, Qt.Key.Key_Return)
    settle()
    assert window.toasts == ["signing.signed_waiting"]
    assert [each.draft_id for each in SigningService(context).unsigned()] == [made[1]]
    local = page.context.local.settings
    assert local.get(settings.SIGN_MEANS) == "key_file"
    assert PASSWORD not in (page.context.local.profile / settings.FILE_NAME).read_text()


def test_acts_signed_on_paper_are_noted_and_the_list_tells_the_day(
    page: DraftsPage, context: DeskContext, window: Window, settle: Callable[[], None]
) -> None:
    made = [a_draft(context, number=str(number)) for number in (1, 2, 3)]
    page.activate({"list": "1"})
    settle()
    page.outputs.ask_sign()
    settle()
    dialog = cast(SignDialog, page.outputs.dialog)
    dialog.list.untick(made[1])
    QTest.mouseClick(dialog.by_hand, Qt.MouseButton.LeftButton)
    is_fit(dialog.paper)
    assert dialog.paper.day.value() == DAY
    dialog.paper.day.set_value(DAY - timedelta(days=1))
    QTest.keyClick(dialog.paper.day.line, Qt.Key.Key_Return)
    settle()
    assert dialog.message.text() == t("signing.paper.early", title="Решение 1")
    QTest.mouseClick(dialog.by_hand, Qt.MouseButton.LeftButton)
    QTest.keyClick(dialog.paper.day.line, Qt.Key.Key_Return)
    settle()
    assert window.told[-1] == ("signing.signed", {"n": 2})
    page.activate({"list": "1"})
    settle()
    told = {row.id: page.list._line(row).trailing for row in page.list.shown()}
    day = t("signing.state.paper", day=formats.date_short(DAY, "en"))
    assert told == {made[0]: day, made[1]: t("signing.state.owed"), made[2]: day}


def test_a_final_act_offers_to_be_signed_and_exported_in_every_format(
    page: DraftsPage, context: DeskContext, authority: Authority, settle: Callable[[], None], tmp_path: Path
) -> None:
    draft_id = a_draft(context, number="7")
    open_act(page, draft_id, settle)
    page.outputs.ask_sign()
    settle()
    dialog = cast(SignDialog, page.outputs.dialog)
    fill_key(dialog, authority)
    dialog.sign()
    settle()
    assert SigningService(context).is_signed(draft_id)
    for paper in Paper:
        page.outputs.export(paper, str(tmp_path / f"act{paper}"))
        settle()
        assert (tmp_path / f"act{paper}").stat().st_size > 500
    page.outputs.verify(str(tmp_path / "act.pdf"))
    settle()
    verdict = cast(VerifyDialog, page.outputs.dialog)
    assert verdict.answer.text() == t("signing.verify.valid")
    is_fit(verdict)
    forged = tmp_path / "forged.pdf"
    forged.write_bytes((tmp_path / "act.pdf").read_bytes().replace(b"/Type", b"/Tipe", 1))
    page.outputs.verify(str(forged))
    settle()
    assert cast(VerifyDialog, page.outputs.dialog).answer.text() == t("signing.verify.invalid")


def test_a_word_file_is_shown_before_anything_is_taken(
    page: DraftsPage, context: DeskContext, window: Window, settle: Callable[[], None], tmp_path: Path
) -> None:
    draft_id = a_draft(context)
    open_act(page, draft_id, settle)
    act: ActText = page.desk.edit.act()
    path = tmp_path / "act.docx"
    path.write_bytes(render_docx(with_text(act, "Новый довод суда."), datetime.now(UTC)))
    page.outputs.read_word(str(path))
    settle()
    dialog = cast(WordDialog, page.outputs.dialog)
    is_fit(dialog)
    assert "Новый довод" not in plain_text(page.desk.edit.act())
    assert "Новый довод" in dialog.differences.toPlainText()
    dialog.take.click()
    settle()
    page.desk.autosave.flush()
    settle()
    assert "Новый довод суда." in plain_text(DraftService(context).open(draft_id).draft.act)
    assert window.toasts == ["outputs.word.taken"]
    page.desk.edit.undo()
    assert "Новый довод" not in plain_text(page.desk.edit.act())
    path.write_bytes(b"no Word file")
    page.outputs.read_word(str(path))
    settle()
    assert "Новый довод" not in plain_text(page.desk.edit.act())


def test_the_public_copy_waits_for_every_tick(
    page: DraftsPage, context: DeskContext, settle: Callable[[], None]
) -> None:
    draft_id = a_draft(context, number="9")
    open_act(page, draft_id, settle)
    page.outputs.ask_public()
    settle()
    dialog = cast(PublicDialog, page.outputs.dialog)
    is_fit(dialog)
    assert dialog.leaks.text() == t("outputs.public.clean")
    assert dialog.list.count() > 1
    dialog.list.untick("0")
    assert "Ибраев" in dialog.leaks.text()
    agreed: list[tuple[object, Paper]] = []
    dialog.agreed.disconnect()
    dialog.agreed.connect(lambda chosen, paper: agreed.append((chosen, paper)))
    dialog.save.click()
    ((chosen, paper),) = agreed
    assert paper is Paper.PDF
    plan = page.context.desk.outputs.plan_public(draft_id)
    made = page.context.desk.outputs.public_copy(draft_id, plan, plan.hidden, Paper.TEXT).decode()
    assert "Ибраев" not in made
    assert "900101300123" not in made
    assert len(cast(tuple[object, ...], chosen)) == len(plan.hidden) - 1


def test_finalising_offers_the_next_number_and_the_act_to_correct(
    page: DraftsPage, context: DeskContext, settle: Callable[[], None]
) -> None:
    first = a_draft(context, number="1")
    service = DraftService(context)
    case_id = service.open(first).draft.case_id
    second, _ = service.create(case_id, "blank.ruling.ru", title="Определение")
    open_act(page, second, settle)
    page.deeds.ask_finalise()
    settle()
    dialog = cast(FinaliseDialog, page.deeds.dialog)
    case = service.open(second).case
    assert case is not None
    assert dialog.number.text() == f"{case.number}-1"
    dialog.corrects.setCurrentIndex(1)
    dialog._agree()
    settle()
    draft = service.open(second).draft
    assert (draft.number, draft.corrects) == (f"{case.number}-1", first)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_dialogs_speak_three_languages(
    language: str, page: DraftsPage, context: DeskContext, settle: Callable[[], None]
) -> None:
    a_draft(context, number="1")
    Wording.current().switch(language)
    page.activate({"list": "1"})
    settle()
    page.outputs.ask_sign()
    settle()
    dialog = cast(SignDialog, page.outputs.dialog)
    for kind in MeansKind:
        dialog.means.kind.set_value(kind)
        dialog.means._show()
        is_fit(dialog)
    assert dialog.do.text() == t("signing.do", n=1)


@pytest.mark.parametrize(("number", "said"), [("2-1", "№\N{NO-BREAK SPACE}2-1"), ("9", "№\N{NO-BREAK SPACE}9 · 2-1")])
def test_an_act_that_bears_the_number_of_its_case_says_it_once(number: str, said: str, qtbot: QtBot) -> None:
    act = UnsignedAct(
        draft_id="d", title="Решение", case_number="2-1", number=number, dated_on=None, language=Language.RUSSIAN
    )
    assert line_of(act) == f"Решение\n{said}"
