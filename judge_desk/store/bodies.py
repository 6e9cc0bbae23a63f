"""Packs the bodies that come by the ten thousand: what is a quarter as long is encrypted, written and read back in a
quarter of the time.

Every body is packed by itself, against a dictionary of what all of them share: names of fields, usual values, the
words of a court. The dictionary is part of the schema: what was packed with it can be read with nothing else.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from zstandard import ZstdCompressionDict

LEVEL = -2
"""A fast one: level 3 saves another seventh of the room and takes twice the time."""

DICTIONARY = (
    '{"id":"","case_id":"","kind":"statement","title":"Исковое заявление","sha256":"","size":0,"media_type":'
    '"text/plain","pages":null,"order":0,"language":"kk","dated_on":null,"filed_at":"2026-","filed_by":"","replaces":"'
    '","code":"","is_signed":true}{"id":"","case_id":"","kind":"application","title":"Ходатайство Возражение Отзыв на '
    "исковое заявление Доверенность Договор Приложение к акту Квитанция об уплате государственной пошлины Расписка "
    "Заключение эксперта Протокол судебного заседания Определение о принятии заявления Талап қою арызы Сенімхат Шарт "
    'Қолхат Сот отырысының хаттамасы Қолдаухат от 20 года","sha256":"","size":1,"media_type":"application/pdf","pages"'
    ':1,"order":1,"language":"ru","dated_on":"2026-0","filed_at":"2026-0T0:00:00Z","filed_by":"","replaces":"","code":'
    '"","is_signed":false}'
    '{"id":"","court_id":"","number":"","title":"қатысты әкімшілік құқық бұзушылық туралы іс өндіріп алу туралы талабы '
    "жеткізу шарты бойынша негізгі борышты және тұрақсыздық айыбын неке бұзу туралы мүлікті бөлу туралы алимент өндіру "
    'туралы заңсыз деп тану туралы","procedure":"criminal","language":"kk","stage":"hearing","instance":"first",'
    '"category":"","subject":"","judge_id":"","secretary_id":"","judge_name":"","received_on":"2025-","accepted_on":'
    '"2025-","heard_on":"2026-","decided_on":"2026-","outcome":"satisfied","claim_tiyn":null,"fee_tiyn":0,"parties":[{'
    '"id":"","role":"applicant","name":"","number":"","address":"","phone":"","represents":"","is_organisation":true},'
    '{"id":"","role":"respondent","name":"ЖШС ТОО АҚ АО ұлы қызы ович евич овна евна ова ева ов ев","number":"",'
    '"address":"область, район, село ауылы көшесі қаласы, -үй, -пәтер","phone":"","represents":"","is_organisation":'
    'false}],"register_key":"","source":"demo"}{"id":"","court_id":"","number":"-26-00-2/","title":"к о взыскании '
    "задолженности по договору займа основного долга и неустойки по договору поставки о возмещении ущерба о разделе "
    "имущества о расторжении брака алиментов на содержание ребёнка заработной платы о признании незаконным сделки "
    'недействительной права собственности","procedure":"civil","language":"ru","stage":"registered","instance":"first"'
    ',"category":"Споры","subject":"","judge_id":"","secretary_id":"","judge_name":"","received_on":"2026-0",'
    '"accepted_on":"2026-0","heard_on":null,"decided_on":null,"outcome":"","claim_tiyn":0,"fee_tiyn":null,"parties":[{'
    '"id":"","role":"claimant","name":"","number":"","address":"г. , улица , дом , кв. ","phone":"+7 700 ",'
    '"represents":"","is_organisation":false},{"id":"","role":"defendant","name":"","number":"","address":"г. , улица '
    ', дом , кв. ","phone":"+7 700 ","represents":"","is_organisation":false},{"id":"","role":"representative","name":'
    '"","number":"","address":"","phone":"+7 700 ","represents":"","is_organisation":false}],"register_key":"",'
    '"source":"register"}'
)
"""Never to be changed: a build with another one could not read what this one wrote. What comes more often stands
further back, where it is named by a smaller number."""

NONE = "null"
"""The body of what is not there."""
_PACKED_NONE = NONE.encode()
SQL_NONE = f"x'{_PACKED_NONE.hex()}'"
"""The same in a column of packed bodies: left as it is, so that statements can ask for it. What is packed begins
otherwise."""

_of_thread = threading.local()


@cache
def _dictionary() -> ZstdCompressionDict:
    import zstandard  # not needed for the first page of a start

    made = zstandard.ZstdCompressionDict(DICTIONARY.encode(), dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    made.precompute_compress(level=LEVEL)
    return made


def _packer() -> Any:
    """One a thread: it works on memory of its own, and making one takes longer than a body."""
    if not hasattr(_of_thread, "packer"):
        import zstandard

        _of_thread.packer = zstandard.ZstdCompressor(
            level=LEVEL, dict_data=_dictionary(), write_checksum=False, write_dict_id=False
        )
    return _of_thread.packer


def _unpacker() -> Any:
    if not hasattr(_of_thread, "unpacker"):
        import zstandard

        _of_thread.unpacker = zstandard.ZstdDecompressor(dict_data=_dictionary())
    return _of_thread.unpacker


def pack(body: str | bytes) -> bytes:
    return bytes(_packer().compress(body.encode() if isinstance(body, str) else body))


def pack_many(bodies: Sequence[bytes]) -> list[bytes]:
    """The same for many, in one step during which other threads compute."""
    if not bodies:
        return []
    return [packed.tobytes() for packed in _packer().multi_compress_to_buffer(bodies)]


def unpack(packed: bytes) -> str:
    """The body that was packed."""
    return str(_unpacker().decompress(packed), "utf-8")


class PackedText(sa.TypeDecorator[str]):
    """A column of bodies that are text everywhere but in the file."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> bytes | None:
        if value is None:
            return None
        return _PACKED_NONE if value == NONE else pack(value)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> str | None:
        if value is None:
            return None
        return NONE if value == _PACKED_NONE else unpack(value)
