"""Acts in files: read and checked, and written beside their place first, so that nothing half-made bears a name."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from judge_desk.cli.answer import Exit
from judge_desk.domain.acts import ActText, PartKind, check_act
from judge_desk.domain.errors import BadInput
from judge_desk.protocol import codec

MOST_BYTES = 64 * 1024 * 1024
WORD = frozenset({".docx", ".docm"})


def read_act(path: Path, *, in_order: bool = True) -> ActText:
    """The act in a file, JSON or .docx; raises BadInput for what is none. Not ``in_order``: its parts may stand in a
    wrong order."""
    data = read_bytes(path)
    if path.suffix.lower() in WORD:
        from judge_desk.drafting.docx_in import read_docx

        return read_docx(data).act
    act = codec.decode_as(ActText, data)
    parts = sorted(act.parts, key=lambda part: list(PartKind).index(part.kind))
    check_act(act if in_order else replace(act, parts=tuple(parts)))
    return act


def read_bytes(path: Path) -> bytes:
    """The bytes of a file; raises BadInput for one that is too large or cannot be read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput("drafting.bad.file_size", file=path.name)
        return path.read_bytes()
    except OSError:
        raise BadInput("drafting.bad.file", file=path.name) from None


def write_file(path: Path, body: bytes) -> None:
    """Write beside the target and rename, so that nothing half-made ever bears its name."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        scratch.write_bytes(body)
        scratch.replace(path)
    except OSError:
        scratch.unlink(missing_ok=True)
        raise BadInput("drafting.bad.not_written", file=path.name) from None


def print_answer(arguments: argparse.Namespace, answer: dict[str, Any]) -> int:
    """The whole answer as JSON, or just where the result lies."""
    if arguments.json:
        print(json.dumps(answer, ensure_ascii=False))
    else:
        print(answer["out"])
    return Exit.DONE
