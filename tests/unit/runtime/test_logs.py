"""The canary: whatever an author hands to a logger, nothing of a case reaches the file."""

import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from judge_desk.domain.errors import NotFound
from judge_desk.domain.ids import new_id
from judge_desk.runtime import logs

CANARY = "Канарейка-Ахметов"
LATIN = "Canary Akhmetov"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """A log file in use; closed afterwards."""
    logs.set_up(tmp_path, level=logging.DEBUG)
    yield tmp_path / "logs" / logs.FILE_NAME
    logs.shut_down()
    logging.getLogger().setLevel(logging.WARNING)


def test_ids_counts_and_codes_pass(log: Path) -> None:
    ident = new_id()
    logs.topic("sync").info("pulled %s rows of %s in %s", 37, f"case:{ident}", "store.wrong_passphrase")
    assert f"pulled 37 rows of case:{ident} in store.wrong_passphrase" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("marker", [CANARY, LATIN, "7140-26-00-2/1234", "850101300123 IIN", "a b"])
def test_case_text_is_struck_out_wherever_it_hides(log: Path, marker: str) -> None:
    topic = logs.topic("store")
    topic.warning("title %s", marker)
    topic.warning("title %(title)s", {"title": marker})
    topic.warning("values %s", [marker])
    topic.warning("bytes %s", marker.encode())
    topic.error("failed: %s", ValueError(marker))
    logging.getLogger("some.library").warning("GET %s", f"http://hub/search?q={marker}")
    written = log.read_text(encoding="utf-8")
    assert marker not in written
    assert written.count(logs.STRUCK) >= 4
    assert "failed: ValueError" in written


def test_a_sentence_that_is_no_template_is_struck_out_whole(log: Path) -> None:
    message = f"opened {CANARY}"
    logs.topic("ui").warning(message)
    assert log.read_text(encoding="utf-8").endswith(f"judge_desk.ui {logs.STRUCK}\n")


def test_a_traceback_keeps_its_places_and_loses_its_words(log: Path) -> None:
    try:
        try:
            raise KeyError(CANARY)
        except KeyError as cause:
            raise NotFound(case=CANARY) from cause
    except NotFound:
        logs.topic("ui").exception("job %s failed", "a1b2c3d4")
    written = log.read_text(encoding="utf-8")
    assert CANARY not in written
    assert "NotFound:errors.not_found" in written
    assert "KeyError" in written
    assert "unit/runtime/test_logs.py:" in written


def test_an_unknown_topic_is_refused() -> None:
    with pytest.raises(ValueError, match="misc"):
        logs.topic("misc")


@pytest.mark.parametrize(
    ("value", "safe"),
    [(7, True), (None, True), (date(2026, 1, 1), True), ("case_file", True), ("Ахметов", False), ("A.B", False)],
)
def test_what_is_safe(value: object, safe: bool) -> None:
    assert logs.is_safe(value) is safe


def test_setting_up_twice_writes_each_line_once(tmp_path: Path, log: Path) -> None:
    logs.set_up(tmp_path)
    logs.topic("hub").warning("once %s", 1)
    assert log.read_text(encoding="utf-8").count("once 1") == 1


def test_log_ids_are_short_and_differ() -> None:
    assert logs.is_safe(logs.new_log_id())
    assert logs.new_log_id() != logs.new_log_id()
