"""Signing in the settings: kept in the profile, tried at once against a real time stamp server and a real key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless, unreachable
from judge_desk.desktop.local import LocalDesk
from judge_desk.desktop.pages.settings.signing_card import SigningCard
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.wording import Wording
from judge_desk.runtime.clock import FixedClock
from judge_desk.runtime.settings import SIGN_MEANS, SIGN_PATH, STAMP_URL, Settings
from judge_desk.services.context import DeskContext, Outside
from judge_desk.services.signing import SigningService
from tests.authority import JUDGE, PASSWORD, Authority, StampServer, stamp_server
from tests.factories import desk_context

World = tuple[Authority, StampServer, str]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with stamp_server(tmp_path_factory.mktemp("tsa")) as running:
        yield running


@pytest.fixture
def context(tmp_path: Path, world: World, local: LocalDesk) -> Iterator[DeskContext]:
    trust = tmp_path / "trust"
    trust.mkdir()
    (trust / "root.pem").write_bytes(world[0].root.pem())
    made = desk_context(tmp_path, clock=FixedClock(datetime.now(UTC)))
    outside = Outside(trust=trust, chosen_stamp_url=lambda: local.settings.get(STAMP_URL))
    yield replace(made, outside=outside)
    made.store.close()


@pytest.fixture
def card(qtbot: QtBot, local: LocalDesk, tasks: TaskRunner, context: DeskContext) -> SigningCard:
    Wording.current().switch("en")
    made = SigningCard(local.settings, tasks, lambda: SigningService(context))
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def answered(qtbot: QtBot, tasks: TaskRunner) -> None:
    qtbot.waitUntil(lambda: tasks.is_idle, timeout=20_000)


def test_a_server_that_answers_is_named_and_kept(
    card: SigningCard, world: World, qtbot: QtBot, tasks: TaskRunner, context: DeskContext
) -> None:
    card.address.setText(world[2])
    card.check_stamp.click()
    answered(qtbot, tasks)
    assert card.stamp_answer.text().startswith("The server answered and its stamp is good: ")
    assert context.outside.stamp_server == world[2], "what was chosen holds for the next act, without a restart"


@pytest.mark.parametrize("lie", ["hash", "nonce", "nonsense", "broken"])
def test_a_server_that_lies_is_not_believed(
    card: SigningCard, world: World, qtbot: QtBot, tasks: TaskRunner, lie: str
) -> None:
    world[1].lie = lie
    card.address.setText(world[2])
    card.check_stamp.click()
    answered(qtbot, tasks)
    world[1].lie = ""
    assert "Acts can be signed all the same" in card.stamp_answer.text()


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "no address", "ftp://x.example"])
def test_what_is_wrong_with_an_address_is_said(
    card: SigningCard, qtbot: QtBot, tasks: TaskRunner, address: str
) -> None:
    card.address.setText(address)
    card.check_stamp.click()
    answered(qtbot, tasks)
    assert "Check the address" in card.stamp_answer.text()
    assert card.check_stamp.isEnabled()


def test_an_address_is_kept_when_its_field_is_left(card: SigningCard, local: LocalDesk) -> None:
    card.address.setText(" https://tsa.example/ ")
    card.address.editingFinished.emit()
    assert Settings(local.profile).get(STAMP_URL) == "https://tsa.example/"


def test_an_empty_address_asks_nobody(card: SigningCard, local: LocalDesk) -> None:
    assert not card.check_stamp.isEnabled()
    card.address.setText("  ")
    card.address.editingFinished.emit()
    assert local.settings.get(STAMP_URL) == ""


def test_a_key_says_whose_it_is_and_its_password_is_not_kept(
    card: SigningCard, world: World, qtbot: QtBot, tasks: TaskRunner, local: LocalDesk
) -> None:
    path = world[0].key_file()
    card.means.path.setText(str(path))
    card.means.pin.setText(PASSWORD)
    card.check_key.click()
    answered(qtbot, tasks)
    assert JUDGE in card.key_answer.text()
    assert "Nothing was signed" in card.key_answer.text()
    assert card.means.pin.text() == ""
    kept = Settings(local.profile)
    assert (kept.get(SIGN_MEANS), kept.get(SIGN_PATH)) == ("key_file", str(path))
    assert PASSWORD not in "".join(each.read_text(errors="replace") for each in local.profile.glob("*.json"))


def test_a_wrong_password_says_what_to_do(card: SigningCard, world: World, qtbot: QtBot, tasks: TaskRunner) -> None:
    card.means.path.setText(str(world[0].key_file()))
    card.means.pin.setText("wrong")
    card.check_key.click()
    answered(qtbot, tasks)
    assert card.key_answer.text().endswith("Check the file or token and the PIN, and try again.")


def test_everything_is_named_and_reached_by_keyboard(card: SigningCard) -> None:
    assert nameless(card) == []
    assert unreachable(card) == []
