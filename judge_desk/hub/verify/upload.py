"""Reads the form as it arrives: the code, and the hash of the file; no byte of the file is kept or written anywhere."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

MOST_FILE = 64 << 20
MOST_CODE = 400
SECONDS = 120


class TooLarge(Exception):
    """More was sent than an act can be."""


class BrokenForm(Exception):
    """What came is no form, or it stopped coming."""


@dataclass(slots=True)
class Asked:
    """``sha256`` is empty when no file was sent."""

    code: str = ""
    sha256: str = ""


async def read_form(request: Request) -> Asked:
    """Raises TooLarge, BrokenForm."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise BrokenForm
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > MOST_FILE + 10_000:
        raise TooLarge
    form = _Form(boundary)
    try:
        async with asyncio.timeout(SECONDS):
            async for chunk in request.stream():
                form.take(chunk)
    except (TimeoutError, ClientDisconnect):
        raise BrokenForm from None
    return form.asked()


class _Form:
    """Collects what the parser hands out."""

    def __init__(self, boundary: bytes) -> None:
        self._name = b""
        self._header, self._value = b"", b""
        self._code = bytearray()
        self._file = hashlib.sha256()
        self._size = 0
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._header_field,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_end,
                    "on_part_data": self._data,
                },
            )
        except FormParserError:
            raise BrokenForm from None

    def take(self, chunk: bytes) -> None:
        try:
            self._parser.write(chunk)
        except FormParserError:
            raise BrokenForm from None

    def asked(self) -> Asked:
        """The form once all of it is here."""
        code = self._code.decode("utf-8", "replace")
        return Asked(code=code, sha256=self._file.hexdigest() if self._size else "")

    def _begin(self) -> None:
        self._name, self._header, self._value = b"", b"", b""

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end][:1000]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end][:1000]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(self._value)
            self._name = options.get(b"name", b"")
        self._header, self._value = b"", b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._name == b"file":
            self._size += end - start
            if self._size > MOST_FILE:
                raise TooLarge
            self._file.update(data[start:end])
        elif self._name == b"code":
            self._code += data[start:end]
            if len(self._code) > MOST_CODE:
                raise BrokenForm
