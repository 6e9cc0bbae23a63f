"""Which text keys the code names: literals, and patterns whose parts come from an enum or a declared list."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from judge_desk.domain import errors
from judge_desk.i18n import catalogs
from tests.architecture import source

CALLS = {"t": 0, "text": 0, "plural": 0, "translator": 0, "_t": 0, "say": 1}
HOLE = "{}"
FILE_ENDINGS = {
    "json",
    "jsonl",
    "toml",
    "txt",
    "csv",
    "xlsx",
    "zip",
    "pdf",
    "docx",
    "xml",
    "ics",
    "db",
    "py",
    "log",
    "html",
}


@dataclass(frozen=True, slots=True)
class Use:
    """One place that names a key; `params` are the names it passes, None where the place does not show them."""

    key: str
    place: str
    params: frozenset[str] | None = None


@cache
def messages() -> dict[str, dict[str, catalogs.Message]]:
    """Language to key to message."""
    return {
        language: {message.key: message for message in catalogs.read_language(language)}
        for language in catalogs.LANGUAGES
    }


@cache
def areas() -> frozenset[str]:
    """The first words of all keys."""
    return frozenset(key.split(".")[0] for texts in messages().values() for key in texts) | {"errors", "word"}


def looks_like_key(text: str) -> bool:
    """Whether a string could be meant as one of our keys."""
    head, _, rest = text.partition(".")
    if rest.rpartition(".")[2] in FILE_ENDINGS:
        return False
    return bool(rest) and head in areas() and re.fullmatch(r"[a-z0-9_{}]+(\.[a-z0-9_{}]+)*", rest) is not None


@cache
def uses() -> tuple[Use, ...]:
    """Every key and pattern in the package."""
    return tuple(use for path in source.package_files() for use in _uses_in(path))


def _uses_in(path: Path) -> Iterator[Use]:
    called: set[int] = set()
    for node in ast.walk(source.tree(path)):
        if isinstance(node, ast.Call):
            argument = _key_argument(node)
            key = _key_of(argument)
            if argument is not None and key is not None:
                called.add(id(argument))
                yield Use(key, f"{source.name(path)}:{node.lineno}", _params(node))
    for node in ast.walk(source.tree(path)):
        key = _key_of(node)
        if key is not None and id(node) not in called and isinstance(node, (ast.Constant, ast.JoinedStr)):
            yield Use(key, f"{source.name(path)}:{node.lineno}")


def _key_argument(call: ast.Call) -> ast.expr | None:
    function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    position = CALLS.get(function, 0 if function in _error_names() else None)
    if position is None or len(call.args) <= position:
        return None
    return call.args[position]


@cache
def _error_names() -> frozenset[str]:
    return frozenset(
        name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, errors.KnownError)
    )


def _key_of(node: ast.AST | None) -> str | None:
    """The key, with `{}` for each part that is computed; None where the string is not one of ours."""
    text = ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    elif isinstance(node, ast.JoinedStr):
        text = "".join(str(part.value) if isinstance(part, ast.Constant) else HOLE for part in node.values)
    return text if looks_like_key(text) else None


def _params(call: ast.Call) -> frozenset[str] | None:
    names = [keyword.arg for keyword in call.keywords]
    if None in names:
        return None
    function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = {name for name in names if name is not None}
    if function == "plural":
        given.add("n")
    if function == "BadRow":
        given |= {"file", "line", "field"}
    if function == "HubRefused":
        given.add("code")
    return frozenset(given)
