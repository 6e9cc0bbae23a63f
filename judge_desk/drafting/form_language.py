"""What a form may say beyond plain slots: conditions and loops in Jinja2, fenced in and counted.

A form may come from anybody, so three walls stand around it. Only a short list of the language's constructions is let
through when the form is read; what is let through runs in Jinja's sandbox, where no attribute can be read but the parts
of a fact; and every turn of a loop and every letter of the result is counted while it runs.

A fact that is printed becomes a mark in the output, not text, so that the act knows which words are whose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, nodes, pass_context
from jinja2.exceptions import TemplateError, TemplateSyntaxError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

MOST_TURNS = 2_000
MOST_LETTERS = 100_000
DEEPEST = 6
OPEN, CLOSE = "\ue000", "\ue001"
MARKED = re.compile(rf"{OPEN}([^{OPEN}{CLOSE}]*)#(\d*){CLOSE}")
SLOT = re.compile(r"(?<!\{)\{([a-z][a-z_]*(?:\.[a-z][a-z_]*)?)\}(?!\})")
_CODE = re.compile(r"\{\{|\{%|\{#")
_ALLOWED: tuple[type[nodes.Node], ...] = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Name, nodes.Getattr, nodes.Const),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr),
)
MANY, WOMAN = "many", "woman"
"""Parts of every fact that names people: whether several are named, and whether the one who is named is a woman."""
_LOOP_PARTS = frozenset({"index", "first", "last", "length"})


class FormFault(Exception):
    """A form that cannot be used: ``reason`` is syntax, forbidden, unknown or too_long; ``line`` counts from 1."""

    def __init__(self, reason: str, line: int = 1, word: str = "") -> None:
        super().__init__(reason)
        self.reason, self.line, self.word = reason, line, word[:40]


def has_code(text: str) -> bool:
    """Whether a text asks for more than slots."""
    return _CODE.search(text) is not None


def check_code(text: str, slots: Mapping[str, str]) -> tuple[str, ...]:
    """Every slot that a text with code speaks of; raises FormFault for what no form may do."""
    tree = _parsed(text)
    _check_depth(tree)
    found: list[str] = []
    for node in _walk(tree):
        if not isinstance(node, _ALLOWED) or (isinstance(node, nodes.For) and node.recursive):
            raise FormFault("forbidden", node.lineno, type(node).__name__)
        name = _dotted(node)
        if name is None:
            continue
        root, _, part = name.partition(".")
        fact = root if part in (MANY, WOMAN) else name
        if fact not in slots:
            raise FormFault("unknown", node.lineno, name)
        found.append(fact)
    return tuple(dict.fromkeys(found))


def _check_depth(node: nodes.Node, depth: int = 0) -> None:
    """No deeper than a reader can follow; Python itself compiles twenty loops in each other and no more."""
    if depth > DEEPEST:
        raise FormFault("too_long", node.lineno)
    for child in node.iter_child_nodes():
        _check_depth(child, depth + isinstance(child, nodes.For | nodes.If | nodes.CondExpr))


def _walk(tree: nodes.Node) -> Iterator[nodes.Node]:
    """Every node, a dotted name as one; names that a loop makes are not facts."""
    own = {name.name for loop in tree.find_all(nodes.For) for name in loop.target.find_all(nodes.Name)}
    own |= {loop.target.name for loop in tree.find_all(nodes.For) if isinstance(loop.target, nodes.Name)}
    own |= {"loop"} if tree.find(nodes.For) else set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            if node.node.name == "loop" and node.attr in _LOOP_PARTS and "loop" in own:
                continue
            if node.node.name not in own:
                yield node
                continue
            raise FormFault("forbidden", node.lineno, node.attr)
        if isinstance(node, nodes.Getattr):
            raise FormFault("forbidden", node.lineno, node.attr)
        if isinstance(node, nodes.Name) and node.name in own:
            continue
        yield node
        waiting.extend(node.iter_child_nodes())


def _dotted(node: nodes.Node) -> str | None:
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return f"{node.node.name}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else None


def _parsed(text: str) -> nodes.Template:
    try:
        return _ENVIRONMENT.parse(SLOT.sub(r"{{ \1 }}", text))
    except TemplateSyntaxError as fault:
        raise FormFault("syntax", fault.lineno) from None
    except RecursionError:
        raise FormFault("too_long") from None


class Fact:
    """A fact as a form sees it: true where it is known, printed as a mark, taken apart at its semicolons."""

    __slots__ = ("_name", "_parts", "_value")

    def __init__(self, name: str, value: str = "", parts: Mapping[str, Fact] | None = None) -> None:
        self._name, self._value, self._parts = name, value, dict(parts or {})

    def __bool__(self) -> bool:
        return bool(self._value)

    def __str__(self) -> str:
        return f"{OPEN}{self._name}#{CLOSE}"

    def __eq__(self, other: object) -> bool:
        return self._value == (other._value if isinstance(other, Fact) else other)

    def __hash__(self) -> int:
        return hash(self._value)

    def __getitem__(self, part: str) -> Fact:
        return self._parts[part]

    def __iter__(self) -> Iterator[str]:
        return (f"{OPEN}{self._name}#{at}{CLOSE}" for at in range(len(pieces_of(self._value))))


def pieces_of(value: str) -> list[str]:
    """The several that one fact names: "Ахметов; Оспанова" are two."""
    return [piece.strip() for piece in value.split(";") if piece.strip()]


class _Fence(ImmutableSandboxedEnvironment):
    """The sandbox with no attribute at all but those of the loop; parts of a fact come by its index."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return isinstance(obj, LoopContext) and attr in _LOOP_PARTS


class _Count:
    def __init__(self) -> None:
        self.turns = 0


@pass_context
def _counted(context: Context, items: Any) -> Iterator[Any]:
    """Each turn of a loop of the form; raises FormFault when there have been too many in all."""
    count = context["_count"]
    for item in items:
        count.turns += 1
        if count.turns > MOST_TURNS:
            raise FormFault("too_long")
        yield item


_ENVIRONMENT = _Fence(undefined=StrictUndefined, autoescape=False, cache_size=0)
_ENVIRONMENT.globals.clear()
_ENVIRONMENT.filters.clear()
_ENVIRONMENT.filters["counted"] = _counted


@lru_cache(maxsize=512)
def _compiled(text: str) -> Template:
    tree = _parsed(text)
    for loop in tree.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, "counted", [], [], None, None, lineno=loop.lineno)
    return Template.from_code(_ENVIRONMENT, _ENVIRONMENT.compile(tree), {})


def run_code(text: str, slots: Mapping[str, str], values: Mapping[str, str]) -> str:
    """The text with marks where facts stand (see ``MARKED``); raises FormFault."""
    check_code(text, slots)
    written: list[str] = []
    letters = 0
    try:
        for piece in _compiled(text).generate(**_facts(slots, values), _count=_Count()):
            letters += len(piece)
            if letters > MOST_LETTERS:
                raise FormFault("too_long")
            written.append(piece)
    except (TemplateError, TypeError, KeyError, ValueError) as fault:
        raise FormFault("forbidden", word=type(fault).__name__) from None
    return "".join(written)


def is_true(condition: str, slots: Mapping[str, str], values: Mapping[str, str]) -> bool:
    """Whether a condition such as "claim.sum and not prosecutor" holds."""
    return run_code(f"{{% if {condition} %}}1{{% endif %}}", slots, values) == "1"


def _facts(slots: Mapping[str, str], values: Mapping[str, str]) -> dict[str, Fact]:
    roots: dict[str, dict[str, Fact]] = {}
    for slot in slots:
        root, _, part = slot.partition(".")
        parts = roots.setdefault(root, {})
        parts[MANY] = Fact(root, "1" if len(pieces_of(values.get(root, ""))) > 1 else "")
        parts[WOMAN] = Fact(root, values.get(f"{root}.{WOMAN}", ""))
        if part:
            parts[part] = Fact(slot, values.get(slot, ""))
    return {root: Fact(root, values.get(root, ""), parts) for root, parts in roots.items()}
