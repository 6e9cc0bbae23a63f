"""Signs through NCALayer, the national authority's program on this PC, which alone reads GOST keys and asks the PIN.

It speaks JSON over a web socket on the loopback. After the connection it names its version; the module
``kz.gov.pki.knca.basics`` signs a list under one PIN, the older ``kz.gov.pki.knca.commonUtils`` one file at a time.
"""

from __future__ import annotations

import base64
import binascii
import json
import ssl
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from asn1crypto import cms, pem
from websockets.exceptions import InvalidHandshake, InvalidMessage, WebSocketException
from websockets.sync.client import ClientConnection, connect

from judge_desk.domain.errors import SigningProblem
from judge_desk.security.signatures.signer import SignerFacts

ADDRESS = "wss://127.0.0.1:13579"
OPEN_SECONDS = 5.0
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
        self._open = ExitStack()
        self._socket = _entered(self._open, address, trust)
        try:
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
        self._open.close()

    def _greeting(self) -> tuple[int, ...]:
        answer = self._receive(OPEN_SECONDS)
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
        try:
            self._socket.send(json.dumps(request))
        except (WebSocketException, OSError):
            raise SigningProblem("signing.ncalayer.gone") from None
        return self._receive(ANSWER_SECONDS)

    def _receive(self, seconds: float) -> dict[str, Any]:
        try:
            answer = json.loads(self._socket.recv(seconds))
        except TimeoutError:
            raise SigningProblem("signing.ncalayer.silent") from None
        except (WebSocketException, OSError):
            raise SigningProblem("signing.ncalayer.gone") from None
        except ValueError:
            raise SigningProblem("signing.ncalayer.strange") from None
        if not isinstance(answer, dict):
            raise SigningProblem("signing.ncalayer.strange")
        return answer


def _entered(held: ExitStack, address: str, trust: ssl.SSLContext | None) -> ClientConnection:
    if trust is None:
        import truststore

        trust = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        call = connect(
            address, ssl=trust, open_timeout=OPEN_SECONDS, max_size=MOST_BYTES, proxy=None, user_agent_header=None
        )
        return held.enter_context(call)
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
