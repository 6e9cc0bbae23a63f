"""What can be read: pages of a PDF, pictures, plain text; opened from bytes in memory, off the main thread."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Final, Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QImageReader, QTransform

from judge_desk.domain.errors import BadInput
from judge_desk.services.pdf_worker import Hit, PageLetters, PdfDocument, PdfWorker

PDF: Final = "application/pdf"
IMAGES: Final = {"image/png": "png", "image/jpeg": "jpeg", "image/jpg": "jpeg", "image/tiff": "tiff"}
MOST_PIXELS: Final = 80_000_000
MOST_IMAGES: Final = 500
MOST_TEXT_BYTES: Final = 16 << 20
# A scan without a resolution is taken for one of 150 dots an inch.
POINTS_A_PIXEL: Final = 72 / 150


class PageSource(Protocol):
    """Pages to be shown; every method but ``close`` may take long and runs off the main thread."""

    sizes: Sequence[tuple[float, float]]

    def render(self, page: int, scale: float, rotation: int) -> QImage:
        """A page at ``scale`` pixels a point, turned clockwise by degrees; raises KnownError."""

    def find(self, query: str, first: int, count: int) -> list[Hit]:
        """Hits on some pages; raises KnownError."""

    def letters(self, page: int) -> PageLetters:
        """The text of a page with the places of its letters; raises KnownError."""

    def close(self) -> None:
        """Let go of the bytes."""


class PdfSource:
    """Pages of a PDF, rendered in the worker process."""

    def __init__(self, document: PdfDocument) -> None:
        self._document = document
        self.sizes: Sequence[tuple[float, float]] = document.sizes

    def render(self, page: int, scale: float, rotation: int) -> QImage:
        picture = self._document.render(page, scale, rotation)
        image = QImage(picture.pixels, picture.width, picture.height, picture.stride, QImage.Format.Format_RGB32)
        return image.copy()

    def find(self, query: str, first: int, count: int) -> list[Hit]:
        return self._document.find(query, first, count)

    def letters(self, page: int) -> PageLetters:
        return self._document.letters(page)

    def close(self) -> None:
        self._document.close()


class ImageSource:
    """A picture, or the pictures of a TIFF, each as one page. Raises BadInput for what is none or is too large."""

    def __init__(self, content: bytes, format_name: str) -> None:
        self._content = QByteArray(content)
        self._format = format_name
        self._decoded: tuple[int, QImage] | None = None
        self.sizes: Sequence[tuple[float, float]] = tuple(self._size(page) for page in range(self._count()))

    def render(self, page: int, scale: float, rotation: int) -> QImage:
        image = self._image(page)
        width, height = self.sizes[page]
        target = image.scaled(
            max(1, round(width * scale)),
            max(1, round(height * scale)),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        return target.transformed(QTransform().rotate(rotation)) if rotation else target

    def find(self, query: str, first: int, count: int) -> list[Hit]:
        return []

    def letters(self, page: int) -> PageLetters:
        return PageLetters("", array("f"))

    def close(self) -> None:
        self._content = QByteArray()
        self._decoded = None

    def _reader(self, page: int) -> tuple[QImageReader, QBuffer]:
        buffer = QBuffer()
        buffer.setData(self._content)
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        reader = QImageReader(buffer, QByteArray(self._format.encode()))
        reader.setAutoTransform(True)
        if page and not reader.jumpToImage(page):
            raise BadInput("reader.fault.not_an_image")
        return reader, buffer

    def _count(self) -> int:
        reader, _buffer = self._reader(0)
        if not reader.canRead():
            raise BadInput("reader.fault.not_an_image")
        return min(max(reader.imageCount(), 1), MOST_IMAGES) if self._format == "tiff" else 1

    def _size(self, page: int) -> tuple[float, float]:
        reader, _buffer = self._reader(page)
        size = reader.size()
        if size.isEmpty():
            raise BadInput("reader.fault.not_an_image")
        if size.width() * size.height() > MOST_PIXELS:
            raise BadInput("reader.fault.too_large")
        return size.width() * POINTS_A_PIXEL, size.height() * POINTS_A_PIXEL

    def _image(self, page: int) -> QImage:
        if self._decoded is None or self._decoded[0] != page:
            reader, _buffer = self._reader(page)
            image = reader.read()
            if image.isNull():
                raise BadInput("reader.fault.not_an_image")
            self._decoded = (page, image)
        return self._decoded[1]


def open_source(worker: PdfWorker, media_type: str, content: bytes) -> PageSource | str:
    """Pages, or a plain text; raises BadInput for a kind or content that cannot be shown. Call off the main thread."""
    if media_type == PDF:
        return PdfSource(worker.open(content))
    if media_type in IMAGES:
        return ImageSource(content, IMAGES[media_type])
    if media_type.startswith("text/"):
        return decode_text(content)
    raise BadInput("reader.fault.unknown_kind")


def decode_text(content: bytes) -> str:
    """Bytes as a text: UTF-8 or UTF-16 by what they are, else the old Windows page that has Kazakh letters too.

    Lines end in a line feed, as the text view counts them.
    """
    return _decoded(content).replace("\r\n", "\n").replace("\r", "\n")


def _decoded(content: bytes) -> str:
    if len(content) > MOST_TEXT_BYTES:
        raise BadInput("reader.fault.too_large")
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("kz1048", errors="replace")
