"""Lines of the feed: what the hub writes is what the desk reads, and what is no feed is refused whole."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge_desk.protocol import feed
from judge_desk.protocol.feed import End, Grant, Line, Reset, Revoke, Row, ScopeEnd

words = st.text(st.characters(codec="utf-8"), max_size=8)
numbers = st.integers(0, 2**63 - 1)
bodies = st.one_of(
    st.just(b""), st.dictionaries(words, st.one_of(words, st.integers(-9, 9)), min_size=1).map(msgspec.json.encode)
)
rows = st.tuples(st.builds(Row, words, words, words, numbers, numbers, st.booleans()), bodies)
others: st.SearchStrategy[Line] = st.one_of(
    st.builds(Grant, words, words),
    st.builds(Revoke, words, words),
    st.builds(Reset, words),
    st.builds(ScopeEnd, words, numbers, numbers),
    st.builds(End, st.booleans(), st.datetimes(timezones=st.just(UTC)), words),
)
ROW = b'["row","case:1","case","1",1,7,false]'
END = b'["end",false,"2026-11-23T08:00:00Z",""]'
AT = datetime(2026, 11, 23, 8, tzinfo=UTC)


@given(st.lists(st.one_of(rows, st.tuples(others, st.just(b"")))))
def test_what_is_written_is_read(lines: list[tuple[Line, bytes]]) -> None:
    written = b"".join(feed.write(lines))
    assert written.count(b"\n") == len(lines), "a line is a line, whatever stands in it"
    assert feed.read(written.split(b"\n")[:-1]) == lines


def test_the_wire_is_the_one_that_was_agreed_on() -> None:
    lines: list[tuple[Line, bytes]] = [
        (Row("case:1", "case", "1", 1, 7, False), b'{"id":"1"}'),
        (End(False, AT), b""),
    ]
    assert feed.write(lines) == [ROW + b'\t{"id":"1"}\n', END + b"\n"]


def test_a_hub_that_names_no_place_and_one_that_says_more_are_understood() -> None:
    older, newer = b'["end",true,"2026-11-23T08:00:00Z"]', b'["end",true,"2026-11-23T08:00:00Z","case:1",7]'
    assert feed.read([older, newer]) == [(End(True, AT), b""), (End(True, AT, "case:1"), b"")]


@pytest.mark.parametrize(
    "lines",
    [
        [ROW, b"", END],
        [ROW + END],
        [ROW + b" " + END, b""],
        [ROW + b"," + END],
        [ROW[:-1], b"]"],
        [b"["],
        [b'["cow","case:1"]'],
        [b'{"row":1}'],
        [b"<html>"],
        [b"\xff"],
    ],
)
def test_what_is_no_feed_is_refused_whole(lines: list[bytes]) -> None:
    """One line's header never goes with another line's body."""
    with pytest.raises((msgspec.DecodeError, UnicodeDecodeError)):
        feed.read([*lines, END])
