"""The PDF process: what it reads, and how the desk survives what it cannot."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator

import psutil
import pytest

from judge_desk.domain.errors import BadInput, KnownError
from judge_desk.services.find_words import find_spans
from judge_desk.services.pdf_worker import PdfWorker
from tests.desktop.papers import a_pdf


@pytest.fixture
def worker() -> Iterator[PdfWorker]:
    child = PdfWorker()
    yield child
    child.close()


def test_the_text_of_every_page_comes_in_order_with_cut_words_joined(worker: PdfWorker) -> None:
    content = a_pdf(120, lambda page: f"бет {page} қар\u00adыз")
    pages = worker.extract_pages(content)
    assert len(pages) == 120
    assert pages[0].strip() == "бет 1 қарыз"
    assert pages[119].strip() == "бет 120 қарыз"


def test_a_page_is_rendered_at_the_scale_asked_for_and_never_larger_than_memory_allows(worker: PdfWorker) -> None:
    document = worker.open(a_pdf(1))
    assert document.sizes == ((595.0, 842.0),)
    picture = document.render(0, 1.0)
    assert (picture.width, picture.height) == (595, 842)
    assert len(picture.pixels) == picture.stride * picture.height
    turned = document.render(0, 1.0, 90)
    assert (turned.width, turned.height) == (842, 595)
    huge = document.render(0, 100.0)
    assert huge.width * huge.height < 25_000_000


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"x" * 1000], ids=["none", "head", "x"])
def test_what_is_no_pdf_is_refused_and_the_child_lives_on(worker: PdfWorker, content: bytes) -> None:
    worker.warm_up()
    before = worker.process_id
    with pytest.raises(BadInput) as caught:
        worker.open(content)
    assert caught.value.key == "reader.fault.not_pdf"
    assert worker.open(a_pdf(1)).sizes
    assert worker.process_id == before


def test_a_page_that_is_not_there_is_refused(worker: PdfWorker) -> None:
    with pytest.raises(BadInput) as caught:
        worker.open(a_pdf(1)).render(7, 1.0)
    assert caught.value.key == "reader.fault.no_page"


def test_documents_survive_the_death_of_the_child(worker: PdfWorker) -> None:
    one, other = worker.open(a_pdf(2)), worker.open(a_pdf(3))
    victim = worker.process_id
    assert victim is not None
    os.kill(victim, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    assert one.render(1, 0.5).width == 298
    assert other.texts(2, 1)[0].startswith("Page 3")
    assert worker.process_id != victim


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGSTOP")
def test_a_child_that_hangs_is_ended_with_a_sentence_and_the_next_question_is_answered() -> None:
    worker = PdfWorker(seconds=0.5)
    document = worker.open(a_pdf(1))
    assert worker.process_id is not None
    os.kill(worker.process_id, signal.SIGSTOP)
    with pytest.raises(KnownError) as caught:
        document.render(0, 1.0)
    assert caught.value.key == "reader.fault.slow"
    assert document.render(0, 1.0).width == 595
    worker.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGSTOP")
def test_closing_does_not_wait_for_a_hang() -> None:
    worker = PdfWorker(seconds=60)
    document = worker.open(a_pdf(1))
    child = worker.process_id
    assert child is not None
    os.kill(child, signal.SIGSTOP)
    faults: list[str] = []

    def ask() -> None:
        try:
            document.render(0, 1.0)
        except KnownError as error:
            faults.append(error.key)

    asking = threading.Thread(target=ask)
    asking.start()
    while not worker._lock.locked():
        pass
    worker.close()
    asking.join(10)
    assert not asking.is_alive()
    assert set(faults) <= {"reader.fault.closed"}
    assert (worker.process_id, psutil.pid_exists(child)) == (None, False)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_the_child_may_write_no_file_and_leave_no_core(worker: PdfWorker) -> None:
    worker.open(a_pdf(1))
    child = psutil.Process(worker.process_id)
    assert child.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
    assert child.rlimit(psutil.RLIMIT_CORE) == (0, 0)
    assert not [name for name in child.open_files() if name.path.endswith(".pdf")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("қолхат", ["қолхаттар"]),
        ("қолхат бойынша", ["қолхаттар бойынша"]),
        ("бойынша қолхат", []),
        ("РАСПИСКИ", ["расписка"]),
        ("250 000", ["250 000"]),
        ("ариз", ["ариз"]),
        ("", []),
        ("гараж", []),
    ],
)
def test_words_are_marked_as_written_or_in_any_form_in_their_order(query: str, found: list[str]) -> None:
    text = "қолхаттар бойынша 1 250 000 теңге, расписка на нотариза"
    assert [text[start:end] for start, end in find_spans(text, query)] == found
