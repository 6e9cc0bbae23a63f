"""Law packs: the committed ones are sound; a bad item is named with file, line and field, and spoils no other."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge_desk.domain.cases import Procedure
from judge_desk.domain.norms import Certainty
from judge_desk.i18n import catalogs
from judge_desk.i18n.translator import Translator
from judge_desk.protocol.rule_packs import read_folder, read_rules
from judge_desk.runtime import paths

HEAD = "format = 1\n"
GOOD = """
[[term]]
id = "a"
procedures = ["civil"]
trigger = "filed"
length = { count = 3, unit = "working_days" }
names = { kk = "а", ru = "а", en = "a" }
norm = "n"
certainty = "assumed"
"""
LAW = read_folder(paths.resource("rules"))


def one_problem(text: str) -> tuple[str, int, str]:
    """The only problem of a pack in which a good item stands before and another behind the text."""
    loaded = read_rules([("law.toml", HEAD + GOOD + text + GOOD.replace('"a"', '"z"', 1))])
    assert [each.id for each in loaded.book.terms] == ["a", "z"]
    (problem,) = loaded.problems
    assert problem.file == "law.toml"
    return problem.key.removeprefix("law.pack."), problem.line, problem.field


def test_the_committed_packs_hold_no_problem() -> None:
    assert LAW.problems == ()


def test_every_row_of_the_start_pack_is_there() -> None:
    lengths = {each.id: (each.length.count, each.length.unit.value) for each in LAW.book.terms}
    assert lengths == {
        "civil.hear": (2, "months"),
        "civil.hear.short": (1, "months"),
        "civil.hear.strike": (10, "working_days"),
        "civil.full_text": (5, "working_days"),
        "civil.prepare": (20, "working_days"),
        "order.issue": (3, "working_days"),
        "order.object": (10, "working_days"),
        "civil.appeal": (1, "months"),
        "civil.private_complaint": (10, "working_days"),
        "administrative.claim": (1, "months"),
        "administrative.hear": (3, "months"),
        "administrative.full_text_request": (10, "working_days"),
        "administrative.full_text": (10, "working_days"),
        "administrative.appeal": (2, "months"),
        "administrative.private_complaint": (10, "working_days"),
        "cassation.hear": (6, "months"),
        "body.application": (15, "working_days"),
        "restraint.detention": (8, "hours"),
        "criminal.preliminary": (5, "days"),
        "criminal.trial": (15, "days"),
        "criminal.verdict_copy": (15, "days"),
    }


def test_what_is_called_sourced_names_its_source() -> None:
    holidays = LAW.book.holidays
    rules = (*LAW.book.terms, *LAW.book.fees, *LAW.book.indices, *holidays.weekends, *holidays.yearly, *holidays.dated)
    assert [each.id for each in rules if each.certainty is Certainty.SOURCED and not each.source] == []


def test_fees_and_the_index_are_data_with_dates() -> None:
    index = LAW.book.index_on(date(2026, 6, 1))
    assert index is not None
    assert index.tenge == 4325
    (person,) = (each for each in LAW.book.fees if each.id == "property.person" and each.holds_on(date(2026, 6, 1)))
    assert person.rate == Decimal("0.01")
    assert (person.cap_mci or 0) * index.tenge == 43_250_000
    assert LAW.book.index_on(date(2031, 1, 1)) is None


def test_case_numbers_are_read_by_a_pattern_and_never_refused() -> None:
    (pattern,) = LAW.book.numbers
    assert pattern.parts("7140-26-00-2/1234") == {"court": "7140", "year": "26", "kind": "2", "serial": "1234"}
    assert pattern.procedure("7140-26-00-3/5") is Procedure.ADMINISTRATIVE_OFFENCE
    assert pattern.parts("№ 5 от 1999") == {}
    assert pattern.procedure("№ 5 от 1999") is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (('trigger = "filed"', 'trigger = "moon"'), ("not_a_choice", 15, "trigger")),
        (('procedures = ["civil"]', 'procedures = ["war"]'), ("not_a_choice", 14, "procedures")),
        (("count = 3", 'count = "three"'), ("bad_value", 16, "length")),
        (("count = 3", "count = 0"), ("bad_value", 16, "length")),
        (('norm = "n"\n', ""), ("missing_field", 12, "norm")),
        (('norm = "n"', 'norm = " "'), ("bad_value", 18, "norm")),
        (('norm = "n"', 'morn = "n"'), ("unknown_field", 18, "morn")),
        (('en = "a"', 'en = ""'), ("missing_name", 17, "names")),
        (('norm = "n"', 'norm = "n'), ("syntax", 18, "")),
        (("[[term]]", "[[tern]]"), ("unknown_kind", 12, "")),
        (('certainty = "assumed"', 'certainty = "sure"'), ("not_a_choice", 19, "certainty")),
        (
            ('certainty = "assumed"', 'certainty = "assumed"\nvalid_from = 2026-02-01\nvalid_to = 2026-01-01'),
            ("ends_before_start", 21, "valid_to"),
        ),
        (('certainty = "assumed"', 'certainty = "assumed"\nvalid_from = 2026-02-31'), ("syntax", 20, "")),
    ],
)
def test_a_bad_item_is_named_and_left_out(change: tuple[str, str], expected: tuple[str, int, str]) -> None:
    bad = GOOD.replace('"a"', '"bad"', 1).replace(*change, 1)
    assert one_problem(bad) == expected


def test_the_same_rule_twice_on_one_day_is_refused_but_versions_are_not() -> None:
    assert one_problem(GOOD) == ("overlap", 13, "id")
    old = GOOD + "valid_to = 2025-12-31\n"
    new = GOOD + "valid_from = 2026-01-01\n"
    loaded = read_rules([("a.toml", HEAD + old), ("b.toml", HEAD + new)])
    assert loaded.problems == ()
    before, after = (loaded.book.term("a", date(year, 7, 1)) for year in (2025, 2026))
    assert before is not None
    assert after is not None
    assert before.valid_to == date(2025, 12, 31)
    assert after.valid_from == date(2026, 1, 1)


def test_fees_numbers_and_dates_that_contradict_themselves() -> None:
    ground = 'id = "f"\nnames = { kk = "а", ru = "а", en = "a" }\nnorm = "n"\ncertainty = "assumed"\n'
    texts = {
        'claim = "x"\npayers = ["person"]\nrate = "0.01"\nmci = "1"\n': "fee",
        "pattern = '('\nexample = \"1\"\nkinds = {}\n": "number",
        "pattern = '\\d'\nexample = \"x\"\nkinds = {}\n": "number",
    }
    for text, kind in texts.items():
        assert one_problem(f"\n[[{kind}]]\n{ground}{text}")[0] == "bad_item"
    assert one_problem(f"\n[[yearly]]\n{ground}month = 13\nday = 1\n") == ("bad_value", 17, "month")


def test_an_unknown_format_or_an_unreadable_file_leaves_the_other_packs(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("format = 2\n" + GOOD, encoding="utf-8")
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "c.toml").write_bytes(("\ufeff" + HEAD + GOOD).replace("\n", "\r\n").encode())
    loaded = read_folder(tmp_path)
    assert [each.id for each in loaded.book.terms] == ["a"]
    assert {(each.file, each.key) for each in loaded.problems} == {
        ("a.toml", "law.pack.format"),
        ("b.toml", "law.pack.unreadable"),
    }


def test_each_problem_has_a_sentence_in_each_language() -> None:
    bad = GOOD.replace("filed", "moon") + GOOD.replace("[[term]]", "[[tern]]") + "[[term]]\nid = 5\n" + GOOD + GOOD
    problems = read_rules([("law.toml", HEAD + bad)]).problems
    assert len(problems) == 4
    for language in catalogs.LANGUAGES:
        translate = Translator(language, strict=True)
        for problem in problems:
            assert str(problem.line) in translate(problem.key, **problem.params)


@given(st.text(max_size=120), st.integers(0, 200))
def test_no_text_makes_the_reader_raise_or_lose_the_other_file(noise: str, at: int) -> None:
    spoilt = HEAD + GOOD[:at] + noise + GOOD[at:]
    loaded = read_rules([("bad.toml", spoilt), ("good.toml", HEAD + GOOD.replace('"a"', '"z"', 1))])
    assert any(each.id == "z" for each in loaded.book.terms) or re.search(r'id\s*=\s*"z"', spoilt)
    assert all(problem.line >= 1 for problem in loaded.problems)
