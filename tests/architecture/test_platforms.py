"""What is set aside on Windows exists, has a counterpart that exists, and nothing is left out in silence on Linux."""

import ast

import pytest

from tests.architecture import source
from tests.platforms import APART_ON_WINDOWS, Apart, apart_on_windows


def functions(path: str) -> set[str]:
    tree = source.tree(source.ROOT / path)
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("group", APART_ON_WINDOWS, ids=lambda group: group.why[:30])
def test_every_group_names_tests_that_exist_and_what_stands_in_for_them(group: Apart) -> None:
    assert group.places or group.fixtures
    for place in group.places:
        path, _, name = place.partition("::")
        assert (source.ROOT / path).is_file()
        assert not name or name in functions(path)
    fixtures = {name for path in source.test_files() for name in functions(source.name(path))}
    assert {*group.fixtures} <= fixtures
    for place in group.instead:
        assert (source.ROOT / place).exists()
        assert place not in group.places


def test_a_test_is_found_by_file_by_name_and_by_fixture() -> None:
    day = apart_on_windows("tests/e2e/test_day.py::test_a_day")
    assert day is not None
    assert "xdotool" in day.why
    token = apart_on_windows("tests/unit/x.py::test_y", ["tmp_path", "drawer"])
    assert token is not None
    assert "SoftHSM" in token.why
    assert apart_on_windows("tests/unit/domain/test_terms.py::test_x", ["tmp_path"]) is None


def test_a_missing_program_is_an_error_and_no_reason_to_skip() -> None:
    """Set-up brings what tests need; a skip for want of it would hide that it did not."""
    skips = {"pytest.mark.skipif", "pytest.importorskip"}
    asking = []
    for path in source.test_files():
        calls = [node for node in ast.walk(source.tree(path)) if isinstance(node, ast.Call)]
        for call in calls:
            words = ast.unparse(call)
            if ast.unparse(call.func) in skips and ("which(" in words or "importorskip" in words):
                asking.append(f"{source.name(path)}:{call.lineno}")
    assert asking == []
