"""The tables of the desk's database: one for each kind of record, and the desk's own books beside them."""

from __future__ import annotations

import sqlalchemy as sa

from judge_desk.domain.documents import AttachmentState
from judge_desk.domain.kinds import Kind
from judge_desk.store.bodies import SQL_NONE, PackedText

metadata = sa.MetaData()

PACKED = frozenset({Kind.CASE, Kind.DOCUMENT})
"""Kinds whose bodies lie packed in the file: those that come by the ten thousand. SQL cannot look into them."""


def _record_table(kind: Kind, *columns: sa.Column[object]) -> sa.Table:
    """A kind's table: ``row_no`` for long lists, the hub's numbers, what lists filter and sort by, and the body as
    JSON.

    ``rev`` 0 means: the hub has never seen it. ``pending`` counts the outbox operations that are still open.
    """
    return sa.Table(
        kind.value,
        metadata,
        sa.Column("row_no", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("rev", sa.Integer, nullable=False, server_default="0"),
        sa.Column("pending", sa.Integer, nullable=False, server_default="0"),
        *columns,
        sa.Column("body", PackedText if kind in PACKED else sa.Text, nullable=False),
        # With the revision, so that the rows of a scope add up from the index alone.
        sa.Index(f"{kind}_of_scope", "scope", "rev"),
    )


def _text(name: str, *, index: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text, nullable=True, index=index)


def _number(name: str, *, index: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Integer, nullable=True, index=index)


RECORD_TABLES: dict[Kind, sa.Table] = {
    Kind.COURT: _record_table(Kind.COURT, _text("code")),
    Kind.PERSON: _record_table(Kind.PERSON, _text("name")),
    Kind.CASE: _record_table(
        Kind.CASE,
        _text("number"),
        _text("title"),
        _text("procedure"),
        _text("stage"),
        _text("category"),
        _text("language"),
        _text("judge_id"),
        _text("received_on"),
        _text("heard_on"),
        _text("decided_on"),
    ),
    Kind.DOCUMENT: _record_table(
        Kind.DOCUMENT,
        _text("case_id"),
        sa.Column("document_kind", sa.Text, key="document_kind"),
        _text("title"),
        _text("sha256", index=True),
        _number("size"),
        _text("media_type"),
        _number("order"),
        _text("code"),
        _number("is_signed"),
        _text("signed_on_paper"),
    ),
    Kind.HEARING: _record_table(
        Kind.HEARING, _text("case_id", index=True), _text("starts_at", index=True), _text("state"), _text("judge_id")
    ),
    Kind.TERM: _record_table(
        Kind.TERM,
        _text("case_id", index=True),
        _text("rule_id"),
        _text("due_on"),
        _text("due_at"),
        _text("extended_to"),
        _text("done_on"),
    ),
    Kind.NOTE: _record_table(
        Kind.NOTE, _text("case_id", index=True), _text("document_id"), _text("reach"), _text("changed_at")
    ),
    Kind.DRAFT: _record_table(
        Kind.DRAFT,
        _text("case_id", index=True),
        _text("author_id"),
        _text("title"),
        _text("state", index=True),
        _text("secrecy"),
        _text("changed_at"),
        _text("code"),
    ),
    Kind.COURT_FORM: _record_table(Kind.COURT_FORM, _text("name"), _text("language")),
    Kind.DOSSIER_ENTRY: _record_table(
        Kind.DOSSIER_ENTRY, _text("judge_id", index=True), _text("section"), _text("from_on"), _text("entered_at")
    ),
    Kind.DOSSIER_REPLY: _record_table(
        Kind.DOSSIER_REPLY, _text("judge_id", index=True), _text("entry_id"), _text("written_at")
    ),
    Kind.DOSSIER_ACCESS: _record_table(Kind.DOSSIER_ACCESS, _text("judge_id", index=True), _text("at")),
    Kind.DOSSIER_SEAL: _record_table(Kind.DOSSIER_SEAL, _text("judge_id", index=True), _number("number")),
    Kind.REVIEW_ASSIGNMENT: _record_table(Kind.REVIEW_ASSIGNMENT, _text("reviewer_id"), _text("due_on", index=True)),
    Kind.REVIEW: _record_table(Kind.REVIEW, _text("assignment_id"), _text("state")),
    Kind.CAMPAIGN: _record_table(Kind.CAMPAIGN, _text("state")),
    Kind.CAMPAIGN_ACT: _record_table(Kind.CAMPAIGN_ACT, _text("campaign_id", index=True), _text("subject_id")),
    Kind.CAMPAIGN_PROGRESS: _record_table(Kind.CAMPAIGN_PROGRESS),
    Kind.CAMPAIGN_PLAN: _record_table(Kind.CAMPAIGN_PLAN),
    Kind.SEALED_FORM: _record_table(Kind.SEALED_FORM, _text("campaign_id", index=True)),
    Kind.VACANCY: _record_table(Kind.VACANCY),
    Kind.CONTEST_APPLICATION: _record_table(Kind.CONTEST_APPLICATION, _text("contest_id")),
    Kind.CANDIDACY: _record_table(Kind.CANDIDACY, _text("contest_id", index=True)),
    Kind.CONTEST_EXTRACT: _record_table(Kind.CONTEST_EXTRACT),
    Kind.RECUSAL: _record_table(Kind.RECUSAL, _text("application_id")),
    Kind.SCORE_SHEET: _record_table(Kind.SCORE_SHEET, _text("application_id", index=True)),
    Kind.CONTEST_DECISION: _record_table(Kind.CONTEST_DECISION),
    Kind.CONTEST_LINK: _record_table(Kind.CONTEST_LINK, _text("contest_id", index=True), _number("number")),
    Kind.KEY_HOLDER: _record_table(Kind.KEY_HOLDER, _text("person_id")),
}

_case = RECORD_TABLES[Kind.CASE].c
title_start = sa.literal_column("substr(title, 1, 20)", sa.Text)
"""By what cases are ordered by their titles: whole titles would be half of all that the indexes hold."""
CASE_ORDERS = {
    "number": _case.number,
    "title": title_start,
    "stage": _case.stage,
    "received_on": _case.received_on,
    "heard_on": _case.heard_on,
    "decided_on": _case.decided_on,
}
for _name, _order in CASE_ORDERS.items():
    # What an order goes by, and all that lists filter by: 100,000 ids come from an index alone, never from rows.
    sa.Index(f"case_by_{_name}", *dict.fromkeys((_order, _case.stage, _case.procedure, _case.judge_id)))

_document = RECORD_TABLES[Kind.DOCUMENT].c
sa.Index("document_of_case", _document.case_id, _document.sha256, _document.size)
bears_signature = sa.or_(_document.is_signed == 1, _document.signed_on_paper.is_not(None))
"""Whether a file of an act bears a signature, or the printed act does."""
sa.Index("document_signed", _document.code, sqlite_where=sa.and_(_document.code > "", bears_signature))

_term = RECORD_TABLES[Kind.TERM].c
term_ends_on = sa.func.coalesce(_term.extended_to, _term.due_on, sa.func.date(_term.due_at, sa.text("'+5 hours'")))
"""Term.ends_on in SQL, on the court's wall clock."""
sa.Index("term_open_by_end", term_ends_on, sqlite_where=_term.done_on.is_(None))

meta = sa.Table(
    "meta", metadata, sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False)
)

scope = sa.Table(
    "scope",
    metadata,
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("cursor", sa.Integer, nullable=False, server_default="0"),
    sa.Column("checked_at", sa.Text),
    sqlite_with_rowid=False,
)
"""Scopes granted to this desk. ``checked_at``: when the hub's checksum of the scope last agreed with ours."""

stranger = sa.Table(
    "stranger",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("scope", sa.Text, nullable=False, index=True),
    sa.Column("rev", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)
"""Records of kinds that a newer hub knows and this build does not: kept word for word, for the next version to read."""

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("mid", sa.Integer, primary_key=True),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("record_id", sa.Text, nullable=False, index=True),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("base_rev", sa.Integer, nullable=False),
    sa.Column("made_at", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False, server_default=""),
    sa.Column("hub_rev", sa.Integer, nullable=False, server_default="0"),
    sa.Column("hub_body", PackedText, nullable=False, server_default=sa.text(SQL_NONE)),
    sa.Column("answered_at", sa.Text),
    # With what tells whose turn it is, so that hundreds of bodies need not be read to find the next.
    sa.Index("outbox_of_state", "state", "kind", "record_id"),
    sqlite_autoincrement=True,
)
"""Operations owed to the hub, by device counter. States: outbox.OutboxState. AUTOINCREMENT: a mid is never used
twice. Their words stand in ``operation_text``."""

sent = sa.Table(
    "sent",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("mid", sa.Integer, nullable=False, unique=True),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("record_id", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("base_rev", sa.Integer, nullable=False),
    sa.Column("made_at", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
"""The newest operations that the hub acknowledged, in the order of its answers: a hub that is restored from a backup
may have lost them."""

operation_text = sa.Table(
    "operation_text",
    metadata,
    sa.Column("mid", sa.Integer, primary_key=True),
    sa.Column("body", PackedText, nullable=False),
    sa.Column("base_body", PackedText, nullable=False),
)
"""The words of each operation of ``outbox`` and ``sent``, written once, while it goes from one to the other: to move
hundreds of bodies would take longer than all else that an answer does. ``base_body``: what it was made on; of an open
operation the same as in ``shadow``."""

shadow = sa.Table(
    "shadow",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("record_id", sa.Text, primary_key=True),
    sa.Column("rev", sa.Integer, nullable=False),
    sa.Column("body", PackedText, nullable=False),
)
"""The copy last agreed with the hub of every record with an open operation: the base of a merge. Body ``null``:
none."""

journal = sa.Table(
    "journal",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("person_id", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("record_id", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
"""Who did what to which record, hash-chained: each hash covers the line and the hash before it. Holds no text of a
case."""

FETCH_ORDER = "urgency DESC, due = '', due, size, sha256"
"""What goes first of all that is to come: by urgency, then by day, what has none last, small ones first."""
IS_TO_COME = f"state IN ('{AttachmentState.MISSING}', '{AttachmentState.PARTIAL}')"
attachment = sa.Table(
    "attachment",
    metadata,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("file_name", sa.Text, nullable=False, server_default=""),
    sa.Column("key", sa.LargeBinary, nullable=False, server_default=""),
    sa.Column("received", sa.Integer, nullable=False, server_default="0"),
    sa.Column("urgency", sa.Integer, nullable=False, server_default="0"),
    sa.Column("due", sa.Text, nullable=False, server_default=""),
    sa.Column("used_at", sa.Text),
    sa.Column("checked_at", sa.Text),
    sa.Column("failure", sa.Text, nullable=False, server_default=""),
    sa.Index("attachment_to_fetch", *map(sa.text, FETCH_ORDER.split(", ")), sqlite_where=sa.text(IS_TO_COME)),
)
"""Files by hash. States: domain.documents.AttachmentState. ``key`` unlocks the encrypted file ``file_name``.

``urgency`` and ``due`` (a moment as text) order what is fetched; attachments_table.rank works them out.
"""

kept_case = sa.Table(
    "kept_case",
    metadata,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("kept_at", sa.Text, nullable=False),
)
"""Cases whose files stay on this desk, whatever room they take."""

farewell = sa.Table(
    "farewell",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
"""What this desk owes the hub about what it forgot: sealed work and receipts (protocol.leaving), unsigned yet."""

manifest = sa.Table(
    "manifest",
    metadata,
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("root", sa.Text, nullable=False),
    sa.Column("records", sa.Integer, nullable=False),
    sa.Column("documents", sa.Integer, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("signature", sa.Text, nullable=False),
)
"""What the hub last said, with its signature, that a scope holds: protocol.manifest.ScopeManifest, and when."""

outage = sa.Table(
    "outage",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("run", sa.Text, nullable=False),
    sa.Column("reachable", sa.Boolean, nullable=False),
    sa.Column("began_at", sa.Text, nullable=False),
    sa.Column("ended_at", sa.Text, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("reasons", sa.Text, nullable=False),
)
"""Stretches in which every attempt to reach the hub ended alike. ``run``: one start of the program, within which
``seconds`` counts by a clock that nobody sets."""

draft_version = sa.Table(
    "draft_version",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("draft_id", sa.Text, nullable=False, index=True),
    sa.Column("saved_at", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("label", sa.Text, nullable=False, server_default=""),
    sa.Column("body", sa.Text, nullable=False),
)

saved_filter = sa.Table(
    "saved_filter",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("list", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("query", sa.Text, nullable=False),
)

search_entry = sa.Table(
    "search_entry",
    metadata,
    sa.Column("row_no", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("record_id", sa.Text, nullable=False, index=True),
    sa.Column("scope", sa.Text, nullable=False, index=True),
    sa.Column("case_id", sa.Text, nullable=False),
    sa.Column("page", sa.Integer, nullable=False, server_default="0"),
    sa.Column("title", sa.Text, nullable=False, server_default=""),
    sa.Column("text", sa.Text, nullable=False, server_default=""),
)
"""What can be found beside the cases: a note, or one page of a document. ``row_no`` is the rowid of ``search_words``;
a case is found under its own ``row_no``."""

index_queue = sa.Table(
    "index_queue",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("record_id", sa.Text, primary_key=True),
)
"""Records whose words are not in the index yet: filled in the transaction that changes them, emptied behind it."""

SEARCH_WORDS = "search_words"
SEARCH_DDL = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {SEARCH_WORDS} USING fts5("
    "words, content='', contentless_delete=1, tokenize='ascii', prefix='2')",
    "INSERT INTO search_words (search_words, rank) VALUES ('automerge', 16)",
)
"""Stems, not words: text goes through i18n.stemming on the way in and every query likewise.

So nothing is left to fold: the plain tokenizer, which takes any letter beyond ASCII as it is, does in half the time.
Prefixes of three letters are found as fast without an index of their own. Every thousand cases of a first pull are a
segment of the index: by itself it would write four anew as one, which takes a third of the time that the words take.
"""
CASE_WORDS_DDL = (
    f'CREATE TRIGGER IF NOT EXISTS case_words_go AFTER DELETE ON "{Kind.CASE}" '  # noqa: S608 - our own names
    f"BEGIN DELETE FROM {SEARCH_WORDS} WHERE rowid = old.row_no; END"
)
"""Whatever removes a case takes its words along, so that its number is free for another."""

OPERATION_TEXT_DDL = tuple(
    f"CREATE TRIGGER IF NOT EXISTS text_of_{here}_goes AFTER DELETE ON {here} "  # noqa: S608 - our own names
    f"WHEN NOT EXISTS (SELECT 1 FROM {there} WHERE mid = old.mid) "
    "BEGIN DELETE FROM operation_text WHERE mid = old.mid; END"
    for here, there in (("outbox", "sent"), ("sent", "outbox"))
)
"""Whatever strikes an operation off takes its words along."""
