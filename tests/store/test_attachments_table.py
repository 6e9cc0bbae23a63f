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


def test_each_file_is_expected_once(context: DeskContext) -> None:
    case = with_case(context)
    of_case(context, Kind.DOCUMENT, a_document(case.id, b"a"), a_document(case.id, b"a"), a_document(case.id, b"bb"))
    with context.store.writing() as connection:
        assert attachments_table.expect_all(connection) == 0
        attachments_table.expect(connection, hashlib.sha256(b"a").hexdigest(), 99)
        assert attachments_table.fetch_counts(connection) == (2, 3)
    assert sorted(row.size for row in rows_of(context, attachment)) == [1, 2]


def test_the_most_urgent_goes_first_then_what_is_begun_then_the_smallest(context: DeskContext) -> None:
    case = with_case(context)
    contents = {name: name.encode() * size for name, size in (("a", 9), ("b", 5), ("c", 7), ("d", 1))}
    of_case(context, Kind.DOCUMENT, *(a_document(case.id, content) for content in contents.values()))
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    with context.store.writing() as connection:
        attachments_table.begin(connection, stored(contents["c"]))
        attachments_table.progress(connection, hashes["c"], 3)
        attachments_table.want(connection, [hashes["a"]], Urgency.OPENED)
        attachments_table.want(connection, list(hashes.values()), Urgency.SOON)
        order = [row.sha256 for row in attachments_table.next_to_fetch(connection, 9)]
        begun = attachments_table.get(connection, hashes["c"])
    assert order == [hashes[name] for name in "acdb"]
    assert (begun.state, begun.received, begun.is_here) == (AttachmentState.PARTIAL, 3, False)
    assert begun.stored == stored(contents["c"])


def test_what_has_come_is_queued_for_the_index_and_no_longer_fetched(context: DeskContext) -> None:
    case = with_case(context)
    document = a_document(case.id, b"abc")
    of_case(context, Kind.DOCUMENT, document)
    with context.store.writing() as connection:
        connection.execute(index_queue.delete())
        attachments_table.arrived(connection, stored(b"abc"), NOW)
        row = attachments_table.get(connection, document.sha256)
        assert attachments_table.next_to_fetch(connection) == []
        assert attachments_table.file_names(connection) == {"f" * 32}
    assert (row.state, row.received, row.checked_at) == (AttachmentState.HERE, 3, NOW)
    assert [tuple(each) for each in rows_of(context, index_queue)] == [("document", document.id)]


def test_a_file_that_is_not_what_it_should_be_loses_its_key(context: DeskContext) -> None:
    case = with_case(context)
    of_case(context, Kind.DOCUMENT, a_document(case.id, b"abc"))
    sha256 = hashlib.sha256(b"abc").hexdigest()
    with context.store.writing() as connection:
        attachments_table.arrived(connection, stored(b"abc"), NOW)
        assert attachments_table.failed(connection, sha256, "documents.file.damaged") == "f" * 32
        row = attachments_table.get(connection, sha256)
        assert [each.sha256 for each in attachments_table.next_to_fetch(connection)] == [sha256]
        assert attachments_table.failed(connection, sha256, "documents.file.damaged") == ""
    assert (row.state, row.stored, row.received, row.checked_at) == (AttachmentState.FAILED, None, 0, None)


def test_an_own_file_is_readable_at_once_and_owed(context: DeskContext) -> None:
    with context.store.writing() as connection:
        attachments_table.keep_own(connection, stored(b"act"), NOW)
        (owed,) = attachments_table.next_to_send(connection)
        assert owed.is_here
        attachments_table.keep_own(connection, stored(b"act", name="e" * 32), NOW)
        assert attachments_table.file_names(connection) == {"f" * 32}
        attachments_table.sent(connection, owed.sha256)
        assert attachments_table.next_to_send(connection) == []
