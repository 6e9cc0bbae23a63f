"""``judge-desk contest``: its exit codes, the contract of its JSON, and every way in which a published log can lie."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from judge_desk.cli import contest
from judge_desk.domain.chains import FIRST_LINK
from judge_desk.domain.contest_log import ContestLink, LogEvent, signed_text
from judge_desk.domain.errors import BadInput
from judge_desk.i18n import Translator
from judge_desk.protocol import codec, contest_log
from judge_desk.protocol.contest_log import PublishedLog
from tests.contract.contests import a_vacancy

VACANCY = a_vacancy(panel=("m1",))
Run = Any


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: str | Path) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser()
        contest.add_parser(parser.add_subparsers())
        arguments = parser.parse_args(["contest", *map(str, words)])
        arguments.text = Translator("en")
        code = int(arguments.func(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def signed(key: Ed25519PrivateKey, *events: tuple[LogEvent, str]) -> PublishedLog:
    """A log of (event, application) with the hub's signature on each line."""
    previous, links = FIRST_LINK, []
    for number, (event, application) in enumerate(events, 1):
        link = ContestLink(
            id=f"contest1.{number}",
            contest_id="contest1",
            number=number,
            event=event,
            record_kind="candidacy" if application else "vacancy",
            record_id=application or "contest1",
            application_id=application,
            record_sha256="x" if application else codec.sha256(VACANCY),
            at=datetime(2026, 1, 1, tzinfo=UTC),
            previous=previous,
        )
        previous = link.true_hash()
        links.append(replace(link, hash=previous, signature=key.sign(signed_text(previous)).hex()))
    return PublishedLog(hub_key=key.public_key().public_bytes_raw().hex(), vacancy=VACANCY, links=tuple(links))


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def file(tmp_path: Path, key: Ed25519PrivateKey) -> Path:
    path = tmp_path / "log.json"
    events = ((LogEvent.PUBLISHED, ""), (LogEvent.ADMITTED, "a1"), (LogEvent.WITHDRAWN, "a1"))
    path.write_bytes(contest_log.write(signed(key, *events)))
    return path


def test_a_whole_log_is_said_to_be_whole(run: Run, file: Path, key: Ed25519PrivateKey) -> None:
    hub_key = key.public_key().public_bytes_raw().hex()
    code, out, _ = run("verify", file, "--json", "--hub-key", hub_key)
    said = json.loads(out)
    assert (code, said["valid"], said["faults"], said["links"]) == (0, True, [], 3)
    assert set(said) == {"valid", "contest", "title", "links", "last", "hub_key", "faults"}
    code, out, err = run("verify", file)
    assert (code, hub_key in err) == (0, True)
    assert "3 lines" in out


def test_another_hubs_log_is_not_this_hubs(run: Run, file: Path) -> None:
    code, out, _ = run("verify", file, "--json", "--hub-key", "ab" * 32)
    assert (code, [each["fault"] for each in json.loads(out)["faults"]]) == (1, ["not_signed"])


def test_a_log_that_its_keeper_signed_anew_is_found_by_the_key_that_was_made_known(
    run: Run, file: Path, tmp_path: Path, key: Ed25519PrivateKey
) -> None:
    """Whoever rewrites a whole log can make every hash right again, but not the hub's signature."""
    rewritten = tmp_path / "rewritten.json"
    forged = signed(Ed25519PrivateKey.generate(), (LogEvent.PUBLISHED, ""), (LogEvent.ADMITTED, "a2"))
    rewritten.write_bytes(contest_log.write(forged))
    assert run("verify", rewritten)[0] == 0
    assert run("verify", rewritten, "--hub-key", key.public_key().public_bytes_raw().hex())[0] == 1


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("application_id", "a9"),
        ("member_id", "m9"),
        ("event", "chosen"),
        ("record_sha256", "0"),
        ("at", "2026-01-02T00:00:00Z"),
        ("name", "Somebody"),
        ("previous", "0" * 63 + "1"),
        ("signature", "00" * 64),
    ],
)
def test_any_changed_word_is_found(run: Run, file: Path, place: int, name: str, value: str) -> None:
    log = json.loads(file.read_bytes())
    log["links"][place][name] = value
    file.write_text(json.dumps(log), encoding="utf-8")
    code, out, _ = run("verify", file, "--json")
    assert code == 1
    assert json.loads(out)["faults"]


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"\xff\xfe", b'{"format": "judge-desk-contest-log", "version": 2}', b"[]"]
)
def test_what_is_no_log_is_no_finding(run: Run, file: Path, body: bytes) -> None:
    file.write_bytes(body)
    with pytest.raises(BadInput):
        run("verify", file)
    with pytest.raises(BadInput):
        run("verify", file.with_name("missing"))


def test_a_desks_log_needs_a_profile(run: Run) -> None:
    with pytest.raises(BadInput):
        run("list")
