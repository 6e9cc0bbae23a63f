"""Names that say what a thing is, a top level that stays as designed, and nothing of this machine in the repository."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture import source

TOP_LEVEL = {"judge_desk", "resources", "tests", "pyproject.toml", "build_installer.py", "README.md", "LICENSE"}
BANNED_MODULES = {"utils", "util", "helpers", "helper", "misc", "common", "manager", "managers", "tools", "lib", "base"}
BANNED_IN_CLASSES = re.compile(r"(Manager|Helper|Utils?)$")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b|raise NotImplementedError")
# A Qt class cannot be abstract: its metaclass is not ABCMeta. A migration may refuse to go back.
ABSTRACT_QT = {"judge_desk/desktop/page.py"}
FOREIGN = re.compile(
    r"(?<![\w./-])/(?:work|opt|root|home/\w+)/|files\.pythonhosted|pypi\.org|--(?:extra-)?index-url"
    r"|BEGIN [A-Z ]*PRIVATE"
)
# Where a failure of any kind is caught, logged by its id and told; nowhere else.
BLANKET_BORDERS = {"judge_desk/desktop/tasks.py", "judge_desk/sync/loop.py", "judge_desk/hub/border.py"}
TEXT_SUFFIXES = {".py", ".toml", ".md", ".po", ".txt", ".yaml", ".yml", ".json", ".qss", ".svg", ".html", ".css", ""}


def test_the_top_level_is_as_designed() -> None:
    tops = {name.split("/")[0] for name in source.tracked_files()}
    assert {top for top in tops if not top.startswith(".")} <= TOP_LEVEL


@pytest.mark.parametrize("path", source.package_files(), ids=source.name)
def test_a_module_says_what_it_is(path: Path) -> None:
    module = source.tree(path)
    assert not BANNED_MODULES & {path.stem, path.parent.name}
    if path.stem != "__init__" or module.body:
        assert ast.get_docstring(module), "each module opens with one line saying why it exists"
    classes = [node.name for node in ast.walk(module) if isinstance(node, ast.ClassDef)]
    assert [name for name in classes if BANNED_IN_CLASSES.search(name)] == []
    if source.name(path) not in ABSTRACT_QT and "versions" not in path.parts:
        assert UNFINISHED.findall(path.read_text(encoding="utf-8")) == []


def is_blanket(node: ast.AST) -> bool:
    """A handler for anything at all that does not raise it again after cleaning up."""
    if not isinstance(node, ast.ExceptHandler) or isinstance(node.body[-1], ast.Raise):
        return False
    return node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"})


def test_blanket_handlers_stand_at_the_three_borders_only() -> None:
    found = {source.name(path) for path in source.package_files() if any(map(is_blanket, ast.walk(source.tree(path))))}
    assert found <= BLANKET_BORDERS


def test_nothing_of_a_machine_or_a_registry_is_committed() -> None:
    me = source.name(Path(__file__))
    guilty: list[str] = []
    for name in source.tracked_files():
        path = source.ROOT / name
        if name == me or path.suffix not in TEXT_SUFFIXES or not path.is_file():
            continue
        match = FOREIGN.search(path.read_text(encoding="utf-8", errors="replace"))
        if match:
            guilty.append(f"{name}: {match.group()}")
    assert guilty == []


def test_mypy_reads_everything_there_is() -> None:
    project = tomllib.loads((source.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    tops = {path.relative_to(source.ROOT).parts[0] for path in (*source.package_files(), *source.test_files())}
    assert tops == set(project["tool"]["mypy"]["files"])
