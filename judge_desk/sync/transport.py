"""The hub over HTTP: the only file of the desk that speaks to the network, and the last gate a secret draft would
meet."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar
from urllib.parse import urlsplit

import msgspec

from judge_desk.domain.drafts import Secrecy
from judge_desk.domain.errors import BadInput, HubProblem, HubRefused, HubUnreachable, HubVersion, Secret
from judge_desk.domain.kinds import Kind
from judge_desk.protocol import feed, http, limits
from judge_desk.protocol.api import (
    EnrolAnswer,
    EnrolRequest,
    Refusal,
    SessionAnswer,
    SessionRequest,
    UploadState,
    VersionAnswer,
)
from judge_desk.protocol.codes import Code
from judge_desk.protocol.feed import End, Line, PullRequest
from judge_desk.protocol.operations import Operation, PushAnswer, PushRequest, Result
from judge_desk.protocol.version import HEADER, PROTOCOL

if TYPE_CHECKING:
    import httpx2

CONNECT_SECONDS, ANSWER_SECONDS = 10.0, 30.0
T = TypeVar("T")
Signer = Callable[[datetime | None], SessionRequest]
"""Signs a request for a session at a given moment: the hub's, for a PC whose clock is a day off; None: this PC's."""


LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Traffic:
    """Bytes and round trips since the engine last asked."""

    def __init__(self) -> None:
        self.bytes_in = self.bytes_out = self.round_trips = 0

    def take(self) -> tuple[int, int, int]:
        taken = (self.bytes_in, self.bytes_out, self.round_trips)
        self.bytes_in = self.bytes_out = self.round_trips = 0
        return taken


class HttpHub:
    """protocol.api.HubApi over HTTP. ``signer`` is None before the device is enrolled.

    Each call raises HubUnreachable, for an address that is none too.
    """

    def __init__(self, url: str, signer: Signer | None = None, *, authority: Path | None = None) -> None:
        self.traffic = Traffic()
        self._signer = signer
        self._token = ""
        self._url = url.rstrip("/")
        self._authority = authority

    @cached_property
    def _client(self) -> httpx2.Client:
        """Made for the first request: its library takes longer to load than a window takes to open."""
        import httpx2

        if not is_private_road(self._url):
            raise BadInput("errors.hub_cleartext")
        try:
            return httpx2.Client(
                base_url=self._url,
                timeout=httpx2.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
                headers={HEADER: str(PROTOCOL)},
                verify=_trust(self._authority) if self._url.startswith("https") else False,
                follow_redirects=False,
                trust_env=False,
            )
        except httpx2.InvalidURL:
            raise HubUnreachable from None

    def close(self) -> None:
        if "_client" in vars(self):
            self._client.close()

    def version(self) -> VersionAnswer:
        return self._json("GET", http.VERSION, None, VersionAnswer, signed=False)

    def enrol(self, request: EnrolRequest) -> EnrolAnswer:
        return self._json("POST", http.DEVICES, msgspec.json.encode(request), EnrolAnswer, signed=False)

    def push(self, operations: Iterable[Operation]) -> tuple[Result, ...]:
        batch = tuple(operations)
        for operation in batch:
            _refuse_secret(operation)
        answer = self._json("POST", http.PUSH, msgspec.json.encode(PushRequest(batch)), PushAnswer)
        return answer.results

    def pull(self, request: PullRequest) -> Iterator[tuple[Line, bytes]]:
        """Lines as they come; a stream without its End raises HubUnreachable, so that a cut is never taken for all."""
        ended = False
        with self._stream("POST", http.PULL, msgspec.json.encode(request)) as response:
            try:
                for line, body in feed.read(self._lines(response)):
                    ended = isinstance(line, End)
                    yield line, body
            except (msgspec.DecodeError, ValueError):
                raise HubProblem("errors.hub_nonsense") from None
        if not ended:
            raise HubUnreachable("errors.hub_cut")

    def download(self, sha256: str, offset: int = 0) -> Iterator[bytes]:
        headers = {"range": f"bytes={offset}-"} if offset else {}
        with self._stream("GET", http.blob_path(sha256), b"", headers) as response:
            if offset and response.status_code != HTTPStatus.PARTIAL_CONTENT:
                raise HubProblem("errors.hub_nonsense")
            for chunk in response.iter_bytes(1 << 18):
                self.traffic.bytes_in += len(chunk)
                yield chunk

    def upload_state(self, sha256: str, size: int, scope: str) -> UploadState:
        asked = msgspec.json.encode(http.UploadRequest(sha256=sha256, size=size, scope=scope))
        return self._json("POST", http.BLOBS, asked, UploadState)

    def upload_part(self, sha256: str, number: int, part: bytes) -> None:
        self._send("PUT", http.part_path(sha256, number), part, {http.PART_HASH: hashlib.sha256(part).hexdigest()})

    def upload_done(self, sha256: str) -> None:
        self._send("POST", http.done_path(sha256), b"")

    def upload(self, sha256: str, size: int, scope: str, content: BinaryIO) -> None:
        state = self.upload_state(sha256, size, scope)
        if state.complete:
            return
        for number in state.missing:
            content.seek(number * limits.PART_BYTES)
            self.upload_part(sha256, number, content.read(limits.PART_BYTES))
        self.upload_done(sha256)

    def _json(self, method: str, path: str, body: bytes | None, answer: type[T], *, signed: bool = True) -> T:
        content = self._send(method, path, body or b"", signed=signed)
        try:
            return msgspec.json.decode(content, type=answer)
        except msgspec.DecodeError:
            raise HubProblem("errors.hub_nonsense") from None

    def _send(
        self, method: str, path: str, body: bytes, headers: dict[str, str] | None = None, *, signed: bool = True
    ) -> bytes:
        with self._stream(method, path, body, headers, signed=signed) as response:
            content = b"".join(response.iter_bytes())
            self.traffic.bytes_in += len(content)
            return content

    @contextmanager
    def _stream(
        self, method: str, path: str, body: bytes, headers: dict[str, str] | None = None, *, signed: bool = True
    ) -> Iterator[httpx2.Response]:
        """A good answer, open; everything else as one of our errors. An expired session is renewed once."""
        import httpx2

        for attempt in (1, 2):
            sent = {**(headers or {}), **(self._authorisation() if signed else {})}
            self.traffic.round_trips += 1
            self.traffic.bytes_out += len(body)
            try:
                with self._client.stream(method, path, content=body, headers=sent) as response:
                    if response.is_success:
                        yield response
                        return
                    refusal = _refusal(response)
            except httpx2.HTTPError:
                raise HubUnreachable from None
            if not (signed and attempt == 1 and refusal.code == Code.TOKEN_EXPIRED):
                raise _error(refusal)
            self._token = ""

    def _authorisation(self) -> dict[str, str]:
        if not self._token and self._signer is not None:
            try:
                self._token = self._session(None)
            except HubRefused as refusal:
                if refusal.code != Code.TOKEN_EXPIRED:
                    raise
                # Our clock is off: sign for the hub's time instead. The person is told elsewhere (SignIn.hub_heard).
                self._token = self._session(self.version().hub_time)
        return {"authorization": f"Bearer {self._token}"}

    def _session(self, at: datetime | None) -> str:
        assert self._signer is not None
        request = msgspec.json.encode(self._signer(at))
        return self._json("POST", http.SESSION, request, SessionAnswer, signed=False).token

    def _lines(self, response: httpx2.Response) -> Iterator[bytes]:
        """Whole lines only: what stands behind the last line end was cut off."""
        rest = b""
        for chunk in response.iter_bytes():
            self.traffic.bytes_in += len(chunk)
            *lines, rest = (rest + chunk).split(b"\n")
            yield from lines


def is_private_road(url: str) -> bool:
    """Whether nobody on the way can read along: TLS, or a hub on this very machine (the demo, a tunnel)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return True  # no address at all: the client will say so
    return parts.scheme != "http" or parts.hostname in LOOPBACK


def _trust(authority: Path | None) -> ssl.SSLContext:
    """The system's trust store, and the court's own authority where one was installed."""
    import truststore  # 20 ms that a desk without TLS (the demo) need not spend

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if authority is not None:
        context.load_verify_locations(authority)
    return context


class _SecrecyOf(msgspec.Struct):
    secrecy: str = ""


def _refuse_secret(operation: Operation) -> None:
    """A deliberation draft leaves the desk in no form, whatever put it here; raises Secret."""
    if operation.kind is not Kind.DRAFT or bytes(operation.body) == b"null":
        return
    if msgspec.json.decode(operation.body, type=_SecrecyOf).secrecy == Secrecy.DELIBERATION:
        raise Secret


def _refusal(response: httpx2.Response) -> Refusal:
    try:
        return msgspec.json.decode(response.read(), type=Refusal)
    except msgspec.DecodeError:
        return Refusal(
            code=Code.INTERNAL if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR else Code.BAD_REQUEST
        )


def _error(refusal: Refusal) -> HubProblem:
    if refusal.code in (Code.OLD_PROTOCOL, Code.NEW_PROTOCOL):
        return HubVersion(f"errors.hub_version.{refusal.code}")
    if refusal.code == Code.INTERNAL:
        return HubUnreachable("errors.hub_internal")
    return HubRefused(refusal.code, retry_after=refusal.retry_after)
