"""A certification authority for tests: real certificates, key files, revocation lists, and a real time stamp server.

The stamps are made by ``openssl ts`` behind HTTP; a server can be told to lie in one certain way.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

FROM = datetime(2020, 1, 1, tzinfo=UTC)
"""Certificates hold from here: before the day at which the clocks of tests stand, whatever day it is."""
PASSWORD = "Парол-5 құпия"
JUDGE = "АХМЕТОВА ГҮЛНАР"
_CONFIG = """
[tsa]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/root.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
tsa_name = yes
"""


@dataclass(frozen=True)
class Holder:
    """A key with its certificate."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def key_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


@dataclass
class Authority:
    """The root, and what it has issued."""

    folder: Path
    crl_url: str = ""
    revoked: list[tuple[int, datetime]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.root = self._issue("Test Root", issuer=None, usage=("key_cert_sign", "crl_sign"), is_authority=True)
        self.root_file = self.folder / "root.pem"
        self.root_file.write_bytes(self.root.pem())

    def holder(self, name: str = JUDGE, **settings: Any) -> Holder:
        """Somebody who may sign documents; ``starts`` and ``ends`` are times, ``usage`` names of key usages."""
        return self._issue(name, issuer=self.root, **settings)

    def key_file(self, name: str = JUDGE, *, holder: Holder | None = None, password: str = PASSWORD) -> Path:
        """A PKCS#12 file with the chain in it."""
        made = holder or self.holder(name)
        data = pkcs12.serialize_key_and_certificates(
            name.encode(), made.key, made.certificate, [self.root.certificate],
            serialization.BestAvailableEncryption(password.encode()),
        )  # fmt: skip
        path = self.folder / f"{made.certificate.serial_number:x}.p12"
        path.write_bytes(data)
        return path

    def crl(self) -> bytes:
        """The list of what was revoked, as of now."""
        now = datetime.now(UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.certificate.subject)
            .last_update(now - timedelta(minutes=1))
            .next_update(now + timedelta(days=7))
        )
        for serial, at in self.revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(self.root.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def _issue(
        self,
        name: str,
        *,
        issuer: Holder | None,
        usage: tuple[str, ...] = ("digital_signature", "content_commitment"),
        extended: tuple[x509.ObjectIdentifier, ...] = (),
        starts: datetime | None = None,
        ends: datetime | None = None,
        is_authority: bool = False,
    ) -> Holder:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        now = datetime.now(UTC)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(starts or FROM)
            .not_valid_after(ends or now + timedelta(days=365))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(_usage(usage), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
        if extended:
            builder = builder.add_extension(x509.ExtendedKeyUsage(extended), critical=True)
        if issuer and self.crl_url:
            point = x509.DistributionPoint([x509.UniformResourceIdentifier(self.crl_url)], None, None, None)
            builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        return Holder(key, builder.sign(issuer.key if issuer else key, hashes.SHA256()))


def _usage(names: tuple[str, ...]) -> x509.KeyUsage:
    every = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign "
        "encipher_only decipher_only"
    ).split()
    return x509.KeyUsage(**{name: name in names for name in every})


class StampServer(ThreadingHTTPServer):
    """``lie`` names what is wrong with its next answers; ``is_away`` closes the door on everybody."""

    authority: Authority
    folder: Path
    lie = ""
    is_away = False
    asked = 0


class _Desk(BaseHTTPRequestHandler):
    server: StampServer

    def do_GET(self) -> None:
        self._answer(self.server.authority.crl(), "application/pkix-crl")

    def do_POST(self) -> None:
        self.server.asked += 1
        query = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.is_away:
            self.close_connection = True
            return
        self._answer(self._stamp(query), "application/timestamp-reply")

    def log_message(self, *_words: object) -> None:
        return

    def _stamp(self, query: bytes) -> bytes:
        lie = self.server.lie
        asked = tsp.TimeStampReq.load(query)
        if lie == "nonsense":
            return b"<html>Please sign in</html>"
        if lie == "nonce":
            asked["nonce"] = 7
        if lie == "hash":
            asked["message_imprint"]["hashed_message"] = bytes(32)
        answer = openssl_stamp(self.server.folder, asked.dump(force=True))
        if lie == "broken":
            answer = answer[:-8] + bytes(8)
        return answer

    def _answer(self, body: bytes, media_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def openssl_stamp(folder: Path, query: bytes) -> bytes:
    """The answer of ``openssl ts`` to a query."""
    (folder / "query").write_bytes(query)
    command = ["openssl", "ts", "-reply", "-config", str(folder / "tsa.conf"), "-section", "tsa", "-queryfile"]
    subprocess.run([*command, str(folder / "query"), "-out", str(folder / "reply")], check=True, capture_output=True)
    return (folder / "reply").read_bytes()


@contextmanager
def stamp_server(folder: Path, **tsa: Any) -> Iterator[tuple[Authority, StampServer, str]]:
    """An authority whose revocation list and time stamps are served on the loopback; ``tsa`` as for ``holder``."""
    server = StampServer(("127.0.0.1", 0), _Desk)
    url = f"http://127.0.0.1:{server.server_address[1]}"
    authority = server.authority = Authority(folder / "ca", crl_url=f"{url}/root.crl")
    server.folder = folder / "ca"
    settings = {"usage": ("digital_signature",), "extended": (ExtendedKeyUsageOID.TIME_STAMPING,), **tsa}
    holder = authority.holder("Test TSA", **settings)
    (server.folder / "tsa.pem").write_bytes(holder.pem())
    (server.folder / "tsa.key").write_bytes(holder.key_pem())
    (server.folder / "serial").write_text("01")
    (server.folder / "tsa.conf").write_text(_CONFIG.format(folder=server.folder))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield authority, server, f"{url}/stamp"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
