"""How the things of one case file read as rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from judge_desk.desktop.pages.court_lines import STATE_ICONS, capital, days_left, joined, outcome_owed, room_words
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.documents import AttachmentState, Document
from judge_desk.domain.hearings import Hearing, HearingState
from judge_desk.i18n import formats
from judge_desk.runtime.clock import court_time
from judge_desk.services.cases import CaseDraftRow
from judge_desk.services.documents import DocumentRow
from judge_desk.services.search import SearchHit
from judge_desk.services.snippets import Snippet
from judge_desk.services.terms import TermRow

HIT = "@"
BEFORE, LENGTH = 8, 26
MOST_WHOLE = 500
"""Documents of a case whose titles may take a second line: to lay out the rows of thousands takes too long."""


def document_lines(rows: Sequence[DocumentRow]) -> list[Line]:
    """A row for each document."""
    return [_document_line(row, whole_title=len(rows) <= MOST_WHOLE) for row in rows]


def _document_line(row: DocumentRow, hits: int = 0, *, whole_title: bool) -> Line:
    """Title; day, what kind and how long, or that the file is still to come. ``hits``: pages with the words sought."""
    document, language = row.document, Wording.current().language
    here = joined(
        formats.date_short(document.dated_on, language) if document.dated_on else "",
        capital(t(f"word.document.{document.kind.value}")),
        t("common.pages", n=document.pages) if document.pages else "",
        signature_words(document),
    )
    where = "documents.on_hub" if row.state is AttachmentState.ON_HUB else "documents.coming"
    coming = joined(t(where), formats.file_size(document.size, language))
    return Line(
        id=document.id,
        title=document.title,
        detail=here if row.is_here else coming,
        icon=_icon(row),
        icon_tone="muted" if row.is_here else "warn",
        trailing=formats.whole(hits, language) if hits else "",
        trailing_tone="accent",
        pill=bool(hits),
        keeps_end=False,
        title_keeps_end=True,
        whole_title=whole_title,
        title_lines=2,
        detail_lines=1,
    )


def signature_words(document: Document) -> str:
    """How an act is signed; empty for what is not."""
    if document.is_signed:
        return t("signing.state")
    if document.signed_on_paper is None:
        return ""
    return t("signing.state.paper", day=formats.date_short(document.signed_on_paper, Wording.current().language))


def hit_line(hit: SearchHit) -> Line:
    """A page with the words sought; its id leads back to document and page."""
    return Line(
        id=f"{hit.id}{HIT}{hit.page}",
        title=_around(hit.snippet),
        leading=t("documents.page", page=hit.page),
        strong=False,
    )


def _around(snippet: Snippet) -> str:
    """A few words with the found one among the first, for a narrow column cuts what is long."""
    start = snippet.spans[0][0] if snippet.spans else 0
    space = snippet.text.rfind(" ", 0, max(start - BEFORE, 0)) + 1
    first = space if start > BEFORE else 0
    piece = snippet.text[first : first + LENGTH].rstrip("… ")
    return f"{'… ' if first else ''}{piece} …"


def found_lines(rows: Sequence[DocumentRow], hits: Sequence[SearchHit]) -> list[Line]:
    """Documents with hits in the order of the file, each followed by its pages."""
    of_document: dict[str, list[SearchHit]] = {}
    for hit in hits:
        of_document.setdefault(hit.id, []).append(hit)
    lines: list[Line] = []
    for row in rows:
        found = of_document.get(row.document.id, [])
        pages = [hit for hit in found if hit.page]
        if found:
            lines.append(_document_line(row, len(pages), whole_title=len(rows) <= MOST_WHOLE))
            lines += [hit_line(hit) for hit in pages]
    return lines


def next_first(hearings: Iterable[Hearing]) -> list[Hearing]:
    """What is to come, the nearest first; then what is over, the latest first."""
    by_time = sorted(hearings, key=lambda each: each.starts_at)
    planned = [each for each in by_time if each.state is HearingState.PLANNED]
    return planned + [each for each in reversed(by_time) if each.state is not HearingState.PLANNED]


def hearing_of_case_line(hearing: Hearing, *, owes_outcome: bool) -> Line:
    """Day and time, room, and what became of it or that this is not written down yet."""
    language = Wording.current().language
    is_planned = hearing.state is HearingState.PLANNED
    day = court_time(hearing.starts_at).date()
    tone, icon = ("accent", "calendar") if is_planned else ("muted", STATE_ICONS[hearing.state])
    state = t(f"word.hearing.{hearing.state.value}")
    if owes_outcome:
        state, tone, icon = outcome_owed()
    by_video = t("hearings.by_video") if hearing.by_video else ""
    return Line(
        id=hearing.id,
        title=f"{formats.date_short(day, language)}, {formats.clock_time(hearing.starts_at)}",
        detail=joined(state, room_words(hearing.room), by_video, hearing.outcome),
        icon=icon,
        icon_tone=tone,
        strong=is_planned,
        wraps=True,
    )


def term_of_case_line(row: TermRow) -> Line:
    """Name, in three lines at most, what is left and the last day; nothing stands before it in the narrow column."""
    language = Wording.current().language
    words, tone = days_left(row)
    done = row.term.done_on
    ends = formats.date_short(row.ends_on, language) if row.ends_on else ""
    return Line(
        id=row.term.id,
        title=capital(row.name(language)),
        detail=joined(words, ends) if done is None else t("terms.done_on", date=formats.date_short(done, language)),
        icon="circle-check" if done else "circle-alert" if tone == "bad" else "hourglass",
        icon_tone="ok" if done else tone,
        trailing="?" if row.term.rule_id else "",
        trailing_tone="accent",
        pill=True,
        strong=done is None,
        trailing_below=True,
        wraps=True,
        title_lines=3,
    )


def draft_line(row: CaseDraftRow) -> Line:
    """Title, state and secrecy."""
    when = formats.date_and_time(row.changed_at, Wording.current().language) if row.changed_at else ""
    return Line(
        id=row.id,
        title=row.title,
        detail=joined(t(f"word.draft.{row.state.value}"), t(f"word.secrecy.{row.secrecy.value}"), when),
        icon="file-pen",
    )


def _icon(row: DocumentRow) -> str:
    if not row.is_here:
        return "download"
    media = row.document.media_type
    return "image" if media.startswith("image/") else "file-text"
