"""Signs through NCALayer, the national authority's program on this PC, which alone reads GOST keys and asks the PIN.

It speaks JSON over a web socket on the loopback. After the connection it names its version; the module
``kz.gov.pki.knca.basics`` signs a list under one PIN, the older ``kz.gov.pki.knca.commonUtils`` one file at a time.

The socket is led by a loop of its own, in the thread that asks: a TLS connection that one thread reads while another
writes to it, as the library's plain client does, now and then never gets its answer.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import ssl
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from typing import Any

from asn1crypto import cms, pem
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, InvalidMessage, WebSocketException

from judge_desk.domain.errors import SigningProblem
from judge_desk.security.signatures.signer import SignerFacts

ADDRESS = "wss://127.0.0.1:13579"
OPEN_SECONDS = 10.0
CLOSE_SECONDS = 2.0
ANSWER_SECONDS = 600.0
"""A person reads what is to be signed, looks for the token and types the PIN."""
MOST_BYTES = 256 << 20
SIGN_OID = "1.3.6.1.5.5.7.3.4"
_BASICS, _COMMON = "kz.gov.pki.knca.basics", "kz.gov.pki.knca.commonUtils"


class NcaLayerSigner:
    """One conversation with NCALayer; see ``signer.ActSigner``."""

    def __init__(self, address: str = ADDRESS, *, language: str = "kk", trust: ssl.SSLContext | None = None) -> None:
        """``trust`` None: the certificates that this PC trusts, NCALayer's own among them. Raises SigningProblem."""
        self._language = language
        self._loop = asyncio.Runner()
        self._open = AsyncExitStack()
        try:
            self._socket = self._loop.run(_entered(self._open, address, trust))
            self.version = self._greeting()
        except BaseException:
            self.close()
            raise

    @property
    def facts(self) -> SignerFacts | None:
        return None

    def signatures(self, contents: Sequence[bytes]) -> Iterator[bytes]:
        if self.version >= (1, 4):
            yield from self._by_basics(contents)
            return
        for content in contents:
            yield self._by_common(content)

    def close(self) -> None:
        with self._loop:
            self._loop.run(self._open.aclose())

    def _greeting(self) -> tuple[int, ...]:
        answer = self._loop.run(self._receive(OPEN_SECONDS))
        version = (answer.get("result") or {}).get("version") if isinstance(answer.get("result"), dict) else None
        if not isinstance(version, str):
            raise SigningProblem("signing.ncalayer.strange")
        return tuple(int(part) for part in version.split(".") if part.isdecimal())

    def _by_basics(self, contents: Sequence[bytes]) -> Iterator[bytes]:
        data = [base64.b64encode(content).decode() for content in contents]
        answer = self._ask(
            {
                "module": _BASICS,
                "method": "sign",
                "args": {
                    "allowedStorages": None,
                    "format": "cms",
                    "data": data if len(data) > 1 else data[0],
                    "signingParams": {"decode": True, "encapsulate": False, "digested": False},
                    "signerParams": {"extKeyUsageOids": [SIGN_OID]},
                    "locale": "en" if self._language == "en" else self._language,
                },
            }
        )
        if answer.get("status") is not True:
            raise _refusal(answer)
        body = answer.get("body")
        if not isinstance(body, dict) or "result" not in body:
            raise SigningProblem("signing.ncalayer.cancelled")
        result = body["result"] if isinstance(body["result"], list) else [body["result"]]
        if len(result) != len(contents):
            raise SigningProblem("signing.ncalayer.strange")
        yield from (_cms(each) for each in result)

    def _by_common(self, content: bytes) -> bytes:
        data = base64.b64encode(content).decode()
        arguments = ["PKCS12", "SIGNATURE", data, False]
        answer = self._ask({"module": _COMMON, "method": "createCAdESFromBase64", "args": arguments})
        if answer.get("code") != "200":
            raise _refusal(answer)
        return _cms(answer.get("responseObject"))

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        return self._loop.run(self._answer(json.dumps(request)))

    async def _answer(self, request: str) -> dict[str, Any]:
        try:
            await self._socket.send(request)
        except (WebSocketException, OSError):
            raise SigningProblem("signing.ncalayer.gone") from None
        return await self._receive(ANSWER_SECONDS)

    async def _receive(self, seconds: float) -> dict[str, Any]:
        try:
            async with asyncio.timeout(seconds):
                answer = json.loads(await self._socket.recv())
        except TimeoutError:
            raise SigningProblem("signing.ncalayer.silent") from None
        except (WebSocketException, OSError):
            raise SigningProblem("signing.ncalayer.gone") from None
        except ValueError:
            raise SigningProblem("signing.ncalayer.strange") from None
        if not isinstance(answer, dict):
            raise SigningProblem("signing.ncalayer.strange")
        return answer


async def _entered(held: AsyncExitStack, address: str, trust: ssl.SSLContext | None) -> ClientConnection:
    if trust is None:
        import truststore

        trust = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        # No pings, as from a browser: nobody knows that they are answered while a person types the PIN.
        call = connect(
            address, ssl=trust, open_timeout=OPEN_SECONDS, close_timeout=CLOSE_SECONDS, ping_interval=None,
            max_size=MOST_BYTES, proxy=None, user_agent_header=None,
        )  # fmt: skip
        return await held.enter_async_context(call)
    except ssl.SSLError:
        raise SigningProblem("signing.ncalayer.untrusted") from None
    except (OSError, TimeoutError):
        raise SigningProblem("signing.ncalayer.absent") from None
    except (InvalidHandshake, InvalidMessage):
        raise SigningProblem("signing.ncalayer.strange") from None


def _refusal(answer: dict[str, Any]) -> SigningProblem:
    """NCALayer's own message may name the holder of a key: only its code goes on."""
    if "cancel" in str(answer.get("message", "")).casefold():
        return SigningProblem("signing.ncalayer.cancelled")
    return SigningProblem("signing.ncalayer.refused", code=str(answer.get("code", "-"))[:16])


def _cms(value: object) -> bytes:
    """DER of what NCALayer gives: Base64, with or without PEM lines around it."""
    try:
        text = str(value).strip().encode()
        der = pem.unarmor(text)[2] if pem.detect(text) else base64.b64decode(text, validate=False)
        kind = cms.ContentInfo.load(der, strict=True)["content_type"].native
    except (ValueError, TypeError, binascii.Error):
        kind, der = "", b""
    if kind != "signed_data":
        raise SigningProblem("signing.ncalayer.strange")
    return bytes(der)
