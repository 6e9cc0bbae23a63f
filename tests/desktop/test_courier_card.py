"""The window without a link: two buttons and plain words, over a real desk and a real hub that share no network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pypdfium2
import pytest
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless, unreachable
from judge_desk.desktop.failures import Failure
from judge_desk.desktop.page import PageContext
from judge_desk.desktop.pages.sync.courier_card import CourierCard
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.domain.cases import Case
from judge_desk.domain.errors import HubUnreachable
from judge_desk.domain.people import Role
from tests.live_hub import LiveHub, sqlite_hub  # noqa: F401
from tests.sync.conftest import SyncedDesk, enrolled
from tests.sync.sticks import JUDGE, add_document, at_hub, from_hub, make_case


class Window:
    """What the card asks of the window, written down."""

    def __init__(self) -> None:
        self.toasts: list[str] = []
        self.failures: list[Failure] = []

    def toast(self, key: str, **_params: Any) -> None:
        self.toasts.append(key)

    def show_failure(self, failure: Failure) -> None:
        self.failures.append(failure)


@pytest.fixture
def desk(sqlite_hub: LiveHub, tmp_path: Path) -> Iterator[SyncedDesk]:  # noqa: F811
    sqlite_hub.add_person(JUDGE, Role.JUDGE)
    made = enrolled(sqlite_hub.url, JUDGE, tmp_path / "desk")
    yield made
    made.close()


@pytest.fixture
def card(qtbot: QtBot, desk: SyncedDesk, tasks: TaskRunner) -> CourierCard:
    window = Window()
    events = SimpleNamespace(announce=lambda _changes, _page: None)
    context = SimpleNamespace(desk=desk.desk, tasks=tasks, events=events, window=window)
    made = CourierCard(cast(PageContext, context))
    qtbot.addWidget(made)
    made.refresh()
    qtbot.waitUntil(lambda: tasks.is_idle)
    made.show()
    return made


def page_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        return " ".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def settle(qtbot: QtBot, card: CourierCard) -> None:
    qtbot.waitUntil(lambda: card._context.tasks.is_idle and card._ticket is None, timeout=20_000)


def test_a_week_by_stick_in_the_window(
    qtbot: QtBot,
    card: CourierCard,
    desk: SyncedDesk,
    sqlite_hub: LiveHub,  # noqa: F811
    tmp_path: Path,
) -> None:
    case: Case = make_case(sqlite_hub)
    add_document(sqlite_hub, case, b"the claim")
    stick = tmp_path / "stick"
    stick.mkdir()
    card.ask_folder = lambda: stick
    assert "No stick was written" in card.standing.text()
    from_hub(sqlite_hub, desk, stick / "to-desk.jdc")
    card.read_button.click()
    settle(qtbot, card)
    assert "1 files came in" in card.answer.text()
    desk.desk.notes.save(desk.desk.notes.new(case.id, "by stick"))
    card.write_button.click()
    settle(qtbot, card)
    assert "Stick no. 1 is written: 1 change." in card.answer.text()
    assert "receipt has not come back yet" in card.standing.text()
    (came,) = at_hub(sqlite_hub, next(stick.glob("to-court-*.jdc")))
    assert came.applied == 1
    from_hub(sqlite_hub, desk, stick / "to-desk.jdc")
    card.read_button.click()
    settle(qtbot, card)
    assert "1 of your changes are confirmed" in card.answer.text()
    assert "its receipt came back" in card.standing.text()


def test_a_wrong_stick_is_told_and_the_buttons_come_back(qtbot: QtBot, card: CourierCard, tmp_path: Path) -> None:
    card.ask_folder = lambda: tmp_path / "desk"
    card.read_button.click()
    settle(qtbot, card)
    window = cast(Window, card._context.window)
    assert [str(each.error) for each in window.failures] == ["courier.none_here()"]
    assert card.read_button.isEnabled()
    assert card.write_button.isEnabled()
    assert not card.progress.isVisibleTo(card)


def test_the_certificate_says_when_there_was_no_link(
    qtbot: QtBot, card: CourierCard, desk: SyncedDesk, tmp_path: Path
) -> None:
    for _ in range(3):
        desk.desk.outages.note(HubUnreachable())
    card.ask_file = lambda: tmp_path / "x.pdf"
    card.certify_button.click()
    settle(qtbot, card)
    assert cast(Window, card._context.window).toasts == ["outages.saved"]
    text = page_text((tmp_path / "x.pdf").read_bytes())
    assert "Certificate of outages" in text
    assert "1 outage" in text
    assert (tmp_path / "x.json").is_file()


def test_every_control_has_a_name_and_can_be_reached(card: CourierCard) -> None:
    assert nameless(card) == []
    assert unreachable(card) == []
