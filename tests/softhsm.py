"""A real token without metal: SoftHSM2 (Debian: softhsm2), with a key and a certificate on it.

A process can load the driver's settings only once, so all tests of a run share one folder of tokens.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pkcs11
from asn1crypto import x509
from cryptography.hazmat.primitives import serialization
from pkcs11 import Attribute, KeyType, ObjectClass
from pkcs11.util.rsa import decode_rsa_private_key

from tests.authority import Holder

PIN = "246813"
DRIVERS = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
)
KEY_ID = b"\x01"


@dataclass(frozen=True)
class SoftToken:
    """A token with the name ``label``; its files lie in ``folder``."""

    driver: Path
    label: str
    folder: Path

    def pull_out(self) -> None:
        """As if somebody took it out of the PC: nothing of it can be read any more."""
        shutil.rmtree(self.folder)


class TokenDrawer:
    """Makes tokens in one folder of this process: take it by ``of_this_process``."""

    _only: ClassVar[TokenDrawer | None] = None

    @classmethod
    def of_this_process(cls, folder: Path) -> TokenDrawer:
        """The drawer that all tests of this process share; the first one says where it lies."""
        if cls._only is None:
            cls._only = cls(folder)
        return cls._only

    def __init__(self, folder: Path) -> None:
        self._tokens = folder / "tokens"
        self._tokens.mkdir(parents=True)
        config = folder / "softhsm2.conf"
        config.write_text(f"directories.tokendir = {self._tokens}\nobjectstore.backend = file\nlog.level = ERROR\n")
        os.environ["SOFTHSM2_CONF"] = str(config)
        self.driver = next(Path(each) for each in DRIVERS if Path(each).exists())

    def token(self, label: str, holder: Holder | None) -> SoftToken:
        """A fresh token; with ``holder`` None it is empty."""
        before = set(self._tokens.iterdir())
        subprocess.run(
            ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "12345678"],
            check=True,
            capture_output=True,
        )
        (folder,) = set(self._tokens.iterdir()) - before
        driver = pkcs11.lib(str(self.driver))
        driver.reinitialize()
        if holder is not None:
            with driver.get_token(token_label=label).open(rw=True, user_pin=PIN) as session:
                _store(session, holder)
        return SoftToken(self.driver, label, folder)


def _store(session: pkcs11.Session, holder: Holder) -> None:
    key = holder.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    common = {Attribute.TOKEN: True, Attribute.ID: KEY_ID, Attribute.LABEL: "sign"}
    session.create_object(
        {**decode_rsa_private_key(key), **common, Attribute.KEY_TYPE: KeyType.RSA, Attribute.SIGN: True}
    )
    certificate = x509.Certificate.load(holder.certificate.public_bytes(serialization.Encoding.DER))
    session.create_object(
        {
            **common,
            Attribute.CLASS: ObjectClass.CERTIFICATE,
            Attribute.CERTIFICATE_TYPE: pkcs11.constants.CertificateType.X_509,
            Attribute.VALUE: certificate.dump(),
            Attribute.SUBJECT: certificate.subject.dump(),
            Attribute.ISSUER: certificate.issuer.dump(),
            Attribute.SERIAL_NUMBER: certificate["tbs_certificate"]["serial_number"].dump(),
        }
    )
