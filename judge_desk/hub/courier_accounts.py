"""Opens the courier's account of a device at its enrolment, so that from then on it needs no link any more."""

from __future__ import annotations

from sqlalchemy import Connection, insert

from judge_desk.hub.db import tables
from judge_desk.hub.refusals import Refused
from judge_desk.protocol.codes import Code


def open_account(connection: Connection, court_id: str, device_id: str, courier_key: str) -> None:
    """``courier_key``: the device's X25519 key in hex; raises Refused, BAD_REQUEST, for what is none."""
    try:
        is_key = len(bytes.fromhex(courier_key)) == 32
    except ValueError:
        is_key = False
    if not is_key:
        raise Refused(Code.BAD_REQUEST)
    row = {
        "court_id": court_id,
        "device_id": device_id,
        "public_key": courier_key.lower(),
        "in_number": 0,
        "in_part": 0,
        "in_whole": True,
        "out_number": 0,
        "said": "{}",
        "said_at": None,
    }
    connection.execute(insert(tables.courier_desk), [row])
