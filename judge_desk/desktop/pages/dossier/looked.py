"""Who looked at the dossier, in which role, and what for: the hub's own list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording, say, t
from judge_desk.domain.dossier import DossierAccess
from judge_desk.domain.people import Role
from judge_desk.i18n import formats
from judge_desk.services.dossier import EXTRACT_PREFIX

DESK_COPY = "desk_copy"
"""The purpose that the hub writes when rows go to a reader's desk."""
CONTEST = "contest"
"""The same for an extract that was consented to for a contest."""


class LookedCard(Card):
    """``show_accesses(accesses)``: newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("dossier.looked", parent)
        hint = PlainLabel(tone="muted", wrap=True)
        say(hint.setText, "dossier.looked.hint")
        self.body.addWidget(hint)
        self._none = PlainLabel(wrap=True)
        say(self._none.setText, "dossier.looked.none")
        self.body.addWidget(self._none)
        self.list = LazyList("dossier.looked.list")
        self.list.set_grows()
        self.body.addWidget(self.list)

    def show_accesses(self, accesses: Sequence[DossierAccess]) -> None:
        lines = [_line(each) for each in accesses]
        self.list.painter.set_leading_sample(max((each.leading for each in lines), key=len, default=""))
        self.list.show_lines(lines)
        self.list.setVisible(bool(lines))
        self._none.setVisible(not lines)


def _line(access: DossierAccess) -> Line:
    known = {role.value for role in Role}
    role = t(f"word.role.{Role(access.reader_role).value}") if access.reader_role in known else access.reader_role
    purpose = t("dossier.purpose.desk_copy") if access.purpose == DESK_COPY else access.purpose
    if access.purpose == CONTEST:
        purpose = t("dossier.purpose.contest")
    if purpose.startswith(EXTRACT_PREFIX):
        purpose = t("dossier.purpose.extract", purpose=purpose.removeprefix(EXTRACT_PREFIX))
    return Line(
        id=access.id,
        title=access.reader_name,
        detail=" · ".join(each for each in (purpose, role) if each),
        leading=formats.date_and_time(access.at, Wording.current().language),
        strong=False,
        # Neither the purpose nor the role gives way: both are what the judge looks for.
        wraps=True,
    )
