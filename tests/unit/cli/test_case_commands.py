"""``judge-desk cases`` and ``judge-desk search`` over a real store."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from judge_desk.cli import cases, search
from judge_desk.domain.cases import Stage
from judge_desk.domain.errors import NotFound
from judge_desk.domain.kinds import Kind
from judge_desk.i18n import Translator
from judge_desk.services.cases import CaseService
from judge_desk.services.context import DeskContext
from judge_desk.services.search import SearchService
from tests.factories import a_case, a_document, desk_context, of_case, with_case, with_file


@pytest.fixture
def context(tmp_path: Path) -> Iterator[DeskContext]:
    made = desk_context(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def run(context: DeskContext, capsys: pytest.CaptureFixture[str]) -> Any:
    @contextmanager
    def open_desk(_profile: Path) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(desk=SimpleNamespace(cases=CaseService(context), search=SearchService(context)))

    def command(*words: str) -> tuple[int, str]:
        parser = argparse.ArgumentParser()
        subparsers = parser.add_subparsers()
        cases.add_parser(subparsers)
        search.add_parser(subparsers)
        arguments = parser.parse_args([*words, "--profile", "p"])
        arguments.open_desk, arguments.text = open_desk, Translator("en")
        return int(arguments.func(arguments)), capsys.readouterr().out

    return command


def test_cases_are_listed_and_counted(context: DeskContext, run: Any) -> None:
    with_case(context, a_case(number="1", title="О разделе", stage=Stage.CLOSED))
    with_case(context, a_case(number="2", title="О взыскании"))
    with_case(context, a_case(number="3", title="О взыскании"))

    code, out = run("cases", "list", "--json", "--open", "--sort", "number", "--limit", "1")
    answer = json.loads(out)
    assert code == 0
    assert ([each["number"] for each in answer["cases"]], answer["total"]) == (["3"], 2)
    code, out = run("cases", "list", "--stage", "closed")
    assert out.splitlines() == ["1  2026-10-01  closed  О разделе", "1 case"]


def test_a_case_is_shown_by_id_or_number(context: DeskContext, run: Any) -> None:
    case = with_case(context)
    of_case(context, Kind.DOCUMENT, a_document(case.id, b"x", title="Расписка"))

    for name in (case.id, case.number):
        answer = json.loads(run("cases", "show", name, "--json")[1])
        assert (answer["id"], answer["documents"][0]["title"]) == (case.id, "Расписка")
        assert (answer["receipt"]["present"], answer["receipt"]["total"]) == (0, 1)
    assert "- Расписка" in run("cases", "show", case.id)[1]
    with pytest.raises(NotFound):
        run("cases", "show", "no such")


def test_search_takes_in_what_waits_and_keeps_its_contract(context: DeskContext, run: Any) -> None:
    case = with_case(context, a_case(title="Спор"))
    document = a_document(case.id, "Долг по расписке не возвращён".encode(), title="Иск")
    of_case(context, Kind.DOCUMENT, document)
    with_file(context, document, "Долг по расписке не возвращён".encode())

    code, out = run("search", "расписок", "--json")
    answer = json.loads(out)
    assert (code, answer["total"]) == (0, 1)
    assert answer["seconds"] >= 0
    (hit,) = answer["hits"]
    assert {key: hit[key] for key in ("kind", "id", "title", "case", "page", "snippet")} == {
        "kind": "document",
        "id": document.id,
        "title": "Иск",
        "case": case.id,
        "page": 1,
        "snippet": "Долг по расписке не возвращён",
    }
    assert [hit["snippet"][start:end] for start, end in hit["spans"]] == ["расписке"]
    assert f"{case.number}  Иск [1]" in run("search", "расписка")[1]
