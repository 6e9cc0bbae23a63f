"""Where files stand: what is fetched next, what has come, what must go."""

from __future__ import annotations

import hashlib

from judge_desk.domain.documents import AttachmentState
from judge_desk.domain.kinds import Kind
from judge_desk.services.context import DeskContext
from judge_desk.store import attachments_table
from judge_desk.store.attachment_files import StoredFile
from judge_desk.store.attachments_table import Urgency
from judge_desk.store.tables import attachment, index_queue
from tests.factories import NOW, a_document, of_case, rows_of, with_case


def stored(content: bytes, name: str = "f" * 32) -> StoredFile:
    return StoredFile(name=name, key=bytes(32), size=len(content), sha256=hashlib.sha256(content).hexdigest())


def row_of(context: DeskContext, content: bytes) -> attachments_table.AttachmentRow:
    with context.store.reading() as connection:
        row = attachments_table.find(connection, hashlib.sha256(content).hexdigest())
    assert row is not None
    return row


def test_each_file_is_expected_once(context: DeskContext) -> None:
    case = with_case(context)
    of_case(context, Kind.DOCUMENT, a_document(case.id, b"a"), a_document(case.id, b"a"), a_document(case.id, b"bb"))
    with context.store.writing() as connection:
        assert attachments_table.expect_all(connection) == 0
        attachments_table.expect(connection, hashlib.sha256(b"a").hexdigest(), 99)
        attachments_table.expect(connection, "f" * 64, 5)
    assert sorted(row.size for row in rows_of(context, attachment)) == [1, 2, 5]


def test_a_wish_makes_a_file_more_urgent_and_never_less(context: DeskContext) -> None:
    case = with_case(context)
    of_case(context, Kind.DOCUMENT, a_document(case.id, b"a"), a_document(case.id, b"b"))
    hashes = [hashlib.sha256(content).hexdigest() for content in (b"a", b"b")]
    with context.store.writing() as connection:
        attachments_table.want(connection, hashes[:1], Urgency.OPENED)
        attachments_table.want(connection, hashes, Urgency.TERM)
    assert (row_of(context, b"a").urgency, row_of(context, b"b").urgency) == (Urgency.OPENED, Urgency.TERM)


def test_a_file_that_the_hub_failed_to_give_is_asked_for_again(context: DeskContext) -> None:
    case = with_case(context)
    of_case(context, Kind.DOCUMENT, a_document(case.id, b"a"))
    with context.store.writing() as connection:
        connection.execute(attachment.update().values(state=AttachmentState.FAILED, failure="not_found"))
        attachments_table.want(connection, [hashlib.sha256(b"a").hexdigest()], Urgency.ASKED)
    row = row_of(context, b"a")
    assert (row.state, row.urgency, row.failure) == (AttachmentState.MISSING, Urgency.ASKED, "")


def test_what_has_come_is_queued_for_the_index(context: DeskContext) -> None:
    case = with_case(context)
    document = a_document(case.id, b"abc")
    of_case(context, Kind.DOCUMENT, document)
    with context.store.writing() as connection:
        connection.execute(index_queue.delete())
        attachments_table.arrived(connection, stored(b"abc"), NOW)
    row = row_of(context, b"abc")
    assert (row.state, row.received, row.checked_at, row.stored) == (AttachmentState.HERE, 3, NOW, stored(b"abc"))
    assert [tuple(each) for each in rows_of(context, index_queue)] == [("document", document.id)]


def test_a_file_that_is_not_what_it_should_be_loses_its_key(context: DeskContext) -> None:
    case = with_case(context)
    of_case(context, Kind.DOCUMENT, a_document(case.id, b"abc"))
    sha256 = hashlib.sha256(b"abc").hexdigest()
    with context.store.writing() as connection:
        attachments_table.arrived(connection, stored(b"abc"), NOW)
        assert attachments_table.lost(connection, sha256, "documents.file.damaged") == "f" * 32
        assert attachments_table.lost(connection, sha256, "documents.file.damaged") == ""
    row = row_of(context, b"abc")
    assert (row.state, row.stored, row.received, row.checked_at) == (AttachmentState.MISSING, None, 0, None)
    assert rows_of(context, attachment)[0].key == b""


def test_an_own_file_is_readable_at_once_and_kept_once(context: DeskContext) -> None:
    with context.store.writing() as connection:
        attachments_table.keep_own(connection, stored(b"act"), NOW)
        attachments_table.keep_own(connection, stored(b"act", name="e" * 32), NOW)
    row = row_of(context, b"act")
    assert (row.state, row.is_here, row.stored) == (AttachmentState.TO_SEND, True, stored(b"act"))
