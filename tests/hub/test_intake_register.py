"""Registers with the faults of real ones: good rows come in, broken ones are told, a second import doubles nothing."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from judge_desk.domain.cases import Case, PartyRole, Procedure, Stage
from judge_desk.domain.errors import BadInput
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Court, Person, Role
from judge_desk.hub import admin
from judge_desk.hub.db import migrate, tables
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.intake.mapping import make_map
from judge_desk.hub.intake.report import Report
from judge_desk.hub.intake.tables import decode
from judge_desk.hub.registry import Registry
from judge_desk.protocol import codec

REAL = Path(__file__).parents[3] / "shared" / "data"
MAP = """
key = "id"
date_format = "%d.%m.%Y"
[columns]
number = "nr"
title = "name"
received_on = "filed"
claim = "sum"
claimant = "from"
category = "cat"
[fixed]
court = "north"
case_type = "civil"
language = "ru"
[values.category]
"1" = "loan"
"""
HEAD = "id,nr,name,filed,sum,from,cat\n"


class Desk:
    """A folder with a hub's database, a map, and the command."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.url = f"sqlite:///{folder / 'hub.db'}"
        self.write("map.toml", MAP)

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def take(self, *names: str | Path, more: tuple[str, ...] = (), code: int = 0) -> dict[str, Any]:
        """Run the import over files and give its answer."""
        paths = [str(self.folder / name) for name in names]
        places = ["--database", self.url, "--map", str(self.folder / "map.toml"), "--json"]
        assert admin.main(["import", *paths, *places, *more]) == code
        answer: dict[str, Any] = json.loads(self.capsys.readouterr().out)
        return answer

    def cases(self) -> dict[str, Case]:
        """The stored cases by register key."""
        entity = tables.entity
        engine = open_engine(self.url)
        with engine.connect() as connection:
            bodies = connection.scalars(select(entity.c.body).where(entity.c.kind == Kind.CASE.value)).all()
        engine.dispose()
        return {case.register_key: case for case in (codec.decode(Kind.CASE, body) for body in bodies)}

    def readers(self, case: Case) -> dict[str, str]:
        """Who may read a case: role by person."""
        table = tables.scope_grant
        engine = open_engine(self.url)
        with engine.connect() as connection:
            query = select(table.c.person_id, table.c.role).where(table.c.scope == f"case:{case.id}")
            found = {person: role for person, role in connection.execute(query)}
        engine.dispose()
        return found

    def staff(self) -> None:
        """Set up the court with a judge and a secretary."""
        engine = open_engine(self.url)
        migrate.migrate(engine)
        registry = Registry(engine)
        names = {"kk": "Солтүстік", "ru": "Северный", "en": "North"}
        registry.add_court(Court(id="north", code="7102", names=names, places=names, appeal_courts={}))
        for person_id, role in (("anna", Role.JUDGE), ("boris", Role.SECRETARY)):
            person = Person(id=person_id, court_id="north", name=person_id, full_name=person_id, roles=(role,))
            registry.add_account("north", person_id, "a long password", person)
        engine.dispose()


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def test_a_row_becomes_a_case(desk: Desk) -> None:
    desk.write("a.csv", HEAD + 'k1,7102-26-00-2/1,"Әлімов к «ТОО, Ромашка»",05.02.2026,1 250 000.50,Әлімов Ә. Ә.,1\n')
    answer = desk.take("a.csv")
    assert (answer["imported"], answer["updated"], answer["refused"]) == (1, 0, [])
    case = desk.cases()["k1"]
    assert case.title == "Әлімов к «ТОО, Ромашка»"
    assert (case.procedure, case.received_on, case.claim_tiyn) == (Procedure.CIVIL, date(2026, 2, 5), 125_000_050)
    assert (case.category, case.stage, case.court_id) == ("loan", Stage.REGISTERED, "north")
    assert [(each.role, each.name) for each in case.parties] == [(PartyRole.CLAIMANT, "Әлімов Ә. Ә.")]


def test_a_second_import_updates_by_key(desk: Desk) -> None:
    desk.write("a.csv", HEAD + "k1,1,first,05.02.2026,,,\nk2,2,second,,,,\n")
    desk.take("a.csv")
    desk.write("a.csv", HEAD + "k1,1,FIRST,05.02.2026,,,\nk2,2,second,,,,\n")
    answer = desk.take("a.csv")
    assert (answer["imported"], answer["updated"], answer["unchanged"]) == (0, 2, 1)
    assert {key: case.title for key, case in desk.cases().items()} == {"k1": "FIRST", "k2": "second"}


def test_what_the_court_did_since_stays(desk: Desk) -> None:
    desk.staff()
    desk.write("a.csv", HEAD + "k1,1,first,05.02.2026,,,\n")
    desk.take("a.csv", more=("--judge", "anna"))
    desk.write("a.csv", HEAD + "k1,1,renamed,05.02.2026,,,\n")
    desk.take("a.csv")
    case = desk.cases()["k1"]
    assert (case.title, case.judge_id) == ("renamed", "anna")


def test_broken_rows_are_told_and_the_others_come_in(desk: Desk) -> None:
    rows = ["k1,1,good,05.02.2026,,,", "k2,2,short", ",3,no key,,,,", "k4,4,bad date,31.02.2026,,,",
            "k5,5,bad sum,,many,,", "k1,6,doubled,,,,", "k7,,no number,,,,"]  # fmt: skip
    desk.write("a.csv", HEAD + "\n".join(rows) + "\n")
    answer = desk.take("a.csv")
    assert answer["imported"] == 4
    assert [(each["file"], each["line"], each["field"]) for each in answer["refused"]] == [
        ("a.csv", 3, ""),
        ("a.csv", 4, "id"),
        ("a.csv", 7, "id"),
    ]
    assert [(each["line"], each["field"]) for each in answer["warnings"]] == [(5, "filed"), (6, "sum"), (8, "nr")]
    assert all(each["message"] for each in answer["refused"] + answer["warnings"])
    cases = desk.cases()
    assert (cases["k4"].received_on, cases["k5"].claim_tiyn, cases["k7"].number) == (None, None, "k7")


def test_lines_are_counted_through_cells_of_many_lines(desk: Desk) -> None:
    desk.write("a.csv", HEAD + 'k1,1,"one\ntwo\nthree",,,,\nk2,2,x,99.99.2026,,,\n')
    answer = desk.take("a.csv")
    assert answer["warnings"][0]["line"] == 5
    assert desk.cases()["k1"].title == "one two three"


def test_an_unknown_kind_of_case_is_refused(desk: Desk) -> None:
    desk.write("map.toml", MAP.replace('case_type = "civil"\n', "").replace('category = "cat"', 'case_type = "cat"'))
    desk.write("map.toml", (desk.folder / "map.toml").read_text().replace("[values.category]", "[values.case_type]")
               .replace('"loan"', '"civil"'))  # fmt: skip
    desk.write("a.csv", HEAD + "k1,1,a,,,,1\nk2,2,b,,,,9\n")
    answer = desk.take("a.csv")
    assert answer["imported"] == 1
    assert [(each["line"], each["field"]) for each in answer["refused"]] == [(3, "cat")]


def test_long_names_in_upper_case_survive(desk: Desk) -> None:
    name = "ЖАРҚЫН ҚҰРЫЛЫС " * 40
    desk.write("a.csv", HEAD + f"k1,1,{name.strip()},,,,\n")
    desk.take("a.csv")
    assert desk.cases()["k1"].title == name.strip()


@pytest.mark.parametrize(("encoding", "name"), [("utf-8-sig", "Қоңыр"), ("cp1251", "Щербаков"), ("kz1048", "Қоңыр"),
                                                ("utf-16", "Қоңыр")])  # fmt: skip
def test_encodings_of_old_registers_are_read(desk: Desk, encoding: str, name: str) -> None:
    desk.write("a.csv", (HEAD + f"k1,1,{name},,,,\n").encode(encoding))
    answer = desk.take("a.csv")
    assert desk.cases()["k1"].title == name
    assert bool(answer["warnings"]) == (encoding in ("cp1251", "kz1048"))


def test_bytes_that_are_no_text_are_refused(desk: Desk) -> None:
    desk.write("a.csv", b"\x00\x01\x02" * 100)
    answer = desk.take("a.csv", code=2)
    assert answer["imported"] == 0
    assert answer["refused"][0]["file"] == "a.csv"
    with pytest.raises(BadInput):
        decode(b"\x98" * 8, "a.csv", "", Report())


def test_semicolons_and_unclosed_quotes(desk: Desk) -> None:
    text = (HEAD + "k1,1,a,,,,\n").replace(",", ";") + 'k2;2;"never closed;;;;\n'
    desk.write("a.csv", text)
    answer = desk.take("a.csv")
    assert answer["imported"] == 1
    assert answer["refused"][0]["line"] == 3


def test_a_workbook_with_real_dates(desk: Desk) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEAD.strip().split(","))
    sheet.append(["k1", 17, "Қасенов", date(2026, 2, 5), 1000, None, 1])
    sheet.append(["k2", "18", "Second", "05.02.2026", None, None, None])
    sheet.append([None] * 7)
    book.save(desk.folder / "a.xlsx")
    assert desk.take("a.xlsx")["imported"] == 2
    cases = desk.cases()
    assert (cases["k1"].number, cases["k1"].received_on, cases["k1"].category) == ("17", date(2026, 2, 5), "loan")
    assert cases["k2"].received_on == date(2026, 2, 5)


@pytest.mark.parametrize("damage", ["sheet", "styles", "no_sheets"])
def test_a_damaged_workbook_is_told_and_stops_nobody(desk: Desk, damage: str) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEAD.strip().split(","))
    book.save(desk.folder / "whole.xlsx")
    with zipfile.ZipFile(desk.folder / "whole.xlsx") as whole, zipfile.ZipFile(desk.folder / "a.xlsx", "w") as torn:
        for name in whole.namelist():
            content = whole.read(name)
            if damage == "no_sheets" and name == "xl/workbook.xml":
                content = re.sub(rb"<sheets>.*</sheets>", b"<sheets/>", content)
            torn.writestr(name, content[: len(content) // 2] if damage in name else content)
    desk.write("b.csv", HEAD + "k1,1,a,,,,\n")
    answer = desk.take("a.xlsx", "b.csv")
    assert answer["imported"] == 1
    assert [each["file"] for each in answer["refused"]] == ["a.xlsx"]


def test_a_missing_column_refuses_the_file_and_not_its_neighbour(desk: Desk) -> None:
    desk.write("a.csv", "id,nr\nk1,1\n")
    desk.write("b.csv", HEAD + "k1,1,a,,,,\n")
    answer = desk.take("a.csv", "b.csv")
    assert answer["imported"] == 1
    assert [each["file"] for each in answer["refused"]] == ["a.csv"]
    assert "name" in answer["refused"][0]["message"]


def test_without_a_judge_the_registry_sees_the_cases(desk: Desk) -> None:
    desk.staff()
    desk.write("a.csv", HEAD + "k1,1,a,,,,\n")
    desk.take("a.csv")
    assert desk.readers(desk.cases()["k1"]) == {"boris": "secretary"}


def test_a_named_judge_gets_the_cases(desk: Desk) -> None:
    desk.staff()
    desk.write("a.csv", HEAD + "k1,1,a,,,,\n")
    desk.take("a.csv", more=("--judge", "anna"))
    case = desk.cases()["k1"]
    assert (case.judge_id, case.judge_name) == ("anna", "anna")
    assert desk.readers(case) == {"anna": "judge"}


def test_a_judge_of_nowhere_stops_the_import(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.staff()
    path = desk.write("a.csv", HEAD + "k1,1,a,,,,\n")
    arguments = ["import", str(path), "--map", str(desk.folder / "map.toml"), "--database", desk.url]
    assert admin.main([*arguments, "--judge", "boris"]) == 2
    assert "boris" in capsys.readouterr().err
    assert not desk.cases()


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"key": ""}, "intake.map.no_key"),
        ({"fixed": {}}, "intake.map.no_court"),
        ({"columns": {"colour": "x"}}, "intake.map.unknown"),
        ({"colums": {}}, "intake.map.unknown"),
        ({"date_format": "%d"}, "intake.map.bad_value"),
        ({"encoding": "klingon"}, "intake.map.bad_value"),
        ({"columns": {"title": 4}}, "intake.map.bad_value"),
        ({"values": {"category": "x"}}, "intake.map.bad_value"),
    ],
)
def test_a_bad_map_says_what_is_wrong(change: dict[str, Any], key: str) -> None:
    good = {"key": "id", "date_format": "%d.%m.%Y", "columns": {"title": "name"}, "fixed": {"court": "north"}}
    make_map(good, "map.toml")
    with pytest.raises(BadInput) as fault:
        make_map({**good, **change}, "map.toml")
    assert fault.value.key == key


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared register is not here")
def test_a_real_register_comes_in_whole(desk: Desk) -> None:
    desk.write("map.toml", (REAL / "dockets.map.toml").read_bytes())
    answer = desk.take(REAL / "dockets.csv")
    assert (answer["imported"], answer["updated"], answer["refused"]) == (10_079, 0, [])
    assert len(answer["warnings"]) == 30
    cases = desk.cases()
    assert cases["1946-001-01"].title.startswith("HALLIBURTON OIL WELL CEMENTING CO. v. WALKER et al.")
    assert (cases["1946-001-01"].heard_on, cases["1946-001-01"].category) == (date(1946, 1, 9), "economic activity")
    assert max(len(case.title) for case in cases.values()) == 232
    again = desk.take(REAL / "dockets.csv")
    assert (again["imported"], again["updated"]) == (0, 10_079)
