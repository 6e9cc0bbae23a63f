"""Time stamps from a real server, and from one that lies; the first signature stands whatever comes behind it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from judge_desk.domain.errors import StampRefused, StampUnreachable
from judge_desk.security.signatures.key_file import KeyFileSigner
from judge_desk.security.signatures.long_term import StampPlace, lasting
from judge_desk.security.signatures.trust import read_roots
from judge_desk.security.signatures.verifying import verify_pdf
from tests.authority import PASSWORD, Authority, StampServer, stamp_server
from tests.pdfa import assert_pdfa
from tests.unit.security.signatures.test_signing import signed


@pytest.fixture
def act(pdf: bytes, authority: Authority, now: datetime) -> bytes:
    return signed(pdf, KeyFileSigner(authority.key_file(), PASSWORD, now), now)


@pytest.fixture
def place(stamps: tuple[Authority, StampServer, str]) -> StampPlace:
    return StampPlace(url=stamps[2], roots=read_roots(stamps[0].root_file))


def test_a_stamp_is_added_behind_and_the_paper_stays_an_archive_file(
    act: bytes, place: StampPlace, server: StampServer, now: datetime, tmp_path: Path
) -> None:
    made = lasting(act, place, now)
    assert made.startswith(act)
    (tmp_path / "act.pdf").write_bytes(made)
    assert_pdfa(tmp_path / "act.pdf", "2a", "ua1")
    found = verify_pdf(made, place.roots, datetime.now(UTC))
    assert found.valid
    assert found.signers[0].level == "B-LTA"
    again = lasting(made, place, now)
    assert again.startswith(made)
    assert verify_pdf(again, place.roots, datetime.now(UTC)).valid
    assert server.asked


@pytest.mark.parametrize("lie", ["nonce", "hash", "broken", "nonsense"])
def test_a_lie_is_refused_with_its_sentence(
    lie: str, act: bytes, place: StampPlace, server: StampServer, now: datetime
) -> None:
    server.lie = lie
    with pytest.raises(StampRefused, match=rf"signing\.stamp\.{lie}"):
        lasting(act, place, now)


def test_a_server_with_an_old_certificate_an_unknown_one_or_another_clock(
    act: bytes, place: StampPlace, server: StampServer, now: datetime, tmp_path: Path
) -> None:
    assert not server.lie
    with stamp_server(tmp_path / "old", starts=now - timedelta(days=9), ends=now - timedelta(days=1)) as old:
        with pytest.raises(StampRefused, match=r"signing\.stamp\.(expired|untrusted)"):
            lasting(act, StampPlace(url=old[2], roots=read_roots(old[0].root_file)), now)
        with pytest.raises(StampRefused, match=r"signing\.stamp\.untrusted"):
            lasting(act, StampPlace(url=old[2], roots=()), now)
    with stamp_server(tmp_path / "other") as other, pytest.raises(StampRefused, match=r"signing\.stamp\.untrusted"):
        lasting(act, StampPlace(url=other[2], roots=place.roots), now)
    with pytest.raises(StampRefused, match=r"signing\.stamp\.time"):
        lasting(act, place, now + timedelta(hours=2))


def test_a_server_whose_key_is_not_for_stamps(act: bytes, now: datetime, tmp_path: Path) -> None:
    with stamp_server(tmp_path, starts=now - timedelta(days=1)) as (authority, server, url):
        holder = authority.holder("No TSA", usage=("digital_signature",))
        (server.folder / "tsa.pem").write_bytes(holder.pem())
        (server.folder / "tsa.key").write_bytes(holder.key_pem())
        with pytest.raises((StampRefused, StampUnreachable)):
            lasting(act, StampPlace(url=url, roots=read_roots(authority.root_file)), now)


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "nonsense", "http://"])
def test_no_server_means_later(
    url: str, act: bytes, place: StampPlace, now: datetime, free_port: Callable[[], int]
) -> None:
    with pytest.raises(StampUnreachable):
        lasting(act, StampPlace(url=url.format(port=free_port()), roots=place.roots), now)


def test_a_server_that_hangs_up_means_later(act: bytes, place: StampPlace, server: StampServer, now: datetime) -> None:
    server.is_away = True
    with pytest.raises(StampUnreachable):
        lasting(act, place, now)


@pytest.fixture
def free_port() -> Callable[[], int]:
    def take() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    return take
