"""How long a search in 100,000 documents takes, against the bare FTS5 query that gives the same rows.

    python -m tests.bench.search [COUNT]

Both in one process over one encrypted file, warm, the 20 best hits, the median of 5 rounds of each query. "Bare" is the
ranked rowids and
nothing else; ours adds the stems of the query, the total, titles, case numbers, and the marked pieces of text of as
many hits as a window shows.
"""

from __future__ import annotations

import itertools
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

from judge_desk.domain.kinds import Kind
from judge_desk.runtime.clock import SystemClock
from judge_desk.services.context import DeskContext
from judge_desk.services.search import SearchService
from judge_desk.store import search
from judge_desk.store.search import Entry
from tests.factories import desk_context

COUNT = 100_000
ROUNDS = 5
LIMIT = 20
SHOWN = 10
WORDS_A_PAGE = 110
BATCH = 2_000
COMMON = (
    "суд истец ответчик договор срок решение требование сумма доказательство заявление сот талап іс шешім қарыз шарт "
    "мерзім тарап куәлік дәлел представитель обязательство имущество расписка неустойка заём аренда задолженность "
    "экспертиза показания свидетель квартира ущерб возмещение взыскание алименты наследство завещание кадастр участок"
)
ENDINGS = ("", "а", "у", "ом", "ы", "ов", "ның", "ға", "ды", "лар")
QUERIES = (
    "расписка",
    "договор аренды",
    "взыскания неустойки",
    "қарызды өтеу мерзімі",
    "показания свидетелей экспертизы",
    "наследство завещ",
    "шешімнің дәлелдері",
    "кадастровый участок ущерб",
    "задолженности по договору займа",
    "алимент",
)


def vocabulary() -> tuple[list[str], list[float]]:
    """20,000 words by falling frequency, as in any language; the court's own stand among the first hundreds."""
    rng = random.Random(1)
    syllables = ["".join(pair) for pair in itertools.product("бвгдзклмнпрст", "аеиоуыә")]
    made = ["".join(rng.choices(syllables, k=rng.randint(2, 4))) for _ in range(20_000)]
    for place, word in enumerate(COMMON.split()):
        made.insert(place * 12 + 5, word)
    return made, [1 / (rank + 2.7) for rank in range(len(made))]


def texts(count: int) -> Iterator[str]:
    rng = random.Random(2)
    words, weights = vocabulary()
    sums = list(itertools.accumulate(weights))
    for _ in range(count):
        page = rng.choices(words, cum_weights=sums, k=WORDS_A_PAGE)
        yield " ".join(word + rng.choice(ENDINGS) for word in page)


def fill(context: DeskContext, count: int) -> None:
    numbered = enumerate(texts(count))
    while batch := list(itertools.islice(numbered, BATCH)):
        entries = [
            Entry(
                kind=Kind.DOCUMENT,
                record_id=f"d{number}",
                scope=f"case:c{number // 25}",
                case_id=f"c{number // 25}",
                title="Исковое заявление",
                text=text,
                words=text,
                page=1,
            )
            for number, text in batch
        ]
        with context.store.writing() as connection:
            search.replace(connection, Kind.DOCUMENT, [], entries)


def timed(call: Callable[[], object]) -> float:
    spent = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        call()
        spent.append(time.perf_counter() - start)
    return median(spent)


def ours(service: SearchService, query: str) -> int:
    result = service.search(query, LIMIT)
    return sum(len(hit.snippet.text) for hit in result.hits[:SHOWN])


def bare(context: DeskContext, match: str) -> list[int]:
    statement = "SELECT rowid FROM search_words WHERE search_words MATCH ? ORDER BY rank LIMIT ?"
    with context.store.reading() as connection:
        return [row[0] for row in connection.exec_driver_sql(statement, (match, LIMIT)).all()]


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        context = desk_context(Path(folder), clock=SystemClock())
        start = time.perf_counter()
        fill(context, count)
        say(f"{count} documents indexed in {time.perf_counter() - start:.1f} s")
        compare(context)
        context.store.close()


def compare(context: DeskContext) -> None:
    service = SearchService(context)
    ours_sum = bare_sum = 0.0
    for query in QUERIES:
        match = search.match_of(query) or ""
        mine = timed(partial(ours, service, query))
        alone = timed(partial(bare, context, match))
        total = service.search(query, LIMIT).total
        ours_sum, bare_sum = ours_sum + mine, bare_sum + alone
        say(f"{query:40} {total:7} hits  {mine * 1000:7.2f} ms  bare {alone * 1000:7.2f} ms  {mine / alone:5.2f}")
    say(f"all queries: {ours_sum / bare_sum:.2f} x the bare query (at most 1.5)")


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)
