"""A judge's day for tests and pictures of the pages: a real encrypted desk with cases, papers, hearings and terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pytestqt.qtbot import QtBot

from judge_desk.desktop.local import LocalDesk
from judge_desk.desktop.pages import load_page
from judge_desk.desktop.pages.today.page import PAUSE_MS
from judge_desk.desktop.reader.reader import Reader
from judge_desk.desktop.shell.desk_facts import DeskFacts
from judge_desk.desktop.shell.main_window import MainWindow
from judge_desk.desktop.shell.ports import Gate, Opened
from judge_desk.desktop.tasks import TaskRunner
from judge_desk.desktop.theme import Size
from judge_desk.domain.cases import Case, Language, PartyRole, Procedure, Stage
from judge_desk.domain.changes import Changes
from judge_desk.domain.documents import Document, DocumentKind
from judge_desk.domain.drafts import DraftState, Secrecy
from judge_desk.domain.hearings import HearingState
from judge_desk.domain.kinds import Kind
from judge_desk.domain.notes import NoteReach
from judge_desk.domain.scopes import case_scope, review_scope, user_scope
from judge_desk.services.context import DeskContext
from judge_desk.services.desk import Desk
from judge_desk.services.search import SearchService
from tests import factories
from tests.desktop.papers import a_pdf, a_picture
from tests.factories import NOW, a_case, a_draft, a_hearing, a_note, a_party, a_term, agreed, of_case, with_case

PAPERS = (
    (DocumentKind.CLAIM, "Талап арыз", 12),
    (DocumentKind.RECEIPT, "Қолхаттар көшірмесі", 10),
    (DocumentKind.RESPONSE, "Жауап беруші пікірі", 16),
    (DocumentKind.EXPERT_OPINION, "Сараптама қорытындысы", 35),
    (DocumentKind.CONTRACT, "Договор купли-продажи квартиры", 4),
    (DocumentKind.MINUTES, "Протокол предварительного судебного заседания", 3),
)


@dataclass(frozen=True, slots=True)
class Day:
    """What the tests ask for by name."""

    case: Case
    documents: tuple[Document, ...]
    missing: Document


def a_line(title: str) -> Callable[[int], str]:
    def line(page: int) -> str:
        if page == 2:
            return f"{title}\nОсы қолхат екі данада жасалды, сомасы 1 250 000 теңге.\nРасписка в двух экземплярах."
        return f"{title}\nМен, төменде қол қоюшы, үш бөлмелі пәтерді жөндеуге берілген ақшаны толық алдым.\n{page}-бет"

    return line


def fill(context: DeskContext, name: str = "Сейітова — Тұрғын үй инспекциясы") -> Day:
    """One case with everything in it, and a day around it."""
    parties = (
        a_party("Сейітова Айгүл Маратқызы", PartyRole.CLAIMANT, number="850412400123"),
        a_party("Қызылту ауданының тұрғын үй инспекциясы", PartyRole.PUBLIC_BODY, is_organisation=True),
        a_party("Жұмабаев Ерлан Қайратұлы", PartyRole.REPRESENTATIVE, represents="Сейітова А. М."),
    )
    case = with_case(
        context,
        a_case(
            id="c1",
            number="7140-26-00-4/318",
            title=name,
            procedure=Procedure.ADMINISTRATIVE,
            language=Language.KAZAKH,
            stage=Stage.HEARING,
            parties=parties,
            category="Тұрғын үй",
            accepted_on=date(2026, 10, 5),
        ),
    )
    documents = tuple(_papers(context, case))
    missing = factories.a_document(
        case.id, b"x" * 1_500_000, title="Аудиожазба стенограммасы", media_type="application/pdf", pages=40, order=90
    )
    agreed(context, Kind.DOCUMENT, case_scope(case.id), [missing])
    _around(context, case, documents)
    worker_search = SearchService(context, lambda _content: ["", a_line("")(2)])
    while worker_search.index_step(10):
        pass
    return Day(case, documents, missing)


def _papers(context: DeskContext, case: Case) -> Iterator[Document]:
    for number, (kind, title, pages) in enumerate(PAPERS):
        content = a_pdf(pages, a_line(title))
        yield _filed(context, case, content, kind=kind, title=title, pages=pages, order=number)
    picture = a_picture(600, 800, "JPEG")
    yield _filed(context, case, picture, kind=DocumentKind.EVIDENCE, title="Сурет", media_type="image/jpeg", order=50)
    text = "Өтініш\n\nСотты кейінге қалдыруды сұраймын, қолхат түпнұсқасы табылды.\n" * 3
    yield _filed(context, case, text.encode(), kind=DocumentKind.LETTER, title="Хат", media_type="text/plain", order=60)


def _filed(context: DeskContext, case: Case, content: bytes, **values: object) -> Document:
    media_type = values.pop("media_type", "application/pdf")
    document = factories.a_document(
        case.id, content, media_type=media_type, dated_on=date(2026, 10, 2), filed_at=NOW - timedelta(days=50), **values
    )
    agreed(context, Kind.DOCUMENT, case_scope(case.id), [document])
    factories.with_file(context, document, content)
    return document


def _around(context: DeskContext, case: Case, documents: tuple[Document, ...]) -> None:
    titles = (
        ("«Арай-Құрылыс» ЖШС — Ахметов", Procedure.CIVIL),
        ("Бұлтартпау шарасы: Қ. Д. қатысты", Procedure.RESTRAINT),
        ("Жер комиссиясының шешіміне шағым", Procedure.ADMINISTRATIVE),
        ("О взыскании задолженности по договору займа", Procedure.CIVIL_SIMPLIFIED),
    )
    of_case(
        context,
        Kind.HEARING,
        a_hearing(case.id, NOW, id="h1", room="3-зал"),
        a_hearing(case.id, NOW - timedelta(days=14), state=HearingState.ADJOURNED, outcome="Жауапкер келмеді"),
        a_hearing(case.id, NOW + timedelta(days=1, hours=1)),
    )
    of_case(
        context,
        Kind.TERM,
        a_term(case.id, id="t1", rule_id="civil.prepare", trigger_on=date(2026, 10, 26), title=""),
        a_term(case.id, id="t2", title="Пікірді ұсыну", due_on=date(2026, 11, 20)),
        a_term(case.id, id="t3", title="Толық мәтін", due_on=date(2026, 11, 23)),
    )
    for number, (title, procedure) in enumerate(titles, 2):
        other = with_case(context, a_case(id=f"c{number}", title=title, procedure=procedure, stage=Stage.HEARING))
        state = HearingState.HELD if number == 2 else HearingState.PLANNED
        of_case(context, Kind.HEARING, a_hearing(other.id, NOW + timedelta(minutes=40 * number), state=state))
        of_case(context, Kind.TERM, a_term(other.id, due_on=date(2026, 11, 23) + timedelta(days=number)))
    note = a_note(
        case.id, text="Сома талаптан 50 000 ₸ артық. Сараптамамен салыстыру.", document_id=documents[1].id, page=3
    )
    shared = a_note(case.id, reach=NoteReach.SHARED, text="Сурет анық емес, түпнұсқасын сұрату.", created_at=NOW)
    agreed(context, Kind.NOTE, user_scope(note.author_id), [note])
    agreed(context, Kind.NOTE, case_scope(case.id), [shared])
    draft = a_draft(case.id, state=DraftState.TO_SIGN, title="Шешім", secrecy=Secrecy.OWN, changed_at=NOW)
    agreed(context, Kind.DRAFT, user_scope(draft.author_id), [draft])
    review = factories.a_review_assignment(campaign="2026 жыл", act_title="Азаматтық іс бойынша шешім")
    factories.grant(context, review_scope(review.id))
    agreed(context, Kind.REVIEW_ASSIGNMENT, review_scope(review.id), [review])


class DeskDay:
    """The window over a real desk, with its real pages; made by the fixture ``desk_day``."""

    def __init__(self, qtbot: QtBot, context: DeskContext, local: LocalDesk, tasks: TaskRunner, gate: Gate) -> None:
        self.qtbot, self.context, self.tasks = qtbot, context, tasks
        self.day = fill(context)
        self.desk = Desk.over(context)
        self.window = MainWindow(gate, local, context.clock, tasks, load=load_page)
        qtbot.addWidget(self.window)
        self.window.show()
        # The screen of the offscreen platform is smaller, and a window comes up no larger than the screen.
        self.window.resize(Size.WINDOW_WIDTH, Size.WINDOW_HEIGHT)
        self.window.open_desk(Opened(self.desk, DeskFacts(self.desk)))
        self.settle()

    def go(self, page_id: str, **params: str) -> Any:
        """Open a page and wait for it; the page."""
        self.window.open_page(page_id, **params)
        self.settle()
        return self.window.pages.page

    def settle(self) -> None:
        """Wait until what is on screen is final."""

        def is_final() -> bool:
            page = self.window.pages.page
            return self.tasks.is_idle and (page is None or page.is_settled())

        self.qtbot.waitUntil(is_final, timeout=15_000)

    def change(self, job: Callable[[], Changes]) -> None:
        """Do something as another page or the sync would, and let the page on screen hear of it."""
        self.window.events.announce(job())
        self.qtbot.wait(PAUSE_MS + 50)
        self.settle()

    def close(self) -> None:
        """Let the reader's process go."""
        for reader in self.window.findChildren(Reader):
            reader.worker.close()
