"""The judge's electronic file as the commission has filled it, and the peer reviews that wait to be written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from judge_desk.domain.acts import plain_text
from judge_desk.domain.declarations import Declaration, DeclarationKind, Kin, Kinship
from judge_desk.domain.dossier import (
    ChangeCause,
    DossierAccess,
    DossierEntry,
    DossierReply,
    DossierSection,
    ReplyKind,
)
from judge_desk.domain.guarantees import Authority, Guarantee, Measure
from judge_desk.domain.posts import Office, Post
from judge_desk.domain.reviews import Answer, Review, ReviewAssignment, ReviewState
from judge_desk.hub.demo_court import phrases
from judge_desk.hub.demo_court.acts import blinded
from judge_desk.hub.demo_court.colleagues import OPENED_DAYS
from judge_desk.hub.demo_court.desk_work import moment
from judge_desk.hub.demo_court.dockets import matters
from judge_desk.hub.demo_court.people import Cast
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.protocol.review_forms import review_form

_DUE_DAYS = (2, 9, 16)


def entries(plan: SeedPlan, cast: Cast) -> list[DossierEntry]:
    """All sections of the judge's dossier, in the order in which they were entered; the last one asks for a reply."""
    judge, author = cast.id_of("judge"), cast.members["commission"].person
    made = [
        DossierEntry(
            id=_entry_id(plan, each),
            judge_id=judge,
            section=DossierSection(each["section"]),
            title=each["title"],
            text=each.get("text", ""),
            from_on=plan.anchor - timedelta(days=each["from_days"]),
            to_on=plan.anchor - timedelta(days=each["to_days"]) if "to_days" in each else None,
            figures={name: float(figure) for name, figure in each.get("figures", {}).items()},
            case_number=each.get("case_number", ""),
            cause=ChangeCause(each["cause"]) if "cause" in each else None,
            source=each.get("source", ""),
            post=_post(each),
            declaration=_declaration(each),
            guarantee=_guarantee(plan, each),
            entered_by=author.name,
            entered_at=moment(plan, min(each.get("to_days", each["from_days"]) - 1, OPENED_DAYS), hour=15),
        )
        for each in phrases.read("court_day")["dossier"]
    ]
    return sorted(made, key=lambda each: each.entered_at or moment(plan, OPENED_DAYS))


def _post(entry: dict[str, Any]) -> Post | None:
    told = entry.get("post")
    if told is None:
        return None
    languages = tuple(told.get("languages", ()))
    return Post(office=Office(told["office"]), court=told["court"], region=told["region"], languages=languages)


def _declaration(entry: dict[str, Any]) -> Declaration | None:
    told = entry.get("declaration")
    if told is None:
        return None
    kin = tuple(
        Kin(name=each["name"], kinship=Kinship(each["kinship"]), works_at=each["works_at"])
        for each in told.get("kin", ())
    )
    return Declaration(kind=DeclarationKind(told["kind"]), kin=kin)


def _guarantee(plan: SeedPlan, entry: dict[str, Any]) -> Guarantee | None:
    told = entry.get("guarantee")
    if told is None:
        return None
    return Guarantee(
        measure=Measure(told["measure"]),
        authority=Authority(told["authority"]),
        allowed_on=plan.anchor - timedelta(days=told["allowed_days"]),
        paper=told["paper"],
    )


def _entry_id(plan: SeedPlan, entry: dict[str, Any]) -> str:
    return plan.id_of("dossier", entry["section"], entry["title"])


def replies(plan: SeedPlan, cast: Cast) -> list[DossierReply]:
    """What the judge wrote to entries: one that the commission has answered, and one that waits for it."""
    material = phrases.read("court_day")
    entries = {each["title"]: _entry_id(plan, each) for each in material["dossier"]}
    return [
        DossierReply(
            id=plan.id_of("reply", number),
            judge_id=cast.id_of("judge"),
            entry_id=entries[told["entry"]],
            kind=ReplyKind(told["kind"]),
            text=told["text"],
            written_at=moment(plan, told["days"]),
            decision=told.get("decision", ""),
            decided_at=moment(plan, told["days"] - 6) if "decision" in told else None,
        )
        for number, told in enumerate(material["reply"])
    ]


def accesses(plan: SeedPlan, cast: Cast) -> list[DossierAccess]:
    """Who looked at the dossier, and what for."""
    made = []
    for number, each in enumerate(phrases.read("court_day")["access"]):
        reader = cast.members[each["reader"]].person
        made.append(
            DossierAccess(
                id=plan.id_of("access", number),
                judge_id=cast.id_of("judge"),
                reader_id=reader.id,
                reader_name=reader.name,
                reader_role=reader.roles[0].value,
                purpose=each["purpose"],
                at=moment(plan, each["days"], hour=16),
            )
        )
    return made


def assignments(plan: SeedPlan, cast: Cast) -> list[ReviewAssignment]:
    """Three acts for the judge and one for the colleague who is the demo's reviewer: Kazakh and Russian, no names."""
    readers = ("judge", "judge", "judge", "reviewer")
    drawn = matters(plan, cast, "loose", plan.anchor - timedelta(days=30), len(readers))
    made = []
    for number, (user, docket) in enumerate(zip(readers, drawn, strict=True)):
        language = ("ru", "kk", "ru", "ru")[number]
        act = blinded(docket, cast, language)
        made.append(
            ReviewAssignment(
                id=plan.id_of("assignment", number),
                reviewer_id=cast.id_of(user),
                campaign=f"{plan.anchor.year}-2",
                act_title=docket.category.names[language],
                act_text=plain_text(act),
                act_language=language,
                form=review_form(),
                due_on=plan.anchor + timedelta(days=_DUE_DAYS[number % len(_DUE_DAYS)]),
                procedure=docket.case.procedure.value,
            )
        )
    return made


def half_done(plan: SeedPlan, assignment: ReviewAssignment) -> Review:
    """A form on which three of the criteria are answered."""
    comment = {
        "kk": "Абзацтар қысқа, терминдер бірізді.",
        "ru": "Абзацы короткие, термины выдержаны, путь суда прослеживается.",
    }[assignment.act_language]
    answers = (
        Answer(criterion_id="clarity", score=4, comment=comment),
        Answer(criterion_id="facts", score=4),
        Answer(criterion_id="law", score=3),
    )
    return Review(
        id=assignment.id,
        assignment_id=assignment.id,
        reviewer_id=assignment.reviewer_id,
        state=ReviewState.STARTED,
        answers=answers,
        changed_at=moment(plan, 1),
    )
