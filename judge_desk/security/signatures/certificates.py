"""Reads certificates and says why one may not sign: too early, too late, meant for something else."""

from __future__ import annotations

from datetime import datetime

from asn1crypto import pem, x509

from judge_desk.domain.errors import BadInput, CertificateProblem
from judge_desk.security.signatures.signer import SignerFacts

MOST_BYTES = 1 << 20
_IIN = ("IIN", "BIN")


def read_certificates(data: bytes) -> list[x509.Certificate]:
    """All certificates of a PEM bundle, or the one of a DER file; raises BadInput."""
    try:
        if not pem.detect(data):
            blocks = [data]
        else:
            blocks = [block for kind, _, block in pem.unarmor(data, multiple=True) if kind == "CERTIFICATE"]
        found = [x509.Certificate.load(block, strict=True) for block in blocks]
        for each in found:
            facts_of(each)
    except (ValueError, TypeError, KeyError):
        raise BadInput("signing.bad.certificate") from None
    if not found:
        raise BadInput("signing.bad.certificate")
    return found


def facts_of(certificate: x509.Certificate) -> SignerFacts:
    """Raises ValueError for a certificate that cannot be read."""
    subject: dict[str, str] = certificate.subject.native
    number = subject.get("serial_number", "")
    return SignerFacts(
        name=str(subject.get("common_name") or certificate.subject.human_friendly),
        serial=f"{certificate.serial_number:X}",
        issuer=str(certificate.issuer.native.get("common_name") or certificate.issuer.human_friendly),
        valid_from=certificate.not_valid_before,
        valid_to=certificate.not_valid_after,
        number=number[3:] if number[:3] in _IIN else "",
    )


def may_sign(certificate: x509.Certificate) -> bool:
    """Whether its key may sign documents: digital signature or non-repudiation, and not only for a server."""
    usage = certificate.key_usage_value
    if usage is not None and not {"digital_signature", "non_repudiation"} & usage.native:
        return False
    extended = certificate.extended_key_usage_value
    return extended is None or not set(extended.native) <= {"server_auth", "time_stamping", "ocsp_signing"}


def check_for_signing(certificate: x509.Certificate, now: datetime) -> SignerFacts:
    """The holder; raises CertificateProblem when the certificate may not sign at ``now`` (aware)."""
    facts = facts_of(certificate)
    if now < facts.valid_from:
        raise CertificateProblem("signing.certificate.early", name=facts.name, day=f"{facts.valid_from:%d.%m.%Y}")
    if now > facts.valid_to:
        raise CertificateProblem("signing.certificate.expired", name=facts.name, day=f"{facts.valid_to:%d.%m.%Y}")
    if not may_sign(certificate):
        raise CertificateProblem("signing.certificate.usage", name=facts.name)
    return facts
