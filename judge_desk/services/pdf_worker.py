"""Reads PDFs in a process of their own, for the reader, the preview and the search index.

Context: documents come from parties and may be broken or hostile; pdfium is C++ and not thread-safe; the bytes must
not touch the disk. Decision: one child a worker, started by "spawn" when first needed, spoken to over a pipe in JSON
and raw bytes, bounded in pages, pixels, memory and time. Alternatives: shared memory (a file in /dev/shm that outlives
a crash; a page of 8 MB crosses the pipe in some 5 ms), pickled messages (a taken-over child could run code here).
Consequences: a crash or a hang costs one child; the documents open in it are loaded again by the next question.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import threading
from array import array
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Final

from judge_desk.domain.errors import BadInput, KnownError
from judge_desk.services.pdf_child import MOST_BYTES, pack, serve, unpack

SECONDS: Final = 20.0
TEXT_PAGES: Final = 50
_REFUSALS: Final = {
    "not_pdf": "reader.fault.not_pdf",
    "password": "reader.fault.password",
    "too_large": "reader.fault.too_large",
    "no_page": "reader.fault.no_page",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A rendered page: ``pixels`` are rows of ``stride`` bytes, four bytes a pixel: blue, green, red, unused."""

    width: int
    height: int
    stride: int
    pixels: bytes


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a query stands on a page (from 0): left, top, right, bottom of each line, as shares of the page shown."""

    page: int
    rects: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True, slots=True)
class PageLetters:
    """The text of a page, a letter a position; ``boxes`` has left, top, right, bottom for each, as shares."""

    text: str
    boxes: array[float]


class _Gone(Exception):
    """The child ended while it was asked."""


class PdfDocument:
    """One open PDF; ``sizes`` are width and height of each page in points, as it is shown. Close it."""

    def __init__(self, worker: PdfWorker, number: int, content: bytes) -> None:
        self.number = number
        self.content = content
        self.sizes: tuple[tuple[float, float], ...] = ()
        self.loaded_in = 0
        self._worker = worker

    def render(self, page: int, scale: float, rotation: int = 0) -> Picture:
        """``scale`` in pixels a point, less where the page would be too large; ``rotation`` in degrees, clockwise."""
        asked = {"do": "render", "page": page, "scale": scale, "rotation": rotation}
        shape, pixels = self._worker.ask(self, asked)
        return Picture(shape["width"], shape["height"], shape["stride"], bytes(pixels))

    def letters(self, page: int) -> PageLetters:
        """The text of a page and where each letter stands."""
        found, raw = self._worker.ask(self, {"do": "chars", "page": page})
        boxes = array("f")
        boxes.frombytes(raw)
        return PageLetters(found["text"], boxes)

    def find(self, query: str, first: int, count: int) -> list[Hit]:
        """Hits on ``count`` pages from ``first`` on, words in any of their forms."""
        found, _ = self._worker.ask(self, {"do": "find", "query": query, "first": first, "count": count})
        return [Hit(each["page"], tuple(tuple(rect) for rect in each["rects"])) for each in found["hits"]]

    def texts(self, first: int, count: int) -> list[str]:
        """Texts of some pages, words at line ends joined."""
        found, _ = self._worker.ask(self, {"do": "texts", "first": first, "count": count})
        texts: list[str] = found["texts"]
        return texts

    def close(self) -> None:
        """Forget the bytes, here and in the child."""
        self._worker.forget(self)
        self.content = b""


class PdfWorker:
    """A child process behind a lock: any thread may ask, one question at a time.

    Every question may raise BadInput (no PDF, a password, too large) or KnownError (it crashed the child twice, or took
    longer than ``seconds``). What killed a child once is tried once more: it may not have been the file.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._generation = 0
        self._closed = False

    @property
    def process_id(self) -> int | None:
        """The child's, while it lives."""
        return self._process.pid if self._process is not None and self._process.is_alive() else None

    def warm_up(self) -> None:
        """Start the child before it is needed."""
        with self._lock:
            self._start()

    def open(self, content: bytes) -> PdfDocument:
        """Open a PDF from memory; raises BadInput for what is none."""
        if len(content) > MOST_BYTES:
            raise BadInput("reader.fault.too_large")
        document = PdfDocument(self, next(self._numbers), content)
        self.ask(document, None)
        return document

    def extract_pages(self, content: bytes) -> list[str]:
        """The text of every page, for the search index; soft hyphens and words cut at line ends are joined."""
        document = self.open(content)
        try:
            starts = range(0, len(document.sizes), TEXT_PAGES)
            return [text for first in starts for text in document.texts(first, TEXT_PAGES)]
        finally:
            document.close()

    def close(self) -> None:
        """End the child at once, whatever it is doing; later questions raise KnownError."""
        self._closed = True
        process = self._process
        if process is not None:
            # Whoever waits for its answer holds the lock, and lets go when the pipe breaks.
            with contextlib.suppress(ValueError):
                process.kill()
        with self._lock:
            self._end()

    def ask(self, document: PdfDocument, question: dict[str, Any] | None) -> tuple[dict[str, Any], memoryview]:
        """Load the document where the child does not have it, then ask; None only loads."""
        with self._lock:
            for is_last in (False, True):
                try:
                    return self._ask(document, question)
                except _Gone:
                    self._end()
                    if is_last:
                        raise KnownError("reader.fault.crashed") from None
        raise AssertionError("unreachable")

    def forget(self, document: PdfDocument) -> None:
        """Close a document in the child, if it has it."""
        with self._lock:
            if self._pipe is None or document.loaded_in != self._generation:
                return
            document.loaded_in = 0
            try:
                self._exchange({"do": "close", "id": document.number})
            except _Gone:
                self._end()

    def _ask(self, document: PdfDocument, question: dict[str, Any] | None) -> tuple[dict[str, Any], memoryview]:
        self._start()
        answer: tuple[dict[str, Any], memoryview] = ({}, memoryview(b""))
        if document.loaded_in != self._generation:
            answer = self._exchange({"do": "open", "id": document.number}, document.content)
            document.loaded_in = self._generation
            document.sizes = tuple((width, height) for width, height in answer[0]["sizes"])
        if question is None:
            return answer
        return self._exchange({**question, "id": document.number})

    def _exchange(self, question: dict[str, Any], payload: bytes = b"") -> tuple[dict[str, Any], memoryview]:
        assert self._pipe is not None
        try:
            self._pipe.send_bytes(pack(question, payload))
            if not self._pipe.poll(self._seconds):
                self._end()
                raise KnownError("reader.fault.slow", seconds=round(self._seconds))
            header, body = unpack(self._pipe.recv_bytes())
        except (EOFError, OSError) as error:
            raise _Gone from error
        if "refused" in header:
            raise BadInput(_REFUSALS.get(header["refused"], "reader.fault.not_pdf"))
        return header, body

    def _start(self) -> None:
        if self._closed:
            raise KnownError("reader.fault.closed")
        if self._process is not None and self._process.is_alive():
            return
        self._end()
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs,), name="judge-desk-pdf", daemon=True)
        self._process.start()
        theirs.close()
        self._generation += 1

    def _end(self) -> None:
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.kill()
            process.join()
            process.close()
