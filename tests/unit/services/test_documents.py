"""Documents: opened from encrypted files, asked for where they are missing, proven by their hashes."""

from __future__ import annotations

from pathlib import Path

import pytest

from judge_desk.domain.documents import AttachmentState, manifest_root
from judge_desk.domain.errors import DamagedStore, NotFound, NotHereYet
from judge_desk.domain.kinds import Kind
from judge_desk.services.context import DeskContext
from judge_desk.services.documents import DocumentService
from judge_desk.store.attachments_table import Urgency
from judge_desk.store.tables import attachment
from tests.factories import NOW, a_document, of_case, rows_of, with_case, with_file


def files_of(folder: Path) -> list[Path]:
    return [path for path in (folder / "files").iterdir() if path.is_file()]


def test_a_document_opens_as_it_was_filed(context: DeskContext) -> None:
    case, content = with_case(context), bytes(range(256)) * 100
    document = a_document(case.id, content, media_type="application/pdf")
    of_case(context, Kind.DOCUMENT, document)
    with_file(context, document, content)

    with DocumentService(context).content(document.id) as opened:
        assert opened.media_type == "application/pdf"
        opened.content.seek(10_000)
        assert opened.content.read(5) == content[10_000:10_005]
        assert opened.read() == content
    (row,) = rows_of(context, attachment)
    assert row.used_at == NOW.isoformat()


def test_a_document_that_has_not_come_is_asked_for_first(context: DeskContext) -> None:
    case = with_case(context)
    small, wanted = a_document(case.id, b"1"), a_document(case.id, b"wanted", size=6)
    of_case(context, Kind.DOCUMENT, small, wanted)
    service = DocumentService(context)

    with pytest.raises(NotHereYet) as fault:
        service.content(wanted.id)
    assert fault.value.size == 6
    urgency = {row.sha256: row.urgency for row in rows_of(context, attachment)}
    assert urgency == {wanted.sha256: Urgency.OPENED, small.sha256: Urgency.LATER}
    assert service.row(wanted.id).wanted
    with pytest.raises(NotFound):
        service.content("no such")


def test_a_whole_case_is_asked_for(context: DeskContext) -> None:
    case = with_case(context)
    listed = [a_document(case.id, content) for content in (b"a", b"bb")]
    of_case(context, Kind.DOCUMENT, *listed)
    changes = DocumentService(context).want_case(case.id)
    assert changes.touches(Kind.DOCUMENT, listed[0].id)
    assert {row.urgency for row in rows_of(context, attachment)} == {Urgency.ASKED}


def test_a_case_is_kept_on_this_desk_and_let_go_again(context: DeskContext) -> None:
    case, service = with_case(context), DocumentService(context)
    service.keep_case(case.id, kept=True)
    assert service.keep_case(case.id, kept=True).touches(Kind.CASE, case.id)
    assert service.kept_cases() == {case.id}
    service.keep_case(case.id, kept=False)
    assert service.kept_cases() == frozenset()
    with pytest.raises(NotFound):
        service.keep_case("case-of-nobody", kept=True)


@pytest.mark.parametrize("harm", ["cut", "flip", "gone"])
def test_a_damaged_file_is_given_up_and_asked_for_again(context: DeskContext, tmp_path: Path, harm: str) -> None:
    case, content = with_case(context), b"x" * 20_000
    document = a_document(case.id, content)
    of_case(context, Kind.DOCUMENT, document)
    with_file(context, document, content)
    (path,) = files_of(tmp_path)
    sealed = bytearray(path.read_bytes())
    if harm == "cut":
        path.write_bytes(sealed[:100])
    elif harm == "flip":
        sealed[5_000] ^= 1
        path.write_bytes(sealed)
    else:
        path.unlink()
    service = DocumentService(context)

    receipt = service.verify(case.id)

    assert (receipt.present, receipt.complete, receipt.missing_bytes) == (0, False, len(content))
    row = service.row(document.id)
    assert (row.state, row.wanted, row.failure) == (AttachmentState.MISSING, True, "documents.file.damaged")
    assert files_of(tmp_path) == []
    with pytest.raises(NotHereYet):
        service.content(document.id)
    with_file(context, document, content)
    assert service.verify(case.id).complete
    assert service.row(document.id).failure == ""


def test_opening_a_torn_file_says_so_and_gives_it_up(context: DeskContext, tmp_path: Path) -> None:
    case, content = with_case(context), b"x" * 20_000
    document = a_document(case.id, content)
    of_case(context, Kind.DOCUMENT, document)
    with_file(context, document, content)
    (path,) = files_of(tmp_path)
    path.write_bytes(b"torn")

    with pytest.raises(DamagedStore):
        DocumentService(context).content(document.id)
    assert DocumentService(context).row(document.id).state is AttachmentState.MISSING


def test_a_receipt_names_the_oldest_check_and_the_root(context: DeskContext) -> None:
    case = with_case(context)
    one, two = a_document(case.id, b"one"), a_document(case.id, b"two")
    of_case(context, Kind.DOCUMENT, one, two)
    with_file(context, one, b"one")
    service = DocumentService(context)

    assert service.receipt(case.id).checked_at == NOW
    context.clock.advance(hours=1)  # type: ignore[attr-defined]  # the clock of tests
    with_file(context, two, b"two")
    receipt = service.receipt(case.id)
    assert (receipt.present, receipt.total, receipt.complete) == (2, 2, True)
    assert receipt.checked_at == NOW
    assert receipt.root == manifest_root([two, one])
    again = service.verify(case.id)
    assert again.checked_at is not None
    assert again.checked_at > NOW
    assert service.verify(case.id, cancelled=lambda: True).checked_at == again.checked_at


def test_two_documents_may_share_one_file(context: DeskContext) -> None:
    case = with_case(context)
    one, two = a_document(case.id, b"same"), a_document(case.id, b"same")
    of_case(context, Kind.DOCUMENT, one, two)
    with_file(context, one, b"same")

    assert [row.is_here for row in DocumentService(context).of_case(case.id)] == [True, True]
    assert DocumentService(context).receipt(case.id).present == 2
