"""Deeds at the dossier: a measure with its right body, a judge's declarations, a stated purpose, the signed extract."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import cast

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless, unreachable
from judge_desk.desktop.dialogs.ask_text import AskTextDialog
from judge_desk.desktop.local import LocalDesk
from judge_desk.desktop.pages.dossier.declare_dialog import DeclareDialog
from judge_desk.desktop.pages.dossier.new_entry import ENTERED, NewEntryDialog
from judge_desk.desktop.pages.dossier.page import DossierPage
from judge_desk.desktop.pages.dossier.print_dialog import PrintDialog
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.widgets.buttons import LinkButton
from judge_desk.desktop.wording import t
from judge_desk.domain.declarations import DeclarationKind, Kin, Kinship
from judge_desk.domain.dossier import DossierSection, ReplyKind
from judge_desk.domain.guarantees import Authority as Body
from judge_desk.domain.guarantees import Measure
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.posts import Office
from judge_desk.domain.review_results import PanelResult, ReviewResult
from judge_desk.domain.scopes import court_scope, dossier_scope
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.context import DeskContext
from judge_desk.services.dossier import EXTRACT_PREFIX, DossierService
from judge_desk.services.signing_keys import KeyMeans, MeansKind
from tests.authority import JUDGE, PASSWORD, Authority
from tests.desktop.real_page import open_real_page, settle, window_of
from tests.factories import JUDGE_ID, NOW, a_dossier_entry, a_person, agreed, desk_context, grant

Show = Callable[..., DossierPage]
SHORT = {DeclarationKind.NO_PARTY: "No party membership", DeclarationKind.KIN: "Relatives"}


@pytest.fixture
def context(tmp_path: Path, clock: FixedClock) -> Iterator[DeskContext]:
    clock.set(NOW)
    made = desk_context(tmp_path, clock=clock)
    agreed(made, Kind.PERSON, court_scope(made.court.id), [a_person(id="judge-2", name="Ким Л. В.")])
    yield made
    made.store.close()


@pytest.fixture
def commission(tmp_path: Path, clock: FixedClock) -> Iterator[DeskContext]:
    clock.set(NOW)
    (tmp_path / "commission").mkdir()
    made = desk_context(tmp_path / "commission", Role.COMMISSION, clock=clock)
    made = replace(made, person=a_person(Role.COMMISSION, id="member"))
    grant(made, dossier_scope("judge-2"), Role.COMMISSION)
    yield made
    made.store.close()


@pytest.fixture
def show(qtbot: QtBot, local: LocalDesk, tasks: TaskRunner) -> Show:
    def make(desk: DeskContext, **params: str) -> DossierPage:
        return cast(DossierPage, open_real_page(qtbot, desk, local, tasks, "dossier", loop=None, **params))

    return make


def entry_form(page: DossierPage, section: DossierSection) -> NewEntryDialog:
    page.context.actions.trigger("dossier.enter")
    (dialog,) = window_of(page).findChildren(NewEntryDialog)
    dialog.section.setCurrentIndex(ENTERED.index(section))
    dialog.title.setText("Запись")
    return dialog


def test_a_measure_of_the_wrong_body_is_refused_in_words_before_it_can_be_saved(
    qtbot: QtBot, commission: DeskContext, show: Show
) -> None:
    page = show(commission, judge_id="judge-2")
    dialog = entry_form(page, DossierSection.GUARANTEES)
    assert (nameless(dialog), unreachable(dialog)) == ([], [])
    assert not dialog.save.isEnabled()
    dialog.guarantee.measure.setCurrentIndex(list(Measure).index(Measure.COVERT_MEASURE))
    dialog.guarantee.authority.setCurrentIndex(list(Body).index(Body.INVESTIGATIVE_JUDGE))
    dialog.guarantee.allowed_on.set_value(date(2024, 5, 1))
    told = dialog.verdict.text()
    assert t("word.authority.prosecutor_general") in told
    assert t("law.certainty.assumed") in told
    assert not dialog.save.isEnabled()
    dialog.guarantee.allowed_on.set_value(date(2020, 5, 1))
    assert dialog.save.isEnabled()
    # The last day of that rule is assumed, and whoever enters it is told.
    assert t("law.certainty.assumed") in dialog.verdict.text()
    dialog.guarantee.measure.setCurrentIndex(list(Measure).index(Measure.CUSTODY))
    dialog.guarantee.authority.setCurrentIndex(list(Body).index(Body.PRESIDENT))
    assert t("law.certainty.sourced") in dialog.verdict.text()
    dialog.guarantee.measure.setCurrentIndex(list(Measure).index(Measure.COVERT_MEASURE))
    dialog.guarantee.allowed_on.set_value(date(2024, 5, 1))
    dialog.guarantee.authority.setCurrentIndex(list(Body).index(Body.PROSECUTOR_GENERAL))
    assert t("law.certainty.assumed") in dialog.verdict.text()
    dialog.save.click()
    settle(qtbot, page)
    (row,) = DossierService(commission).view("judge-2").timeline()
    assert row.entry.guarantee is not None
    assert row.entry.guarantee.authority is Body.PROSECUTOR_GENERAL
    shown = "\n".join(each.text() for each in page.middle.findChildren(QLabel))
    assert t("law.certainty.assumed") in shown


def test_a_post_tells_its_court_and_an_entry_its_evidence(
    qtbot: QtBot, commission: DeskContext, show: Show, tmp_path: Path
) -> None:
    page = show(commission, judge_id="judge-2")
    dialog = entry_form(page, DossierSection.TRAINING)
    dialog.figures.setText("hours=")
    assert not dialog.save.isEnabled()
    dialog.figures.setText("hours=12; share=0,5")
    assert dialog.save.isEnabled()
    dialog.section.setCurrentIndex(ENTERED.index(DossierSection.POSTS))
    paper = tmp_path / "order.pdf"
    paper.write_bytes(b"x")
    dialog.post.office.setCurrentIndex(list(Office).index(Office.CHAIR))
    dialog.post.court.setText("Районный суд № 2")
    dialog.post.languages.setText("kk, ru")
    dialog.evidence.setText("Указ № 7")
    dialog.evidence_file.take(paper)
    dialog.save.click()
    settle(qtbot, page)
    (row,) = DossierService(commission).view("judge-2").timeline()
    assert row.entry.post is not None
    assert (row.entry.post.office, row.entry.post.languages) == (Office.CHAIR, ("kk", "ru"))
    assert row.entry.figures == {"hours": 12, "share": 0.5}
    assert (row.entry.evidence, row.entry.evidence_sha256[:8]) == ("Указ № 7", "2d711642")
    shown = "\n".join(each.text() for each in page.middle.findChildren(QLabel))
    assert "Районный суд № 2" in shown
    assert "Указ № 7" in shown


def test_a_judge_declares_kin_and_finds_them_in_the_form_again(qtbot: QtBot, context: DeskContext, show: Show) -> None:
    page = show(context)
    page._declare.click()
    settle(qtbot, page)
    (dialog,) = window_of(page).findChildren(DeclareDialog)
    dialog.kind.set_value(DeclarationKind.KIN.value)
    dialog._show()
    assert (nameless(dialog), unreachable(dialog)) == ([], [])
    dialog.judge.setCurrentIndex(dialog.judge.findData("judge-2"))
    dialog.judge.activated.emit(dialog.judge.currentIndex())
    dialog.kinship.setCurrentIndex(list(Kinship).index(Kinship.SIBLING))
    dialog.add.click()
    dialog.save.click()
    settle(qtbot, page)
    (row,) = DossierService(context).view().timeline()
    declaration = row.entry.declaration
    assert declaration is not None
    assert [(each.person_id, each.kinship) for each in declaration.kin] == [("judge-2", Kinship.SIBLING)]
    assert row.entry.from_on == date(2026, 11, 23)
    page._declare.click()
    settle(qtbot, page)
    again = window_of(page).findChildren(DeclareDialog)[-1]
    assert again.declaration().kind is DeclarationKind.NO_PARTY
    again.kind.set_value(DeclarationKind.KIN.value)
    assert again.declaration().kin == declaration.kin


def test_a_relative_can_be_removed_only_once_chosen(qtbot: QtBot, context: DeskContext, show: Show) -> None:
    page = show(context)
    kin = [Kin(name=name, kinship=Kinship.SIBLING) for name in ("Ким А. В.", "Ким Б. В.")]
    dialog = DeclareDialog(window_of(page), NOW.date(), (), kin)
    qtbot.addWidget(dialog)
    dialog.show_kind(DeclarationKind.KIN)
    dialog.show()
    assert not dialog.remove.isEnabled()
    dialog.list.setFocus()
    assert dialog.list.select("1")
    assert dialog.remove.isEnabled()
    dialog.remove.click()
    assert dialog.declaration().kin == (kin[0],)
    dialog.list.select("0")
    dialog.remove.click()
    assert dialog.declaration().kin == ()
    assert not dialog.remove.isEnabled()


@pytest.mark.parametrize("kind", DeclarationKind)
def test_a_declaration_shows_the_sentence_that_is_declared(
    qtbot: QtBot, context: DeskContext, show: Show, kind: DeclarationKind
) -> None:
    page = show(context)
    page._declare.click()
    settle(qtbot, page)
    (dialog,) = window_of(page).findChildren(DeclareDialog)
    next(each for each in dialog.kind.findChildren(QPushButton) if each.text() == SHORT[kind]).click()
    shown = "\n".join(each.text() for each in dialog.findChildren(QLabel) if each.isVisible())
    assert dialog.declaration().kind is kind
    assert dialog.title_words() in shown
    assert ("recusals" in shown) == (kind is DeclarationKind.KIN)
    dialog.save.click()
    settle(qtbot, page)
    (row,) = DossierService(context).view().timeline()
    assert row.entry.title in shown


def test_the_commission_states_its_purpose_and_the_judge_s_own_book_shows_it(
    qtbot: QtBot, commission: DeskContext, show: Show
) -> None:
    page = show(commission, judge_id="judge-2")
    page._purpose.click()
    (dialog,) = window_of(page).findChildren(AskTextDialog)
    dialog.field.setPlainText("периодическая оценка")
    dialog.do_it.click()
    settle(qtbot, page)
    DossierService(commission).extract("judge-2", "для конкурса", "ru")
    accesses = DossierService(commission).view("judge-2").accesses
    purposes = {"периодическая оценка", f"{EXTRACT_PREFIX}для конкурса"}
    assert {each.purpose for each in accesses} == purposes
    assert {(each.reader_id, each.reader_role) for each in accesses} == {("member", "commission")}


def test_a_result_is_appealed_against_from_its_own_entry_until_the_last_day(
    qtbot: QtBot, context: DeskContext, show: Show, clock: FixedClock
) -> None:
    result = ReviewResult(found=PanelResult(forms=6, criteria=()), appeal_by=date(2026, 12, 4))
    entry = a_dossier_entry(id="result", section=DossierSection.REVIEWS, campaign_id="c", entered_at=NOW, review=result)
    agreed(context, Kind.DOSSIER_ENTRY, dossier_scope(JUDGE_ID), [entry, a_dossier_entry(id="post")])
    page = show(context)
    links = {name: {each.text() for each in card.findChildren(LinkButton)} for name, card in page.middle.cards.items()}
    assert t("dossier.appeal") in links["result"]
    told = {label.text() for label in page.middle.cards["result"].findChildren(QLabel)}
    # The hub took it on this day: what was thought when it was written is a day too early.
    assert t("campaigns.entry.appeal", day="7\u00a0Dec\u00a02026") in told
    assert t("dossier.appeal") not in links["post"]
    service = DossierService(context)
    (row,) = (each for each in service.view().timeline() if each.entry.id == "result")
    assert row.appeal_until == date(2026, 12, 7)
    service.appeal("result", "Прочтён другой текст")
    (row,) = (each for each in service.view().timeline() if each.entry.id == "result")
    assert [each.reply.kind for each in row.replies] == [ReplyKind.APPEAL]
    assert row.appeal_until is None


@pytest.mark.parametrize("sought", ["e3", "e50"])
def test_an_entry_that_another_page_names_is_where_the_dossier_opens(
    qtbot: QtBot, context: DeskContext, show: Show, sought: str
) -> None:
    entries = [
        a_dossier_entry(id=f"e{number}", title=f"Должность {number}", from_on=date(2025, 12, 31) - timedelta(number))
        for number in range(60)
    ]
    agreed(context, Kind.DOSSIER_ENTRY, dossier_scope(JUDGE_ID), entries)
    page = show(context, section=DossierSection.POSTS.value, entry_id=sought)
    bar, card = page.middle.verticalScrollBar(), page.middle.cards[sought]
    qtbot.waitUntil(lambda: 0 < bar.value() == card.y())
    assert page.sections.current_id() == DossierSection.POSTS.value


def test_an_extract_is_signed_for_its_purpose_and_any_reader_verifies_it(
    qtbot: QtBot, context: DeskContext, show: Show, tmp_path: Path, clock: FixedClock
) -> None:
    folder = tmp_path / "authority"
    folder.mkdir()
    clock.set(NOW)
    agreed(context, Kind.DOSSIER_ENTRY, dossier_scope(JUDGE_ID), [a_dossier_entry(id="post")])
    page = show(context)
    page.context.actions.trigger("dossier.print")
    (dialog,) = window_of(page).findChildren(PrintDialog)
    assert (nameless(dialog), unreachable(dialog)) == ([], [])
    assert not dialog.make.isEnabled()
    dialog.field.setPlainText("для конкурса")
    assert not dialog.make.isEnabled()
    dialog.signed.setChecked(False)
    assert dialog.make.isEnabled()
    dialog.reject()
    means = KeyMeans(kind=MeansKind.KEY_FILE, path=Authority(folder).key_file())
    path = tmp_path / "extract.pdf"
    page.deeds.print_to(JUDGE_ID, path, "для конкурса", (means, PASSWORD))
    settle(qtbot, page)
    told = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False, timeout=60).stdout
    assert "Signature is Valid." in told
    assert "Total document signed" in told
    assert JUDGE in told
    body = path.read_bytes()
    (signature,) = PdfFileReader(io.BytesIO(body)).embedded_signatures
    assert "для конкурса" in str(signature.sig_object["/Reason"])
    path.write_bytes(body.replace(b"/Type /Page", b"/Type /Pagf", 1))
    broken = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False, timeout=60).stdout
    assert "Signature is Valid." not in broken
