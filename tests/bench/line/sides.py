"""The hub at one end of the line, and the desk at the other, which tells what it took.

python -m tests.bench.line.sides FOLDER URL SHA256-or-BYTES      the desk: fetches that file, or sends one so large
"""

from __future__ import annotations

import hashlib
import io
import ipaddress
import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from judge_desk.bootstrap.profile import OpenProfile, Profile
from judge_desk.domain.documents import DocumentKind
from judge_desk.domain.errors import HubProblem, KnownError, NotFound
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import case_scope
from judge_desk.hub.blobs import FolderBlobs
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.registry import Registry
from judge_desk.runtime.clock import SystemClock
from judge_desk.store import attachments_table
from judge_desk.store.tables import attachment
from judge_desk.sync.loop import Standing
from tests import factories
from tests.bench.line.networks import HUB_ADDRESS
from tests.bench.sync.one_court import CHEAP, COURT, PASSPHRASE, PASSWORD, cases, seeded

LOOK_SECONDS = 0.2


def court(folder: Path, content: bytes) -> tuple[str, str]:
    """A hub of one case, with the file in it if there is one; (its database's URL, the file's hash)."""
    [case] = cases(1)
    url = seeded(folder, [case])
    sha256 = ""
    if content:
        engine = open_engine(url)
        registry, scope = Registry(engine, FolderBlobs(folder / "blobs")), case_scope(case.id)
        sha256, size = registry.add_blob(COURT.id, scope, content)
        document = factories.a_document(case.id, content, sha256=sha256, size=size)
        registry.put_many(COURT.id, [(scope, Kind.DOCUMENT, document.id, document)])
        engine.dispose()
    return url, sha256


def certificate(folder: Path) -> tuple[Path, Path]:
    """(certificate, key) for the hub's address: the desk trusts this one and no other."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hub")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HUB_ADDRESS))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "hub.pem", folder / "hub.key"
    certificate_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_file, key_file


class Told:
    """What the desk at the end of the line lived through: each request for the file, each time the link was away."""

    def __init__(self) -> None:
        self.offsets: list[int] = []
        self.parts: list[int] = []
        self.breaks = 0
        self._problem: KnownError | None = None

    def watch(self, opened: OpenProfile) -> None:
        hub: Any = opened.hub
        download, send_part = hub.download, hub.upload_part

        def downloaded(sha256: str, offset: int = 0) -> Iterator[bytes]:
            self.offsets.append(offset)
            return cast(Iterator[bytes], download(sha256, offset))

        def sent(sha256: str, number: int, part: bytes) -> None:
            self.parts.append(number)
            send_part(sha256, number, part)

        hub.download, hub.upload_part = downloaded, sent
        assert opened.loop is not None
        opened.loop.listen(self._standing)

    def _standing(self, standing: Standing, _changes: object) -> None:
        if standing.problem is not None and standing.problem is not self._problem:
            self.breaks += 1
        self._problem = standing.problem


def enrolled(url: str, folder: Path) -> Profile:
    """As often as the line makes it necessary."""
    while True:
        profile = Profile(folder, SystemClock(), cost=CHEAP, use_keyring=False)
        try:
            profile.enrol(url, "judge1", PASSWORD, PASSPHRASE)
        except HubProblem:
            time.sleep(2)
        else:
            return profile


def until(reached: Any) -> None:
    while not reached():
        time.sleep(LOOK_SECONDS)


def fetch(opened: OpenProfile, sha256: str) -> dict[str, Any]:
    """Wait until the file is here; whether it is whole."""
    began, store = time.monotonic(), opened.context.store

    def state() -> str:
        with store.reading() as connection:
            return str(connection.scalar(sa.select(attachment.c.state).where(attachment.c.sha256 == sha256)) or "")

    until(state)
    rows = time.monotonic() - began
    until(lambda: state() == "here")
    seconds = time.monotonic() - began
    [case] = cases(1)
    [row] = opened.desk.documents.of_case(case.id)
    with opened.desk.documents.content(row.document.id) as content:
        whole = hashlib.sha256(content.read()).hexdigest() == sha256
    return {"whole": whole, "seconds": round(seconds, 1), "rows_after_seconds": round(rows, 1)}


def send(opened: OpenProfile, size: int) -> dict[str, Any]:
    """Make a file of random bytes and wait until the hub has acknowledged it and its document."""
    began, context, [case] = time.monotonic(), opened.context, cases(1)

    def known() -> bool:
        try:
            return bool(opened.desk.cases.row_of(case.id))
        except NotFound:
            return False

    until(known)
    rows = time.monotonic() - began
    content = os.urandom(size)
    stored = context.files.write(io.BytesIO(content))
    act = factories.a_document(case.id, content, kind=DocumentKind.ACT)
    with context.store.unit_of_work("judge1", "bench.act") as work:
        work.put(Kind.DOCUMENT, case_scope(case.id), act)
        attachments_table.keep_own(work.connection, stored, context.clock.now())
    began = time.monotonic()

    def owed() -> int:
        outlook = opened.desk.sync.outlook()
        return outlook.waiting + outlook.files_to_send

    until(lambda: not owed())
    seconds = time.monotonic() - began
    return {"sha256": stored.sha256, "seconds": round(seconds, 1), "rows_after_seconds": round(rows, 1)}


def main() -> None:
    folder, url, wanted = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    began = time.monotonic()
    profile = enrolled(url, folder)
    opened = profile.unlock(PASSPHRASE, with_loop=True)
    enrolled_after, told = time.monotonic() - began, Told()
    told.watch(opened)
    opened.start()
    try:
        found = send(opened, int(wanted)) if wanted.isdecimal() and len(wanted) < 12 else fetch(opened, wanted)
    finally:
        opened.close()
        profile.sign_in.lock()
    asked = {
        "requests for the file": len(told.offsets),
        "of them resumed behind byte 0": sum(each > 0 for each in told.offsets),
        "parts sent": len(told.parts),
        "parts sent again": len(told.parts) - len(set(told.parts)),
        "times the desk found the link gone": told.breaks,
    }
    print(json.dumps({"enrolled_after_seconds": round(enrolled_after, 1), **found, **asked}))


if __name__ == "__main__":
    main()
