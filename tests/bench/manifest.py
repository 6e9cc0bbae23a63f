"""How long ``judge-desk doctor`` takes to compare hub and desk: 10,000 cases of 4 records each.

python -m tests.bench.manifest [CASES]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import sqlalchemy as sa

from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.domain.scopes import case_scope
from judge_desk.store.tables import RECORD_TABLES
from tests import factories
from tests.live_hub import LiveHub, hub_over
from tests.sync.conftest import SyncedDesk, enrolled

JUDGE = "judge1"
ROUNDS = 5
DOCUMENTS = 3
BATCH = 500


def fill(hub: LiveHub, cases: int) -> None:
    hub.add_person(JUDGE, Role.JUDGE)
    for start in range(0, cases, BATCH):
        items: list[tuple[str, Kind, str, object]] = []
        for number in range(start, min(start + BATCH, cases)):
            case = factories.a_case(id=f"c{number}", court_id=hub.court.id, judge_id=JUDGE)
            scope = case_scope(case.id)
            items.append((scope, Kind.CASE, case.id, case))
            for place in range(DOCUMENTS):
                document = factories.a_document(case.id, f"{number} {place}".encode())
                items.append((scope, Kind.DOCUMENT, document.id, document))
        hub.put(*items)


def seconds(desk: SyncedDesk) -> float:
    began = time.perf_counter()
    desk.desk.manifest.compare()
    return time.perf_counter() - began


def main() -> int:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    folder = Path(tempfile.mkdtemp())
    with hub_over(f"sqlite:///{folder / 'hub.db'}", folder) as hub:
        fill(hub, cases)
        desk = enrolled(hub.url, JUDGE, folder / "desk")
        desk.opened.engine_for(lambda _progress: None).cycle(threading.Event(), with_files=False)
        same = statistics.median(seconds(desk) for _ in range(ROUNDS))
        table = RECORD_TABLES[Kind.CASE]
        with desk.opened.context.store.writing() as connection:
            ids = connection.execute(sa.select(table.c.id).limit(10)).scalars().all()
            connection.execute(sa.update(table).where(table.c.id.in_(ids)).values(rev=99))
        other = statistics.median(seconds(desk) for _ in range(ROUNDS))
        found = desk.desk.manifest.compare()
        assert len(found.differences) == 10
        began = time.perf_counter()
        desk.desk.manifest.confirm("c0")
        one = time.perf_counter() - began
        print(f"{found.scopes} scopes: all the same {same:.2f} s, ten different {other:.2f} s, one case {one:.2f} s")
        desk.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
