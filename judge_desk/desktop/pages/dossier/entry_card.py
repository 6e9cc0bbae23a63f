"""One entry: what, when, by whom and from where, what counts, and the correspondence under it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from judge_desk.desktop.pages.dossier.reply_box import ReplyBox
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.badge import Badge
from judge_desk.desktop.widgets.buttons import LinkButton
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.dossier import ChangeCause, DossierEntry, ReplyKind
from judge_desk.i18n import formats
from judge_desk.runtime.clock import court_time
from judge_desk.services.dossier import Delivery, EntryRow, HalfWritten, ReplyRow
from judge_desk.services.dossier_extract import days_of, details_in_words, figures_in_words, source_in_words
from judge_desk.services.review_words import Part, said, title_in_words

LONG_WORD = re.compile(r"(\S{20})")
DELIVERY = {
    Delivery.WAITING: ("dossier.entry.waiting", "gold"),
    Delivery.REFUSED: ("dossier.entry.refused", "bad"),
    Delivery.SENT: ("dossier.entry.sent", "muted"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRights:
    """What the reader of the card may do, and whether its section must be named (in the timeline)."""

    may_reply: bool
    may_decide: bool
    names_section: bool = False


class EntryCard(QFrame):
    """Signals:
    reply_asked: (HalfWritten) the person wants to write to this entry.
    decision_asked: (reply id) the commission wants to answer.
    """

    reply_asked = Signal(object)
    decision_asked = Signal(str)

    def __init__(self, row: EntryRow, rights: CardRights, half: HalfWritten | None) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.row, self._rights = row, rights
        self.box: ReplyBox | None = None
        theme = Theme.current()
        self._column = QVBoxLayout(self)
        side = theme.px(Space.CARD)
        self._column.setContentsMargins(side, Space.GAP, side, Space.GAP)
        self._column.setSpacing(Space.TIGHT)
        entry = row.entry
        self._column.addWidget(self._top(row))
        self._column.addWidget(PlainLabel(breakable(_title(entry)), "strong", wrap=True))
        if entry.text:
            self._column.addWidget(PlainLabel(breakable(entry.text), wrap=True))
        for label in _details(row):
            self._column.addWidget(label)
        self._add_badges(entry)
        self._column.addWidget(PlainLabel(breakable(_origin(entry)), "caption", "muted", wrap=True))
        for reply in row.replies:
            self._column.addWidget(self._reply(reply))
        self._links = FlowRow()
        self._column.addWidget(self._links)
        self._offer(half)

    def open_box(self, half: HalfWritten) -> ReplyBox:
        """The field to write in, in place of the links."""
        self.close_box()
        self.box = ReplyBox(half, may_appeal=self.row.appeal_until is not None)
        self._links.hide()
        self._column.addWidget(self.box)
        return self.box

    def close_box(self, half: HalfWritten | None = None) -> None:
        """Put the field away; the links say whether there is something to go on with."""
        if self.box is None:
            return
        self.box.hide()
        self.box.deleteLater()
        self.box = None
        self._links.clear()
        self._links.show()
        self._offer(half)

    def _top(self, row: EntryRow) -> FlowRow:
        line = FlowRow()
        days = days_of(row.entry, Wording.current().translator)
        line.add(PlainLabel(days or "—", "caption", "muted"))
        if self._rights.names_section:
            badge = Badge(tone="accent")
            badge.set_text(t(f"word.dossier.{row.entry.section.value}"))
            line.add(badge)
        if row.delivery is not Delivery.SENT:
            key, tone = DELIVERY[row.delivery]
            line.add(Badge(key, tone))
        return line

    def _add_badges(self, entry: DossierEntry) -> None:
        badges = FlowRow()
        if entry.cause is not None:
            counts = entry.cause is ChangeCause.ERROR
            # Two badges, since one would be wider than a narrow window with large letters.
            cause = Badge(tone="warn" if counts else "muted")
            cause.set_text(t(f"word.cause.{entry.cause.value}"))
            badges.add(cause)
            badges.add(
                Badge(
                    "dossier.cause.counts" if counts else "dossier.cause.does_not_count", "warn" if counts else "muted"
                )
            )
        for label, value in figures_in_words(entry.figures, Wording.current().translator):
            badge = Badge(tone="muted")
            badge.set_text(f"{label}: {value}")
            badges.add(badge)
        if entry.cause is not None or entry.figures:
            self._column.addWidget(badges)

    def _reply(self, row: ReplyRow) -> QFrame:
        frame = QFrame()
        frame.setProperty("kind", "table")
        column = QVBoxLayout(frame)
        column.setContentsMargins(Space.GAP, Space.ROW, Space.GAP, Space.ROW)
        column.setSpacing(Space.TIGHT)
        reply, language = row.reply, Wording.current().language
        key, tone = DELIVERY[row.delivery]
        line = QHBoxLayout()
        kind = t(f"word.dossier.{reply.kind.value}")
        head = f"{kind[:1].upper()}{kind[1:]} · {formats.date_and_time(reply.written_at, language)}"
        line.addWidget(PlainLabel(head, "caption", "muted", elide=True), 1)
        line.addWidget(Badge(key, tone))
        column.addLayout(line)
        column.addWidget(PlainLabel(breakable(reply.text), wrap=True))
        if reply.decision:
            when = formats.date_short(court_time(reply.decided_at).date(), language) if reply.decided_at else ""
            column.addWidget(PlainLabel(t("dossier.reply.decided", when=when), "caption", "muted", wrap=True))
            column.addWidget(PlainLabel(breakable(reply.decision), wrap=True))
        elif reply.kind is not ReplyKind.REPLY:
            column.addWidget(PlainLabel(t("dossier.reply.undecided"), "caption", "muted"))
        # An appeal is decided with its campaign, where the second panel is drawn.
        if self._rights.may_decide and not reply.decision and reply.kind is not ReplyKind.APPEAL:
            decide = LinkButton("dossier.decide")
            decide.clicked.connect(lambda: self.decision_asked.emit(reply.id))
            column.addWidget(decide, 0, Qt.AlignmentFlag.AlignLeft)
        return frame

    def _offer(self, half: HalfWritten | None) -> None:
        self._links.setVisible(self._rights.may_reply)
        if not self._rights.may_reply:
            return
        if half is not None:
            self._link("dossier.reply.go_on", half)
            return
        for key, kind in (("dossier.reply", ReplyKind.REPLY), ("dossier.correct", ReplyKind.CORRECTION_REQUEST)):
            self._link(key, HalfWritten(self.row.entry.id, kind, ""))
        if self.row.appeal_until is not None:
            self._link("dossier.appeal", HalfWritten(self.row.entry.id, ReplyKind.APPEAL, ""))
            day = formats.date_short(self.row.appeal_until, Wording.current().language)
            until = Badge(tone="gold")
            until.set_text(t("dossier.appeal.until", day=day))
            self._links.add(until)

    def _link(self, key: str, half: HalfWritten) -> None:
        link = LinkButton(key)
        link.setAccessibleDescription(_title(self.row.entry))
        link.clicked.connect(lambda: self.reply_asked.emit(half))
        self._links.add(link)


def breakable(text: str) -> str:
    """The text with places to break a line inside words no line could hold: a link, a row of dashes."""
    return LONG_WORD.sub("\\1\u200b", text)


def _details(row: EntryRow) -> Iterator[PlainLabel]:
    """What belongs to the section; of a review the comments stand under the finding, a step further in."""
    translator, gap, review = Wording.current().translator, Theme.current().px(Space.ROW), row.entry.review
    if review is None:
        yield from (PlainLabel(breakable(each), wrap=True) for each in details_in_words(row.entry, translator))
        return
    # The last day to appeal runs from when the hub took the result, which who wrote the entry could not know.
    for part, text in said(replace(review, appeal_by=row.appeal_until), translator):
        label = PlainLabel(breakable(text), "strong" if part is Part.FINDING else "body", wrap=True)
        label.setContentsMargins(*((2 * gap, gap // 2, 0, 0) if part is Part.COMMENT else (0, gap, 0, 0)))
        yield label


def _title(entry: DossierEntry) -> str:
    return title_in_words(entry, Wording.current().translator)


def _origin(entry: DossierEntry) -> str:
    language = Wording.current().language
    when = formats.date_and_time(entry.entered_at, language) if entry.entered_at else "—"
    parts = [t("dossier.entry.entered", name=entry.entered_by or "—", when=when)]
    source = source_in_words(entry, Wording.current().translator)
    if source:
        parts.append(t("dossier.entry.source", source=source))
    if entry.evidence:
        parts.append(t("dossier.entry.evidence", evidence=entry.evidence))
    if entry.evidence_sha256:
        parts.append(f"SHA-256 {entry.evidence_sha256[:16]}…")
    if entry.case_number:
        parts.append(t("dossier.entry.case", number=entry.case_number))
    return " · ".join(parts)
