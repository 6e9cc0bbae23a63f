"""In which order an answer of the feed brings its scopes: what a judge needs first comes first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from judge_desk.domain.scopes import ScopeKind
from judge_desk.hub.pages import Head, in_order

FIRST = ("user", "court", "dossier", "review", "campaign", "application", "sheet", "contest", "case", "panel")
IDS = st.text("ABZabz019._-", min_size=1, max_size=3)
SCOPES = st.sets(st.tuples(st.sampled_from(ScopeKind), IDS).map(lambda pair: f"{pair[0]}:{pair[1]}"))


def head(scope: str) -> Head:
    return Head(scope, 1, "judge", "", 1, 0, 0)


@given(SCOPES)
def test_scopes_come_by_kind_and_then_by_name(scopes: set[str]) -> None:
    expected = sorted(scopes, key=lambda scope: (FIRST.index(scope.partition(":")[0]), scope))
    assert [each.scope for each in in_order(map(head, scopes))] == expected


def test_every_kind_of_scope_has_its_place() -> None:
    assert sorted(FIRST) == sorted(ScopeKind)
    assert [each.scope for each in in_order(head(f"{kind}:x") for kind in ScopeKind)] == [f"{kind}:x" for kind in FIRST]
