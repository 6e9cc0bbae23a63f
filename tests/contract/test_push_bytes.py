"""What a push may look like: a bad operation is refused alone, what is no push is refused whole."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from judge_desk.domain.kinds import Kind
from judge_desk.protocol import codec, http, limits
from judge_desk.protocol.operations import Outcome
from tests.contract.records import a_note, is_refused
from tests.live_hub import LiveHub, TestDesk, good, refused


def raw_push(desk: TestDesk, *operations: dict[str, Any]) -> Any:
    return desk.http.post(http.PUSH, content=msgspec.json.encode({"operations": operations}))


def plain(**more: Any) -> dict[str, Any]:
    body = msgspec.json.decode(codec.encode(a_note()))
    values = {"mid": 1, "scope": "case:k1", "kind": "note", "id": "n1", "action": "put", "base_rev": 0, "body": body}
    return {**values, **more}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"body": {"id": "n1"}}, "bad_body"),
        ({"body": None}, "bad_body"),
        ({"id": "other"}, "bad_body"),
        ({"id": "../x"}, "bad_body"),
        ({"kind": "from_the_future"}, "bad_body"),
        ({"base_rev": -1}, "bad_body"),
        ({"scope": "case:../x"}, "no_such_scope"),
        ({"scope": "moon:1"}, "no_such_scope"),
    ],
    ids=str,
)
def test_a_bad_operation_is_refused_alone(court: LiveHub, change: dict[str, Any], code: str) -> None:
    desk = court.desk("judge")
    note = msgspec.json.decode(codec.encode(a_note("n9")))
    answer = good(raw_push(desk, plain(**change), plain(mid=2, id="n9", body=note))).json()["results"]
    assert [each.get("code", "") for each in answer] == [code, ""]
    assert good(raw_push(desk, plain(**change))).json()["results"] == answer[:1]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"operations":[{}]}', b'{"operations":[{"mid":0}]}'], ids=repr)
def test_what_is_no_push_is_a_bad_request(court: LiveHub, content: bytes) -> None:
    desk = court.desk("judge")
    assert refused(desk.http.post(http.PUSH, content=content)) == (400, "bad_request")


def test_too_many_operations_and_too_many_bytes_are_too_large(court: LiveHub) -> None:
    desk = court.desk("judge")
    many = [plain(mid=mid) for mid in range(1, limits.PUSH_OPERATIONS + 2)]
    assert refused(raw_push(desk, *many)) == (413, "too_large")
    answer = desk.http.post(http.PUSH, content=b" " * (limits.BODY_BYTES + limits.PUSH_BYTES + 1))
    assert refused(answer) == (413, "too_large")


def test_one_body_that_is_too_large_is_refused_alone(court: LiveHub) -> None:
    desk = court.desk("judge")
    result = desk.push_one("case:k1", Kind.NOTE, "n1", a_note(text="x" * limits.BODY_BYTES))
    assert is_refused(result, "too_large")


def test_line_ends_between_json_tokens_do_not_break_the_feed(court: LiveHub) -> None:
    desk = court.desk("judge")
    body = msgspec.json.format(codec.encode(a_note(text="a\nb")), indent=2)
    operation = desk.operation("case:k1", Kind.NOTE, "n1", a_note(text="a\nb"))
    assert desk.push(msgspec.structs.replace(operation, body=msgspec.Raw(body)))[0].outcome is Outcome.APPLIED
    assert [record for row, record in desk.pull().rows if row.id == "n1"] == [a_note(text="a\nb")]


def test_unknown_fields_of_a_newer_desk_are_kept(court: LiveHub) -> None:
    desk = court.desk("judge")
    body = {**plain()["body"], "from_the_future": [1, 2]}
    assert good(raw_push(desk, plain(body=body))).json()["results"][0]["outcome"] == "applied"
    desk.pull()
    assert b"from_the_future" in desk.held["case:k1", "note", "n1"][1]
