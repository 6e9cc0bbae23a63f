"""Every package that pyproject declares is used, and every package that the code imports is declared."""

import ast
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import files
from pathlib import Path

from packaging.requirements import Requirement

from tests.architecture import source

# Where the distribution and its module differ.
MODULES = {
    "chunspell": ("hunspell",),
    "pyside6-essentials": ("PySide6", "shiboken6"),
    "pillow": ("PIL",),
    "jpype1": ("jpype",),
    "import-linter": ("importlinter",),
    "python-docx": ("docx",),
    "python-pkcs11": ("pkcs11",),
    "pytest-qt": ("pytestqt",),
}
# Used without an import of ours: drivers that SQLAlchemy and keyring load by name, data, plug-ins and programs.
BY_NAME = {"psycopg", "secretstorage", "sqlcipher3", "tzdata", "opendataloader-pdf", "import-linter", "mypy", "ruff"}
BY_NAME |= {"cobalt", "pytest-randomly", "pytest-xdist", "pytest-qt", "pyside6-addons"}


def declared(*extras: str) -> dict[str, tuple[str, ...]]:
    """Distribution to its modules, for the shared dependencies and the extras."""
    project = tomllib.loads((source.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    texts = [*project["dependencies"], *(text for extra in extras for text in project["optional-dependencies"][extra])]
    names = [Requirement(text).name.lower() for text in texts]
    return {name: MODULES.get(name, (name.replace("-", "_"),)) for name in names}


def imported(files: Iterable[Path]) -> dict[str, str]:
    """Top module to a file that imports it, ours and the standard library left out."""
    found: dict[str, str] = {}
    for path in files:
        for node in ast.walk(source.tree(path)):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            found.update({module.split(".")[0]: source.name(path) for module in modules})
    ours = {"judge_desk", "tests", "__future__"}
    return {name: place for name, place in found.items() if name not in sys.stdlib_module_names | ours}


def test_nothing_is_declared_that_nobody_uses() -> None:
    code, tests = imported(source.package_files()), imported(source.test_files())
    used = {*code, *tests}
    idle = [name for name, modules in declared("desktop", "hub", "test").items() if not used.intersection(modules)]
    assert sorted(set(idle) - BY_NAME) == []


def test_nothing_is_imported_that_is_not_declared() -> None:
    known = {module for modules in declared("desktop", "hub").values() for module in modules} | {"hatchling"}
    strange = {name: place for name, place in imported(source.package_files()).items() if name not in known}
    assert strange == {}


def test_the_product_stays_within_what_its_wheel_of_qt_has() -> None:
    """The tests bring the other wheel for its browser, so an import that only works with it would work here too."""
    wheel = files("PySide6-Essentials") or ()
    essentials = {path.name.split(".")[0] for path in wheel if path.suffix in {".so", ".pyd"}}
    nodes = [(node, path) for path in source.package_files() for node in ast.walk(source.tree(path))]
    strange = {
        node.module: source.name(path)
        for node, path in nodes
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("PySide6.")
        if (node.module or "").split(".")[1] not in essentials
    }
    assert "QtCore" in essentials
    assert strange == {}
