"""Tables as offices write them: whatever the column order, separator, quotes and letters, and a fault hurts only its
own row."""

from __future__ import annotations

from pathlib import Path

import pytest

from judge_desk.analytics.pool_files import read_conflicts, read_judges
from judge_desk.analytics.rating_files import read_groups, read_ratings
from judge_desk.domain.errors import BadInput, BadRow
from judge_desk.domain.ratings import Rating

GOOD = (Rating("Судья А", "R; 1", "C1", 3.0), Rating("Судья Ә", "R2", "C1", 2.5))
WRITTEN = {
    "plain": "subject,rater,criterion,score\nСудья А,R; 1,C1,3\nСудья Ә,R2,C1,2.5\n",
    "turned, quoted, semicolon, comma": 'Score;Criterion;rater;SUBJECT\r\n3;C1;"R; 1";Судья А\r\n"2,5";C1;R2;Судья Ә',
    "tabs and blank lines": "\n\nsubject\trater\tcriterion\tscore\n\nСудья А\tR; 1\tC1\t3\n\nСудья Ә\tR2\tC1\t2.5",
    "more columns": 'n,note,subject,rater,criterion,score\n1,"two\nlines",Судья А,R; 1,C1,3\n2,,Судья Ә,R2,C1,2.5\n',
    "other words": "ratee,reviewer,item,rating\nСудья А,R; 1,C1,3\nСудья Ә,R2,C1,2.5\n",
}


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "ratings.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_all_ways_to_write_a_table_read_alike(tmp_path: Path, name: str, encoding: str) -> None:
    read = read_ratings(written(tmp_path, WRITTEN[name], encoding))
    assert (read.ratings, read.refused) == (GOOD, ())


def test_a_russian_office_file_is_read(tmp_path: Path) -> None:
    text = "субъект;рецензент;критерий;оценка\nСудья Б;Р1;К1;4\n"
    assert read_ratings(written(tmp_path, text, "cp1251")).ratings == (Rating("Судья Б", "Р1", "К1", 4.0),)


def test_each_fault_is_named_by_line_and_field_and_hurts_nobody_else(tmp_path: Path) -> None:
    lines = [
        "subject,rater,criterion,score,act",
        "a,x,c,3,1",
        ",x,c,3,1",
        "b,x,c,many,1",
        'b,"x,c,3,1',
        "b,x,c,,1",
        "b,x,c,NA,1",
        "b,x,c,3,1",
        "b,x,c,4,1",
        "b,x,c,4,2",
        "c,x,c,3,5,1",
        "c,x",
        "c,x,c,inf,1",
        "c,x,c,1_0,1",
    ]
    read = read_ratings(written(tmp_path, "\n".join(lines)))
    assert read.ratings == (Rating("a", "x", "c", 3, "1"), Rating("b", "x", "c", 3, "1"), Rating("b", "x", "c", 4, "2"))
    assert read.missing == 2
    found = [(each.line, each.field, each.key.removeprefix("ratings.row.")) for each in read.refused]
    assert found == [
        (3, "subject", "empty"),
        (4, "score", "number"),
        (5, "act", "broken"),
        (9, "score", "twice"),
        (11, "act", "broken"),
        (12, "criterion", "empty"),
        (13, "score", "number"),
        (14, "score", "number"),
    ]
    assert {each.file for each in read.refused} == {"ratings.csv"}


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_an_empty_file_says_so(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput, match=r"ratings\.file\.empty"):
        read_ratings(written(tmp_path, text))


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadRow) as caught:
        read_ratings(written(tmp_path, "subject,rater,score\na,b,1\n"))
    assert (caught.value.field, caught.value.line) == ("criterion", 1)
    with pytest.raises(BadInput, match="unreadable"):
        read_ratings(tmp_path / "none.csv")


def test_groups_are_columns_beside_the_id(tmp_path: Path) -> None:
    groups, refused = read_groups(written(tmp_path, "id;region;sex\na;north;f\nb;south;\n;south;m\n"))
    assert groups == {"region": {"a": "north", "b": "south"}, "sex": {"a": "f"}}
    assert [(each.line, each.field) for each in refused] == [(4, "id")]


def test_judges_and_conflicts(tmp_path: Path) -> None:
    judges = "load,judge,court,languages,due\n4,a,A,kk/ru,yes\n,b,B,ru,no\nx,c,C,,yes\n,d,D,,perhaps\n,a,A,,yes\n"
    members, refused = read_judges(written(tmp_path, judges))
    assert [(each.id, each.load, set(each.languages), each.is_subject) for each in members] == [
        ("a", 4, {"kk", "ru"}, True),
        ("b", None, {"ru"}, False),
    ]
    assert [(each.line, each.field) for each in refused] == [(4, "load"), (5, "due"), (6, "judge")]
    conflicts, refused = read_conflicts(written(tmp_path, "p,q,why\na,b,kin\na,zz,kin\n"), members)
    assert [(each.one, each.other) for each in conflicts] == [("a", "b")]
    assert [(each.line, each.field) for each in refused] == [(3, "q")]
