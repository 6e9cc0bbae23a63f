"""Packed bodies: what goes in comes out, whoever asks, and no build may read them with another dictionary."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from judge_desk.domain.kinds import Kind
from judge_desk.protocol import codec
from judge_desk.services.context import DeskContext
from judge_desk.store import bodies, records
from judge_desk.store.bodies import pack, pack_many, unpack
from judge_desk.store.tables import PACKED, RECORD_TABLES
from tests.factories import a_case, with_case

TEXTS = ("null", "{}", codec.encode(a_case(title="О взыскании неустойки, әңғүұқөһ ё №")).decode(), "ұ" * 100_000)


@pytest.mark.parametrize("text", TEXTS, ids=len)
def test_a_body_comes_out_as_it_went_in(text: str) -> None:
    assert unpack(pack(text)) == unpack(pack(text.encode())) == text


def test_many_are_packed_like_one() -> None:
    assert pack_many([text.encode() for text in TEXTS]) == [pack(text) for text in TEXTS]
    assert pack_many([]) == []


def test_threads_pack_and_unpack_at_once() -> None:
    texts = [codec.encode(a_case(id=f"c{number}", title=f"Дело {number}" * 30)).decode() for number in range(400)]

    def there_and_back(part: list[str]) -> list[str]:
        return [unpack(each) for each in pack_many([text.encode() for text in part])]

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(there_and_back, [texts] * 16))
    assert all(each == texts for each in found)


def test_the_dictionary_is_the_one_that_was_released() -> None:
    assert hashlib.sha256(bodies.DICTIONARY.encode()).hexdigest().startswith("fa6f8831c8754d0c")


def test_a_case_takes_half_the_room() -> None:
    body = codec.encode(a_case(title="О взыскании задолженности по договору займа"))
    assert len(pack(body)) < len(body) / 2


def test_the_file_holds_packed_bodies_and_readers_get_text(context: DeskContext) -> None:
    case = with_case(context)
    with context.store.reading() as connection:
        raw = connection.exec_driver_sql('SELECT body FROM "case"').scalar_one()
        body = connection.execute(sa.select(RECORD_TABLES[Kind.CASE].c.body)).scalar_one()
        assert records.get(connection, Kind.CASE, case.id) == case
    assert raw == pack(body)
    assert body == codec.encode(case).decode()
    assert Kind.CASE in PACKED
