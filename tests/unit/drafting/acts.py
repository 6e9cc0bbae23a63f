"""Acts to print: a long one with every kind of block, in Kazakh or Russian; the same seed gives the same act."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from judge_desk.domain.acts import (
    ActKind,
    ActText,
    Align,
    Block,
    BlockKind,
    Cell,
    Mark,
    Numbering,
    Part,
    PartKind,
    Row,
    Run,
)
from judge_desk.domain.cases import Language
from judge_desk.drafting.pdf import ActMeta

META = ActMeta(
    title="Шешім № 7199-26-00-2/1234",
    made_at=datetime(2026, 5, 12, tzinfo=UTC),
    court="Жарқын қаласының № 2 аудандық соты",
    running="№ 7199-26-00-2/1234",
)

SENTENCES = {
    Language.KAZAKH: (
        "Сот талап қоюшының дәлелдерін, жауапкердің қарсылығын тыңдап, іс материалдарын зерттеп, тұжырым жасады.",
        "Міндеттеме міндеттеменің шарттары мен заңнама талаптарына сай тиісінше орындалуға тиіс.",
        "Тараптар арасында 2024 жылғы 12 наурызда жасалған № 45/2024 шартының 3.2-тармағы бойынша жауапкер 5 000 000 "
        "теңге төлеуге міндеттенген.",
        "Жауапкер бұл соманы мерзімінде төлемеген, бұған қарсы дәлелдемелер сотқа ұсынылмаған.",
        "Әділдік, ғылым, қоғам, теңдік, өнеге, ұлт, үкім, һәм ізгілік туралы сөздер де осы актіде кездеседі.",
    ),
    Language.RUSSIAN: (
        "Суд, заслушав доводы истца, возражения ответчика и исследовав материалы дела, приходит к следующему.",
        "Обязательство должно исполняться надлежащим образом по его условиям и требованиям законодательства.",
        "Согласно п. 3.2 договора № 45/2024 от 12 марта 2024 г. ответчик обязался уплатить 5 000 000 тенге.",
        "Ответчик указанную сумму в срок не уплатил; доказательств обратного суду не представлено.",
        "Всё это подтверждается объёмом представленных сведений и актом сверки, подписанным обеими сторонами.",
    ),
}


def text(block_id: str, words: str, **more: object) -> Block:
    return Block(id=block_id, runs=(Run(text=words),), **more)  # type: ignore[arg-type]


def long_act(language: Language = Language.KAZAKH, paragraphs: int = 60, seed: int = 1) -> ActText:
    """An act with 10 or so headings, lists, a quotation and a table of 25 rows; 60 paragraphs are about 8 pages."""
    chance = random.Random(seed)
    reasons: list[Block] = [text("re-h", "УСТАНОВИЛ:", kind=BlockKind.HEADING, level=2)]
    for number in range(paragraphs):
        if number % 7 == 3:
            reasons.append(text(f"h{number}", f"Тарау {number}", kind=BlockKind.HEADING, level=3))
        first, second = chance.choices(SENTENCES[language], k=2)
        marked = Run(text="2 500 000 ₸", marks=(Mark.BOLD, Mark.UNDERLINE))
        runs = (Run(text=f"{first} "), marked, Run(text=f", {seed}.{number}. {second}"))
        reasons.append(Block(id=f"p{number}", runs=runs))
    sentences = SENTENCES[language]
    reasons.append(text("q", sentences[1], kind=BlockKind.QUOTATION))
    for number in range(3):
        reasons.append(text(f"l{number}", sentences[number], kind=BlockKind.LIST_ITEM, numbering=Numbering.BRACKET))
    reasons.append(text("l-deep", sentences[3], kind=BlockKind.LIST_ITEM, level=2))
    reasons.append(table(25))
    operative = (
        text("op-h", "РЕШИЛ:", kind=BlockKind.HEADING, level=2),
        text("op-1", sentences[0], kind=BlockKind.LIST_ITEM, numbering=Numbering.DECIMAL),
        text("op-2", sentences[2], kind=BlockKind.LIST_ITEM, numbering=Numbering.DECIMAL),
        spread("sign", BlockKind.SIGNATURE, "Төрағалық етуші судья", "Ахметов Д. С."),
    )
    opening = (
        text("banner", "ҚАЗАҚСТАН РЕСПУБЛИКАСЫНЫҢ АТЫНАН", align=Align.CENTRE),
        text("name", "ШЕШІМ", kind=BlockKind.HEADING),
        spread("place", BlockKind.PLACE_LINE, "2026 жылғы 12 мамыр", "№ 7199-26-00-2/1234", "Жарқын қаласы"),
    )
    parts = (
        Part(kind=PartKind.INTRODUCTORY, blocks=opening),
        Part(kind=PartKind.REASONING, blocks=tuple(reasons)),
        Part(kind=PartKind.OPERATIVE, blocks=operative),
    )
    return ActText(language=language, kind=ActKind.DECISION, parts=parts)


def spread(block_id: str, kind: BlockKind, *cells: str) -> Block:
    return Block(id=block_id, kind=kind, rows=(Row(cells=tuple(Cell(runs=(Run(text=cell),)) for cell in cells)),))


def table(count: int) -> Block:
    head = Row(header=True, cells=tuple(Cell(runs=(Run(text=title),)) for title in ("№", "Құжат", "Сомасы, ₸")))
    rows = tuple(
        Row(
            cells=(
                Cell(runs=(Run(text=str(number)),), align=Align.CENTRE),
                Cell(runs=(Run(text=f"Төлем тапсырмасы № {number}, " + "қосымшасымен " * (number % 9)),)),
                Cell(runs=(Run(text=f"{number} 000"),), align=Align.END),
            )
        )
        for number in range(1, count + 1)
    )
    return Block(id="t", kind=BlockKind.TABLE, rows=(head, *rows))


def one_block(*runs: Run, kind: BlockKind = BlockKind.PARAGRAPH) -> ActText:
    part = Part(kind=PartKind.OPERATIVE, blocks=(Block(id="b", kind=kind, runs=runs),))
    return ActText(language=Language.KAZAKH, kind=ActKind.DECISION, parts=(part,))
