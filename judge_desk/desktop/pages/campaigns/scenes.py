"""The dialogs of the page and what its buttons bring to light, for pictures of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from judge_desk.desktop.page import Scene
from judge_desk.domain.campaigns import CampaignState
from judge_desk.services.desk import Desk

if TYPE_CHECKING:
    from judge_desk.desktop.pages.campaigns.page import CampaignsPage


def samples_of(desk: Desk) -> Sequence[Mapping[str, str]]:
    """The newest campaigns, or the page without any."""
    return tuple({"campaign_id": row.campaign.id} for row in desk.campaigns.rows()[:4]) or ({},)


def scenes_of(page: CampaignsPage) -> Sequence[Scene]:
    """What may be opened where the campaign stands; nothing that is recorded."""
    campaign, view = page.campaign, page.view
    if campaign is None:
        return ()
    found: list[Scene] = [("new", page.ask_new), ("due", page.deeds.show_due)]
    if campaign.state is not CampaignState.CLOSED:
        found.append(("keys", page.deeds.show_holders))
    if campaign.state is CampaignState.PREPARED:
        found.append(("trying", partial(view.set_trying, on=True)))
        found.append(("tried", view.buttons["trial"].click))
    if view.is_opened and campaign.published_at is not None:
        found.append(("close", page.deeds.ask_close))
        found.append(("aside", partial(page.deeds.ask_aside, "")))
        found.append(("results", view.buttons["results"].click))
        found.append(("forms", view.buttons["forms"].click))
    appeals = view.appeals
    if appeals.list.current_id():
        found += [(name, button.click) for name, button in appeals.buttons.items() if name == "grant"]
    return found
