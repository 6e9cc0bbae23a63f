"""The chain of a dossier: any change behind the judge's back shows, whoever makes it and however much is rewritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from judge_desk.domain.chains import FIRST_LINK, ChainFault, chain_faults
from judge_desk.domain.dossier import DossierSeal, sealed

AT = datetime(2026, 5, 12, 9, tzinfo=UTC)
HASHES = {f"e{number}": f"{number:064x}" for number in range(1, 6)}


def chain(hashes: dict[str, str]) -> list[DossierSeal]:
    seals: list[DossierSeal] = []
    for entry_id, sha in hashes.items():
        seals.append(sealed(entry_id, "judge1", sha, AT, seals[-1] if seals else None))
    return seals


WHOLE = chain(HASHES)
SEEN = (WHOLE[-1].number, WHOLE[-1].hash)


def test_a_whole_chain_has_no_fault() -> None:
    assert chain_faults(WHOLE, HASHES, SEEN) == ()
    assert chain_faults(reversed(WHOLE), HASHES) == ()
    assert chain_faults([], {}) == ()


@given(st.sampled_from(sorted(HASHES)))
def test_an_altered_entry_shows(entry_id: str) -> None:
    assert chain_faults(WHOLE, {**HASHES, entry_id: "f" * 64}) == ((entry_id, ChainFault.ALTERED),)


@given(st.sampled_from(sorted(HASHES)))
def test_an_entry_that_was_taken_away_shows(entry_id: str) -> None:
    assert (entry_id, ChainFault.MISSING) in chain_faults(WHOLE, {k: v for k, v in HASHES.items() if k != entry_id})


@given(st.integers(min_value=0, max_value=4))
def test_a_link_that_was_taken_away_or_rewritten_shows(place: int) -> None:
    without = [*WHOLE[:place], *WHOLE[place + 1 :]]
    assert chain_faults(without, HASHES, SEEN)
    forged = [*WHOLE[:place], replace(WHOLE[place], entry_sha256="f" * 64), *WHOLE[place + 1 :]]
    assert (WHOLE[place].id, ChainFault.BROKEN) in chain_faults(forged, HASHES)


def test_a_chain_rewritten_as_a_whole_shows_to_whoever_saw_it_before() -> None:
    forged_hashes = {**HASHES, "e2": "f" * 64}
    forged = chain(forged_hashes)
    assert chain_faults(forged, forged_hashes) == ()
    assert (forged[-1].id, ChainFault.REPLACED) in chain_faults(forged, forged_hashes, SEEN)


def test_an_end_that_was_cut_off_shows_to_whoever_saw_it_before() -> None:
    short = {k: v for k, v in HASHES.items() if k != "e5"}
    assert chain_faults(chain(short), short) == ()
    assert chain_faults(chain(short), short, SEEN) == (("", ChainFault.MISSING),)


def test_an_entry_without_a_link_shows() -> None:
    assert chain_faults(WHOLE, {**HASHES, "e9": "0" * 64}) == (("e9", ChainFault.UNSEALED),)
    assert WHOLE[0].previous == FIRST_LINK
