"""The dialogs of the page and its field to write in, for pictures of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from judge_desk.desktop.page import Scene
from judge_desk.desktop.pages.dossier.section_view import LOOKED, TIMELINE
from judge_desk.domain.declarations import DeclarationKind
from judge_desk.domain.dossier import DossierSection, ReplyKind
from judge_desk.services.desk import Desk
from judge_desk.services.dossier import DossierView, HalfWritten

if TYPE_CHECKING:
    from judge_desk.desktop.pages.dossier.page import DossierPage

SHOWN: Final = (
    *(TIMELINE, DossierSection.WORKLOAD, DossierSection.APPEALS, DossierSection.REVIEWS),
    *(DossierSection.GUARANTEES, DossierSection.DECLARATIONS, LOOKED),
)


def samples_of(desk: Desk) -> Sequence[Mapping[str, str]]:
    """The sections that look different, of the dossier that has the most to show."""
    judge = desk.dossier.fullest()
    told = {"judge_id": judge} if judge is not None else {}
    return tuple({"section": each, **told} for each in SHOWN)


def scenes_of(page: DossierPage) -> Sequence[Scene]:
    """What may be opened by this person."""
    view, deeds = page.view, page.deeds
    if view is None:
        return ()
    found: list[Scene] = [("print", partial(deeds.ask_print, view))]
    if view.may_reply:
        found += [(f"declare-{each.value}", partial(deeds.ask_declaration, view, each)) for each in DeclarationKind]
        found += [(each.value, partial(_write, page, each)) for each in ReplyKind if _open_to(page, each)]
    else:
        found.append(("purpose", partial(deeds.ask_purpose, view)))
    if view.may_enter:
        parts = (DossierSection.POSTS, DossierSection.APPEALS, DossierSection.GUARANTEES)
        found += [(f"enter-{part}", partial(deeds.ask_entry, view, part)) for part in parts]
        found += [("decide", partial(deeds.ask_decision, each)) for each in _undecided(view)[:1]]
    return found


def _open_to(page: DossierPage, kind: ReplyKind) -> str:
    """The entry on screen to which such words may be written; empty where there is none."""
    cards = page.middle.cards.values()
    fit = (each.row.entry.id for each in cards if kind is not ReplyKind.APPEAL or each.row.appeal_until is not None)
    return next(fit, "")


def _write(page: DossierPage, kind: ReplyKind) -> None:
    page.middle.open_box(HalfWritten(_open_to(page, kind), kind, ""))


def _undecided(view: DossierView) -> list[str]:
    rows = (row for section in view.sections for row in section.entries)
    replies = (each.reply for row in rows for each in row.replies)
    return [each.id for each in replies if not each.decision and each.kind is not ReplyKind.APPEAL]
