"""Attachments: uploads by parts, downloads by ranges."""

from __future__ import annotations

import re
from collections.abc import Generator
from itertools import chain

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from judge_desk.hub.blobs import CHUNK_BYTES
from judge_desk.hub.refusals import Refused
from judge_desk.hub.routes.asked import answered, body_of, caller_of, hub_of
from judge_desk.hub.uploads import is_sha256
from judge_desk.protocol import limits
from judge_desk.protocol.codes import Code
from judge_desk.protocol.http import PART_HASH

_HELD_BYTES = 64 << 10
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


async def begin(request: Request) -> Response:
    hub, caller = hub_of(request), caller_of(request)
    body = await body_of(request, 16 << 10)
    return answered(await hub.run(hub.uploads.begin, caller, body))


async def part(request: Request) -> Response:
    hub, caller, sha256 = hub_of(request), caller_of(request), _sha256(request)
    content = await body_of(request, limits.PART_BYTES)
    number = request.path_params["number"]
    await hub.with_files(hub.uploads.part, caller, sha256, number, content, request.headers.get(PART_HASH, ""))
    return Response(status_code=204)


async def done(request: Request) -> Response:
    hub, caller = hub_of(request), caller_of(request)
    await hub.with_files(hub.uploads.done, caller, _sha256(request))
    return Response(status_code=204)


async def held(request: Request) -> Response:
    hub, caller = hub_of(request), caller_of(request)
    return answered(await hub.with_files(hub.uploads.held, caller, await body_of(request, _HELD_BYTES)))


async def download(request: Request) -> Response:
    """The file, or the range of it that was asked for; GET and HEAD."""
    return await hub_of(request).with_files(_answer, request)


def _answer(request: Request) -> Response:
    """What is asked for, with its first bytes at hand: where there are no more, one turn of a thread is all it takes,
    and where they cannot be read, the desk is told so and not only cut off."""
    uploads, caller, sha256 = hub_of(request).uploads, caller_of(request), _sha256(request)
    size = uploads.find(caller, sha256)
    etag = f'"{sha256}"'
    headers = {"accept-ranges": "bytes", "etag": etag, "cache-control": "private, no-store"}
    asked = request.headers.get("range", "")
    whole = request.headers.get("if-range", etag) != etag
    span = None if whole else _span(asked, size)
    if span is not None and span[0] >= span[1]:
        return Response(status_code=416, headers={**headers, "content-range": f"bytes */{size}"})
    start, end = span or (0, size)
    headers["content-length"] = str(end - start)
    if span is not None:
        headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
    status, media_type = (206 if span else 200), "application/octet-stream"
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=media_type)
    chunks = uploads.read(caller, sha256, start, end)
    first = next(chunks, b"")
    if end - start <= CHUNK_BYTES:
        return Response(first + b"".join(chunks), status, headers, media_type)
    return _Download(first, chunks, status, headers, media_type)


class _Download(StreamingResponse):
    """Closes what it reads from also when the desk hangs up in the middle, and not when a collector comes by."""

    def __init__(
        self,
        first: bytes,
        chunks: Generator[bytes, None, None],
        status: int,
        headers: dict[str, str],
        media_type: str,
    ) -> None:
        super().__init__(chain((first,), chunks), status, headers, media_type)
        self._chunks = chunks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._chunks.close()


def _sha256(request: Request) -> str:
    sha256: str = request.path_params["sha256"]
    if not is_sha256(sha256):
        raise Refused(Code.NOT_FOUND)
    return sha256


def _span(asked: str, size: int) -> tuple[int, int] | None:
    """The bytes of a single range as (from, up to); None for the whole file, also where the header makes no sense."""
    found = _RANGE.fullmatch(asked.strip())
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        return max(0, size - int(found[2])), size
    end = min(int(found[2]) + 1, size) if found[2] else size
    start = int(found[1])
    return None if found[2] and int(found[2]) < start else (start, end)
