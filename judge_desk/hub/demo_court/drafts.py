"""Acts in the making: drafts in every state, some with their twin, the secretary's remarks or a planted fault, the acts
that only wait for a signature, and the court's own form for a series."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from judge_desk.domain.act_codes import LENGTH
from judge_desk.domain.acts import ActKind, ActText
from judge_desk.domain.cases import Language
from judge_desk.domain.court_forms import CourtForm
from judge_desk.domain.documents import Document, DocumentKind
from judge_desk.domain.drafts import Draft, DraftState, Secrecy
from judge_desk.domain.remarks import Remark
from judge_desk.domain.rules import RuleBook
from judge_desk.domain.twins import with_authority
from judge_desk.hub.demo_court import phrases
from judge_desk.hub.demo_court.acts import Fault, decision
from judge_desk.hub.demo_court.desk_work import moment
from judge_desk.hub.demo_court.dockets import Docket, in_the_making, is_about_money, subject
from judge_desk.hub.demo_court.filings import filings_of
from judge_desk.hub.demo_court.people import Cast
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.protocol import rule_packs
from judge_desk.runtime import paths

SERIES_FORM = "speeding_resolution"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sketch:
    state: DraftState = DraftState.WRITING
    secrecy: Secrecy = Secrecy.OWN
    fault: Fault | None = None
    has_twin: bool = False
    has_remarks: bool = False
    age: int = 0
    """Its place among the drafts, the newest first."""


_SHARED = Secrecy.SHARED
_SKETCHES = (
    _Sketch(secrecy=_SHARED, fault=Fault.NO_APPEAL_TERM, has_twin=True, has_remarks=True),
    _Sketch(state=DraftState.TO_SIGN, secrecy=_SHARED, has_twin=True),
    _Sketch(fault=Fault.WRONG_TOTAL),
    _Sketch(state=DraftState.TO_SIGN),
    _Sketch(secrecy=_SHARED, fault=Fault.NO_COSTS, has_remarks=True),
    _Sketch(secrecy=_SHARED),
)


def drafts(plan: SeedPlan, dockets: Sequence[Docket], cast: Cast) -> list[Draft]:
    """Decisions in the making, for cases that are sued about; the newest first, each twin behind its first text."""
    made: list[Draft] = []
    fit = _fit(dockets)
    written, _ = in_the_making(len(fit))
    for number, docket in enumerate(fit[:written]):
        sketch, language = replace(_SKETCHES[number % len(_SKETCHES)], age=number), docket.case.language
        draft = _draft(plan, docket, cast, sketch, language)
        if not sketch.has_twin:
            made.append(draft)
            continue
        other = Language.RUSSIAN if language is Language.KAZAKH else Language.KAZAKH
        twin = replace(_draft(plan, docket, cast, sketch, other), id=plan.id_of("twin", docket.serial), remarks=())
        pair_id = plan.id_of("pair", docket.serial)
        made += [replace(each, pair_id=pair_id, act=with_authority(each.act, language)) for each in (draft, twin)]
    return made


def _fit(dockets: Sequence[Docket]) -> list[Docket]:
    """In the order in which they were drawn, which says how far each of them is."""
    fit = (each for each in dockets if each.is_own and each.case.is_open and is_about_money(each))
    return sorted(fit, key=lambda each: each.serial)


def _draft(plan: SeedPlan, docket: Docket, cast: Cast, sketch: _Sketch, language: Language) -> Draft:
    act = decision(docket, cast, language, fault=sketch.fault)
    return Draft(
        id=plan.id_of("draft", docket.serial),
        case_id=docket.case.id,
        author_id=docket.case.judge_id,
        title=_title(docket, language),
        template_id=act.template,
        act=act,
        state=sketch.state,
        secrecy=sketch.secrecy,
        created_at=moment(plan, 3 + sketch.age),
        changed_at=moment(plan, 0.3 * sketch.age + 1.1, hour=17),
        changed_by=cast.id_of("secretary") if sketch.has_remarks else docket.case.judge_id,
        remarks=_remarks(plan, docket, cast, act) if sketch.has_remarks else (),
    )


def two_texts(docket: Docket, language: str) -> dict[str, str]:
    """What judge and secretary write in the place of the same words; each says what is true of the case's days."""
    words = phrases.read("court_day")["two_texts"][language]
    years = (docket.days["filed"] - docket.days["2"]).days // 365
    return {**words, "secretary": words["secretary"][years]}


def _title(docket: Docket, language: str) -> str:
    words = phrases.read("court_day")["act"][language]
    return f"{words['decision']}: {subject(docket, language)}"


def _remarks(plan: SeedPlan, docket: Docket, cast: Cast, act: ActText) -> tuple[Remark, ...]:
    """What the secretary said of the draft; a remark whose words do not stand in the text is not made."""
    secretary = cast.members["secretary"]
    made = []
    for at, each in enumerate(phrases.read("court_day")["remark"][act.language]):
        block = act.block(each["block"])
        if block is None or each["quote"] not in block.text:
            continue
        made.append(
            Remark(
                id=plan.id_of("remark", docket.serial, at),
                block_id=block.id,
                quote=each["quote"],
                author_id=secretary.person.id,
                author_name=secretary.words[act.language].nom,
                made_at=moment(plan, 1.1, hour=17),
                text=each["text"],
                proposal=each.get("proposal"),
            )
        )
    return tuple(made)


def final_acts(plan: SeedPlan, dockets: Sequence[Docket], cast: Cast) -> Iterator[tuple[Draft, Document, bytes]]:
    """Closed acts without a signature, with their line in the case file and their PDF; of cases that have no draft."""
    fit = _fit(dockets)
    written, final = in_the_making(len(fit))
    for docket in fit[written : written + final]:
        yield _final(plan, docket, cast)


def _final(plan: SeedPlan, docket: Docket, cast: Cast) -> tuple[Draft, Document, bytes]:
    case, language = docket.case, docket.case.language
    act = decision(docket, cast, language, dated_on=plan.anchor)
    form = _book().act_number(ActKind.DECISION, plan.anchor)
    number = form.number(case=case.number, year=plan.anchor.year, serial=1) if form else case.number
    code = plan.id_of("code", docket.serial)[-LENGTH:].upper()
    at, content = moment(plan, 0, hour=9), _printed(act, code, case.judge_name, plan)
    draft = Draft(
        id=plan.id_of("final", docket.serial),
        case_id=case.id,
        author_id=case.judge_id,
        title=_title(docket, language),
        template_id=act.template,
        act=act,
        state=DraftState.FINAL,
        secrecy=Secrecy.SHARED,
        number=number,
        dated_on=plan.anchor,
        created_at=moment(plan, 4),
        changed_at=at,
        final_sha256=hashlib.sha256(content).hexdigest(),
        code=code,
    )
    document = Document(
        id=plan.id_of("act", docket.serial),
        case_id=case.id,
        kind=DocumentKind.ACT,
        title=draft.title,
        sha256=draft.final_sha256,
        size=len(content),
        media_type="application/pdf",
        pages=_pages(content),
        order=len(filings_of(plan, docket)) + 1,
        language=language,
        dated_on=plan.anchor,
        filed_at=at,
        filed_by=case.judge_id,
        code=code,
    )
    return draft, document, content


def _printed(act: ActText, code: str, judge: str, plan: SeedPlan) -> bytes:
    from judge_desk.drafting.check_mark import CheckMark
    from judge_desk.drafting.pdf import meta_of, render_pdf

    mark = CheckMark(code=code, signers=(judge,))
    return render_pdf(act, meta_of(act, moment(plan, 0, hour=9), is_draft=False, check=mark))


def _pages(content: bytes) -> int:
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf:
        return len(pdf.pages)


@cache
def _book() -> RuleBook:
    return rule_packs.read_folder(paths.resource("rules")).book


def court_forms(plan: SeedPlan, cast: Cast) -> list[CourtForm]:
    """The court's own form for the series, in both languages."""
    return [
        CourtForm(
            id=plan.id_of("form", language),
            court_id=cast.court.id,
            name=SERIES_FORM,
            language=Language(language),
            source=paths.resource("demo", f"form_speeding.{language}.toml").read_text(encoding="utf-8"),
            changed_by=cast.id_of("chair"),
            changed_at=moment(plan, 12),
        )
        for language in phrases.LANGUAGES
    ]
