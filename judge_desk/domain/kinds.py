"""The kinds of records that travel between desk and hub, by the one name that tables, feed and operations share."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    COURT = "court"
    PERSON = "person"
    CASE = "case"
    DOCUMENT = "document"
    HEARING = "hearing"
    TERM = "term"
    NOTE = "note"
    DRAFT = "draft"
    COURT_FORM = "court_form"
    DOSSIER_ENTRY = "dossier_entry"
    DOSSIER_REPLY = "dossier_reply"
    DOSSIER_ACCESS = "dossier_access"
    DOSSIER_SEAL = "dossier_seal"
    REVIEW_ASSIGNMENT = "review_assignment"
    REVIEW = "review"
    CAMPAIGN = "campaign"
    CAMPAIGN_ACT = "campaign_act"
    CAMPAIGN_PROGRESS = "campaign_progress"
    CAMPAIGN_PLAN = "campaign_plan"
    SEALED_FORM = "sealed_form"
    VACANCY = "vacancy"
    CONTEST_APPLICATION = "contest_application"
    CANDIDACY = "candidacy"
    CONTEST_EXTRACT = "contest_extract"
    RECUSAL = "recusal"
    SCORE_SHEET = "score_sheet"
    CONTEST_DECISION = "contest_decision"
    CONTEST_LINK = "contest_link"
    KEY_HOLDER = "key_holder"


class MergeRule(StrEnum):
    """What becomes of a write that was made on an older copy than the hub's."""

    HUB_DECIDES = "hub_decides"
    THREE_WAY = "three_way"
    PER_AUTHOR = "per_author"
    SEALED = "sealed"
    IMMUTABLE = "immutable"


MERGE_RULES: dict[Kind, MergeRule] = {
    Kind.COURT: MergeRule.HUB_DECIDES,
    Kind.PERSON: MergeRule.HUB_DECIDES,
    Kind.CASE: MergeRule.HUB_DECIDES,
    Kind.HEARING: MergeRule.HUB_DECIDES,
    Kind.TERM: MergeRule.HUB_DECIDES,
    Kind.DOCUMENT: MergeRule.IMMUTABLE,
    Kind.NOTE: MergeRule.THREE_WAY,
    Kind.DRAFT: MergeRule.THREE_WAY,
    Kind.COURT_FORM: MergeRule.THREE_WAY,
    Kind.DOSSIER_ENTRY: MergeRule.IMMUTABLE,
    Kind.DOSSIER_REPLY: MergeRule.THREE_WAY,
    Kind.DOSSIER_ACCESS: MergeRule.IMMUTABLE,
    Kind.DOSSIER_SEAL: MergeRule.IMMUTABLE,
    Kind.REVIEW_ASSIGNMENT: MergeRule.HUB_DECIDES,
    Kind.REVIEW: MergeRule.SEALED,
    Kind.CAMPAIGN: MergeRule.HUB_DECIDES,
    Kind.CAMPAIGN_ACT: MergeRule.HUB_DECIDES,
    Kind.CAMPAIGN_PROGRESS: MergeRule.HUB_DECIDES,
    Kind.CAMPAIGN_PLAN: MergeRule.HUB_DECIDES,
    Kind.SEALED_FORM: MergeRule.IMMUTABLE,
    Kind.VACANCY: MergeRule.HUB_DECIDES,
    Kind.CONTEST_APPLICATION: MergeRule.HUB_DECIDES,
    Kind.CANDIDACY: MergeRule.HUB_DECIDES,
    Kind.CONTEST_EXTRACT: MergeRule.IMMUTABLE,
    Kind.RECUSAL: MergeRule.IMMUTABLE,
    Kind.SCORE_SHEET: MergeRule.IMMUTABLE,
    Kind.CONTEST_DECISION: MergeRule.IMMUTABLE,
    Kind.CONTEST_LINK: MergeRule.IMMUTABLE,
    Kind.KEY_HOLDER: MergeRule.HUB_DECIDES,
}

STANDING_ALONE = frozenset({Kind.NOTE, Kind.DRAFT, Kind.TERM})
"""Kinds on which no right and no decision about another record rests: the hub may hear of two such records in any
order."""
