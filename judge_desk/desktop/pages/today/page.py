"""The first page of the day: hearings, terms that run out, what waits for a signature or a review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from judge_desk.desktop.actions import Action
from judge_desk.desktop.dialogs.term_reasons import show_reasons
from judge_desk.desktop.page import Page
from judge_desk.desktop.pages import MAIN
from judge_desk.desktop.pages.court_lines import (
    day_title,
    day_words,
    draft_state,
    hearing_line,
    joined,
    leading_sample,
    term_line,
    time_left,
)
from judge_desk.desktop.pages.today.cards import ListCard, ReadinessCard
from judge_desk.desktop.theme import Size, Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.term_list import TermList
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.changes import Changes
from judge_desk.domain.dossier import DossierSection
from judge_desk.domain.drafts import DraftState
from judge_desk.domain.kinds import Kind
from judge_desk.i18n import formats
from judge_desk.services.appeal_days import AppealDue
from judge_desk.services.review_words import title_in_words
from judge_desk.services.today import DraftToSign, ReviewDue, TodayOverview

# A long exchange announces often; reading the page anew four times a second would slow it down for nothing.
PAUSE_MS = 250
CARES_FOR = (
    Kind.CASE,
    Kind.HEARING,
    Kind.TERM,
    Kind.DRAFT,
    Kind.REVIEW,
    Kind.REVIEW_ASSIGNMENT,
    Kind.DOCUMENT,
    Kind.DOSSIER_ENTRY,
    Kind.DOSSIER_REPLY,
    Kind.DOSSIER_SEAL,
)


class TodayPage(Page):
    """Two columns, one below the other where the window is narrow; every list goes to the thing at Enter."""

    id = "today"
    title_key = "shell.page.today"

    def build(self) -> None:
        self._overview: TodayOverview | None = None
        self.head.set_title("shell.page.today")
        self._new = PrimaryButton("today.new_draft", "Ctrl+N")
        self._new.clicked.connect(self._new_draft)
        self.head.add_button(self._new)
        self.hearings = ListCard("today.hearings", LazyList("today.hearings", leading_sample="00:00"), "today.free")
        self.terms = ListCard("today.terms", TermList("today.terms"), "today.terms.none")
        self.drafts = ListCard("today.drafts", LazyList("today.drafts"), "today.drafts.none")
        self.reviews = ListCard("today.reviews", LazyList("today.reviews"), "today.reviews.none")
        self.readiness = ReadinessCard()
        self.readiness.fetch_asked.connect(self._fetch)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()
        self._connect()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._load)
        self.states.retry_asked.connect(self._load)
        Theme.current().changed.connect(self._grow)

    def activate(self, params: Mapping[str, str]) -> None:
        self._new.setVisible(self._has_cases())
        if not self._has_cases():
            self.head.set_subtitle_text("")
            self.states.show_empty("landmark", "today.no_cases", "today.no_cases.hint")
            return
        if self._overview is None:
            self.states.show_loading()
        self._load()

    def _has_cases(self) -> bool:
        return MAIN[0].is_for(self.context.desk.person.roles)

    def refresh(self, changes: Changes) -> None:
        if self._has_cases() and any(changes.touches(kind.value) for kind in CARES_FOR):
            self._pause.start()

    def retranslate(self) -> None:
        if self._overview is not None:
            self._show(self._overview)

    def page_actions(self) -> Sequence[Action]:
        return (
            Action(
                id="today.new_draft",
                text_key="today.new_draft",
                handler=self._new_draft,
                shortcut="Ctrl+N",
                icon="file-plus",
                enabled_when=self._has_cases,
            ),
            Action(
                id="terms.why",
                text_key="terms.why.action",
                handler=self._ask_why,
                shortcut="Ctrl+Shift+W",
                icon="circle-question-mark",
                enabled_when=lambda: bool(self._overview and self._overview.terms),
            ),
        )

    def focus_first(self) -> None:
        self.hearings.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn_columns()

    def _grow(self) -> None:
        """The distances between the cards follow the text scale, as those in them do."""
        for layout in (self._columns, self._side):
            layout.setSpacing(Theme.current().px(Space.CARD))
        self._turn_columns()

    def _turn_columns(self) -> None:
        is_wide = self.width() >= Theme.current().px(Size.READING)
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom)

    def _lay_out(self) -> None:
        side = self._side = QVBoxLayout()
        for card in (self.readiness, self.terms, self.drafts, self.reviews):
            side.addWidget(card)
        side.addStretch(1)
        self._columns.setContentsMargins(0, 0, 0, 0)
        main = QVBoxLayout()
        main.addWidget(self.hearings)
        main.addStretch(1)
        self._columns.addLayout(main, 4)
        self._columns.addLayout(side, 3)
        sheet = QWidget()
        sheet.setLayout(self._columns)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(sheet)
        self.content.addWidget(self._scroll)
        self._grow()

    def _connect(self) -> None:
        self.hearings.rows.opened.connect(self._open_hearing)
        self.terms.rows.opened.connect(self._open_term)
        self.drafts.rows.opened.connect(lambda found: self.context.window.open_page("drafts", draft_id=found))
        self.reviews.rows.opened.connect(lambda found: self.context.window.open_page("reviews", review_id=found))
        if isinstance(self.terms.rows, TermList):
            self.terms.rows.why_asked.connect(self._explain)

    def _load(self) -> None:
        self.context.tasks.run(
            self.context.desk.today.overview, self._show, self.states.show_failure, key="today:overview"
        )

    def _show(self, found: TodayOverview) -> None:
        self._overview = found
        if _is_bare(found):
            button = QuietButton("today.empty.sync", icon_name="refresh-cw")
            button.clicked.connect(lambda: self.context.window.open_page("sync"))
            self.head.set_title_text(day_title(found.on))
            self.head.set_subtitle_text("")
            self.states.show_empty("sun", "today.empty", "today.empty.hint", button)
            return
        self.head.set_title_text(day_title(found.on))
        self.head.set_subtitle_text(_subtitle(found))
        # Of a day's few hearings a judge wants to see who sues whom, whatever the first of them is called.
        self.hearings.show_lines(
            [replace(hearing_line(each), whole_title=True, title_lines=2, detail_lines=1) for each in found.hearings]
        )
        self.hearings.say_nothing("today.free.next" if found.tomorrow.hearings else "today.free", **_next_day(found))
        self.terms.rows.painter.set_leading_sample(leading_sample())
        self.terms.show_lines(_ending_lines(found))
        self.drafts.show_lines([_draft_line(each) for each in found.drafts_to_sign])
        self.reviews.show_lines([_review_line(each) for each in found.reviews_due])
        self.reviews.setVisible(bool(found.reviews_due))
        self.readiness.show_readiness(found.tomorrow)
        self.states.show_ready()
        self.context.actions.refresh()

    def _open_hearing(self, hearing_id: str) -> None:
        overview = self._overview
        for row in overview.hearings if overview else ():
            if row.hearing.id == hearing_id:
                self.context.window.open_page("case", case_id=row.hearing.case_id)

    def _open_term(self, term_id: str) -> None:
        overview = self._overview
        if overview is not None and any(each.entry.id == term_id for each in overview.appeals):
            self.context.window.open_page("dossier", section=DossierSection.REVIEWS.value, entry_id=term_id)
            return
        for row in overview.terms if overview else ():
            if row.term.id == term_id:
                self.context.window.open_page("case", case_id=row.term.case_id)

    def _ask_why(self) -> None:
        if isinstance(self.terms.rows, TermList):
            if not self.terms.rows.currentIndex().isValid():
                self.terms.rows.setFocus()
            self.terms.rows.ask_why()

    def _explain(self, term_id: str, corner: QPoint) -> None:
        overview = self._overview
        row = next((each for each in overview.terms if each.term.id == term_id), None) if overview else None
        if row is not None:
            name = row.name(Wording.current().language)
            self.context.tasks.run(
                lambda: self.context.desk.terms.explain(term_id),
                lambda found: show_reasons(self, name, found, corner),
                key="today:why",
            )

    def _new_draft(self) -> None:
        self.context.window.open_page("drafts", new="1")

    def _fetch(self) -> None:
        overview = self._overview
        if overview is None:
            return
        desk, day = self.context.desk, overview.tomorrow.on

        def ask_for_them() -> Changes:
            changes = Changes()
            for row in desk.hearings.between(day, day):
                if not row.is_ready:
                    changes |= desk.documents.want_case(row.hearing.case_id)
            desk.sync.now()
            return changes

        self.context.tasks.run(ask_for_them, self._say_asked)

    def _say_asked(self, changes: Changes) -> None:
        self.context.window.toast("today.ready.asked")
        self.context.events.announce(changes, self)


def _is_bare(found: TodayOverview) -> bool:
    return not (
        found.counters.open_cases
        or found.hearings
        or found.terms
        or found.appeals
        or found.drafts_to_sign
        or found.reviews_due
        or found.tomorrow.hearings
    )


def _next_day(found: TodayOverview) -> dict[str, str]:
    if not found.tomorrow.hearings:
        return {}
    return {
        "day": day_words(found.tomorrow.on),
        "hearings": t("common.hearings", n=found.tomorrow.hearings),
    }


def _subtitle(found: TodayOverview) -> str:
    counters, ending = found.counters, len(found.terms) + len(found.appeals)
    final = sum(each.is_final for each in found.drafts_to_sign)
    laid_out = len(found.drafts_to_sign) - final
    return joined(
        t("common.hearings", n=counters.hearings_today) if counters.hearings_today else t("today.no_hearings"),
        t("today.terms_soon", n=ending) if ending else "",
        t("today.unsigned", n=final) if final else "",
        t("today.to_sign", n=laid_out) if laid_out else "",
    )


def _ending_lines(found: TodayOverview) -> list[Line]:
    """Terms of cases and one's own last days, by the day."""
    rows = [(each.ends_on or found.on, term_line(each)) for each in found.terms]
    rows += [(each.until_on, _appeal_line(each)) for each in found.appeals]
    return [line for _, line in sorted(rows, key=lambda row: row[0])]


def _appeal_line(row: AppealDue) -> Line:
    wording = Wording.current()
    words, tone = time_left(row.days_left)
    until = t("today.appeal.until", date=formats.date_short(row.until_on, wording.language))
    return Line(
        id=row.entry.id,
        title=t("today.appeal"),
        detail=joined(until, title_in_words(row.entry, wording.translator)),
        leading=words,
        leading_tone=tone,
        wraps=True,
    )


def _draft_line(row: DraftToSign) -> Line:
    when = formats.date_and_time(row.changed_at, Wording.current().language) if row.changed_at else ""
    words, tone, _shape = draft_state(DraftState.FINAL) if row.is_final else ("", "muted", "")
    return Line(
        id=row.id,
        title=row.title,
        detail=joined(row.case_number, when),
        icon="signature",
        icon_tone=tone,
        trailing=words,
        trailing_tone=tone,
        whole_detail=True,
    )


def _review_line(row: ReviewDue) -> Line:
    is_late = row.days_left < 0
    due = formats.date_short(row.due_on, Wording.current().language)
    trailing, tone, shape = t("today.review.until", date=due), "muted", ""
    if is_late:
        trailing, tone, shape = t("today.review.late", date=due), "bad", "circle-alert"
    elif row.reminder is not None:
        trailing, tone, shape = t("today.review.reminder", n=row.reminder.days_left), "warn", "triangle-alert"
    return Line(
        id=row.id,
        title=row.title,
        detail=joined(row.campaign, t("word.review.started" if row.is_started else "word.review.assigned")),
        trailing=trailing,
        trailing_tone=tone,
        trailing_icon=shape,
        title_keeps_end=True,
    )


PAGE = TodayPage
