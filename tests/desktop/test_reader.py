"""The reader over its real worker process: pages, hits, marked text, bad files, a worker that is killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from judge_desk.desktop.accessibility import nameless, unreachable
from judge_desk.desktop.reader.reader import Reader
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.widgets.state_stack import State
from judge_desk.domain.errors import NotHereYet
from judge_desk.services.pdf_worker import PdfWorker
from tests.desktop.conftest import press, type_text
from tests.desktop.papers import a_pdf, a_picture

PDF = "application/pdf"


@pytest.fixture(scope="module")
def worker() -> Iterator[PdfWorker]:
    child = PdfWorker()
    yield child
    child.close()


@pytest.fixture
def reader(qtbot: QtBot, tasks: TaskRunner, worker: PdfWorker) -> Reader:
    reader = Reader(tasks, worker)
    qtbot.addWidget(reader)
    reader.resize(700, 800)
    reader.show()
    return reader


Opener = Callable[..., None]


@pytest.fixture
def show(qtbot: QtBot, reader: Reader) -> Opener:
    def open_it(content: bytes, media_type: str = PDF, *, page: int = 1, query: str = "") -> None:
        reader.show_document(f"d{hash(content)}", media_type, lambda: content, page=page, query=query)
        qtbot.waitUntil(lambda: reader.is_settled(), timeout=15_000)

    return open_it


def paper_colours(reader: Reader) -> int:
    """How many colours the first page in sight has: 1 for blank paper."""
    image = reader.pages.viewport().grab().toImage()
    middle = [image.pixelColor(x, y).name() for x in range(60, 640, 2) for y in range(40, 300, 2)]
    return len(set(middle))


def test_a_page_is_drawn_and_counted(reader: Reader, show: Opener) -> None:
    show(a_pdf(3))
    assert paper_colours(reader) > 1
    assert (reader.page, reader.toolbar.page.text()) == (1, "1")
    assert nameless(reader) == []
    assert unreachable(reader) == []


def test_a_thousand_pages_open_at_once_and_only_those_in_sight_are_rendered(
    qtbot: QtBot, reader: Reader, show: Opener
) -> None:
    content = a_pdf(1000)
    reader.worker.warm_up()
    rendered: list[object] = []
    reader.queue.ready.connect(rendered.append)
    show(content)
    reader.pages.go_to(899)
    qtbot.waitUntil(lambda: reader.is_settled(), timeout=15_000)
    assert reader.page == 900
    assert len(rendered) < 10


def test_keys_move_through_the_pages(reader: Reader, show: Opener) -> None:
    show(a_pdf(5))
    reader.pages.setFocus()
    press(reader.pages, Qt.Key.Key_Right)
    assert reader.page == 2
    press(reader.pages, Qt.Key.Key_End)
    assert reader.page == 5
    press(reader.pages, Qt.Key.Key_Home)
    assert reader.page == 1


def test_a_page_number_is_typed(reader: Reader, show: Opener) -> None:
    show(a_pdf(30))
    reader.focus_page_field()
    reader.toolbar.page.selectAll()
    type_text(reader.toolbar.page, "17")
    press(reader.toolbar.page, Qt.Key.Key_Return)
    assert reader.page == 17
    reader.focus_page_field()
    type_text(reader.toolbar.page, "9")
    press(reader.toolbar.page, Qt.Key.Key_Escape)
    assert reader.toolbar.page.text() == "17"


@pytest.mark.parametrize(
    ("query", "pages"),
    [("қолхат", [2, 4]), ("Қолхаттар бойынша", [4]), ("борышкер", []), ("қарыз", [5])],
)
def test_words_are_found_in_any_form(qtbot: QtBot, reader: Reader, show: Opener, query: str, pages: list[int]) -> None:
    texts = {2: "Осы қолхат екі данада", 4: "қолхаттар бойынша төленді", 5: "қа\u00adрыз сомасы"}
    show(a_pdf(60, lambda page: texts.get(page, "бос бет")))
    reader.look_for(query)
    qtbot.waitUntil(lambda: not reader.finder.is_busy, timeout=15_000)
    assert [hit.page + 1 for hit in reader.finder.hits] == pages
    if pages:
        assert reader.page == pages[0]
        reader.find_next()
        assert reader.page == pages[-1]


def test_a_hit_from_a_list_opens_at_its_page_with_its_words_marked(qtbot: QtBot, reader: Reader, show: Opener) -> None:
    show(a_pdf(40, lambda page: "расписка" if page in (3, 31) else "пусто"), page=31, query="расписки")
    qtbot.waitUntil(lambda: not reader.finder.is_busy, timeout=15_000)
    assert (reader.page, reader.finder.position, len(reader.finder.hits)) == (31, 2, 2)
    assert reader.step_back()
    assert (reader.finder.hits, reader.step_back()) == ([], False)


def test_text_is_marked_with_the_mouse_and_copied(qtbot: QtBot, reader: Reader, show: Opener) -> None:
    show(a_pdf(1, lambda _page: "Талап қанағаттандырылсын"))
    view = reader.pages
    box = view._roll.page(0)
    left, right = (QPoint(round(box.x + share * box.width), round(box.y + 0.082 * box.height)) for share in (0.1, 0.9))
    with qtbot.waitSignal(view.letters_asked):
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=left)
    qtbot.waitUntil(lambda: 0 in view._letters)
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=left)
    QTest.mouseMove(view.viewport(), right)
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=right)
    view.setFocus()
    press(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Талап қанағаттандырылсын"


def test_turning_keeps_the_page_and_turns_its_shape(qtbot: QtBot, reader: Reader, show: Opener) -> None:
    show(a_pdf(9), page=6)
    reader.pages.rotate(90)
    qtbot.waitUntil(lambda: reader.is_settled())
    assert reader.page == 6
    box = reader.pages._roll.page(5)
    assert box.width > box.height


def test_zoom_keeps_what_is_read_in_sight(reader: Reader, show: Opener) -> None:
    show(a_pdf(9), page=6)
    before = reader.pages.percent()
    reader.pages.zoom_by(1)
    assert reader.pages.percent() > before
    assert reader.page == 6


@pytest.mark.parametrize(
    ("media_type", "content", "sentence"),
    [
        (PDF, b"%PDF-1.7 nothing of the kind", "This file is not a PDF or is damaged."),
        (PDF, b"", "This file is not a PDF or is damaged."),
        (PDF, a_pdf(2)[:900], "This file is not a PDF or is damaged."),
        ("image/png", b"\x89PNG broken", "This file is not an image or is damaged."),
        ("application/zip", b"PK", "Files of this kind are not shown here."),
    ],
)
def test_what_cannot_be_shown_gets_a_sentence(
    qtbot: QtBot, reader: Reader, media_type: str, content: bytes, sentence: str
) -> None:
    reader.show_document("bad", media_type, lambda: content)
    qtbot.waitUntil(lambda: reader.states.state is State.ERROR, timeout=15_000)
    assert sentence in reader.states._words._title.text()
    reader.show_document("good", PDF, lambda: a_pdf(1))
    qtbot.waitUntil(lambda: reader.is_settled() and reader.is_open, timeout=15_000)


def test_a_killed_worker_is_started_again(qtbot: QtBot, reader: Reader, show: Opener) -> None:
    show(a_pdf(200))
    victim = reader.worker.process_id
    assert victim is not None
    for page in range(20, 200, 30):
        reader.pages.go_to(page)
        if page == 80:
            os.kill(victim, signal.SIGKILL)
    qtbot.waitUntil(lambda: reader.is_settled(), timeout=15_000)
    assert reader.worker.process_id not in (None, victim)
    assert not reader.queue.is_broken(reader.pages.page)


def test_a_file_that_has_not_come_says_so_and_asks_for_it(qtbot: QtBot, reader: Reader) -> None:
    def read() -> bytes:
        raise NotHereYet(1_500_000)

    reader.show_document("d1", PDF, read)
    qtbot.waitUntil(lambda: reader.states.state is State.EMPTY)
    title = reader.states._words._title.text().replace("\u00a0", " ")
    assert title == "This document has not arrived yet (1.4 MB)"
    button = reader.states._words._button
    assert button is not None
    with qtbot.waitSignal(reader.fetch_asked) as asked:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked.args == ["d1"]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_pictures_are_pages(reader: Reader, show: Opener, kind: str) -> None:
    show(a_picture(kind=kind), f"image/{kind.lower()}")
    assert reader.page == 1
    image = reader.pages.viewport().grab().toImage()
    assert image.pixelColor(image.width() // 2, 60).lightness() == pytest.approx(128, abs=4)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "kz1048"])
def test_a_plain_text_is_read_in_its_encoding(qtbot: QtBot, reader: Reader, show: Opener, encoding: str) -> None:
    show("Өтініш\r\nқолхаттар, Ұлт және һ\r\n".encode(encoding), "text/plain", query="қолхат")
    assert reader.text.toPlainText() == "Өтініш\nқолхаттар, Ұлт және һ\n"
    qtbot.waitUntil(lambda: bool(reader.text.extraSelections()))
    assert reader.text.extraSelections()[0].cursor.selectedText() == "қолхаттар"


def test_thumbnails_are_made_for_the_pages_in_sight_only(qtbot: QtBot, reader: Reader, show: Opener) -> None:
    show(a_pdf(300))
    reader.toggle_thumbnails()
    qtbot.waitUntil(lambda: reader.thumbnails.picture(0) is not None, timeout=15_000)
    qtbot.waitUntil(lambda: not reader.thumbnails.wanted(), timeout=15_000)
    assert reader.thumbnails.picture(250) is None
    reader.thumbnails.setFocus()
    press(reader.thumbnails, Qt.Key.Key_Down)
    press(reader.thumbnails, Qt.Key.Key_Return)
    assert reader.page == 2
