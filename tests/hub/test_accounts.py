"""Passwords at the hub: what a guess costs whoever stole the database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from judge_desk.domain.people import Person, Role
from judge_desk.hub.db import migrate, tables
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.registry import Registry
from tests.live_hub import COURT, PASSWORD


def test_a_password_is_kept_as_the_owasp_list_asks(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'hub.db'}")
    migrate.migrate(engine)
    registry = Registry(engine)
    registry.add_court(COURT)
    person = Person(id="judge", court_id=COURT.id, name="A", full_name="A", roles=(Role.JUDGE,))
    registry.add_account(COURT.id, "judge", PASSWORD, person)
    with engine.connect() as connection:
        kept = connection.scalars(select(tables.account.c.password_hash)).one()
    engine.dispose()
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
