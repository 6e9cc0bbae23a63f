"""The project's own source as data: files, syntax trees, definitions with their length."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "judge_desk"


@dataclass(frozen=True, slots=True)
class Definition:
    """A function, a class or a whole file, with its length in lines."""

    place: str
    kind: str
    lines: int


@cache
def package_files() -> tuple[Path, ...]:
    """Every Python file of the package, and the installer's script."""
    return (*sorted(PACKAGE.rglob("*.py")), *ROOT.glob("build_installer.py"))


@cache
def test_files() -> tuple[Path, ...]:
    """Every Python file of the tests."""
    return tuple(sorted((ROOT / "tests").rglob("*.py")))


@cache
def tracked_files() -> tuple[str, ...]:
    """Names of all files in the repository, relative to its top; empty outside a clone."""
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    return tuple(listing.stdout.splitlines())


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name(path: Path) -> str:
    """The path as reports show it."""
    return path.relative_to(ROOT).as_posix()


def definitions(path: Path) -> Iterator[Definition]:
    """The file itself and every function and class in it, nested ones too."""
    yield Definition(name(path), "file", len(path.read_text(encoding="utf-8").splitlines()))
    for node in ast.walk(tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            kind = "class" if isinstance(node, ast.ClassDef) else "function"
            yield Definition(f"{name(path)}::{node.name}", kind, (node.end_lineno or node.lineno) - node.lineno + 1)
