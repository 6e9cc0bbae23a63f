"""When the hub was restored from a backup: bring back what it lost, before anything of the desk's is replaced."""

from __future__ import annotations

from judge_desk.domain.errors import HubRefused
from judge_desk.protocol.codes import Code
from judge_desk.store import sent
from judge_desk.store.unit_of_work import Store
from judge_desk.sync.transport import HttpHub


def begin(hub: HttpHub, generation: int) -> None:
    """Name the generation that this desk knows in all that follows."""
    hub.generation = generation
    hub.checks_all = False


def recover(store: Store, hub: HttpHub, refusal: HubRefused) -> None:
    """Owe again what the hub has lost, and compare every scope at the next pull. Raises the refusal when it is none of
    this kind. Cut anywhere, it is done again: the new generation is noted by ``settle`` alone."""
    if refusal.code != Code.HUB_RESTORED:
        raise refusal
    with store.reading() as connection:
        mids = sent.mids(connection)
    lost = hub.lost(mids) if mids else ()
    with store.writing() as connection:
        sent.put_back(connection, lost)
    hub.generation = int(refusal.params["generation"])
    hub.checks_all = True


def settle(store: Store, hub: HttpHub) -> None:
    """Every scope was compared: this is the hub that the desk agrees with from now on."""
    if hub.checks_all:
        with store.writing() as connection:
            sent.set_generation(connection, hub.generation)
        hub.checks_all = False
