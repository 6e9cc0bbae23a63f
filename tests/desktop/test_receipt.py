"""The receipt of a case file in the window: what the hub signed is here, or each record that is not so is named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import structs
from pytestqt.qtbot import QtBot

from judge_desk.desktop.pages.case.page import CasePage
from judge_desk.desktop.pages.case.receipt_section import MOST_NAMED, ReceiptSection
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain import manifest
from judge_desk.domain.errors import HubUnreachable
from judge_desk.domain.kinds import Kind
from judge_desk.domain.manifest import Leaf
from judge_desk.domain.notes import NoteReach
from judge_desk.domain.scopes import case_scope
from judge_desk.i18n import formats
from judge_desk.protocol.manifest import ManifestAnswer, ManifestRequest, ScopeManifest, scope_text, total_text
from judge_desk.security.courier_keys import CourierKeys
from judge_desk.services.hub_side import HubSide
from judge_desk.store import manifest as books
from tests.desktop.court_day import DeskDay
from tests.factories import COURT_ID, NOW, a_note, agreed

SCOPE = case_scope("c1")


class FakeHub:
    """Signs whatever it is told that the case holds; ``leaves`` None: it cannot be reached."""

    def __init__(self, leaves: Iterable[Leaf]) -> None:
        self.leaves: tuple[Leaf, ...] | None = tuple(leaves)
        self._key = Ed25519PrivateKey.generate()
        self.root = ""

    def side(self) -> HubSide:
        public_key = self._key.public_key().public_bytes_raw().hex()
        keys = CourierKeys(
            court_id=COURT_ID,
            device_id="device",
            secret=b"",
            device_key=cast(Any, None),
            hub_key=public_key,
            hub_courier_key="",
        )
        return HubSide(keys, self, lambda _at: None)

    def manifest(self, request: ManifestRequest) -> ManifestAnswer:
        if self.leaves is None:
            raise HubUnreachable
        self.root = manifest.root(self.leaves)
        leaves = self.leaves if request.detailed else ()
        documents = sum(each.is_document for each in self.leaves)
        said = ScopeManifest(scope=SCOPE, root=self.root, records=len(self.leaves), documents=documents, leaves=leaves)
        said = structs.replace(said, signature=self._sign(scope_text(COURT_ID, NOW, said)))
        total = manifest.total({SCOPE: self.root})
        answer = ManifestAnswer(
            court_id=COURT_ID, device_id="device", at=NOW, total=total, count=1, signature="", scopes=(said,)
        )
        return structs.replace(answer, signature=self._sign(total_text(answer)))

    def _sign(self, text: bytes) -> str:
        return self._key.sign(text).hex()


def here(day: DeskDay) -> list[Leaf]:
    with day.context.store.reading() as connection:
        return books.leaves(connection, [SCOPE])[SCOPE]


def checked(qtbot: QtBot, day: DeskDay, hub: FakeHub) -> ReceiptSection:
    """The receipt behind a check of the hashes, which asks this hub."""
    day.desk.manifest._side = hub.side()
    page = day.go("case", case_id="c1")
    assert isinstance(page, CasePage)
    page.verifying.start()
    day.settle()
    return page.know.receipt


def lines(section: ReceiptSection) -> list[str]:
    told = section._differences.text().split("\n") if section._differences.isVisibleTo(section) else []
    return [each.removeprefix("– ") for each in told]


def moment() -> str:
    return formats.date_and_time(NOW, Wording.current().language)


def test_what_the_hub_signed_and_this_desk_holds_agrees_with_its_root(qtbot: QtBot, desk_day: DeskDay) -> None:
    hub = FakeHub(here(desk_day))
    receipt = checked(qtbot, desk_day, hub)
    said = receipt._signed.text()
    assert said == f"{t('manifest.agreed', when=moment())}. {t('manifest.root', root=hub.root[:16])}"
    assert len(hub.root) == 64
    assert receipt._signed.toolTip().split("\n")[0] == hub.root
    assert lines(receipt) == []
    hub.leaves = None
    assert checked(qtbot, desk_day, hub)._signed.text() == said, "without a link the last word stays, with its moment"


def a_hub_that_holds_otherwise(day: DeskDay) -> FakeHub:
    """An older hearing, a newer shared note, another file, no term of one title, and a document that is not here."""
    signed = {(each.kind, each.id): each for each in here(day)}
    note = next(each.note for each in day.desk.notes.of_case("c1") if each.note.reach is NoteReach.SHARED)
    agreed(day.context, Kind.NOTE, SCOPE, [note], rev=4)
    hearing, paper = (Kind.HEARING.value, "h1"), (Kind.DOCUMENT.value, day.day.documents[0].id)
    signed[hearing] = replace(signed[hearing], rev=3)
    signed[paper] = replace(signed[paper], sha256="0" * 64)
    del signed[Kind.TERM.value, "t2"]
    signed[Kind.DOCUMENT.value, "elsewhere"] = Leaf(Kind.DOCUMENT.value, "elsewhere", 1, "1" * 64)
    return FakeHub(signed.values())


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_each_record_that_differs_is_named_in_words(qtbot: QtBot, desk_day: DeskDay, language: str) -> None:
    Wording.current().switch(language)
    hub = a_hub_that_holds_otherwise(desk_day)
    receipt = checked(qtbot, desk_day, hub)
    assert receipt._signed.text() == (
        f"{t('manifest.differs', when=moment())}. {t('manifest.root', root=hub.root[:16])}"
    )
    title = desk_day.day.documents[0].title
    expected = {
        ("other_file", "document", title),
        ("missing", "document", ""),
        ("older", "hearing", moment()),
        ("newer", "note", "Сурет анық емес, түпнұсқасын сұрату."),
        ("extra", "term", "Пікірді ұсыну"),
    }
    said = {
        t(f"manifest.difference.{change}", what=" · ".join(filter(None, (t(f"sync.kind.{kind}"), name))))
        for change, kind, name in expected
    }
    assert set(lines(receipt)) == said
    assert len(lines(receipt)) == len(expected)


def test_the_named_differences_stay_without_a_link_until_they_are_gone(qtbot: QtBot, desk_day: DeskDay) -> None:
    hub = a_hub_that_holds_otherwise(desk_day)
    named = lines(checked(qtbot, desk_day, hub))
    hub.leaves = None
    assert len(lines(checked(qtbot, desk_day, hub))) == len(named) == 5
    hub.leaves = tuple(here(desk_day))
    assert lines(checked(qtbot, desk_day, hub)) == []


def test_what_came_since_the_hub_signed_is_named_as_far_as_there_is_room(qtbot: QtBot, desk_day: DeskDay) -> None:
    hub = FakeHub(here(desk_day))
    assert lines(checked(qtbot, desk_day, hub)) == []
    notes = [a_note("c1", id=f"n{n:02}", reach=NoteReach.SHARED, text=f"Ескерту {n:02}") for n in range(MOST_NAMED + 3)]
    agreed(desk_day.context, Kind.NOTE, SCOPE, notes)
    hub.leaves = None
    told = lines(checked(qtbot, desk_day, hub))
    assert len(told) == MOST_NAMED + 1
    assert told[0] == t("manifest.difference.extra", what=f"{t('sync.kind.note')} · Ескерту 00")
    assert told[-1] == t("manifest.difference.more", n=3)
