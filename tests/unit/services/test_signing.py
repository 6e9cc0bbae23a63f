"""Signing on a desk: batches, tokens that go away, stamps that come later, and acts that can never change again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from judge_desk.domain.acts import ActText
from judge_desk.domain.documents import Document, DocumentKind
from judge_desk.domain.drafts import Draft
from judge_desk.domain.errors import BadInput, Sealed, TokenGone, WrongPin
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import case_scope, user_scope
from judge_desk.drafting.papers import Paper
from judge_desk.runtime.clock import FixedClock
from judge_desk.services.context import DeskContext, Outside
from judge_desk.services.drafts import DraftService
from judge_desk.services.outputs import OutputService
from judge_desk.services.signing import SigningService
from judge_desk.services.signing_keys import KeyMeans, MeansKind, SigningKey
from judge_desk.services.stamp_loop import StampLoop
from judge_desk.store import records
from judge_desk.store.tables import outbox
from tests.authority import PASSWORD, Authority, StampServer, stamp_server
from tests.factories import a_case, a_party, desk_context, rows_of, with_case
from tests.softhsm import PIN, TokenDrawer
from tests.unit.services.test_drafts import FORM, without_blanks

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def outside_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Authority, StampServer, str]]:
    with stamp_server(tmp_path_factory.mktemp("authority")) as running:
        yield running


@pytest.fixture
def authority(outside_world: tuple[Authority, StampServer, str]) -> Authority:
    return outside_world[0]


@pytest.fixture
def server(outside_world: tuple[Authority, StampServer, str]) -> Iterator[StampServer]:
    yield outside_world[1]
    outside_world[1].lie, outside_world[1].is_away = "", False


@pytest.fixture
def context(tmp_path: Path, outside_world: tuple[Authority, StampServer, str]) -> Iterator[DeskContext]:
    """A desk whose clock is right: certificates and stamps are of now."""
    trust = tmp_path / "trust"
    trust.mkdir()
    (trust / "root.pem").write_bytes(outside_world[0].root.pem())
    made = desk_context(tmp_path, clock=FixedClock(datetime.now(UTC)))
    outside = Outside(verify_url="https://hub.example/verify", stamp_url=outside_world[2], trust=trust)
    yield replace(made, outside=outside)
    made.store.close()


def finals(context: DeskContext, count: int) -> list[str]:
    """So many final acts, each in a case of its own."""
    service = DraftService(context)
    made = []
    for number in range(count):
        case = with_case(context, a_case(parties=(a_party("Ибраев А. Қ."),)))
        draft_id, _ = service.create(case.id, FORM, title=f"Решение {number}")
        service.save(draft_id, without_blanks(service.open(draft_id).draft.act))
        service.finalise(draft_id, f"{number + 1}", DAY)
        made.append(draft_id)
    return made


def key(context: DeskContext, authority: Authority, password: str = PASSWORD) -> SigningKey:
    means = KeyMeans(kind=MeansKind.KEY_FILE, path=authority.key_file())
    return SigningService(context).open_key(means, password)


def draft_of(context: DeskContext, draft_id: str) -> Draft:
    return DraftService(context).open(draft_id).draft


def acts_of(context: DeskContext, draft_id: str) -> list[Document]:
    with context.store.reading() as connection:
        found = [each for each in records.where(connection, Kind.DOCUMENT) if each.kind is DocumentKind.ACT]
    return [each for each in found if each.case_id == draft_of(context, draft_id).case_id]


def test_a_final_act_is_signed_stamped_and_exported_as_it_was_signed(
    context: DeskContext, authority: Authority, server: StampServer
) -> None:
    (draft_id,) = finals(context, 1)
    service = SigningService(context)
    (line,) = service.unsigned()
    assert (line.draft_id, line.number, line.is_here) == (draft_id, "1", True)
    with key(context, authority) as opened:
        assert opened.holder == "АХМЕТОВА ГҮЛНАР"
        report = service.sign([draft_id], opened)
    assert (report.signed, report.left, report.unstamped, report.problem) == ((draft_id,), (), 0, None)
    assert report.changes.touches(Kind.DRAFT, draft_id)
    assert service.unsigned() == []
    assert service.waiting() == []
    assert service.is_signed(draft_id)
    printed, signed = acts_of(context, draft_id)
    assert (signed.replaces, signed.is_signed, printed.is_signed) == (printed.id, True, False)
    assert signed.code == printed.code == draft_of(context, draft_id).code != ""
    pdf = OutputService(context).export(draft_id, Paper.PDF)
    verdict = service.verify(pdf)
    assert verdict.valid, verdict.reasons
    assert verdict.signers[0].level == "B-LTA"
    assert server.asked


def test_what_was_signed_on_paper_waits_no_more_and_can_still_be_signed_here(
    context: DeskContext, authority: Authority
) -> None:
    first, second, other = finals(context, 3)
    service = SigningService(context)
    report = service.sign_on_paper([first, second], DAY)
    assert (report.signed, report.left, report.unstamped) == ((first, second), (), 0)
    assert report.changes.touches(Kind.DRAFT, first)
    assert [each.draft_id for each in service.unsigned()] == [other]
    assert service.signed() == {first: DAY, second: DAY}
    assert not service.is_signed(first)
    printed, noted = acts_of(context, first)
    assert (noted.replaces, noted.sha256, noted.signed_on_paper) == (printed.id, printed.sha256, DAY)
    assert (noted.filed_by, printed.signed_on_paper) == (context.person.id, None)
    assert [each.draft_id for each in service.unsigned(first)] == [first]
    with key(context, authority) as opened:
        assert service.sign([first], opened).signed == (first,)
    assert service.signed() == {first: None, second: DAY}
    assert service.unsigned(first) == []
    assert service.verify(OutputService(context).export(first, Paper.PDF)).valid


def test_acts_are_noted_as_signed_on_paper_all_or_none(context: DeskContext) -> None:
    made = finals(context, 2)
    service = SigningService(context)
    for day, why in ((DAY - timedelta(days=1), "early"), (context.clock.today() + timedelta(days=1), "future")):
        with pytest.raises(BadInput, match=rf"signing\.paper\.{why}"):
            service.sign_on_paper(made, day)
    draft_id, _ = DraftService(context).create(draft_of(context, made[0]).case_id, FORM)
    with pytest.raises(BadInput, match=r"signing\.not_final"):
        service.sign_on_paper([made[0], draft_id], DAY)
    assert service.signed() == {}


def test_fifty_acts_under_one_password(context: DeskContext, authority: Authority) -> None:
    context = replace(context, outside=replace(context.outside, stamp_url=""))
    made = finals(context, 50)
    told: list[str] = []
    with key(context, authority) as opened:
        report = SigningService(context).sign(made, opened, told.append)
    assert list(report.signed) == told == made
    assert report.unstamped == 50
    assert SigningService(context).unsigned() == []


def test_a_token_pulled_out_leaves_the_rest_named_and_nothing_half_made(
    context: DeskContext, authority: Authority, tmp_path_factory: pytest.TempPathFactory, drawer: TokenDrawer
) -> None:
    made = finals(context, 4)
    token = drawer.token("Desk", authority.holder())
    service = SigningService(context)
    means = KeyMeans(kind=MeansKind.TOKEN, path=token.driver, token="Desk")
    with pytest.raises(WrongPin):
        service.open_key(means, "999999")
    with service.open_key(means, PIN) as opened:
        report = service.sign(made, opened, lambda each: token.pull_out() if each == made[1] else None)
    assert report.signed == tuple(made[:2])
    assert report.left == tuple(made[2:])
    assert isinstance(report.problem, TokenGone)
    assert [each.draft_id for each in service.unsigned()] == made[2:]
    assert [len(acts_of(context, each)) for each in made] == [2, 2, 1, 1]


def test_without_a_link_the_stamp_comes_later_and_the_first_signature_stays(
    context: DeskContext, authority: Authority, server: StampServer
) -> None:
    made = finals(context, 3)
    service = SigningService(context)
    server.is_away = True
    asked = server.asked
    with key(context, authority) as opened:
        report = service.sign(made, opened)
    assert report.signed == tuple(made)
    assert report.unstamped == 3
    assert report.stamp_problem is not None
    assert server.asked - asked <= 4, "a server that is away is not asked for every act"
    assert len(service.waiting()) == 3
    before = OutputService(context).export(made[0], Paper.PDF)
    assert service.verify(before).signers[0].level == "B-B"
    still = service.stamp_waiting()
    assert (still.stamped, still.waiting) == (0, 3)
    server.is_away = False
    done = service.stamp_waiting()
    assert (done.stamped, done.waiting, done.problem) == (3, 0, None)
    after = OutputService(context).export(made[0], Paper.PDF)
    assert after.startswith(before)
    assert service.verify(after).signers[0].level == "B-LTA"


def test_a_lying_stamp_server_spoils_no_signature(
    context: DeskContext, authority: Authority, server: StampServer
) -> None:
    (draft_id,) = finals(context, 1)
    service = SigningService(context)
    server.lie = "nonce"
    with key(context, authority) as opened:
        report = service.sign([draft_id], opened)
    assert report.signed == (draft_id,)
    assert report.stamp_problem is not None
    assert report.stamp_problem.key == "signing.stamp.nonce"
    assert service.verify(OutputService(context).export(draft_id, Paper.PDF)).valid
    assert service.stamp_waiting().problem is not None
    assert service.waiting()[0].failure == "signing.stamp.nonce"


def test_what_cannot_be_signed_is_said_before_anything_is(context: DeskContext, authority: Authority) -> None:
    first, second = finals(context, 2)
    service = SigningService(context)
    with key(context, authority) as opened:
        service.sign([first], opened)
        with pytest.raises(BadInput, match=r"signing\.already"):
            service.sign([second, first], opened)
        assert not service.is_signed(second)
        writing, _ = DraftService(context).create(draft_of(context, first).case_id, FORM)
        with pytest.raises(BadInput, match=r"signing\.not_final"):
            service.sign([second, writing], opened)


def test_a_signed_act_never_changes_again(context: DeskContext, authority: Authority) -> None:
    (draft_id,) = finals(context, 1)
    with key(context, authority) as opened:
        SigningService(context).sign([draft_id], opened)
    draft = draft_of(context, draft_id)
    service = DraftService(context)
    attempts: list[Callable[[], object]] = [
        lambda: service.save(draft_id, ActText(language=draft.act.language, kind=draft.act.kind)),
        lambda: service.delete(draft_id),
        lambda: service.finalise(draft_id, "2", DAY),
        lambda: service.rename(draft_id, "другое"),
    ]
    for attempt in attempts:
        with pytest.raises(Sealed):
            attempt()
    owed = len(rows_of(context, outbox))
    document = acts_of(context, draft_id)[-1]
    scope = case_scope(draft.case_id)
    with context.store.unit_of_work("x", "forge") as work:
        forges: list[Callable[[], object]] = [
            lambda: work.put(Kind.DRAFT, user_scope(draft.author_id), replace(draft, number="7")),
            lambda: work.keep(Kind.DRAFT, user_scope(draft.author_id), replace(draft, title="7")),
            lambda: work.delete(Kind.DRAFT, user_scope(draft.author_id), draft_id),
            lambda: work.forget(Kind.DRAFT, draft_id),
            lambda: work.put(Kind.DOCUMENT, scope, replace(document, sha256="0" * 64)),
            lambda: work.delete(Kind.DOCUMENT, scope, document.id),
        ]
        for forge in forges:
            with pytest.raises(Sealed):
                forge()
    assert len(rows_of(context, outbox)) == owed
    assert draft_of(context, draft_id) == draft


def test_a_correcting_act_names_the_first_on_paper(context: DeskContext) -> None:
    (first,) = finals(context, 1)
    service = DraftService(context)
    case_id = draft_of(context, first).case_id
    second, _ = service.create(case_id, "blank.ruling.ru", title="Определение")
    with pytest.raises(BadInput, match=r"drafts\.finalise\.number_taken"):
        service.finalise(second, "1", DAY)
    with pytest.raises(BadInput, match=r"drafts\.finalise\.corrects"):
        service.finalise(second, "2", DAY, corrects="nobody")
    service.finalise(second, "2", DAY, corrects=first)
    draft = draft_of(context, second)
    assert draft.corrects == first
    import io

    import pypdfium2

    document = pypdfium2.PdfDocument(io.BytesIO(OutputService(context).export(second, Paper.PDF)))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert "Исправляет акт: Решение 0, № 1" in text
    assert "https://hub.example/verify" in text
    assert "-".join(draft.code[at : at + 4] for at in range(0, 16, 4)) in text


def test_the_loop_stamps_what_waits_when_it_hears_of_a_link(
    context: DeskContext, authority: Authority, server: StampServer
) -> None:
    (draft_id,) = finals(context, 1)
    service = SigningService(context)
    server.is_away = True
    with key(context, authority) as opened:
        service.sign([draft_id], opened)
    server.is_away = False
    loop = StampLoop(service, every_seconds=3600)
    loop.start()
    try:
        loop.wake()
        end = time.monotonic() + 20
        while service.waiting() and time.monotonic() < end:
            time.sleep(0.02)
    finally:
        loop.stop()
    assert service.waiting() == []
    assert service.verify(OutputService(context).export(draft_id, Paper.PDF)).signers[0].level == "B-LTA"
