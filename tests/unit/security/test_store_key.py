"""The store's key shows itself to nobody, and its purposes do not mix."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge_desk.domain.errors import DamagedStore, StoreLocked
from judge_desk.security.store_key import StoreKey


def test_nothing_that_prints_or_copies_it_shows_it() -> None:
    key = StoreKey.random()
    for shown in (repr(key), str(key), f"{key}", repr([key])):
        assert key.reveal().hex() not in shown
        assert repr(key.reveal()) not in shown
    with pytest.raises(TypeError, match="not serialised"):
        copy.copy(key)
    with pytest.raises(TypeError):
        json.dumps(key)


def test_it_is_32_bytes_and_never_the_same_twice() -> None:
    assert StoreKey.random() != StoreKey.random()
    assert StoreKey(bytes(range(32))) == StoreKey(bytes(range(32)))
    with pytest.raises(ValueError, match="32 bytes"):
        StoreKey(b"short")


def test_purposes_give_keys_that_differ_and_stay() -> None:
    key = StoreKey(bytes(32))
    assert key.derive("a") == StoreKey(bytes(32)).derive("a")
    assert len({key.derive("a"), key.derive("b"), key.database_key(), key.reveal()}) == 4
    # Written down: a release that derives another database key would find every store unreadable.
    assert key.database_key().hex() == "a29958fc04d0a0c0ac94f5ef6ae5b3d8b66fe1221161043edc28784ef5b7ba31"


@given(plain=st.binary(max_size=200), bound_to=st.binary(max_size=20))
def test_what_was_sealed_opens_for_its_purpose_alone(plain: bytes, bound_to: bytes) -> None:
    key = StoreKey.random()
    sealed = key.seal("a", plain, bound_to)
    assert key.unseal("a", sealed, bound_to) == plain
    for opener, purpose, binding in ((key, "b", bound_to), (StoreKey.random(), "a", bound_to), (key, "a", b"x" * 21)):
        with pytest.raises(DamagedStore):
            opener.unseal(purpose, sealed, binding)


def test_any_changed_or_missing_byte_of_a_seal_is_seen() -> None:
    key = StoreKey.random()
    sealed = key.seal("a", b"word")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(DamagedStore):
            key.unseal("a", bytes(changed))
        with pytest.raises(DamagedStore):
            key.unseal("a", sealed[:place])


def test_a_forgotten_key_serves_nobody_who_kept_it() -> None:
    key = StoreKey.random()
    kept = key
    key.forget()
    with pytest.raises(StoreLocked):
        kept.derive("a")
    key.forget()
