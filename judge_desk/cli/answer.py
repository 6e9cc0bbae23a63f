"""How a command answers: one JSON object or lines of text on stdout, messages on stderr, and a meaningful exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from judge_desk.domain.errors import BadInput, HubProblem, KnownError, NotFound


class Exit(IntEnum):
    DONE = 0
    FINDINGS = 1
    BAD_INPUT = 2
    REFUSED = 3


def print_json(value: Mapping[str, Any]) -> None:
    """One object, one line, in the letters it was written in."""
    print(json.dumps(value, ensure_ascii=False, default=str))


def message(text: str) -> None:
    print(text, file=sys.stderr)


def exit_code(error: KnownError) -> Exit:
    """2 for what the caller gave, 3 for what could not be reached or was refused."""
    if isinstance(error, BadInput | NotFound) and not isinstance(error, HubProblem):
        return Exit.BAD_INPUT
    return Exit.REFUSED
