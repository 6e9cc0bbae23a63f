"""Acts in files: read and checked, and written beside their place first, so that nothing half-made bears a name."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

from judge_desk.cli.answer import Exit
from judge_desk.domain.acts import ActText, check_act
from judge_desk.domain.errors import BadInput
from judge_desk.protocol import codec

MOST_BYTES = 64 * 1024 * 1024


def read_act(path: Path) -> ActText:
    """The act in a file; raises BadInput for what is none."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput("drafting.bad.file_size", file=path.name)
        act = codec.decode_as(ActText, path.read_bytes())
    except OSError:
        raise BadInput("drafting.bad.file", file=path.name) from None
    check_act(act)
    return act


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
