"""Forms of acts: every one fills, prints and validates; the languages agree; a bad form is refused by field."""

from __future__ import annotations

import inspect
import json
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from judge_desk.domain.acts import ActText, Block, BlockKind, PartKind, act_hash, blanks, plain_text
from judge_desk.domain.cases import Case, Instance, Language, Party, PartyRole, Procedure
from judge_desk.domain.errors import BadInput, NotFound
from judge_desk.domain.hearings import Hearing
from judge_desk.domain.people import Court
from judge_desk.domain.twins import COURTESY_BLOCK
from judge_desk.drafting.compose import compose
from judge_desk.drafting.facts import CaseFacts, act_date, facts_of
from judge_desk.drafting.pdf import meta_of, render_pdf
from judge_desk.drafting.templates import Template, all_templates, offered, read_template, template
from judge_desk.runtime import paths
from tests.pdfa import assert_pdfa
from tests.unit.drafting.reading import elements, squeezed

MADE_AT = datetime(2026, 5, 12, tzinfo=UTC)
COURT = Court(
    id="court",
    code="7199",
    names={
        "kk": "Жарқын қаласының № 2 аудандық соты",
        "ru": "Районный суд № 2 города Жаркын",
        "en": "Zharkyn Court No. 2",
    },
    places={"kk": "Жарқын қаласы", "ru": "город Жаркын", "en": "Zharkyn"},
    appeal_courts={"kk": "Алтынсай облыстық соты", "ru": "Алтынсайский областной суд", "en": "Altynsai Court"},
)
CASE = Case(
    id="case",
    court_id="court",
    number="7199-26-00-2/1234",
    title="Алтынсай Құрылыс – Сейітқали Ә. Ғ.",
    procedure=Procedure.CIVIL,
    language=Language.KAZAKH,
    subject="берешекті өндіріп алу",
    judge_name="Ахметов Д. С.",
    received_on=date(2026, 3, 10),
    claim_tiyn=500_000_050,
    fee_tiyn=5_000_000,
    parties=(
        Party(
            id="1",
            role=PartyRole.CLAIMANT,
            name="«Алтынсай Құрылыс» ЖШС",
            number="120340005678",
            is_organisation=True,
        ),
        Party(id="2", role=PartyRole.DEFENDANT, name="Сейітқали Әсет", number="850312300456"),
        Party(id="3", role=PartyRole.DEFENDANT, name="Оспанова Гүлнұр"),
    ),
)
HEARING = Hearing(
    id="h", case_id="case", starts_at=datetime(2026, 5, 12, 5, 30, tzinfo=UTC), minutes=60, room="3", judge_id="j"
)
FORMS = all_templates()
EACH_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)


def facts(language: Language) -> CaseFacts:
    return facts_of(
        CASE, language, court=COURT, secretary="Қасымова А. Б.", hearing=HEARING, dated_on=date(2026, 5, 12)
    )


def filled(form: Template) -> ActText:
    """The form with every slot filled."""
    values = {slot: f"<{slot}>" for slot in form.slots}
    return compose(form, CaseFacts(language=form.language, values=values))


def test_there_are_ten_forms_in_three_languages() -> None:
    names = {form.name for form in FORMS}
    assert len(names) >= 10
    assert {form.id for form in FORMS} == {f"{name}.{language}" for name in names for language in Language}


@EACH_FORM
def test_each_form_is_complete_in_every_language(form: Template) -> None:
    twin = template(f"{form.name}.ru")
    assert [(part.kind, [block.id for block in part.block if block.id != COURTESY_BLOCK]) for part in form.parts] == [
        (part.kind, [block.id for block in part.block]) for part in twin.parts
    ]
    assert form.slots.keys() == twin.slots.keys()
    assert (form.procedure, form.kind, form.norm_id, form.valid_from) == (
        twin.procedure,
        twin.kind,
        twin.norm_id,
        twin.valid_from,
    )


@EACH_FORM
def test_each_form_says_to_whom_and_until_when_one_may_appeal(form: Template) -> None:
    last = next(part for part in form.parts if part.kind in (PartKind.OPERATIVE, PartKind.WHOLE))
    named = {block.id.partition("-")[2] for block in last.block}
    assert named & {"appeal", "cassation", "object"}
    assert last.block[-1].kind is BlockKind.SIGNATURE


@EACH_FORM
def test_each_form_bears_the_name_of_its_act(form: Template) -> None:
    words = tomllib.loads(paths.resource("glossary.toml").read_text(encoding="utf-8"))
    heading = next(block for part in form.parts for block in part.block if block.kind is BlockKind.HEADING)
    assert heading.text.lower() == words["act"][form.kind][form.language]


@EACH_FORM
def test_each_form_prints_as_valid_pdf_with_its_blanks(form: Template, tmp_path: Path) -> None:
    act = compose(form, facts(form.language))
    data = render_pdf(act, meta_of(act, MADE_AT))
    path = tmp_path / "act.pdf"
    path.write_bytes(data)
    assert_pdfa(path, "2a", "ua1")
    copied = squeezed("".join(words for _, words in elements(data)))
    assert copied == squeezed(plain_text(act))


@EACH_FORM
def test_no_fact_is_dropped_and_none_invented(form: Template) -> None:
    text = plain_text(filled(form))
    for slot in form.slots:
        assert f"<{slot}>" in text
    assert not blanks(filled(form))
    empty = compose(form, CaseFacts(language=form.language))
    optional = {slot for part in form.parts for block in part.block if block.optional for slot in block.slots()}
    assert {field for _, field in blanks(empty)} >= form.slots.keys() - optional


def test_facts_are_worded_in_the_language_of_the_act() -> None:
    values = facts(Language.RUSSIAN).values
    assert values["act.date"] == "12\u00a0мая 2026\u00a0года"
    assert values["claimants"] == "«Алтынсай Құрылыс» ЖШС (БИН\u00a0120340005678)"
    assert values["defendants"] == "Сейітқали Әсет (ИИН\u00a0850312300456); Оспанова Гүлнұр"
    assert values["claim.sum"] == "5\u00a0000\u00a0000,50\u00a0тенге"
    assert values["hearing.date"] == "12\u00a0мая 2026\u00a0года в\u00a010:30"
    assert (values["hearing.room"], values["court.of"]) == ("зал № 3", "Районного суда № 2 города Жаркын")
    assert facts(Language.KAZAKH).values["court.of"] == "Жарқын қаласының № 2 аудандық сотының"
    assert facts(Language.KAZAKH).values["act.date"] == "2026\u00a0жылғы 12\u00a0мамыр"
    assert act_date(date(2026, 5, 1), Language.ENGLISH) == "1\u00a0May 2026"
    assert "third_parties" not in values


def test_a_missing_fact_is_a_visible_blank_and_an_optional_line_is_left_out() -> None:
    act = compose(template("civil_decision.kk"), facts(Language.KAZAKH))
    assert ("op-operative", "operative") in blanks(act)
    assert "[талап бойынша шешім]" in plain_text(act)
    assert act.block("in-third") is None
    assert act.block("in-claimant") is not None


def test_tabs_and_line_ends_of_a_register_become_spaces() -> None:
    dirty = CaseFacts(language=Language.RUSSIAN, values={"subject": " о взыскании\r\n\tдолга\x07\n", "judge": "\n"})
    act = compose(template("civil_decision.ru"), dirty)
    assert "Требование: о взыскании долга\n" in plain_text(act)
    assert ("op-sign", "judge") in blanks(act)


def test_composing_twice_gives_the_same_act() -> None:
    form = template("criminal_verdict.ru")
    assert act_hash(compose(form, facts(form.language))) == act_hash(compose(form, facts(form.language)))


def test_facts_in_another_language_are_refused() -> None:
    with pytest.raises(BadInput) as caught:
        compose(template("civil_decision.kk"), facts(Language.RUSSIAN))
    assert caught.value.key == "drafting.bad.language"


def test_forms_are_offered_by_procedure_language_and_day() -> None:
    simplified = offered(Procedure.CIVIL_SIMPLIFIED, Language.RUSSIAN, date(2024, 1, 1))
    assert [form.id for form in simplified] == ["civil_simplified_decision.ru"]
    assert offered(Procedure.CIVIL_SIMPLIFIED, Language.RUSSIAN, date(2020, 1, 1)) == []
    appeal = offered(Procedure.CIVIL, Language.KAZAKH, date(2026, 1, 1), Instance.APPEAL)
    assert [form.id for form in appeal] == ["civil_appeal_resolution.kk"]


def test_an_unknown_form_is_not_found() -> None:
    with pytest.raises(NotFound):
        template("no_such_form.kk")


GOOD = """
id = "x"
title = "x"
procedure = "civil"
kind = "ruling"
norm = "x"
norm_id = "cpc.1"
certainty = "sourced"
valid_from = 2020-01-01
[slots]
court = "суд"
[[part]]
kind = "introductory"
[[part.block]]
id = "a"
text = "{court}"
[[part]]
kind = "operative"
[[part.block]]
id = "b"
"""


def refused(tmp_path: Path, text: str) -> BadInput:
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_template(path, Language.RUSSIAN)
    return caught.value


def test_a_good_form_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert read_template(path, Language.RUSSIAN).id == "x.ru"


@pytest.mark.parametrize(
    ("change", "key", "value"),
    [
        (('"civil"', '"criminl"'), "drafting.bad.template", "procedure"),
        (('id = "b"', 'id = "b"\nrun = "x"'), "drafting.bad.template", "part[1].block[0]"),
        (('id = "b"', 'id = "a"'), "drafting.bad.template", "a"),
        (('id = "b"', 'id = "../b"'), "drafting.bad.template", "../b"),
        (('"operative"', '"reasoning"'), "drafting.bad.template_parts", "operative"),
        (("{court}", "{judge}"), "drafting.bad.template_slot", "judge"),
        (("{court}", "{{ cycler.__init__.__globals__ }}"), "drafting.bad.code.forbidden", "__globals__"),
        (("{court}", "{{ court.__class__ }}"), "drafting.bad.code.unknown", "court.__class__"),
        (("{court}", "{{ court|attr('__class__') }}"), "drafting.bad.code.forbidden", "Filter"),
        (("{court}", "{{ court() }}"), "drafting.bad.code.forbidden", "Call"),
        (("{court}", "{% include '/etc/passwd' %}"), "drafting.bad.code.forbidden", "Include"),
        (("{court}", "{% if court %}"), "drafting.bad.code.syntax", "a"),
        (("{court}", "{{ judge }}"), "drafting.bad.code.unknown", "judge"),
        (('id = "b"', 'id = "b"\nwhen = "judge"'), "drafting.bad.code.unknown", "judge"),
        (("{court}", "{court.__class__}"), "drafting.bad.template_slot", "{"),
        (("2020-01-01", "2020-01-01\nvalid_to = 2019-01-01"), "drafting.bad.template", "valid_to"),
        (("[slots]", "[slots"), "drafting.bad.syntax", "x.toml"),
        (('text = "{court}"', 'text = "' + "x" * 300_000 + '"'), "drafting.bad.template_size", "x.toml"),
    ],
)
def test_a_bad_form_is_refused_by_field(tmp_path: Path, change: tuple[str, str], key: str, value: str) -> None:
    fault = refused(tmp_path, GOOD.replace(*change))
    assert fault.key == key
    assert value in fault.params.values()


def test_the_schema_that_we_publish_is_the_one_that_we_read() -> None:
    published = json.loads(paths.resource("schemas", "act.schema.json").read_text(encoding="utf-8"))
    made = json.loads(msgspec.json.encode(msgspec.json.schema(ActText)))
    for part in made["$defs"].values():
        if "description" in part:
            # Up to Python 3.12 a docstring keeps its indentation.
            part["description"] = inspect.cleandoc(part["description"])
    assert published["$defs"] == made["$defs"]
    assert published["$ref"] == made["$ref"]


def test_block_kinds_of_the_schema_are_the_kinds_of_the_code() -> None:
    published = json.loads(paths.resource("schemas", "act.schema.json").read_text(encoding="utf-8"))
    assert set(published["$defs"]["BlockKind"]["enum"]) == set(BlockKind)
    assert set(published["$defs"]["Block"]["properties"]) == set(Block.__dataclass_fields__)
