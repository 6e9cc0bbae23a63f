"""What runs inside the PDF process: pdfium and nothing else of the desk, so that a hostile file meets nobody else."""

from __future__ import annotations

import ctypes
import re
import signal
import sys
from array import array
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Final

import msgspec

from judge_desk.services.find_words import find_spans

MOST_PAGES: Final = 20_000
MOST_PIXELS: Final = 24_000_000
MOST_CHARS: Final = 200_000
MOST_HITS_A_PAGE: Final = 500
MOST_BYTES: Final = 512 << 20
MEMORY_BYTES: Final = 4 << 30
# A grid fine enough that a rounded corner is never seen; whole numbers are what pdfium's mapping gives.
GRID: Final = 100_000
_JOINED: Final = re.compile("[\u00ad\ufffe\u0002](?:\r?\n)?")
# How a mark that pdfium cannot show as a letter stands in a text, so that positions stay true.
_NO_LETTER: Final = "\ufffd"


class Refused(Exception):
    """This file or page cannot be shown; ``args[0]`` is a code that the parent knows."""


def pack(header: dict[str, Any], payload: bytes | memoryview = b"") -> bytes:
    """One message: length of the header, the header as JSON, then raw bytes. No pickle crosses this border."""
    head = msgspec.json.encode(header)
    return b"".join((len(head).to_bytes(4, "big"), head, payload))


def unpack(message: bytes) -> tuple[dict[str, Any], memoryview]:
    """The inverse of ``pack``."""
    view = memoryview(message)
    length = int.from_bytes(view[:4], "big")
    header: dict[str, Any] = msgspec.json.decode(view[4 : 4 + length])
    return header, view[4 + length :]


def serve(connection: Connection) -> None:
    """Answer until the desk hangs up."""
    _fence_in()
    shelf = Shelf()
    while True:
        try:
            message = connection.recv_bytes()
        except (EOFError, OSError):
            return
        header, payload = unpack(message)
        try:
            answer, body = shelf.answer(header, payload)
        except Refused as refusal:
            answer, body = {"refused": refusal.args[0]}, b""
        connection.send_bytes(pack(answer, body))


def _fence_in() -> None:
    """No file may grow, no core may be dumped, memory ends somewhere; Ctrl+C is the desk's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


class Shelf:
    """The documents open in this process, by the numbers that the parent gave them."""

    def __init__(self) -> None:
        import pypdfium2
        import pypdfium2.raw

        self._pdfium, self._raw = pypdfium2, pypdfium2.raw
        self._open: dict[int, Any] = {}
        self._actions: dict[str, Callable[[dict[str, Any], memoryview], tuple[dict[str, Any], bytes]]] = {
            "open": self._take,
            "close": self._put_away,
            "render": self._render,
            "chars": self._chars,
            "find": self._find,
            "texts": self._texts,
        }

    def answer(self, header: dict[str, Any], payload: memoryview) -> tuple[dict[str, Any], bytes]:
        """Do what is asked; raises Refused."""
        try:
            return self._actions[header["do"]](header, payload)
        except self._pdfium.PdfiumError as error:
            code = getattr(error, "err_code", None)
            raise Refused("password" if code == self._raw.FPDF_ERR_PASSWORD else "not_pdf") from None
        except MemoryError:
            raise Refused("too_large") from None

    def _take(self, header: dict[str, Any], payload: memoryview) -> tuple[dict[str, Any], bytes]:
        document = self._pdfium.PdfDocument(bytes(payload))
        count = len(document)
        if not 0 < count <= MOST_PAGES:
            document.close()
            raise Refused("too_large" if count else "not_pdf")
        self._open[header["id"]] = document
        return {"sizes": [document.get_page_size(number) for number in range(count)]}, b""

    def _put_away(self, header: dict[str, Any], _payload: memoryview) -> tuple[dict[str, Any], bytes]:
        document = self._open.pop(header["id"], None)
        if document is not None:
            document.close()
        return {}, b""

    def _render(self, header: dict[str, Any], _payload: memoryview) -> tuple[dict[str, Any], bytes]:
        page = self._page(header)
        try:
            width, height = page.get_size()
            scale = min(header["scale"], (MOST_PIXELS / max(width * height, 1)) ** 0.5)
            bitmap = page.render(scale=scale, rotation=header["rotation"], prefer_bgrx=True, rev_byteorder=False)
            if bitmap.mode != "BGRX":
                raise Refused("not_pdf")
            pixels = bytes(bitmap.buffer)
            shape = {"width": bitmap.width, "height": bitmap.height, "stride": bitmap.stride}
            bitmap.close()
        finally:
            page.close()
        return shape, pixels

    def _chars(self, header: dict[str, Any], _payload: memoryview) -> tuple[dict[str, Any], bytes]:
        page = self._page(header)
        text_page = page.get_textpage()
        try:
            text = self._text(text_page)
            boxes = array("f")
            place = self._mapper(page)
            corners = [ctypes.c_double() for _ in range(4)]
            for number in range(len(text)):
                self._raw.FPDFText_GetCharBox(text_page, number, *corners)
                left, right, bottom, top = (each.value for each in corners)
                boxes.extend(place(left, top, right, bottom))
        finally:
            text_page.close()
            page.close()
        return {"text": text}, boxes.tobytes()

    def _find(self, header: dict[str, Any], _payload: memoryview) -> tuple[dict[str, Any], bytes]:
        document = self._document(header)
        hits: list[dict[str, Any]] = []
        for number in range(header["first"], min(header["first"] + header["count"], len(document))):
            page = document[number]
            text_page = page.get_textpage()
            try:
                place = self._mapper(page)
                for start, end in find_spans(self._text(text_page), header["query"])[:MOST_HITS_A_PAGE]:
                    rects = self._rects(text_page, place, start, end)
                    if rects:
                        hits.append({"page": number, "rects": rects})
            finally:
                text_page.close()
                page.close()
        return {"hits": hits}, b""

    def _texts(self, header: dict[str, Any], _payload: memoryview) -> tuple[dict[str, Any], bytes]:
        document = self._document(header)
        texts = []
        for number in range(header["first"], min(header["first"] + header["count"], len(document))):
            page = document[number]
            text_page = page.get_textpage()
            try:
                texts.append(_JOINED.sub("", text_page.get_text_range(errors="replace"))[:MOST_CHARS])
            finally:
                text_page.close()
                page.close()
        return {"texts": texts}, b""

    def _document(self, header: dict[str, Any]) -> Any:
        return self._open[header["id"]]

    def _page(self, header: dict[str, Any]) -> Any:
        document = self._document(header)
        if not 0 <= header["page"] < len(document):
            raise Refused("no_page")
        return document[header["page"]]

    def _text(self, text_page: Any) -> str:
        """One letter a position, so that a place in the text is a place on the page."""
        count = min(text_page.count_chars(), MOST_CHARS)
        return "".join(_letter(self._raw.FPDFText_GetUnicode(text_page, number)) for number in range(count))

    def _rects(self, text_page: Any, place: Callable[..., list[float]], start: int, end: int) -> list[list[float]]:
        count = text_page.count_rects(start, end - start)
        found = []
        for number in range(count):
            left, bottom, right, top = text_page.get_rect(number)
            found.append(place(left, top, right, bottom))
        return found

    def _mapper(self, page: Any) -> Callable[[float, float, float, float], list[float]]:
        """From the page's own space to shares (0 to 1) of the page as it is shown: left, top, right, bottom."""
        across, down = ctypes.c_int(), ctypes.c_int()

        def point(x: float, y: float) -> tuple[float, float]:
            self._raw.FPDF_PageToDevice(page, 0, 0, GRID, GRID, 0, x, y, across, down)
            return across.value / GRID, down.value / GRID

        def place(left: float, top: float, right: float, bottom: float) -> list[float]:
            (x1, y1), (x2, y2) = point(left, top), point(right, bottom)
            return [min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)]

        return place


def _letter(code: int) -> str:
    if 0xD800 <= code <= 0xDFFF or code > sys.maxunicode or code == 0:
        return _NO_LETTER
    return chr(code)
