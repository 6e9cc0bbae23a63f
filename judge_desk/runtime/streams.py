"""Standard input and output in UTF-8 on every system: Windows gives a pipe the old page of its language, and no such
page has both Kazakh and Russian letters."""

from __future__ import annotations

import sys
from io import TextIOWrapper


def speak_utf8() -> None:
    """Before the first word of a program. A window's program has no streams, and a test's are its own: both stay."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.encoding.lower().replace("-", "") != "utf8":
            stream.reconfigure(encoding="utf-8")
