"""Topic loggers whose records hold ids, counts and short codes only; anything else is struck out before it is written.

A message is a constant English sentence with `%s` places; what fills them is let through when it is a number, a
duration, an id, an enum member or a lower-case code. Tracebacks keep types and places and lose their messages, for a
message may quote a case. There is no level at which this is lifted.
"""

import json
import logging
import os
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Final

from judge_desk.runtime import paths

ROOT: Final = "judge_desk"
TOPICS: Final = ("store", "sync", "hub", "ui", "security")
STRUCK: Final = "<struck>"
FILE_NAME: Final = "judge-desk.log"

_ID = r"[0-9abcdefghjkmnpqrstvwxyz]{26}|[0-9a-f]{8,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_CODE = r"[a-z][a-z0-9_]{0,31}(?:\.[a-z0-9_]{1,31}){0,4}"
_SAFE = re.compile(rf"(?:{_CODE})|(?:[a-z]{{2,10}}:)?(?:{_ID})")
_TEMPLATE = re.compile(r"[\x20-\x7e]{1,200}")

_Args = tuple[object, ...] | Mapping[str, object] | None


def topic(name: str) -> logging.Logger:
    """The logger of a topic: store, sync, hub, ui or security."""
    if name not in TOPICS:
        raise ValueError(f"no log topic {name!r}")
    return logging.getLogger(f"{ROOT}.{name}")


def new_log_id() -> str:
    """A short number that joins a crash banner to its place in the log, e.g. "7f3a9c01"."""
    return os.urandom(4).hex()


def is_safe(value: object) -> bool:
    """Whether a value may stand in a log: a number, date, duration, enum member, id, scope or lower-case code."""
    if value is None or isinstance(value, (bool, int, float, date, timedelta, Enum)):
        return True
    return isinstance(value, str) and _SAFE.fullmatch(value) is not None


def redacted(value: object) -> object:
    """The value itself when safe; an exception as its type and message key; else a mark that something stood there."""
    if is_safe(value):
        return value
    if isinstance(value, BaseException):
        key = getattr(value, "key", "")
        return f"{type(value).__name__}:{key}" if key and is_safe(key) else type(value).__name__
    if isinstance(value, type):
        return value.__name__
    return STRUCK


class RedactionFilter(logging.Filter):
    """Strikes out what is not safe, in place, so that no handler after it can write it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record pass, cleaned."""
        record.args = _clean(record.args)
        if not isinstance(record.msg, str) or not _TEMPLATE.fullmatch(record.msg):
            record.msg, record.args = redacted(record.msg), None
        record.stack_info = None
        if record.exc_info:
            record.exc_text = _places(record.exc_info)
            record.exc_info = None
        return True


def _clean(args: _Args) -> tuple[object, ...] | Mapping[str, object] | None:
    if isinstance(args, Mapping):
        return {name: redacted(value) for name, value in args.items()}
    return tuple(redacted(value) for value in args) if args else args


_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def _places(info: _ExcInfo) -> str:
    """Type and frames of an exception and of what caused it, without messages or source lines."""
    lines: list[str] = []
    error = info[1]
    while error is not None and len(lines) < 100:
        lines.append(str(redacted(error)))
        for frame in traceback.extract_tb(error.__traceback__):
            lines.append(f"  {_module_place(frame.filename)}:{frame.lineno} in {frame.name}")
        error = error.__cause__ or error.__context__
    return "\n".join(lines)


def _module_place(filename: str) -> str:
    """The last three parts of a path: enough to find the line, too little to name a user's folder."""
    return "/".join(Path(filename).parts[-3:])


class JsonLines(logging.Formatter):
    """A record as one JSON object: when, how bad, topic, message; what a message names by key stands beside it."""

    def format(self, record: logging.LogRecord) -> str:
        """Of a record that the filter has cleaned."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "topic": record.name,
            "message": record.getMessage(),
        }
        if isinstance(record.args, Mapping):
            line |= {name: value for name, value in record.args.items() if name not in line}
        if record.exc_text:
            line["places"] = record.exc_text.splitlines()
        return json.dumps(line, default=str, ensure_ascii=False)


def set_up(profile: Path | None, *, level: int = logging.INFO, to_stderr: bool = False, as_json: bool = False) -> None:
    """Send every topic, redacted, to a rotating file in the profile's `logs` folder (five of 1 MB) and perhaps stderr;
    ``as_json``: one JSON object a line.

    Other libraries' records (HTTP clients, SQL) are kept from WARNING up and pass the same filter.
    """
    root = logging.getLogger()
    shut_down()
    handlers: list[logging.Handler] = []
    if profile is not None:
        folder = paths.private_dir(profile / "logs")
        handlers.append(RotatingFileHandler(folder / FILE_NAME, maxBytes=1_000_000, backupCount=4, encoding="utf-8"))
    if to_stderr:
        handlers.append(logging.StreamHandler(sys.stderr))
    for handler in handlers:
        plain = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")
        handler.setFormatter(JsonLines() if as_json else plain)
        handler.addFilter(RedactionFilter())
        handler.set_name(ROOT)
        root.addHandler(handler)
    logging.getLogger(ROOT).setLevel(level)
    root.setLevel(logging.WARNING)


def shut_down() -> None:
    """Close and detach what `set_up` attached; needed before a profile is moved or deleted."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if handler.get_name() == ROOT]:
        root.removeHandler(handler)
        handler.close()
