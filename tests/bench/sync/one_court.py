"""How fast a desk takes in 10,000 cases, and what asking for nothing new costs; the hub runs in a process of its own.

A case is what a registry holds of one: two or three parties with their names, numbers, addresses and telephones, a
title, a category and a short subject, 1.5 KB in all, in a scope of its own. "Searchable" is the moment from which every
case is found by the words of its title, parties and subject.

Baselines of the same run: plain sqlite3 ``executemany`` of the same bodies into an unencrypted file, one transaction;
an empty HTTP answer (``/v1/health`` without its database) of the same kind of server over a kept-alive connection.
"""

from __future__ import annotations

import gc
import hashlib
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import httpx2

from judge_desk.bootstrap.profile import OpenProfile, Profile
from judge_desk.domain.cases import Case, Language, Party, PartyRole, Procedure
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Court, Person, Role
from judge_desk.domain.scopes import case_scope
from judge_desk.hub.db import migrate
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.registry import Registry
from judge_desk.protocol import codec
from judge_desk.runtime.clock import SystemClock
from judge_desk.security.keyslot import Cost

COURT = Court(id="court1", code="7140", names={"kk": "Сот"}, places={}, appeal_courts={})
CHEAP = Cost(128, 1, 1)
PASSWORD, PASSPHRASE = "a long password", "a long passphrase"
SURNAMES = (
    "Сейітова Ахметов Оспанова Иванов Қасымова Петрова Тілеуов Нұрланова Смирнов Әбдіқадырова Ли Жүнісов Байжанова Цой "
    "Мұратбеков Дүйсенова Ковальчук Сәрсенбаев Кузнецова Омаров Рахимова Шевченко Төлегенов Пак Ибраева Есенов"
).split()
GIVEN = "Айгүл Марат Елена Ерлан Гүлнәр Сергей Дана Нұрлан Ольга Қанат Әлия Виктор Сәуле Тимур Жанна Болат".split()
FATHERS = "Серікқызы Маратович Ивановна Ерланұлы Сергеевна Қанатұлы Викторович Болатқызы Тимуровна Нұрланұлы".split()
MATTERS = (
    "основного долга и неустойки по договору поставки",
    "задолженности по договору займа и расходов по делу",
    "ущерба, причинённого дорожно-транспортным происшествием",
    "заработной платы и компенсации за неиспользованный отпуск",
    "арендной платы и коммунальных платежей",
    "страховой выплаты и штрафа",
    "алиментов на содержание ребёнка",
)


def cases(count: int) -> list[Case]:
    """Cases of 1.5 KB of JSON on average, with names that differ."""
    return [one_case(number) for number in range(count)]


def one_case(number: int) -> Case:
    parties = tuple(party(number, place) for place in range(3 if number % 3 == 0 else 2))
    matter = MATTERS[number % len(MATTERS)]
    return Case(
        id=made_id("case", number),
        court_id=COURT.id,
        number=f"7140-26-00-2/{number}",
        title=f"{parties[0].name} к {parties[1].name} о взыскании {matter}",
        procedure=Procedure.CIVIL,
        language=Language.RUSSIAN,
        category=f"Споры: {matter}",
        subject=f"Задолженность: {matter}",
        judge_id="judge1",
        secretary_id=made_id("person", number % 20),
        judge_name="Ермеков А. С.",
        received_on=date(2026, 1, 5) + timedelta(number * 7919 % 300),
        accepted_on=date(2026, 1, 8) + timedelta(number * 7919 % 300),
        claim_tiyn=number * 1_000_003 % 10**9,
        parties=parties,
        source="register",
    )


def party(number: int, place: int) -> Party:
    drawn = random.Random(number * 10 + place)
    surname, given, father = (drawn.choice(names) for names in (SURNAMES, GIVEN, FATHERS))
    return Party(
        id=made_id("party", number, place),
        role=(PartyRole.CLAIMANT, PartyRole.DEFENDANT, PartyRole.REPRESENTATIVE)[place],
        name=f"{surname} {given} {father}",
        number=f"{drawn.randrange(10**12):012d}",
        address=f"г. Конаев, улица Абая, дом {drawn.randrange(300)}, кв. {drawn.randrange(99)}",
        phone=f"+7 700 000 {drawn.randrange(10, 100)} {drawn.randrange(10, 100)}",
        represents=made_id("party", number, 0) if place > 1 else "",
    )


def made_id(*names: str | int) -> str:
    """As long and as scattered as the ids of the hub."""
    return hashlib.sha256(":".join(map(str, names)).encode()).hexdigest()[:26]


def plain_sqlite(bodies: list[tuple[str, str]]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(f"{folder}/plain.db")
        connection.execute("CREATE TABLE row (id TEXT PRIMARY KEY, body TEXT NOT NULL)")
        began = time.perf_counter()
        connection.executemany("INSERT INTO row VALUES (?, ?)", bodies)
        connection.commit()
        seconds = time.perf_counter() - began
        connection.close()
    return seconds


@contextmanager
def hub(database: str, blobs: Path) -> Iterator[str]:
    """``judge-desk-hub serve`` as it is run in a court."""
    words = ["serve", "--database", database, "--blobs", str(blobs), "--listen", "127.0.0.1:0", "--json"]
    command = [sys.executable, "-m", "judge_desk.bootstrap.hub", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            answer = json.loads(process.stdout.readline())
            yield answer.get("url") or f"http://{answer['listen']}"
        finally:
            process.terminate()


@contextmanager
def desk(url: str, folder: Path, cost: Cost = CHEAP) -> Iterator[OpenProfile]:
    profile = Profile(folder, SystemClock(), cost=cost, use_keyring=False)
    profile.enrol(url, "judge1", PASSWORD, PASSPHRASE)
    opened = profile.unlock(PASSPHRASE, with_loop=False)
    try:
        yield opened
    finally:
        opened.close()
        profile.sign_in.lock()


def first_pull(url: str, folder: Path, expected: int) -> tuple[float, float]:
    """Seconds until every case is in the store, and until every case can be found."""
    with desk(url, folder) as opened:
        began = time.perf_counter()
        report = opened.engine_for(lambda _progress: None).cycle(threading.Event(), with_files=False)
        pulled = time.perf_counter() - began
        while opened.desk.search.index_step(60):
            pass
        searchable = time.perf_counter() - began
        assert report.pulled >= expected
        assert not report.mismatches
        assert opened.desk.search.search("Сейітованың").total
    return pulled, searchable


def idle(url: str, folder: Path, times: int) -> tuple[float, float]:
    """Median seconds of a sync with nothing new, and of an empty answer of the same server, measured in turn."""
    with desk(url, folder) as opened:
        engine = opened.engine_for(lambda _progress: None)
        engine.cycle(threading.Event(), with_files=False)
        nothing, empty = [], []
        with httpx2.Client(base_url=url, trust_env=False) as client:
            client.get("/v1/nothing")
            for _ in range(times):
                report = engine.cycle(threading.Event())
                assert report.round_trips == 1
                nothing.append(report.seconds)
                empty.append(timed(lambda: client.get("/v1/nothing")))
    return median(nothing), median(empty)


def timed(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def seeded(folder: Path, made: list[Case]) -> str:
    url = f"sqlite:///{folder / 'hub.db'}"
    engine = open_engine(url)
    migrate.migrate(engine)
    registry = Registry(engine)
    registry.add_court(COURT)
    person = Person(id="judge1", court_id=COURT.id, name="А. Б.", full_name="А. Б.", roles=(Role.JUDGE,))
    registry.add_account(COURT.id, "judge1", PASSWORD, person)
    registry.put_many(COURT.id, [(case_scope(case.id), Kind.CASE, case.id, case) for case in made])
    engine.dispose()
    return url


def measure(count: int, rounds: int) -> None:
    """Print the rows of one court over SQLite."""
    made = cases(count)
    bodies = [(case.id, codec.encode(case).decode()) for case in made]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with hub(seeded(folder, made), folder / "blobs") as url:
            gc.freeze()  # as a desk does behind its start: the collector is not to walk through the bench's own cases
            found = [
                (plain_sqlite(bodies), *first_pull(url, folder / f"desk{number}", count)) for number in range(rounds)
            ]
    plain, pulled, searchable = (median(column) for column in zip(*found, strict=True))
    print(f"first pull, {count} cases: plain {plain:.3f} s, stored {pulled:.3f} s, found {searchable:.3f} s")
    print(f"rate against plain: stored {plain / pulled:.3f}, searchable {plain / searchable:.3f} (at least 0.12)")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with hub(seeded(folder, made[:300]), folder / "blobs") as url:
            nothing, empty = idle(url, folder / "desk", 200)
    print(f"nothing new, 300 cases: {nothing * 1000:.2f} ms, empty answer {empty * 1000:.2f} ms")
    print(f"time against an empty answer: {nothing / empty:.1f} x (at most 8)")
