"""A program that speaks as NCALayer does, by its published messages, with RSA keys: a real web socket over TLS.

It greets with its version, takes one request at a time, and answers in the form of the module that was asked. A loop
leads it, as no two threads may use one TLS connection.
"""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asn1crypto import pem
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7
from websockets.asyncio.server import Server, ServerConnection, serve

from tests.authority import Authority, Holder


@dataclass
class FakeNcaLayer:
    """``mood``: what it does with the next request: sign, cancel, refuse, nonsense, leave; silent: it does not even
    greet. ``left``: whoever called has hung up."""

    holder: Holder
    version: str = "1.4"
    mood: str = "sign"
    asked: list[dict[str, Any]] = field(default_factory=list)
    address: str = ""
    left: threading.Event = field(default_factory=threading.Event)

    async def talk(self, socket: ServerConnection) -> None:
        try:
            await self._converse(socket)
        finally:
            self.left.set()

    async def _converse(self, socket: ServerConnection) -> None:
        if self.mood != "silent":
            await socket.send(json.dumps({"result": {"version": self.version}}))
        async for message in socket:
            request = json.loads(message)
            self.asked.append(request)
            if self.mood == "leave":
                return
            await socket.send("Hello" if self.mood == "nonsense" else json.dumps(self._answer(request)))

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["module"].endswith("basics"):
            return self._basics(request["args"])
        if self.mood == "cancel":
            return {"code": "500", "message": "action.canceled"}
        _storage, _key, data, _attach = request["args"]
        return {"code": "200", "responseObject": self._cms(data)}

    def _basics(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if self.mood == "cancel":
            return {"status": True, "body": {}}
        if self.mood == "refuse":
            return {"status": False, "code": "500", "message": "Bad key of АХМЕТОВА", "details": "x"}
        data = arguments["data"]
        signed = [self._cms(each) for each in (data if isinstance(data, list) else [data])]
        return {"status": True, "body": {"result": signed if isinstance(data, list) else signed[0]}}

    def _cms(self, data: str) -> str:
        made = (
            pkcs7.PKCS7SignatureBuilder()
            .set_data(base64.b64decode(data))
            .add_signer(self.holder.certificate, self.holder.key, hashes.SHA256())
            .sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])
        )
        return str(pem.armor("CMS", made), "ascii")


@contextmanager
def ncalayer(authority: Authority, folder: Path, **settings: Any) -> Iterator[FakeNcaLayer]:
    """A running one, with a certificate for 127.0.0.1 that only ``folder / "local.pem"`` vouches for."""
    program = FakeNcaLayer(authority.holder("АХМЕТОВА ГҮЛНАР"), **settings)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*_own_certificate(authority, folder))
    with leading_loop() as loop:
        server = asyncio.run_coroutine_threadsafe(_serving(program, context), loop).result(10)
        program.address = f"wss://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield program
        server.close()
        asyncio.run_coroutine_threadsafe(server.wait_closed(), loop).result(10)


async def _serving(program: FakeNcaLayer, context: ssl.SSLContext) -> Server:
    return await serve(program.talk, "127.0.0.1", 0, ssl=context, max_size=None)


@contextmanager
def leading_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop that runs in a thread of its own."""
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        try:
            yield loop
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)


def _own_certificate(authority: Authority, folder: Path) -> tuple[Path, Path]:
    holder = authority.holder("127.0.0.1")
    certificate = holder.certificate
    made = (
        x509.CertificateBuilder()
        .subject_name(certificate.subject)
        .issuer_name(certificate.subject)
        .public_key(holder.key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(certificate.not_valid_before_utc)
        .not_valid_after(certificate.not_valid_after_utc)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(holder.key, hashes.SHA256())
    )
    path, key = folder / "local.pem", folder / "local.key"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(holder.key_pem())
    return path, key
