"""Records to JSON and back: one place where a domain value becomes bytes, so that desk and hub cannot differ."""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar

import msgspec

from judge_desk.domain.campaigns import Campaign, CampaignAct, CampaignPlan, CampaignProgress, KeyHolder, SealedForm
from judge_desk.domain.cases import Case
from judge_desk.domain.contest_log import ContestLink
from judge_desk.domain.contests import (
    Application,
    Candidacy,
    ContestDecision,
    ContestExtract,
    Recusal,
    ScoreSheet,
    Vacancy,
)
from judge_desk.domain.court_forms import CourtForm
from judge_desk.domain.documents import Document
from judge_desk.domain.dossier import DossierAccess, DossierEntry, DossierReply, DossierSeal
from judge_desk.domain.drafts import Draft
from judge_desk.domain.errors import BadInput
from judge_desk.domain.hearings import Hearing
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import Note
from judge_desk.domain.people import Court, Person
from judge_desk.domain.reviews import Review, ReviewAssignment
from judge_desk.domain.terms import Term

RECORDS: dict[Kind, type] = {
    Kind.COURT: Court,
    Kind.PERSON: Person,
    Kind.CASE: Case,
    Kind.DOCUMENT: Document,
    Kind.HEARING: Hearing,
    Kind.TERM: Term,
    Kind.NOTE: Note,
    Kind.DRAFT: Draft,
    Kind.COURT_FORM: CourtForm,
    Kind.DOSSIER_ENTRY: DossierEntry,
    Kind.DOSSIER_REPLY: DossierReply,
    Kind.DOSSIER_ACCESS: DossierAccess,
    Kind.DOSSIER_SEAL: DossierSeal,
    Kind.REVIEW_ASSIGNMENT: ReviewAssignment,
    Kind.REVIEW: Review,
    Kind.CAMPAIGN: Campaign,
    Kind.CAMPAIGN_ACT: CampaignAct,
    Kind.CAMPAIGN_PROGRESS: CampaignProgress,
    Kind.CAMPAIGN_PLAN: CampaignPlan,
    Kind.SEALED_FORM: SealedForm,
    Kind.VACANCY: Vacancy,
    Kind.CONTEST_APPLICATION: Application,
    Kind.CANDIDACY: Candidacy,
    Kind.CONTEST_EXTRACT: ContestExtract,
    Kind.RECUSAL: Recusal,
    Kind.SCORE_SHEET: ScoreSheet,
    Kind.CONTEST_DECISION: ContestDecision,
    Kind.CONTEST_LINK: ContestLink,
    Kind.KEY_HOLDER: KeyHolder,
}

_encoder = msgspec.json.Encoder()
_decoders: dict[type, msgspec.json.Decoder[Any]] = {}
T = TypeVar("T")


def encode(record: Any) -> bytes:
    """A record as JSON (UTF-8, no line ends); fields in the order of the class."""
    return _encoder.encode(record)


def sha256(record: Any) -> str:
    """Names a record's very content. Empty fields are left out, so that a field added later changes no old name."""
    said = {name: value for name, value in msgspec.to_builtins(record).items() if value not in (None, "", [], {})}
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()


def decode(kind: Kind, body: bytes | str) -> Any:
    """JSON to the record of ``kind``; raises BadInput that names the place of the fault, never the text."""
    return decode_as(RECORDS[kind], body)


def decode_as(record_type: type[T], body: bytes | str) -> T:
    """JSON to any frozen value of ours; raises BadInput."""
    decoder = _decoders.get(record_type)
    if decoder is None:
        decoder = _decoders[record_type] = msgspec.json.Decoder(record_type)
    try:
        return decoder.decode(body)  # type: ignore[no-any-return]  # the decoder is keyed by its own type
    except msgspec.DecodeError as fault:
        raise BadInput("errors.bad_body", place=_place(fault)) from None


def _place(fault: msgspec.DecodeError) -> str:
    """The JSON path inside msgspec's message; the rest of it may quote somebody's text."""
    _, _, path = str(fault).rpartition(" - at `")
    return path.rstrip("`") if path.startswith("$") else "$"


def one_line(body: bytes) -> str:
    """JSON as it may stand in a line of the feed: without raw line ends; raises BadInput for what is no UTF-8 JSON."""
    try:
        if b"\n" in body or b"\r" in body:
            body = msgspec.json.format(body, indent=-1)
        return body.decode()
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadInput("errors.bad_body", place="$") from None


def raw(body: str) -> msgspec.Raw:
    """Stored JSON as a part of a message that is not parsed on the way."""
    return msgspec.Raw(body.encode())
