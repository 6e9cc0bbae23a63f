"""The records of a contest that the contract is tried with, and a whole contest on bare desks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from judge_desk.domain.chains import FIRST_LINK
from judge_desk.domain.contest_log import ContestLink, LogEvent
from judge_desk.domain.contests import (
    Application,
    Candidacy,
    Consent,
    ContestCriterion,
    ContestDecision,
    ContestExtract,
    Recusal,
    RecusalReason,
    ScoreSheet,
    Seat,
    SheetScore,
    Standing,
    Step,
    Vacancy,
    extract_hash,
    of_sheet,
)
from judge_desk.domain.dossier import DossierSection
from judge_desk.domain.kinds import Kind
from judge_desk.domain.norms import Certainty
from judge_desk.domain.reviews import Anchor

AT = datetime(2026, 1, 1, tzinfo=UTC)
NEEDS_CONTEST = frozenset({Kind.CONTEST_APPLICATION, Kind.RECUSAL, Kind.SCORE_SHEET, Kind.CONTEST_DECISION})
"""Deeds that no role may do where no contest runs; test_contests.py tries them where one does."""
NAMES = {"kk": "x", "ru": "x", "en": "x"}


def a_vacancy(contest_id: str = "contest1", *, panel: tuple[str, ...] = ("p-council",), **more: Any) -> Vacancy:
    """Two steps of one criterion each, applications until ten days from now."""
    until = datetime.now(UTC).date() + timedelta(days=10)
    first, second = until + timedelta(days=4), until + timedelta(days=6)
    anchors = tuple(Anchor(score=each, texts=NAMES) for each in (1, 2, 3, 4))
    values: dict[str, Any] = {
        "title": "x",
        "post": "x",
        "court": "x",
        "rule_id": "r",
        "norm": "n",
        "certainty": Certainty.ASSUMED,
        "low": 1,
        "high": 4,
        "criteria": tuple(
            ContestCriterion(id=f"c-{each}", step=each, names=NAMES, weight=50, anchors=anchors)
            for each in ("file", "talk")
        ),
        "steps": (
            Step(id="file", names=NAMES, from_on=first, to_on=first),
            Step(id="talk", names=NAMES, from_on=second, to_on=second),
        ),
        "sections": (DossierSection.AWARDS,),
        "apply_until_on": until,
        "late_days": 3,
        "names_shown": False,
        "panel": tuple(Seat(each, each) for each in panel),
        "consent_until_on": second + timedelta(days=30),
        "published_by": "x",
        "published_at": AT,
    }
    return Vacancy(id=contest_id, **{**values, **more})


def an_application(application_id: str, judge_id: str, contest_id: str = "contest1", **more: Any) -> Application:
    """By a judge whose dossier is empty."""
    values: dict[str, Any] = {
        "consent": Consent(
            contest_id=contest_id, sections=(DossierSection.AWARDS,), until_on=date(2100, 1, 1), given_at=AT
        ),
        "chain_number": 0,
        "chain_hash": FIRST_LINK,
        "extract_sha256": extract_hash(judge_id, FIRST_LINK, ()),
        "made_at": AT,
        "salt": "00",
    }
    return Application(id=application_id, contest_id=contest_id, judge_id=judge_id, **{**values, **more})


def a_sheet(sheet_id: str, member_id: str, contest_id: str = "contest1", score: int = 3) -> ScoreSheet:
    application_id, step_id, _ = of_sheet(sheet_id)
    return ScoreSheet(
        id=sheet_id,
        contest_id=contest_id,
        application_id=application_id,
        step_id=step_id,
        member_id=member_id,
        member_name="x",
        scores=(SheetScore(f"c-{step_id}", score, "себеп"),),
        made_at=AT,
        salt="00",
    )


def a_recusal(record_id: str, application_id: str, member_id: str, **more: Any) -> Recusal:
    values: dict[str, Any] = {"contest_id": "contest1", "declared_by": member_id, "reason": RecusalReason.KIN}
    return Recusal(
        id=record_id,
        application_id=application_id,
        member_id=member_id,
        member_name="x",
        declared_at=AT,
        salt="00",
        **{**values, **more},
    )


def a_decision(application_id: str, decider_id: str, *, chosen: bool = False, reasons: str = "уәж") -> ContestDecision:
    return ContestDecision(
        id=application_id,
        contest_id="contest1",
        chosen=chosen,
        reasons=reasons,
        decider_id=decider_id,
        decided_by="x",
        decided_at=AT,
        salt="00",
    )


def a_candidacy(application_id: str, judge_id: str, contest_id: str) -> Candidacy:
    return Candidacy(
        id=application_id,
        contest_id=contest_id,
        judge_id=judge_id,
        judge_name="x",
        statement="",
        standing=Standing.ADMITTED,
        late=False,
        made_at=AT,
        arrived_on=AT.date(),
        apply_until_on=AT.date(),
        last_taken_on=AT.date(),
        consent_until_on=date(2100, 1, 1),
        recused=(),
        salt="00",
    )


def of_contests(name: str, owner: str, author: str) -> dict[Kind, Callable[[], Any]]:
    """The records that a contest is made of; all but the vacancy belong to one that is not here."""
    elsewhere = "elsewhere"
    return {
        Kind.VACANCY: lambda: a_vacancy(name, panel=(author,)),
        Kind.CONTEST_APPLICATION: lambda: an_application(name, author, elsewhere),
        Kind.CANDIDACY: lambda: a_candidacy(name, author, elsewhere),
        Kind.CONTEST_EXTRACT: lambda: ContestExtract(
            id=name,
            contest_id=elsewhere,
            judge_id=author,
            sections=(),
            entries=(),
            own_words=(),
            chain_number=0,
            chain_hash=FIRST_LINK,
            seal="",
            until_on=date(2100, 1, 1),
            salt="00",
        ),
        Kind.RECUSAL: lambda: a_recusal(name, owner, author, contest_id=elsewhere),
        Kind.SCORE_SHEET: lambda: a_sheet(owner, author, elsewhere),
        Kind.CONTEST_DECISION: lambda: a_decision(owner, author),
        Kind.CONTEST_LINK: lambda: ContestLink(
            id=name,
            contest_id=elsewhere,
            number=1,
            event=LogEvent.SHEET,
            record_kind="score_sheet",
            record_id="x",
            record_sha256="",
            at=AT,
            previous=FIRST_LINK,
        ),
    }
