"""Finds the line of a JSON file on which a value stands, so that an error can name it."""

from __future__ import annotations

import json
import re

_BLANK = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_SCALAR = re.compile(r"[^\s,\]}]+")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")


def line_of(text: str, path: str) -> int:
    """The line (from 1) of the value at a path like ``$.case.parties[2].role``; of its nearest parent that exists.

    ``text`` must be valid JSON. A step ``[...]`` (a place that the decoder did not number) ends the search.
    """
    steps = [name or number for name, number in _STEP.findall(path)]
    position = _skip(text, 0)
    for step in steps:
        found = _child(text, position, step)
        if found is None:
            break
        position = found
    return text.count("\n", 0, position) + 1


def fault_line(text: str) -> int:
    """The line of the first fault of a text that is no JSON; 0 when it is."""
    try:
        json.loads(text)
    except json.JSONDecodeError as fault:
        return fault.lineno
    except (RecursionError, ValueError):  # too deep, or a number of thousands of digits
        return 1
    return 0


def _skip(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return match.end() if match else position


def _child(text: str, position: int, step: str) -> int | None:
    """Where the member or element begins; None when there is none."""
    opened = text[position : position + 1]
    if opened not in ("{", "["):
        return None
    index, position = 0, _skip(text, position + 1)
    while text[position] not in "}]":
        name = str(index)
        if opened == "{":
            end = _end(text, position)
            name, position = json.loads(text[position:end]), _skip(text, _skip(text, end) + 1)
        if name == step:
            return position
        position = _skip(text, _end(text, position))
        if text[position] == ",":
            position = _skip(text, position + 1)
        index += 1
    return None


def _end(text: str, position: int) -> int:
    """The place after the value that begins at ``position``."""
    if text[position] not in "{[":
        match = (_STRING if text[position] == '"' else _SCALAR).match(text, position)
        return match.end() if match else position + 1
    depth = 0
    while True:
        letter = text[position]
        if letter == '"':
            position = _end(text, position)
            continue
        depth += (letter in "{[") - (letter in "}]")
        position += 1
        if depth == 0:
            return position
