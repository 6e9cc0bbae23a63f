"""Signatures by key file and token: valid for tools that are not ours, and the paper stays an archive file."""

from __future__ import annotations

import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from judge_desk.domain.errors import BadInput, CertificateProblem, SigningProblem, TokenGone, WrongPin
from judge_desk.drafting.signature_stamp import render_stamp
from judge_desk.security.signatures.key_file import KeyFileSigner
from judge_desk.security.signatures.signer import ActSigner
from judge_desk.security.signatures.signing import ToSign, sign_all
from judge_desk.security.signatures.token import TokenSigner, tokens
from judge_desk.security.signatures.trust import read_roots
from judge_desk.security.signatures.verifying import verify_pdf
from tests.authority import JUDGE, PASSWORD, Authority
from tests.pdfa import assert_pdfa
from tests.softhsm import PIN, TokenDrawer
from tests.unit.security.signatures.conftest import final_act

STAMP = render_stamp(["Электрондық цифрлық қолтаңбамен қол қойылды", JUDGE, "2026 жылғы 23 қараша"])


def signed(pdf: bytes, signer: ActSigner, now: datetime, *, stamp: bytes = STAMP) -> bytes:
    (made,) = sign_all([ToSign(pdf=pdf, at=now, stamp=stamp)], signer)
    return made


def codes(pdf: bytes, roots_file: Path, now: datetime) -> list[str]:
    verdict = verify_pdf(pdf, read_roots(roots_file), now)
    assert verdict.valid is not bool(verdict.reasons)
    return [each.key.removeprefix("signing.verify.") for each in verdict.reasons]


@pytest.mark.parametrize(
    "look", [f"{language} {shown}" for language in ("kk", "ru", "en") for shown in ("shown", "hidden")]
)
def test_a_signed_act_stays_an_archive_file_for_everybody(
    look: str, authority: Authority, roots_file: Path, now: datetime, tmp_path: Path
) -> None:
    language, shown = look.split()
    pdf = final_act(language)
    stamp = STAMP if shown == "shown" else b""
    made = signed(pdf, KeyFileSigner(authority.key_file(), PASSWORD, now), now, stamp=stamp)
    assert made.startswith(pdf)
    path = tmp_path / "act.pdf"
    path.write_bytes(made)
    assert_pdfa(path, "2a", "ua1")
    assert codes(made, roots_file, now) == []
    told = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in told
    assert "Total document signed" in told
    assert JUDGE in told


def test_openssl_agrees_about_the_signature(
    pdf: bytes, authority: Authority, roots_file: Path, now: datetime, tmp_path: Path
) -> None:
    import io

    from pyhanko.pdf_utils.reader import PdfFileReader

    made = signed(pdf, KeyFileSigner(authority.key_file(), PASSWORD, now), now)
    signature = PdfFileReader(io.BytesIO(made)).embedded_signatures[0]
    first, length, second, rest = (int(each) for each in signature.byte_range)
    (tmp_path / "content").write_bytes(made[first : first + length] + made[second : second + rest])
    (tmp_path / "cms").write_bytes(signature.pkcs7_content)
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "cms", "-content", "content"]
    done = subprocess.run(
        [*command, "-CAfile", str(roots_file), "-purpose", "any", "-out", "/dev/null"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_second_judge_signs_without_spoiling_the_first(
    pdf: bytes, authority: Authority, roots_file: Path, now: datetime, tmp_path: Path
) -> None:
    first = signed(pdf, KeyFileSigner(authority.key_file(), PASSWORD, now), now)
    both = signed(first, KeyFileSigner(authority.key_file("ЕКІНШІ"), PASSWORD, now), now)
    verdict = verify_pdf(both, read_roots(roots_file), now)
    assert verdict.valid
    assert [each.name for each in verdict.signers] == [JUDGE, "ЕКІНШІ"]
    (tmp_path / "act.pdf").write_bytes(both)
    assert_pdfa(tmp_path / "act.pdf", "2a", "ua1")


def test_a_token_signs_many_under_one_pin(
    pdf: bytes, authority: Authority, roots_file: Path, drawer: TokenDrawer, now: datetime
) -> None:
    token = drawer.token("Fifty", authority.holder())
    assert "Fifty" in [each.label for each in tokens(token.driver)]
    signer = TokenSigner(token.driver, "Fifty", PIN, now)
    made = list(sign_all([ToSign(pdf=pdf, at=now, stamp=STAMP)] * 50, signer))
    signer.close()
    assert len(made) == 50
    assert codes(made[-1], roots_file, now) == []


def test_a_token_pulled_out_leaves_what_is_signed(
    pdf: bytes, authority: Authority, roots_file: Path, drawer: TokenDrawer, now: datetime
) -> None:
    token = drawer.token("Pulled", authority.holder())
    signer = TokenSigner(token.driver, "Pulled", PIN, now)
    made: list[bytes] = []

    def sign() -> None:
        for each in sign_all([ToSign(pdf=pdf, at=now)] * 5, signer):
            made.append(each)
            if len(made) == 2:
                token.pull_out()

    with pytest.raises(TokenGone):
        sign()
    signer.close()
    assert [codes(each, roots_file, now) for each in made] == [[], []]


def test_a_wrong_pin_says_so_and_how_near_the_lock_is(authority: Authority, drawer: TokenDrawer, now: datetime) -> None:
    token = drawer.token("Shy", authority.holder())
    with pytest.raises(WrongPin) as refused:
        TokenSigner(token.driver, "Shy", "111111", now)
    assert refused.value.key in {"signing.pin.wrong", "signing.pin.low"}
    TokenSigner(token.driver, "Shy", PIN, now).close()


def test_tokens_that_cannot_sign_are_named(authority: Authority, drawer: TokenDrawer, now: datetime) -> None:
    empty = drawer.token("Empty", None)
    with pytest.raises(CertificateProblem, match=r"signing\.token\.empty"):
        TokenSigner(empty.driver, "Empty", PIN, now)
    with pytest.raises(TokenGone, match=r"signing\.token\.none"):
        TokenSigner(empty.driver, "Nobody", PIN, now)
    drawer.token("Second", None)
    with pytest.raises(BadInput, match=r"signing\.token\.many"):
        TokenSigner(empty.driver, "", PIN, now)
    with pytest.raises(BadInput, match=r"signing\.token\.driver"):
        tokens(Path("/usr/lib/nothing.so"))


def test_a_key_file_that_is_none_and_a_wrong_password(authority: Authority, now: datetime, tmp_path: Path) -> None:
    good = authority.key_file()
    with pytest.raises(WrongPin, match=r"signing\.password\.wrong"):
        KeyFileSigner(good, "nope", now)
    cut = tmp_path / "cut.p12"
    cut.write_bytes(good.read_bytes()[:400])
    text = tmp_path / "text.p12"
    text.write_text("not a key")
    for path in (cut, text):
        with pytest.raises(BadInput, match=r"signing\.key_file\.none"):
            KeyFileSigner(path, PASSWORD, now)
    with pytest.raises(BadInput, match=r"signing\.key_file\.missing"):
        KeyFileSigner(tmp_path / "none.p12", PASSWORD, now)


@pytest.mark.parametrize(
    ("key", "settings"),
    [
        ("expired", {"starts": timedelta(days=-30), "ends": timedelta(days=-1)}),
        ("early", {"starts": timedelta(days=1), "ends": timedelta(days=30)}),
        ("usage", {"usage": ("key_encipherment",)}),
        ("usage", {"extended": (ExtendedKeyUsageOID.SERVER_AUTH,)}),
    ],
)
def test_a_certificate_that_may_not_sign_is_refused_before_anything(
    key: str, settings: dict[str, object], authority: Authority, drawer: TokenDrawer, now: datetime
) -> None:
    dated: dict[str, Any] = {
        name: now + value if isinstance(value, timedelta) else value for name, value in settings.items()
    }
    holder = authority.holder(**dated)
    with pytest.raises(CertificateProblem, match=rf"signing\.certificate\.{key}"):
        KeyFileSigner(authority.key_file(holder=holder), PASSWORD, now)
    token = drawer.token(f"Bad {key} {len(dated)} {hash(str(settings))}"[:30], holder)
    with pytest.raises(CertificateProblem, match=rf"signing\.certificate\.{key}"):
        TokenSigner(token.driver, token.label, PIN, now)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 nothing", b"hello", bytes(5000)])
def test_what_is_no_pdf_is_refused_before_a_key_is_used(content: bytes, pdf: bytes, now: datetime) -> None:
    class Untouched:
        facts = None

        def signatures(self, contents: object) -> object:
            raise AssertionError("the key was used")

    with pytest.raises(BadInput, match=r"signing\.bad\.file"):
        list(sign_all([ToSign(pdf=pdf, at=now), ToSign(pdf=content, at=now)], Untouched()))  # type: ignore[arg-type]


def test_a_signature_that_does_not_fit_is_refused(pdf: bytes, now: datetime) -> None:
    class Huge:
        facts = None

        def signatures(self, contents: object) -> object:
            yield bytes(40_000)

    with pytest.raises(SigningProblem, match=r"signing\.too_long"):
        list(sign_all([ToSign(pdf=pdf, at=now)], Huge()))  # type: ignore[arg-type]
