"""What to know about the chosen hearing, and what may be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from judge_desk.desktop.pages.court_lines import capital, readiness
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.badge import Badge
from judge_desk.desktop.widgets.buttons import DangerButton, PrimaryButton, QuietButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.fact_rows import FactRows
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording, say, t
from judge_desk.domain.hearings import HearingState
from judge_desk.i18n import formats
from judge_desk.runtime.clock import court_time
from judge_desk.services.hearings import HearingRow


class DetailPanel(Card):
    """``show_hearing(row)``; None says that nothing is chosen.

    Signals:
        asked: ("open", "move", "adjourn", "hold" or "cancel").
    """

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._title = PlainLabel(face="section", wrap=True)
        self._state = Badge()
        self._facts = FactRows()
        self._nothing = PlainLabel(tone="muted", wrap=True)
        say(self._nothing.setText, "hearings.choose")
        self._ahead: dict[str, QuietButton] = {
            "open": QuietButton("hearings.open_case", "Return"),
            "move": QuietButton("hearings.move", "Ctrl+M"),
            "hold": QuietButton("hearings.hold", "Ctrl+H"),
            "adjourn": QuietButton("hearings.adjourn", "Ctrl+D"),
            "cancel": DangerButton("hearings.cancel", "Ctrl+Del"),
        }
        # What became of one that is over comes first; it can be moved or called off no more.
        self._over: dict[str, QuietButton] = {
            "hold": PrimaryButton("hearings.hold", "Ctrl+H"),
            "adjourn": QuietButton("hearings.was_adjourned", "Ctrl+D"),
            "cancel": QuietButton("hearings.not_held", "Ctrl+Del"),
            "open": QuietButton("hearings.open_case", "Return"),
        }
        self._all = QWidget()
        column = QVBoxLayout(self._all)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Theme.current().px(Space.ROW))
        column.addWidget(self._title)
        column.addWidget(self._state, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._facts)
        for name, button in (*self._ahead.items(), *self._over.items()):
            button.clicked.connect(lambda _checked=False, each=name: self.asked.emit(each))
            column.addWidget(button)
        self.body.addWidget(self._nothing)
        self.body.addWidget(self._all)
        self.body.addStretch(1)
        self._all.hide()

    def show_hearing(self, row: HearingRow | None) -> None:
        self._all.setVisible(row is not None)
        self._nothing.setVisible(row is None)
        if row is None:
            return
        words, tone, shape = readiness(row)
        self._title.setText(row.case_title)
        self._state.set_tone(tone, shape)
        self._state.set_text(words)
        self._show_facts(row)
        is_planned = row.hearing.state is HearingState.PLANNED
        for button in self._over.values():
            button.setVisible(row.owes_outcome)
        for name, button in self._ahead.items():
            button.setVisible(not row.owes_outcome and (is_planned or name == "open"))

    def _show_facts(self, row: HearingRow) -> None:
        language, hearing = Wording.current().language, row.hearing
        at = court_time(hearing.starts_at)
        when = f"{formats.clock_time(hearing.starts_at)}–{formats.clock_time(hearing.ends_at)}"
        documents = t("documents.receipt.short", present=row.documents_here, n=row.documents_total)
        missing = t("hearings.missing_bytes", size=formats.file_size(row.missing_bytes, language))
        facts = {
            "hearings.fact.number": row.case_number,
            "hearings.fact.procedure": capital(t(f"word.procedure.{row.procedure.value}")),
            "hearings.fact.day": formats.date_with_weekday(at.date(), language),
            "hearings.fact.time": when,
            "hearings.fact.room": hearing.room,
            "hearings.fact.purpose": hearing.purpose,
            "hearings.fact.video": t("common.yes") if hearing.by_video else "",
            "hearings.fact.outcome": hearing.outcome,
            "hearings.fact.documents": documents if row.is_ready else f"{documents}, {missing}",
            "hearings.fact.sent": t("hearings.not_sent") if row.pending else "",
        }
        self._facts.clear()
        for key, value in facts.items():
            if value:
                self._facts.add(key, value)
