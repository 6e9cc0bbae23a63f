"""Hands over what a desk had to forget: sealed work first, then the receipts; each until the hub has it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from judge_desk.domain.errors import HubProblem, HubRefused
from judge_desk.protocol.codes import Code
from judge_desk.protocol.leaving import Rescue, Wiped, signed_text
from judge_desk.store import farewell, scrub, session_data
from judge_desk.store.session_data import RECOVERY_KEY
from judge_desk.store.unit_of_work import Store
from judge_desk.sync.transport import HttpHub

Sign = Callable[[bytes], str]
"""The device's signature over a message, in hex."""
FOR_GOOD = frozenset({Code.NO_SUCH_SCOPE, Code.BAD_REQUEST, Code.BAD_CREDENTIALS})
"""Answers that the same message would get again."""


def signed(message: Rescue | Wiped, sign: Sign) -> Rescue | Wiped:
    return msgspec.structs.replace(message, signature=sign(signed_text(message)))


def note_recovery_key(store: Store, key: tuple[str, str]) -> None:
    """Keep the court's key, so that work can be sealed without a link."""
    if not key[1]:
        return
    with store.reading() as connection:
        known = session_data.get(connection, RECOVERY_KEY, tuple[str, str])
    if known != key:
        # The hub tells it again after a power cut; a durable one would wait for all that a first pull left in the log.
        with store.writing(durable=False) as connection:
            session_data.put(connection, RECOVERY_KEY, key)


def say(store: Store, hub: HttpHub, sign: Sign) -> None:
    """Send everything that is owed; raises HubProblem, with the rest still owed. What the hub never takes: a receipt is
    dropped, sealed work stays here as the noise that it is."""
    with store.reading() as connection:
        owed = farewell.owed(connection)
    for number, message in owed:
        try:
            hub.leave(signed(message, sign))
        except HubRefused as refusal:
            if refusal.code not in FOR_GOOD:
                raise
            if isinstance(message, Rescue):
                continue
        with store.writing() as connection:
            farewell.said(connection, number)


def scrub_words(store: Store, enough: Callable[[], bool]) -> None:
    """Take forgotten words out of the index's file, in steps between which others write; then empty the log."""
    with store.reading() as connection:
        if not scrub.is_owed(connection):
            return
    is_done = False
    while not is_done and not enough():
        with store.writing(durable=False) as connection:
            is_done = scrub.step(connection)
    scrub.empty_log(store.engine)


def packed(store: Store, sign: Sign, reason: str) -> list[bytes]:
    """Everything to hand over when the whole store goes, signed: it can be sent when no key is left here."""
    with store.writing() as connection:
        farewell.rescue_all(connection, reason)
        farewell.forgotten(connection, "", reason, store.clock.now(), rows=farewell.rows(connection), files=0)
        return [msgspec.json.encode(signed(message, sign)) for _, message in farewell.owed(connection)]


def hand_over(hub: HttpHub, messages: list[bytes]) -> list[bytes]:
    """Send packed messages; gives those that the hub does not have yet. Raises nothing: they are tried again later."""
    left: list[bytes] = []
    for content in messages:
        shape: type[Rescue] | type[Wiped] = Rescue if b'"sealed":' in content else Wiped
        try:
            hub.leave(msgspec.json.decode(content, type=shape))
        except HubProblem as problem:
            if not (isinstance(problem, HubRefused) and problem.code in FOR_GOOD):
                left.append(content)
    return left
