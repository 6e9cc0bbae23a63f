"""What was done to a signed file after signing is found: bytes, bars over the text, other people's updates, age."""

from __future__ import annotations

import io
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from judge_desk.security.signatures.key_file import KeyFileSigner
from judge_desk.security.signatures.long_term import StampPlace, lasting
from judge_desk.security.signatures.trust import read_roots
from judge_desk.security.signatures.verifying import Verdict, verify_pdf
from tests.authority import PASSWORD, Authority, StampServer
from tests.unit.security.signatures.test_signing import signed

WEEK = timedelta(days=7)


@pytest.fixture(scope="module")
def act(pdf: bytes, authority: Authority) -> bytes:
    from datetime import UTC

    now = datetime.now(UTC)
    return signed(pdf, KeyFileSigner(authority.key_file(), PASSWORD, now), now)


def verdict(pdf: bytes, authority: Authority, now: datetime) -> Verdict:
    return verify_pdf(pdf, read_roots(authority.root_file), now)


def keys(found: Verdict) -> set[str]:
    return {each.key.removeprefix("signing.verify.") for each in found.reasons}


def bar_over_the_text(pdf: bytes) -> bytes:
    """An incremental update that lays a black bar over the first page, as a forger would."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    bar = writer.add_object(generic.StreamObject(stream_data=b"0 g 100 600 300 40 re f"))
    page[pdf_name("/Contents")] = generic.ArrayObject([page.raw_get("/Contents"), bar])
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_bar_laid_over_the_text_is_found_though_pdfsig_is_content(
    act: bytes, authority: Authority, now: datetime, tmp_path: Path
) -> None:
    forged = bar_over_the_text(act)
    (tmp_path / "forged.pdf").write_bytes(forged)
    told = subprocess.run(["pdfsig", "forged.pdf"], cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in told
    found = verdict(forged, authority, now)
    assert not found.valid
    assert keys(found) == {"changed"}


def test_a_file_saved_anew_by_another_program_is_not_the_act(
    act: bytes, authority: Authority, now: datetime, tmp_path: Path
) -> None:
    with pikepdf.open(io.BytesIO(act)) as opened:
        opened.save(tmp_path / "saved.pdf")
    assert not verdict((tmp_path / "saved.pdf").read_bytes(), authority, now).valid


@pytest.mark.parametrize("more", [b"\n%%EOF hidden words\n", b"\nmore", b"PK\x03\x04 a second file", b"hidden %%EOF"])
def test_bytes_behind_the_end_are_found(more: bytes, act: bytes, authority: Authority, now: datetime) -> None:
    assert not verdict(act + more, authority, now).valid


def test_no_signature_no_roots_another_root_and_an_unknown_signer(
    pdf: bytes, act: bytes, authority: Authority, now: datetime, tmp_path: Path
) -> None:
    assert keys(verdict(pdf, authority, now)) == {"unsigned"}
    assert keys(verify_pdf(act, (), now)) == {"no_roots"}
    other = Authority(tmp_path / "other")
    assert keys(verdict(act, other, now)) == {"untrusted"}
    alone = signed(pdf, KeyFileSigner(other.key_file(), PASSWORD, now), now)
    assert keys(verdict(alone, authority, now)) == {"untrusted"}


def test_a_certificate_that_ran_out_since_needs_a_stamp(
    pdf: bytes, authority: Authority, server: StampServer, stamps: tuple[Authority, StampServer, str], now: datetime
) -> None:
    holder = authority.holder(ends=now + timedelta(hours=1))
    plain = signed(pdf, KeyFileSigner(authority.key_file(holder=holder), PASSWORD, now), now)
    assert keys(verdict(plain, authority, now + WEEK)) == {"expired"}
    stamped = lasting(plain, StampPlace(url=stamps[2], roots=read_roots(authority.root_file)), now)
    later = verdict(stamped, authority, now + WEEK)
    assert later.valid, later.reasons
    assert later.signers[0].level == "B-LTA"
    assert later.signers[0].stamped_at is not None
    assert server.asked


def test_a_revoked_certificate_is_not_valid(
    pdf: bytes, authority: Authority, server: StampServer, stamps: tuple[Authority, StampServer, str], now: datetime
) -> None:
    holder = authority.holder()
    authority.revoked.append((holder.certificate.serial_number, now - timedelta(hours=1)))
    plain = signed(pdf, KeyFileSigner(authority.key_file(holder=holder), PASSWORD, now), now)
    stamped = lasting(plain, StampPlace(url=stamps[2], roots=read_roots(authority.root_file)), now)
    # Validation data cannot be collected for a revoked signer, so the list is handed in by a second, honest signature.
    both = signed(stamped, KeyFileSigner(authority.key_file(), PASSWORD, now), now)
    proven = lasting(both, StampPlace(url=stamps[2], roots=read_roots(authority.root_file)), now)
    found = verdict(proven, authority, now)
    assert not found.valid
    assert [each.key for each in found.reasons if each.signer == 1] == ["signing.verify.revoked"]
    assert server.asked


@given(place=st.floats(0, 1), bit=st.integers(0, 7))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_flipped_bit_is_never_valid_and_never_a_crash(
    act: bytes, authority: Authority, now: datetime, place: float, bit: int
) -> None:
    at = min(int(place * len(act)), len(act) - 1)
    forged = bytearray(act)
    forged[at] ^= 1 << bit
    contents = act.index(b"/Contents <", act.rindex(b"/ByteRange") - 40_000)
    gap = range(contents, contents + 32_800)
    found = verdict(bytes(forged), authority, now)
    if at not in gap:
        assert not found.valid


@pytest.mark.parametrize("content", [b"", b"%PDF-", b"%PDF-1.7\n" + b"\x00" * 1000, b"<html>"])
def test_any_other_file_is_answered(content: bytes, authority: Authority, now: datetime) -> None:
    assert keys(verdict(content, authority, now)) <= {"no_pdf", "unreadable", "unsigned"}
