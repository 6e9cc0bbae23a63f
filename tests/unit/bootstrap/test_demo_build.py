"""The folder of another build's demo is told from one of this build before anything opens it."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from judge_desk.bootstrap import demo_build
from judge_desk.bootstrap.demo_files import ACCOUNTS
from judge_desk.domain.errors import BadInput
from judge_desk.store import bodies, tables


def fill(folder: Path) -> None:
    """As the demo's hub does."""
    (folder / ACCOUNTS).write_text("{}")


def test_a_new_folder_is_marked_and_opens_again(tmp_path: Path) -> None:
    demo_build.require(tmp_path)
    fill(tmp_path)
    demo_build.require(tmp_path)


def test_a_start_that_was_cut_off_before_the_court_was_made_goes_on(tmp_path: Path) -> None:
    demo_build.require(tmp_path)
    demo_build.require(tmp_path)


def test_a_folder_from_before_builds_were_marked_is_refused(tmp_path: Path) -> None:
    fill(tmp_path)
    with pytest.raises(BadInput, match=r"demo\.other_build"):
        demo_build.require(tmp_path)


@pytest.mark.parametrize("what", ["column", "index", "dictionary"])
def test_another_look_of_the_tables_is_another_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    demo_build.require(tmp_path)
    fill(tmp_path)
    other = sa.MetaData()
    for table in tables.metadata.sorted_tables:
        table.to_metadata(other)
    if what == "column":
        other.tables["meta"].append_column(sa.Column("more", sa.Text))
    elif what == "index":
        sa.Index("more", other.tables["meta"].c.value)
    else:
        monkeypatch.setattr(bodies, "DICTIONARY", "x" * 100)
    monkeypatch.setattr(tables, "metadata", other)
    with pytest.raises(BadInput, match=r"demo\.other_build"):
        demo_build.require(tmp_path)
