"""A case whose party may be the judge's declared relative says so in its file, and only there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from judge_desk.domain.cases import Party, PartyRole
from judge_desk.domain.declarations import Declaration, DeclarationKind, Kin
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import case_scope
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.cases import CaseService
from judge_desk.services.context import DeskContext
from judge_desk.services.dossier import DossierService
from tests.factories import NOW, a_case, agreed, desk_context


@pytest.fixture
def context(tmp_path: Path, clock: FixedClock) -> Iterator[DeskContext]:
    clock.set(NOW)
    made = desk_context(tmp_path, clock=clock)
    yield made
    made.store.close()


def test_a_declared_relative_among_the_parties_is_told_while_the_tie_counts(
    context: DeskContext, clock: FixedClock
) -> None:
    party = Party(id="p", role=PartyRole.CLAIMANT, name="Омаров Даулет Серикович")
    case = replace(a_case(), parties=(party,))
    agreed(context, Kind.CASE, case_scope(case.id), [case])
    service = CaseService(context)
    assert service.case_file(case.id).kin == ()
    last = NOW.date() + timedelta(days=30)
    relative = Kin(name="Омаров Д. С.", until_on=last)
    DossierService(context).declare(Declaration(kind=DeclarationKind.KIN, kin=(relative,)), "Родственники")
    assert service.case_file(case.id).kin == (relative,)
    clock.set(NOW + timedelta(days=31))
    assert service.case_file(case.id).kin == ()
