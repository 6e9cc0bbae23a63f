"""Says above the text that facts of its case have changed since they were written into it, and takes them over."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtWidgets import QWidget

from judge_desk.desktop.editor.act_edit import ActEdit
from judge_desk.desktop.page import PageContext
from judge_desk.desktop.pages.drafts.fact_dialog import FactDialog
from judge_desk.desktop.widgets.banner import Banner
from judge_desk.desktop.wording import Wording
from judge_desk.domain.acts import ActText
from judge_desk.services.draft_facts import FactDifference
from judge_desk.services.drafts import DraftWork

SHOWN: Final = 2
"""So many differences are said in the line itself; the rest is in the dialog."""


class FactLine(Banner):
    """``look(work)`` when a draft was opened or its case may have changed. Closed, it stays away until facts change."""

    def __init__(self, context: PageContext, edit: ActEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._edit = context, edit
        self._work: DraftWork | None = None
        self._found: tuple[FactDifference, ...] = ()
        self._put_aside: tuple[FactDifference, ...] = ()
        self.dialog: FactDialog | None = None
        self.closed.connect(self._put_away)
        Wording.current().changed.connect(self._say)

    def look(self, work: DraftWork) -> None:
        """Ask what differs; says nothing where nothing does, or where this person may not write."""
        if self._work is None or self._work.draft.id != work.draft.id:
            self._found = self._put_aside = ()
            self.hide()
        self._work = work
        if not work.may_edit or not self._edit.has_act:
            self.hide()
            return
        act, service, draft_id = self._edit.act(), self._context.desk.draft_facts, work.draft.id
        self._context.tasks.run(lambda: service.differing(draft_id, act), self._hear, key="drafts.facts")

    def ask(self) -> None:
        """Which of them to take over."""
        if self._work is None or not self._found:
            return
        self.dialog = FactDialog(self._found, self._work.fields, self.window())
        self.dialog.agreed.connect(self._take_over)
        self.dialog.open()

    def _hear(self, found: tuple[FactDifference, ...]) -> None:
        self._found = found
        if found and found != self._put_aside:
            self._say()
        else:
            self.hide()

    def _say(self) -> None:
        if self._work is None or not self._found or self._found == self._put_aside:
            return
        names = self._work.fields
        said = "; ".join(f"{names.get(each.field, each.field)}: {each.known}" for each in self._found[:SHOWN])
        self.say_text("drafts.facts", "accent", "drafts.facts.known", n=len(self._found), facts=said)
        self.add_button("drafts.facts.take", self.ask)

    def _put_away(self) -> None:
        self._put_aside = self._found

    def _take_over(self, fields: Sequence[str]) -> None:
        work = self._work
        if work is None or not fields:
            return
        act, service, draft_id = self._edit.act(), self._context.desk.draft_facts, work.draft.id
        self._context.tasks.run(
            lambda: service.renewed(draft_id, act, fields), partial(self._taken, work, act), key="drafts.facts"
        )

    def _taken(self, work: DraftWork, before: ActText, act: ActText) -> None:
        if self._edit.act() != before:
            # Something was typed meanwhile: ask anew rather than write over it.
            self.look(work)
            return
        self._edit.take_act(act)
        self.hide()
        self._context.window.toast("drafts.facts.taken", undo=self._edit.undo)
        self.look(work)
