"""Schema 1: the first one, as it was released."""

from __future__ import annotations

from alembic.operations import Operations

DDL = """
CREATE TABLE attachment (sha256 TEXT NOT NULL, size INTEGER NOT NULL, state TEXT NOT NULL,
    file_name TEXT DEFAULT '' NOT NULL, "key" BLOB DEFAULT '' NOT NULL,
    received INTEGER DEFAULT '0' NOT NULL, urgency INTEGER DEFAULT '0' NOT NULL,
    due TEXT DEFAULT '' NOT NULL, used_at TEXT, checked_at TEXT, failure TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (sha256));
CREATE INDEX attachment_to_fetch ON attachment (urgency DESC, due = '', due, size, sha256)
    WHERE state IN ('missing', 'partial');
CREATE INDEX ix_attachment_state ON attachment (state);
CREATE TABLE "case" (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, number TEXT, title TEXT,
    procedure TEXT, stage TEXT, category TEXT, language TEXT, judge_id TEXT, received_on TEXT,
    heard_on TEXT, decided_on TEXT, body BLOB NOT NULL, PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX case_by_decided_on ON "case" (decided_on, stage, procedure, judge_id);
CREATE INDEX case_by_heard_on ON "case" (heard_on, stage, procedure, judge_id);
CREATE INDEX case_by_number ON "case" (number, stage, procedure, judge_id);
CREATE INDEX case_by_received_on ON "case" (received_on, stage, procedure, judge_id);
CREATE INDEX case_by_stage ON "case" (stage, procedure, judge_id);
CREATE INDEX case_by_title ON "case" (substr(title, 1, 20), stage, procedure, judge_id);
CREATE INDEX case_of_scope ON "case" (scope, rev);
CREATE TABLE court (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, code TEXT, body TEXT NOT NULL,
    PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX court_of_scope ON court (scope, rev);
CREATE TABLE court_form (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, name TEXT, language TEXT,
    body TEXT NOT NULL, PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX court_form_of_scope ON court_form (scope, rev);
CREATE TABLE document (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, case_id TEXT,
    document_kind TEXT, title TEXT, sha256 TEXT, size INTEGER, media_type TEXT, "order" INTEGER,
    code TEXT, is_signed INTEGER, signed_on_paper TEXT, body BLOB NOT NULL, PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX document_of_case ON document (case_id, sha256, size);
CREATE INDEX document_signed ON document (code) WHERE code > '' AND (is_signed = 1 OR signed_on_paper IS NOT NULL);
CREATE INDEX document_of_scope ON document (scope, rev);
CREATE INDEX ix_document_sha256 ON document (sha256);
CREATE TABLE dossier_access (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, judge_id TEXT, at TEXT,
    body TEXT NOT NULL, PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX ix_dossier_access_judge_id ON dossier_access (judge_id);
CREATE INDEX dossier_access_of_scope ON dossier_access (scope, rev);
CREATE TABLE dossier_entry (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, judge_id TEXT, section TEXT,
    from_on TEXT, entered_at TEXT, body TEXT NOT NULL, PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX ix_dossier_entry_judge_id ON dossier_entry (judge_id);
CREATE INDEX dossier_entry_of_scope ON dossier_entry (scope, rev);
CREATE TABLE dossier_seal (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, judge_id TEXT, number INTEGER,
    body TEXT NOT NULL, PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX ix_dossier_seal_judge_id ON dossier_seal (judge_id);
CREATE INDEX dossier_seal_of_scope ON dossier_seal (scope, rev);
CREATE TABLE dossier_reply (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, judge_id TEXT, entry_id TEXT,
    written_at TEXT, body TEXT NOT NULL, PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX ix_dossier_reply_judge_id ON dossier_reply (judge_id);
CREATE INDEX dossier_reply_of_scope ON dossier_reply (scope, rev);
CREATE TABLE draft (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, case_id TEXT, author_id TEXT,
    title TEXT, state TEXT, secrecy TEXT, changed_at TEXT, code TEXT, body TEXT NOT NULL, PRIMARY KEY (row_no),
    UNIQUE (id));
CREATE INDEX ix_draft_case_id ON draft (case_id);
CREATE INDEX draft_of_scope ON draft (scope, rev);
CREATE INDEX ix_draft_state ON draft (state);
CREATE TABLE draft_version (id TEXT NOT NULL, draft_id TEXT NOT NULL, saved_at TEXT NOT NULL,
    reason TEXT NOT NULL, label TEXT DEFAULT '' NOT NULL, body TEXT NOT NULL, PRIMARY KEY (id));
CREATE INDEX ix_draft_version_draft_id ON draft_version (draft_id);
CREATE TABLE hearing (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, case_id TEXT, starts_at TEXT,
    state TEXT, judge_id TEXT, body TEXT NOT NULL, PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX ix_hearing_case_id ON hearing (case_id);
CREATE INDEX hearing_of_scope ON hearing (scope, rev);
CREATE INDEX ix_hearing_starts_at ON hearing (starts_at);
CREATE TABLE farewell (no INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, what TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE kept_case (case_id TEXT NOT NULL, kept_at TEXT NOT NULL, PRIMARY KEY (case_id));
CREATE TABLE index_queue (kind TEXT NOT NULL, record_id TEXT NOT NULL, PRIMARY KEY (kind, record_id));
CREATE TABLE journal (no INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL,
    person_id TEXT NOT NULL, action TEXT NOT NULL, kind TEXT NOT NULL, record_id TEXT NOT NULL,
    hash TEXT NOT NULL);
CREATE TABLE meta ("key" TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY ("key"));
CREATE TABLE note (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, case_id TEXT,
    document_id TEXT, reach TEXT, changed_at TEXT, body TEXT NOT NULL, PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX ix_note_case_id ON note (case_id);
CREATE INDEX note_of_scope ON note (scope, rev);
CREATE TABLE outbox (mid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, scope TEXT NOT NULL,
    kind TEXT NOT NULL, record_id TEXT NOT NULL, action TEXT NOT NULL, base_rev INTEGER NOT NULL,
    made_at TEXT NOT NULL, state TEXT NOT NULL,
    code TEXT DEFAULT '' NOT NULL, hub_rev INTEGER DEFAULT '0' NOT NULL,
    hub_body BLOB DEFAULT (x'6e756c6c') NOT NULL, answered_at TEXT);
CREATE INDEX ix_outbox_record_id ON outbox (record_id);
CREATE INDEX outbox_of_state ON outbox (state, kind, record_id);
CREATE TABLE person (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, name TEXT, body TEXT NOT NULL,
    PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX person_of_scope ON person (scope, rev);
CREATE TABLE review (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, assignment_id TEXT,
    state TEXT, body TEXT NOT NULL, PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX review_of_scope ON review (scope, rev);
CREATE TABLE review_assignment (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, reviewer_id TEXT, due_on TEXT,
    body TEXT NOT NULL, PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX ix_review_assignment_due_on ON review_assignment (due_on);
CREATE INDEX review_assignment_of_scope ON review_assignment (scope, rev);
CREATE TABLE campaign (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, state TEXT, body TEXT NOT NULL,
    PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX campaign_of_scope ON campaign (scope, rev);
CREATE TABLE campaign_act (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, campaign_id TEXT, subject_id TEXT,
    body TEXT NOT NULL, PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX ix_campaign_act_campaign_id ON campaign_act (campaign_id);
CREATE INDEX campaign_act_of_scope ON campaign_act (scope, rev);
CREATE TABLE campaign_plan (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX campaign_plan_of_scope ON campaign_plan (scope, rev);
CREATE TABLE campaign_progress (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX campaign_progress_of_scope ON campaign_progress (scope, rev);
CREATE TABLE sealed_form (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, campaign_id TEXT, body TEXT NOT NULL,
    PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX ix_sealed_form_campaign_id ON sealed_form (campaign_id);
CREATE INDEX sealed_form_of_scope ON sealed_form (scope, rev);
CREATE TABLE key_holder (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, person_id TEXT, body TEXT NOT NULL,
    PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX key_holder_of_scope ON key_holder (scope, rev);
CREATE TABLE vacancy (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX vacancy_of_scope ON vacancy (scope, rev);
CREATE TABLE contest_application (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, contest_id TEXT, body TEXT NOT NULL,
    PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX contest_application_of_scope ON contest_application (scope, rev);
CREATE TABLE candidacy (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, contest_id TEXT, body TEXT NOT NULL,
    PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX ix_candidacy_contest_id ON candidacy (contest_id);
CREATE INDEX candidacy_of_scope ON candidacy (scope, rev);
CREATE TABLE contest_extract (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX contest_extract_of_scope ON contest_extract (scope, rev);
CREATE TABLE recusal (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, application_id TEXT, body TEXT NOT NULL,
    PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX recusal_of_scope ON recusal (scope, rev);
CREATE TABLE score_sheet (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, application_id TEXT, body TEXT NOT NULL,
    PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX ix_score_sheet_application_id ON score_sheet (application_id);
CREATE INDEX score_sheet_of_scope ON score_sheet (scope, rev);
CREATE TABLE contest_decision (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX contest_decision_of_scope ON contest_decision (scope, rev);
CREATE TABLE contest_link (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, contest_id TEXT,
    number INTEGER, body TEXT NOT NULL, PRIMARY KEY (row_no), UNIQUE (id));
CREATE INDEX ix_contest_link_contest_id ON contest_link (contest_id);
CREATE INDEX contest_link_of_scope ON contest_link (scope, rev);
CREATE TABLE manifest (scope TEXT NOT NULL, root TEXT NOT NULL, records INTEGER NOT NULL,
    documents INTEGER NOT NULL, at TEXT NOT NULL, signature TEXT NOT NULL, PRIMARY KEY (scope));
CREATE TABLE outage (no INTEGER NOT NULL, run TEXT NOT NULL, reachable BOOLEAN NOT NULL, began_at TEXT NOT NULL,
    ended_at TEXT NOT NULL, seconds FLOAT NOT NULL, attempts INTEGER NOT NULL, reasons TEXT NOT NULL,
    PRIMARY KEY (no));
CREATE TABLE saved_filter (id TEXT NOT NULL, list TEXT NOT NULL, name TEXT NOT NULL,
    "query" TEXT NOT NULL, PRIMARY KEY (id));
CREATE TABLE scope (scope TEXT NOT NULL, role TEXT NOT NULL, cursor INTEGER DEFAULT '0' NOT NULL,
    checked_at TEXT, PRIMARY KEY (scope)) WITHOUT ROWID;
CREATE TABLE search_entry (row_no INTEGER NOT NULL, kind TEXT NOT NULL, record_id TEXT NOT NULL,
    scope TEXT NOT NULL, case_id TEXT NOT NULL, page INTEGER DEFAULT '0' NOT NULL,
    title TEXT DEFAULT '' NOT NULL, text TEXT DEFAULT '' NOT NULL, PRIMARY KEY (row_no));
CREATE INDEX ix_search_entry_record_id ON search_entry (record_id);
CREATE INDEX ix_search_entry_scope ON search_entry (scope);
CREATE TABLE sent (no INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, mid INTEGER NOT NULL, scope TEXT NOT NULL,
    kind TEXT NOT NULL, record_id TEXT NOT NULL, action TEXT NOT NULL, base_rev INTEGER NOT NULL,
    made_at TEXT NOT NULL, UNIQUE (mid));
CREATE TABLE operation_text (mid INTEGER NOT NULL, body BLOB NOT NULL, base_body BLOB NOT NULL,
    PRIMARY KEY (mid));
CREATE TABLE shadow (kind TEXT NOT NULL, record_id TEXT NOT NULL, rev INTEGER NOT NULL,
    body BLOB NOT NULL, PRIMARY KEY (kind, record_id));
CREATE TABLE stranger (kind TEXT NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL, rev INTEGER NOT NULL,
    body TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE INDEX ix_stranger_scope ON stranger (scope);
CREATE TABLE term (row_no INTEGER NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL, pending INTEGER DEFAULT '0' NOT NULL, case_id TEXT, rule_id TEXT,
    due_on TEXT, due_at TEXT, extended_to TEXT, done_on TEXT, body TEXT NOT NULL, PRIMARY KEY (row_no),
    UNIQUE (id));
CREATE INDEX ix_term_case_id ON term (case_id);
CREATE INDEX term_of_scope ON term (scope, rev);
CREATE INDEX term_open_by_end ON term (coalesce(extended_to, due_on, date(due_at, '+5 hours'))) WHERE done_on IS NULL;
CREATE VIRTUAL TABLE search_words USING fts5(
    words, content='', contentless_delete=1, tokenize='ascii', prefix='2');
INSERT INTO search_words (search_words, rank) VALUES ('automerge', 16);
CREATE TRIGGER case_words_go AFTER DELETE ON "case"
    BEGIN DELETE FROM search_words WHERE rowid = old.row_no; END;
CREATE TRIGGER text_of_outbox_goes AFTER DELETE ON outbox WHEN NOT EXISTS (SELECT 1 FROM sent WHERE mid = old.mid)
    BEGIN DELETE FROM operation_text WHERE mid = old.mid; END;
CREATE TRIGGER text_of_sent_goes AFTER DELETE ON sent WHEN NOT EXISTS (SELECT 1 FROM outbox WHERE mid = old.mid)
    BEGIN DELETE FROM operation_text WHERE mid = old.mid; END;
"""


def upgrade(op: Operations) -> None:
    for statement in DDL.strip().split(";\n"):
        op.execute(statement.removesuffix(";"))
