"""Sticks that are broken, strange, secret, or for somebody else: refused with a sentence, and nothing is changed."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from judge_desk.domain.cases import Case
from judge_desk.domain.drafts import Secrecy
from judge_desk.domain.errors import BadInput, HubVersion, Secret
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import user_scope
from judge_desk.hub.auth import revoke_device
from judge_desk.protocol import codec, courier
from judge_desk.protocol.operations import Action
from judge_desk.runtime.clock import SystemClock
from judge_desk.store import outbox
from tests import factories
from tests.live_hub import LiveHub
from tests.sync.conftest import NewDesk
from tests.sync.sticks import (
    add_document,
    at_hub,
    case_at_hub,  # noqa: F401
    court_side,
    device_of,
    from_desk,
    from_hub,
    own_document,
    round_trip,
)

JUDGE = "judge1"
LEAST = courier.LEAST_PART_BYTES


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda content: content[: len(content) // 2],
    "cut at a frame": lambda content: content[:-200],
    "empty": lambda _content: b"",
    "flipped": lambda content: content[:-300] + bytes([content[-300] ^ 1]) + content[-299:],
    "longer": lambda content: content + b"more",
    "another outside": lambda content: content.replace(b'"number":1', b'"number":9', 1),
    "no bundle": lambda _content: b"PK\x03\x04" + bytes(500),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_file_changes_nothing_on_either_side(
    how: str, sqlite_hub: LiveHub, new_desk: NewDesk, tmp_path: Path
) -> None:
    desk = new_desk(sqlite_hub, JUDGE)
    for name in ("to", "from"):
        (tmp_path / name).mkdir()
    from_desk(desk, tmp_path / "to" / "x.jdc")
    from_hub(sqlite_hub, desk, tmp_path / "from" / "x.jdc")
    for name, read in (("to", lambda path: at_hub(sqlite_hub, path)), ("from", lambda p: desk.desk.courier.read([p]))):
        path = tmp_path / name / "x.jdc"
        path.write_bytes(BROKEN[how](path.read_bytes()))
        with pytest.raises(BadInput) as refused:
            read(path)
        assert refused.value.key in {"courier.damaged", "courier.no_bundle"}
    assert desk.desk.courier.view().taken_number == 0
    assert court_side(sqlite_hub)._books.account(device_of(desk)).place.number == 0


def test_a_stick_opens_for_its_receiver_alone(sqlite_hub: LiveHub, new_desk: NewDesk, tmp_path: Path) -> None:
    mine, other = new_desk(sqlite_hub, JUDGE), new_desk(sqlite_hub, "judge2")
    from_hub(sqlite_hub, mine, tmp_path / "x.jdc")
    with pytest.raises(BadInput, match=r"courier\.other_receiver"):
        other.desk.courier.read([tmp_path / "x.jdc"])
    with pytest.raises(BadInput, match=r"courier\.other_receiver"):
        at_hub(sqlite_hub, tmp_path / "x.jdc")


def test_another_sender_is_not_believed(sqlite_hub: LiveHub, new_desk: NewDesk, tmp_path: Path) -> None:
    """Whoever has the receiver's public key can seal for it, but not sign for the hub or for a device."""
    desk, thief = new_desk(sqlite_hub, JUDGE), new_desk(sqlite_hub, "judge2")
    keys = desk.desk.courier._side.keys  # type: ignore[union-attr]  # enrolled
    stolen = thief.desk.courier._side.keys  # type: ignore[union-attr]  # enrolled
    false = replace(stolen, device_id=keys.device_id)
    thief.desk.courier._side = replace(thief.desk.courier._side, keys=false)  # type: ignore[type-var]  # a dataclass
    from_desk(thief, tmp_path / "x.jdc")
    with pytest.raises(BadInput, match=r"courier\.bad_signature"):
        at_hub(sqlite_hub, tmp_path / "x.jdc")


def test_a_device_that_was_shut_out_is_neither_read_nor_written_for(
    sqlite_hub: LiveHub, new_desk: NewDesk, tmp_path: Path
) -> None:
    desk = new_desk(sqlite_hub, JUDGE)
    from_desk(desk, tmp_path / "x.jdc")
    revoke_device(sqlite_hub.engine, device_of(desk), SystemClock().now())
    with pytest.raises(BadInput, match=r"courier\.device_revoked"):
        at_hub(sqlite_hub, tmp_path / "x.jdc")
    with pytest.raises(BadInput, match=r"courier\.device_revoked"):
        from_hub(sqlite_hub, desk, tmp_path / "y.jdc")


def test_another_version_is_told_politely(
    sqlite_hub: LiveHub, new_desk: NewDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = new_desk(sqlite_hub, JUDGE)
    from_desk(desk, tmp_path / "x.jdc")
    for oldest, newest, key in ((2, 3, "courier.too_old"), (0, 0, "courier.too_new")):
        monkeypatch.setattr("judge_desk.protocol.version.OLDEST_SPOKEN", oldest)
        monkeypatch.setattr("judge_desk.protocol.version.PROTOCOL", newest)
        monkeypatch.setattr("judge_desk.protocol.courier.PROTOCOL", newest)
        with pytest.raises(HubVersion) as told:
            at_hub(sqlite_hub, tmp_path / "x.jdc")
        assert told.value.key == key


def test_a_deliberation_draft_never_lies_on_a_stick(sqlite_hub: LiveHub, new_desk: NewDesk, tmp_path: Path) -> None:
    """Not by the outbox, which refuses it; and not if something had put it there all the same."""
    desk = new_desk(sqlite_hub, JUDGE)
    secret = factories.a_draft("case", id="secret", author_id=JUDGE, secrecy=Secrecy.DELIBERATION)
    with desk.opened.context.store.writing() as connection:
        outbox.add(
            connection,
            scope=user_scope(JUDGE),
            kind=Kind.DRAFT,
            record_id=secret.id,
            action=Action.PUT,
            base_rev=0,
            body=codec.encode(secret).decode(),
            at=desk.opened.context.clock.now(),
        )
    with pytest.raises(Secret):
        desk.desk.courier.write(tmp_path / "x.jdc")
    assert list(tmp_path.glob("*.jdc")) == []
    assert [path for path in tmp_path.iterdir() if path.is_file() and path.name.endswith(".tmp")] == []


def test_nothing_can_be_read_on_the_stick(live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path) -> None:
    marker = "MarkerOfTheCase"
    add_document(live_hub, case, marker.encode() * 1000)
    desk = new_desk(live_hub, JUDGE)
    stick = tmp_path / "stick"
    stick.mkdir()
    from_hub(live_hub, desk, stick / "b.jdc")
    desk.desk.courier.read([stick])
    desk.desk.notes.save(desk.desk.notes.new(case.id, marker))
    own_document(desk, case, marker.encode() * 999)
    from_desk(desk, stick)
    names = (marker, case.id, case.number, case.title, JUDGE, "Ахметова", device_of(desk))
    for path in stick.iterdir():
        content = path.read_bytes()
        assert re.fullmatch(r"(to-court-[0-9a-z]{8}|b)\.jdc", path.name)
        assert [each for each in names if each.encode() in content or each in path.name] == []


def test_stopping_leaves_nothing_on_the_stick_and_nothing_half_done(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path
) -> None:
    desk = new_desk(live_hub, JUDGE)
    round_trip(live_hub, desk, tmp_path / "one")
    own_document(desk, case, b"y" * 9_000_000)
    stop = threading.Event()
    stick = tmp_path / "stick"
    stick.mkdir()
    assert desk.desk.courier.write(stick, stop=stop, progress=lambda _done: stop.set()) is None
    assert list(stick.iterdir()) == []
    from_hub(live_hub, desk, tmp_path / "b.jdc")
    stop.set()
    assert desk.desk.courier.read([tmp_path / "b.jdc"], stop=stop).numbers == []
    assert desk.desk.courier.read([tmp_path / "b.jdc"]).numbers == [2]


def test_a_full_stick_is_told_and_left_clean(sqlite_hub: LiveHub, new_desk: NewDesk) -> None:
    """/dev/full answers every write as a full disk does."""
    desk = new_desk(sqlite_hub, JUDGE)
    with pytest.raises(BadInput, match=r"courier\.unwritable"):
        desk.desk.courier.write(Path("/dev/full/x.jdc"))


def test_a_bad_file_spoils_none_beside_it(live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path) -> None:
    """Many sticks come to a court; one was cut. And what was left of an older, larger bundle holds up nothing."""
    one, two = new_desk(live_hub, JUDGE), new_desk(live_hub, "secretary1")
    folder = tmp_path / "all"
    folder.mkdir()
    from_desk(one, folder / "a.jdc")
    from_desk(two, folder / "b.jdc")
    (folder / "a.jdc").write_bytes((folder / "a.jdc").read_bytes()[:-50])
    intake = court_side(live_hub).take_in([folder])
    assert [each.person_id for each in intake.taken] == ["secretary1"]
    assert [(path.name, problem.key) for path, problem in intake.problems] == [("a.jdc", "courier.damaged")]


def test_a_smaller_bundle_leaves_no_part_of_a_larger_one(
    live_hub: LiveHub, case: Case, new_desk: NewDesk, tmp_path: Path
) -> None:
    desk = new_desk(live_hub, JUDGE)
    round_trip(live_hub, desk, tmp_path / "one")
    own_document(desk, case, b"z" * 12_000_000)
    stick = tmp_path / "stick"
    stick.mkdir()
    assert len(from_desk(desk, stick, part_bytes=courier.LEAST_PART_BYTES).parts) == 2
    from_desk(desk, stick)
    assert len(list(stick.iterdir())) == 1
    (came,) = at_hub(live_hub, stick)
    assert (came.number, came.files, came.applied) == (3, 1, 1)


def test_a_folder_of_somebody_elses_sticks_is_told_as_that(
    sqlite_hub: LiveHub, new_desk: NewDesk, tmp_path: Path
) -> None:
    desk, other = new_desk(sqlite_hub, JUDGE), new_desk(sqlite_hub, "judge2")
    stick = tmp_path / "stick"
    stick.mkdir()
    with pytest.raises(BadInput, match=r"courier\.none_here"):
        desk.desk.courier.read([stick])
    from_hub(sqlite_hub, other, stick / "x.jdc")
    with pytest.raises(BadInput, match=r"courier\.other_receiver"):
        desk.desk.courier.read([stick])
