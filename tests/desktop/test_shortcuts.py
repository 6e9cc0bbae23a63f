"""No two deeds that are within reach at once answer to the same keys: Qt then calls neither of them."""

from __future__ import annotations

from collections import defaultdict

import pytest

from judge_desk.desktop.actions import WINDOW
from judge_desk.desktop.pages import all_page_ids
from tests.desktop.court_day import DeskDay

PARAMS = {"case": {"case_id": "c1"}}


@pytest.mark.parametrize("page_id", all_page_ids())
def test_every_key_has_one_meaning(page_id: str, desk_day: DeskDay) -> None:
    if not desk_day.window.offers(page_id) and page_id not in PARAMS:
        pytest.skip("this person has no such page")
    page = desk_day.go(page_id, **PARAMS.get(page_id, {}))
    meanings: dict[str, set[str]] = defaultdict(set)
    for action in (*desk_day.window.registry.of_group(WINDOW), *page.page_actions()):
        for keys in filter(None, action.shortcut.split("; ")):
            meanings[keys].add(action.id)
    assert not {keys: ids for keys, ids in meanings.items() if len(ids) > 1}
