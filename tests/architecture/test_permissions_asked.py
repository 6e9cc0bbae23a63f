"""A use case asks whether it may before it writes: in every function of the services, by reading them."""

from __future__ import annotations

import ast

from tests.architecture.source import PACKAGE

WRITES = frozenset({"put", "keep", "delete", "forget"})


def test_every_write_of_a_service_is_authorised_first() -> None:
    bare = []
    for path in sorted((PACKAGE / "services").glob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                asked = min(_calls(function, {"authorise"}), default=10**6)
                bare += [f"{path.name}:{line}" for line in _calls(function, WRITES, on="work") if line < asked]
    assert bare == []


def _calls(function: ast.FunctionDef, names: set[str] | frozenset[str], on: str = "") -> list[int]:
    """Lines where a method of one of these names is named; ``on`` a variable of this name."""
    return [
        node.lineno
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute)
        and node.attr in names
        and (not on or (isinstance(node.value, ast.Name) and node.value.id == on))
    ]
