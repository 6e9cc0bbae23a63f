"""Writes hearings as an iCalendar file, so that a judge's telephone or mail program can show them (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from judge_desk.domain.hearings import Hearing

_LINE_BYTES = 75


def calendar_text(hearings: Iterable[tuple[Hearing, str]], made_at: datetime) -> str:
    """Each hearing with its case's number; lines end in CR LF and are folded at 75 bytes. ``made_at`` is aware."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Judge Desk//Hearings//EN", "CALSCALE:GREGORIAN"]
    for hearing, number in hearings:
        lines += _event(hearing, number, made_at)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(hearing: Hearing, number: str, made_at: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{hearing.id}@judge-desk",
        f"DTSTAMP:{_moment(made_at)}",
        f"DTSTART:{_moment(hearing.starts_at)}",
        f"DTEND:{_moment(hearing.ends_at)}",
        f"SUMMARY:{_escaped(number)}",
        f"LOCATION:{_escaped(hearing.room)}",
        "STATUS:CONFIRMED",
        "CLASS:CONFIDENTIAL",
        "END:VEVENT",
    ]


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "")):
        text = text.replace(plain, escaped)
    return text


def _folded(line: str) -> Iterator[str]:
    """No piece longer than 75 bytes, none cut within a letter; each further piece begins with a space."""
    piece, length = "", 0
    for letter in line:
        size = len(letter.encode())
        if length + size > _LINE_BYTES:
            yield piece
            piece, length = " ", 1
        piece += letter
        length += size
    yield piece
