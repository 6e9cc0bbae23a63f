"""The hub over HTTP: the only file of the desk that speaks to the network, and the last gate a secret draft would
meet."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import msgspec

from judge_desk.domain.errors import BadInput, HubProblem, HubRefused, HubUnreachable, HubVersion
from judge_desk.protocol import feed, http, manifest
from judge_desk.protocol.api import (
    EnrolAnswer,
    EnrolRequest,
    LostAnswer,
    LostRequest,
    Refusal,
    SessionAnswer,
    SessionRequest,
    UploadState,
    VersionAnswer,
    WipeOrder,
)
from judge_desk.protocol.codes import Code
from judge_desk.protocol.feed import End, Line, PullRequest
from judge_desk.protocol.leaving import Rescue, Wiped
from judge_desk.protocol.manifest import ManifestAnswer, ManifestRequest
from judge_desk.protocol.operations import Operation, PushAnswer, PushRequest, Result
from judge_desk.protocol.version import HEADER, OLDEST_SPOKEN, PROTOCOL
from judge_desk.runtime.clock import SystemClock
from judge_desk.sync import roads
from judge_desk.sync.bandwidth import PIECE_BYTES, Bandwidth
from judge_desk.sync.secrecy import refuse_secret
from judge_desk.sync.traffic import Traffic

if TYPE_CHECKING:
    import httpx2

CONNECT_SECONDS, ANSWER_SECONDS = 10.0, 30.0
PACKED_FROM = 1 << 10
HUB_FAULT = "errors.hub_internal"
"""Why a hub that was reached did not do what it was asked."""
T = TypeVar("T")
Signer = Callable[[datetime | None], SessionRequest]
"""Signs a request for a session at a given moment: the hub's, for a PC whose clock is a day off; None: this PC's."""


class ShutOut(HubRefused):
    """This device may not come any more; ``order`` is the hub's signed word to destroy what is here, if it gave one."""

    def __init__(self, order: WipeOrder | None) -> None:
        super().__init__(Code.DEVICE_REVOKED)
        self.order = order


class HttpHub:
    """protocol.api.HubApi over HTTP. ``signer`` is None before the device is enrolled; ``bandwidth`` holds files back.

    Each call raises HubUnreachable, for an address that is none too. ``recovery_key``: the court's (id, key), once a
    session was opened. ``generation`` and ``checks_all`` go with each push and pull, see sync/recovery.py.
    ``closes``: this hub was heard to know of levels, and of scopes to close.
    """

    def __init__(
        self,
        url: str,
        signer: Signer | None = None,
        *,
        authority: Path | None = None,
        bandwidth: Bandwidth | None = None,
    ) -> None:
        self.traffic = Traffic()
        self.recovery_key = ("", "")
        self.generation = 0
        self.checks_all = False
        self.closes = False
        self.bandwidth = bandwidth or Bandwidth(SystemClock(), lambda: 0, lambda: 0)
        self._signer = signer
        self._listening: socket.socket | None = None
        self._making = threading.Lock()
        self._made: httpx2.Client | None = None
        self._packs = not roads.is_loopback(url)
        self._token = ""
        self._spoken = PROTOCOL
        self._url = url.rstrip("/")
        self._authority = authority

    @property
    def _client(self) -> httpx2.Client:
        """Made for the first request: its library takes longer to load than a window takes to open. The cycle and the
        listener may both come first: of two clients one would never be closed."""
        with self._making:
            if self._made is None:
                self._made = self._new_client()
            return self._made

    def _new_client(self) -> httpx2.Client:
        import httpx2

        if not roads.is_private(self._url):
            raise BadInput("errors.hub_cleartext")
        try:
            return httpx2.Client(
                base_url=self._url,
                timeout=httpx2.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
                headers={HEADER: str(self._spoken)},
                verify=roads.trust(self._authority) if self._url.startswith("https") else False,
                follow_redirects=False,
                trust_env=False,
            )
        except httpx2.InvalidURL:
            raise HubUnreachable from None

    def close(self) -> None:
        self.bandwidth.stop()
        with self._making:
            if self._made is not None:
                self._made.close()

    def version(self) -> VersionAnswer:
        return self._json("GET", http.VERSION, None, VersionAnswer, signed=False)

    def enrol(self, request: EnrolRequest) -> EnrolAnswer:
        return self._json("POST", http.DEVICES, msgspec.json.encode(request), EnrolAnswer, signed=False)

    def push(self, operations: Iterable[Operation]) -> tuple[Result, ...]:
        batch = tuple(operations)
        for operation in batch:
            refuse_secret(operation)
        body, headers = self._packed(msgspec.json.encode(PushRequest(batch, self.generation)))
        return self._json("POST", http.PUSH, body, PushAnswer, headers).results

    def lost(self, mids: Sequence[int]) -> tuple[int, ...]:
        """Which of these acknowledged operations the hub knows nothing of; after HUB_RESTORED."""
        return self._json("POST", http.LOST, msgspec.json.encode(LostRequest(tuple(mids))), LostAnswer).mids

    def pull(self, request: PullRequest) -> Iterator[tuple[Line, bytes]]:
        """Lines as they come; a stream without its End raises HubUnreachable, so that a cut is never taken for all."""
        ended = False
        asked = msgspec.structs.replace(request, generation=self.generation, check=self.checks_all)
        with self._answer_to(asked) as response:
            try:
                for lines in self._lines(response):
                    found = feed.read(lines)
                    ended = isinstance(found[-1][0], End)
                    yield from found
            except (msgspec.DecodeError, ValueError):
                raise HubProblem("errors.hub_nonsense") from None
        if not ended:
            raise HubUnreachable("errors.hub_cut")

    @contextmanager
    def _answer_to(self, asked: PullRequest) -> Iterator[httpx2.Response]:
        """All cursors are told only to a hub that does not remember them."""
        if self.closes and asked.level and not asked.close:
            brief = msgspec.structs.replace(asked, cursors={}, brief=True)
            with self._stream("POST", http.PULL, msgspec.json.encode(brief)) as response:
                if response.headers.get(http.LEVEL) == http.LEVEL_KNOWN:
                    yield response
                    return
                response.read()
        body, headers = self._packed(msgspec.json.encode(asked))
        with self._stream("POST", http.PULL, body, headers) as response:
            self.closes = http.LEVEL in response.headers
            yield response

    def download(self, sha256: str, offset: int = 0) -> Iterator[bytes]:
        headers = {"range": f"bytes={offset}-", "if-range": f'"{sha256}"'} if offset else {}
        down = self.bandwidth.down
        with self._stream("GET", http.blob_path(sha256), b"", headers) as response:
            if offset and response.status_code != HTTPStatus.PARTIAL_CONTENT:
                raise HubProblem("errors.hub_nonsense")
            for chunk in response.iter_bytes(PIECE_BYTES if down.is_capped else None):
                self.traffic.came(len(chunk))
                yield chunk
                down.take(len(chunk))

    def held(self, hashes: Sequence[str]) -> Mapping[str, int]:
        """Sizes of those files that the hub holds whole, up to limits.HELD_FILES at once."""
        return self._json(
            "POST", http.HELD, msgspec.json.encode(http.HeldRequest(tuple(hashes))), http.HeldAnswer
        ).sizes

    def leave(self, message: Rescue | Wiped) -> None:
        """Hand over sealed work, or say that something is forgotten; ``message`` is signed. A shut-out device may."""
        path = http.RESCUE if isinstance(message, Rescue) else http.WIPED
        self._send("POST", path, msgspec.json.encode(message), signed=False)

    def pokes(self) -> Iterator[http.Poke | None]:
        """Hear that something changed: a Poke, or None for the hub's sign of life. Ends with the stream, or when
        another thread calls `hang_up`; raises HubUnreachable after silence."""
        timeout = {"read": 2 * http.BEAT_SECONDS}
        with self._stream("GET", http.EVENTS, b"", timeout=timeout) as response:
            self._listening = response.extensions["network_stream"].get_extra_info("socket")
            try:
                for line in response.iter_lines():
                    if line.startswith("data:"):
                        yield msgspec.json.decode(line[5:], type=http.Poke)
                    elif line.startswith(":"):
                        yield None
            except msgspec.DecodeError:
                raise HubProblem("errors.hub_nonsense") from None
            finally:
                self._listening = None

    def hang_up(self) -> None:
        """End `pokes` from another thread: a socket that is only closed would leave its reader waiting."""
        if self._listening is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._listening, socket.SHUT_RDWR)

    def manifest(self, request: ManifestRequest) -> ManifestAnswer:
        """What the hub says, signed, that this desk's scopes hold."""
        return self._json("POST", manifest.PATH, msgspec.json.encode(request), ManifestAnswer)

    def upload_state(self, sha256: str, size: int, scope: str) -> UploadState:
        asked = msgspec.json.encode(http.UploadRequest(sha256=sha256, size=size, scope=scope))
        return self._json("POST", http.BLOBS, asked, UploadState)

    def upload_part(self, sha256: str, number: int, part: bytes) -> None:
        headers = {http.PART_HASH: hashlib.sha256(part).hexdigest()}
        if self.bandwidth.up.is_capped:
            # Without the length it would go in chunks, which the hub's proxies may refuse.
            headers["content-length"] = str(len(part))
        self._send("PUT", http.part_path(sha256, number), part, headers)

    def upload_done(self, sha256: str) -> None:
        self._send("POST", http.done_path(sha256), b"")

    def upload(self, sha256: str, size: int, scope: str, content: BinaryIO) -> None:
        state = self.upload_state(sha256, size, scope)
        if state.complete:
            return
        for number in state.missing:
            content.seek(number * state.part_bytes)
            self.upload_part(sha256, number, content.read(state.part_bytes))
        self.upload_done(sha256)

    def _packed(self, body: bytes) -> tuple[bytes, dict[str, str]]:
        """A body as it goes over a link; this machine's own loopback has nothing to spare."""
        if not self._packs or len(body) < PACKED_FROM:
            return body, {}
        import zstandard

        return zstandard.ZstdCompressor(level=3).compress(body), {"content-encoding": "zstd"}

    def _json(
        self,
        method: str,
        path: str,
        body: bytes | None,
        answer: type[T],
        headers: dict[str, str] | None = None,
        *,
        signed: bool = True,
    ) -> T:
        content = self._send(method, path, body or b"", headers, signed=signed)
        try:
            return msgspec.json.decode(content, type=answer)
        except msgspec.DecodeError:
            raise HubProblem("errors.hub_nonsense") from None

    def _send(
        self, method: str, path: str, body: bytes, headers: dict[str, str] | None = None, *, signed: bool = True
    ) -> bytes:
        with self._stream(method, path, body, headers, signed=signed) as response:
            content = b"".join(response.iter_bytes())
            self.traffic.came(len(content))
            self.bandwidth.down.count(len(content))
            return content

    @contextmanager
    def _stream(
        self,
        method: str,
        path: str,
        body: bytes,
        headers: dict[str, str] | None = None,
        *,
        signed: bool = True,
        timeout: dict[str, float] | None = None,
    ) -> Iterator[httpx2.Response]:
        """A good answer, open; everything else as one of our errors. An expired session is renewed once, and a hub that
        is older is spoken to in its own version."""
        import httpx2

        more: Any = {"timeout": httpx2.Timeout(ANSWER_SECONDS, **timeout)} if timeout else {}
        renewed = False
        while True:
            sent = {**(headers or {}), **(self._authorisation() if signed else {})}
            self.traffic.went(len(body))
            try:
                with self._client.stream(
                    method, path, content=self._paced(method, body), headers=sent, **more
                ) as response:
                    if response.is_success:
                        yield response
                        return
                    refusal = _refusal(response)
            except httpx2.HTTPError:
                raise HubUnreachable from None
            if signed and not renewed and refusal.code == Code.TOKEN_EXPIRED:
                renewed, self._token = True, ""
            elif path == http.VERSION or not (refusal.code == Code.NEW_PROTOCOL and self._speak_older()):
                # Our own hub tells its version to everybody: whoever refuses that is some other server.
                raise _error(refusal)

    def _speak_older(self) -> bool:
        """Change to the hub's own version, once, if this program still speaks it."""
        if self._spoken != PROTOCOL:
            return False
        hubs = self.version().protocol
        if not OLDEST_SPOKEN <= hubs < PROTOCOL:
            return False
        self._spoken = hubs
        self._client.headers[HEADER] = str(hubs)
        return True

    def _paced(self, method: str, body: bytes) -> bytes | Iterator[bytes]:
        """Parts of files keep to the cap; everything else goes at once and is only counted."""
        up = self.bandwidth.up
        if method == "PUT" and up.is_capped:
            return up.pieces(body)
        up.count(len(body))
        return body

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
        answer = self._json("POST", http.SESSION, request, SessionAnswer, signed=False)
        self.recovery_key = (answer.recovery_key_id, answer.recovery_key)
        return answer.token

    def _lines(self, response: httpx2.Response) -> Iterator[list[bytes]]:
        """Whole lines only, as many as came at once: what stands behind the last line end was cut off."""
        rest = b""
        for chunk in response.iter_bytes():
            self.traffic.came(len(chunk))
            self.bandwidth.down.count(len(chunk))
            *lines, rest = (rest + chunk).split(b"\n")
            if lines:
                yield lines


def _refusal(response: httpx2.Response) -> Refusal:
    try:
        return msgspec.json.decode(response.read(), type=Refusal)
    except msgspec.DecodeError:
        # Not ours: a balancer or proxy before the hub. What it asks for is heeded all the same.
        told = response.headers.get("retry-after", "")
        wait = min(int(told), 3_600) if told.isdecimal() else 0
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            return Refusal(Code.TOO_MANY_REQUESTS, wait)
        is_its_fault = response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
        return Refusal(Code.INTERNAL if is_its_fault else Code.BAD_REQUEST, wait)


def _error(refusal: Refusal) -> HubProblem:
    if refusal.code in (Code.OLD_PROTOCOL, Code.NEW_PROTOCOL):
        return HubVersion(f"errors.hub_version.{refusal.code}")
    if refusal.code == Code.INTERNAL:
        return HubUnreachable(HUB_FAULT, retry_after=refusal.retry_after)
    if refusal.code == Code.HUB_RESTORED:
        return HubRefused(refusal.code, generation=refusal.generation)
    if refusal.code == Code.DEVICE_REVOKED:
        return ShutOut(refusal.wipe)
    return HubRefused(refusal.code, retry_after=refusal.retry_after)
