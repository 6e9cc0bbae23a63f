"""Code in forms: conditions and loops do what they say; what a stranger's form tries is stopped with its place."""

from __future__ import annotations

import pytest

from judge_desk.domain.acts import plain_text
from judge_desk.domain.cases import Language
from judge_desk.domain.errors import BadInput
from judge_desk.drafting.compose import compose
from judge_desk.drafting.facts import CaseFacts
from judge_desk.drafting.form_language import FormFault, check_code, is_true, run_code
from judge_desk.drafting.templates import parse_template

SLOTS = {"court": "суд", "claim.sum": "сумма", "defendants": "ответчики"}
VALUES = {"court": "Суд", "defendants": "Ахметов; Оспанова"}
FORM = """
id = "own"
title = "x"
procedure = "civil"
kind = "ruling"
norm = "x"
norm_id = "cpc.1"
certainty = "assumed"
valid_from = 2020-01-01
[slots]
court = "суд"
"claim.sum" = "сумма"
defendants = "ответчики"
[[part]]
kind = "introductory"
[[part.block]]
id = "a"
text = "TEXT"
[[part]]
kind = "operative"
[[part.block]]
id = "b"
when = "claim.sum"
text = "{claim.sum}"
"""


def composed(text: str, **values: str) -> str:
    form = parse_template(FORM.replace("TEXT", text), "own.toml", Language.RUSSIAN)
    facts = {name.replace("_", "."): value for name, value in values.items()}
    return plain_text(compose(form, CaseFacts(language=Language.RUSSIAN, values=facts)))


def test_conditions_choose_and_loops_repeat() -> None:
    text = "{% for one in defendants %}{{ loop.index }}) {{ one }}{% if not loop.last %}, {% endif %}{% endfor %}"
    assert composed(text, defendants="Ахметов; Оспанова", claim_sum="5 ₸") == "1) Ахметов, 2) Оспанова\n5 ₸"
    assert composed("{% if claim.sum %}с суммой{% else %}без суммы{% endif %}") == "без суммы"


def test_facts_stay_facts_and_gaps_stay_blanks() -> None:
    form = parse_template(FORM.replace("TEXT", "{{ court }}: {claim.sum}"), "own.toml", Language.RUSSIAN)
    act = compose(form, CaseFacts(language=Language.RUSSIAN, values={"court": "Суд"}))
    runs = act.parts[0].blocks[0].runs
    assert [(run.text, run.field, run.blank) for run in runs] == [
        ("Суд", "court", False),
        (": ", "", False),
        ("[сумма]", "claim.sum", True),
    ]
    assert not act.parts[1].blocks


def test_a_condition_may_compare() -> None:
    assert is_true("court == 'Суд' and not claim.sum", SLOTS, VALUES)


@pytest.mark.parametrize(
    "text",
    [
        "{{ court.__class__.__mro__ }}",
        "{{ court['x'] }}",
        "{{ self }}",
        "{{ loop.index }}",
        "{{ range(9) }}",
        "{{ 'a' * 99 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ court|list }}",
        "{% set x = 1 %}",
        "{% macro m() %}{{ m() }}{% endmacro %}",
        "{% import 'os' as os %}",
        "{% for a in court recursive %}{{ loop(a) }}{% endfor %}",
        "{% for a in court %}{{ a.upper }}{% endfor %}",
        "{% for a in court %}{{ a._value }}{% endfor %}",
        "{% for a in court %}{{ loop.__class__ }}{% endfor %}",
        "{% if x is defined %}{% endif %}",
        "{{ court if }}",
        "{{ " + "(" * 5000 + " }}",
        "{% if court %}" * 9 + "{% endif %}" * 9,
    ],
)
def test_what_no_form_may_do_is_refused_before_it_runs(text: str) -> None:
    with pytest.raises(FormFault):
        check_code(text, SLOTS)


def test_a_form_that_goes_on_for_ever_is_stopped() -> None:
    letters = "'" + "a" * 100 + "'"
    text = ""  # it writes nothing, so that nothing but its turns can stop it
    for name in "abc":
        text = f"{{% for {name} in {letters} %}}{text}{{% endfor %}}"
    with pytest.raises(FormFault) as caught:
        run_code(text, SLOTS, VALUES)
    assert caught.value.reason == "too_long"


def test_a_form_that_writes_for_ever_is_stopped() -> None:
    text = "{% for a in '" + "a" * 1500 + "' %}" + "x" * 1000 + "{% endfor %}"
    with pytest.raises(FormFault) as caught:
        run_code(text, SLOTS, VALUES)
    assert caught.value.reason == "too_long"


def test_the_fault_names_file_line_and_block() -> None:
    with pytest.raises(BadInput) as caught:
        composed("{{ secret }}")
    assert caught.value.key == "drafting.bad.code.unknown"
    assert caught.value.params | {"x": 0} == {"file": "own.toml", "line": 17, "field": "a", "word": "secret", "x": 0}
    endless = "{% for a in '" + "a" * 99 + "' %}{% for b in '" + "b" * 99 + "' %}x{% endfor %}{% endfor %}"
    with pytest.raises(BadInput) as stopped:
        composed(endless)
    assert (stopped.value.key, stopped.value.params["field"]) == ("drafting.bad.code.too_long", "a")
