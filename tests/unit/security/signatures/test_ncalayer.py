"""NCALayer's published messages over a real web socket with TLS: what is sent, what may come back."""

from __future__ import annotations

import base64
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from judge_desk.domain.errors import SigningProblem
from judge_desk.security.signatures import ncalayer as ncalayer_module
from judge_desk.security.signatures.ncalayer import NcaLayerSigner
from judge_desk.security.signatures.signing import ToSign, sign_all
from judge_desk.security.signatures.trust import read_roots
from judge_desk.security.signatures.verifying import verify_pdf
from tests.authority import JUDGE, Authority
from tests.ncalayer_server import FakeNcaLayer, ncalayer


@pytest.fixture
def program(authority: Authority, tmp_path: Path) -> Iterator[FakeNcaLayer]:
    with ncalayer(authority, tmp_path) as running:
        yield running


@pytest.fixture
def trust(program: FakeNcaLayer, tmp_path: Path) -> ssl.SSLContext:
    assert program.address
    return ssl.create_default_context(cafile=str(tmp_path / "local.pem"))


def test_many_acts_are_one_request_and_one_pin(
    program: FakeNcaLayer, trust: ssl.SSLContext, pdf: bytes, authority: Authority, now: datetime
) -> None:
    signer = NcaLayerSigner(program.address, language="ru", trust=trust)
    made = list(sign_all([ToSign(pdf=pdf, at=now)] * 3, signer))
    signer.close()
    (request,) = program.asked
    arguments = request["args"]
    assert (request["module"], request["method"]) == ("kz.gov.pki.knca.basics", "sign")
    assert (arguments["format"], arguments["locale"]) == ("cms", "ru")
    assert arguments["signingParams"] == {"decode": True, "encapsulate": False, "digested": False}
    assert arguments["signerParams"] == {"extKeyUsageOids": ["1.3.6.1.5.5.7.3.4"]}
    assert base64.b64decode(arguments["data"][0]).startswith(pdf[:1000])
    for each in made:
        found = verify_pdf(each, read_roots(authority.root_file), now)
        assert found.valid, found.reasons
        assert found.signers[0].name == JUDGE


def test_an_older_program_is_asked_in_its_own_words(
    authority: Authority, pdf: bytes, now: datetime, tmp_path: Path
) -> None:
    with ncalayer(authority, tmp_path, version="1.3") as program:
        trust = ssl.create_default_context(cafile=str(tmp_path / "local.pem"))
        signer = NcaLayerSigner(program.address, trust=trust)
        made = list(sign_all([ToSign(pdf=pdf, at=now)] * 2, signer))
        signer.close()
    assert [each["method"] for each in program.asked] == ["createCAdESFromBase64"] * 2
    assert program.asked[0]["module"] == "kz.gov.pki.knca.commonUtils"
    assert program.asked[0]["args"][:2] == ["PKCS12", "SIGNATURE"]
    assert all(verify_pdf(each, read_roots(authority.root_file), now).valid for each in made)


@pytest.mark.parametrize(
    ("mood", "key"),
    [("cancel", "cancelled"), ("refuse", "refused"), ("nonsense", "strange"), ("leave", "gone")],
)
def test_what_goes_wrong_has_its_sentence(
    mood: str, key: str, program: FakeNcaLayer, trust: ssl.SSLContext, pdf: bytes
) -> None:
    now = datetime.now(UTC)
    signer = NcaLayerSigner(program.address, trust=trust)
    program.mood = mood
    with pytest.raises(SigningProblem, match=rf"signing\.ncalayer\.{key}") as refused:
        list(sign_all([ToSign(pdf=pdf, at=now)], signer))
    assert JUDGE not in str(refused.value)
    signer.close()


def test_one_thread_alone_uses_the_line(program: FakeNcaLayer, trust: ssl.SSLContext) -> None:
    """Two threads on one TLS connection lose its answer once in some hundred times."""
    before = threading.enumerate()
    with closing(NcaLayerSigner(program.address, trust=trust)):
        assert threading.enumerate() == before


def test_no_program_and_one_that_nobody_vouches_for(program: FakeNcaLayer) -> None:
    with pytest.raises(SigningProblem, match=r"signing\.ncalayer\.absent"):
        NcaLayerSigner("wss://127.0.0.1:1")
    with pytest.raises(SigningProblem, match=r"signing\.ncalayer\.untrusted"):
        NcaLayerSigner(program.address)


def test_a_program_that_does_not_greet_is_left(
    program: FakeNcaLayer, trust: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ncalayer_module, "OPEN_SECONDS", 1.0)
    program.mood = "silent"
    with pytest.raises(SigningProblem, match=r"signing\.ncalayer\.silent"):
        NcaLayerSigner(program.address, trust=trust)
    assert program.left.wait(10), "the line stays open"
