"""The dialogs and views of the page, for pictures of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from judge_desk.desktop.page import Scene
from judge_desk.desktop.pages.drafts.paper_dialog import PaperDialog
from judge_desk.domain.drafts import DraftState
from judge_desk.services.desk import Desk

if TYPE_CHECKING:
    from judge_desk.desktop.pages.drafts.page import DraftsPage

LIST: Final = "list"
MOST: Final = 60


def samples_of(desk: Desk) -> Sequence[Mapping[str, str]]:
    """The list, a draft of each state that has the most to show, one with a history, and the further views."""
    works = [desk.drafts.open(row.id) for row in desk.drafts.rows()[:MOST]]
    works.sort(key=lambda work: (len(work.draft.remarks), bool(work.draft.pair_id)), reverse=True)
    best = {work.draft.state: work.draft.id for work in reversed(works)}
    shown = [best[state] for state in DraftState if state in best]
    shown += [work.draft.id for work in works if work.versions and work.draft.id not in shown][:1]
    views = ({LIST: "1", "view": view} for view in ("series", "forms"))
    return ({LIST: "1"}, *({"draft_id": draft_id} for draft_id in shown), *views)


def scenes_of(page: DraftsPage) -> Sequence[Scene]:
    """What can be opened from where the page stands."""
    if page.work is None:
        return (*_of_list(page), *_of_series(page))
    if page.work.draft.state is DraftState.FINAL:
        return ()
    found: list[Scene] = [
        ("findings", page.more.toggle_findings),
        ("norm", page.desk.citing.ask),
        ("finalise", page.deeds.ask_finalise),
        ("public", page.outputs.ask_public),
    ]
    if page.work.versions:
        found.append(("history", page.deeds.toggle_history))
    if page.work.draft.pair_id:
        found.append(("twin", page.more.open_twin))
    return found


def _of_list(page: DraftsPage) -> Sequence[Scene]:
    return (("new", page.begin), ("sign", page.outputs.ask_sign), ("paper", partial(_show_paper, page)))


def _show_paper(page: DraftsPage) -> None:
    PaperDialog(2, page.context.desk.context.clock.today(), page.window()).open()


def _of_series(page: DraftsPage) -> Sequence[Scene]:
    """The table of what differs, once cases can be chosen."""
    if "series" not in page.more.__dict__ or not page.more.series.isVisible():
        return ()
    return (("table", partial(_show_table, page)),)


def _show_table(page: DraftsPage) -> None:
    page.more.series.cases.choose_all()
    page.more.series.go_on()
