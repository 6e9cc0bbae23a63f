"""What a paper or a blinded act carries beside its words: nobody is found by a title, a bookmark or a file name."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from judge_desk.domain.blinding import Known, leaks
from judge_desk.domain.kinds import Kind
from judge_desk.protocol import codec
from judge_desk.services.campaign_files import CampaignFiles, prepare_from
from judge_desk.services.signing_keys import KeyMeans, MeansKind
from judge_desk.store import records
from tests.authority import JUDGE as SIGNER
from tests.authority import PASSWORD, Authority
from tests.live_hub import LiveHub
from tests.pdf_inside import beside_the_pages, page_words
from tests.sync.campaign_world import ONE_DESK, World, a_world, launched, members, surname, write_all

LANGUAGES = ("kk", "ru", "en")


@pytest.fixture
def world(sqlite_hub: LiveHub, tmp_path: Path) -> Iterator[World]:
    made = a_world(sqlite_hub, tmp_path / "desks", 10)
    yield made
    made.close()


def everybody(world: World) -> set[str]:
    """Ids and names of all judges, who are the reviewers as well, and of the commission."""
    told = {"Комиссия Қ. К.", "commission1"}
    for number, judge in enumerate(world.judges):
        told |= {judge, surname(number)}
    return told


def tokens(world: World) -> set[str]:
    """Every token, assignment and act by which a form could be laid beside its reviewer."""
    found = set()
    for judge in world.judges:
        reviews = world.desk(judge).desk.reviews
        for row in reviews.assigned():
            asked = reviews.open(row.assignment_id).assignment
            found |= {asked.id, asked.act_id, asked.rater_token}
    return found - {""}


def named_in(text: str, names: set[str]) -> set[str]:
    return {each for each in names if each.casefold() in text.casefold()}


def test_the_report_names_nobody_anywhere_in_its_file(world: World) -> None:
    campaign = launched(world, per_judge=3)
    write_all(world, merit=lambda act: 2.0 + int(act[-1], 36) / 20)
    commission = world.commission
    commission.sync()
    commission.desk.campaigns.open_forms(campaign)
    commission.sync()
    commission.sync()
    names = everybody(world) | tokens(world)
    for language in LANGUAGES:
        body = commission.desk.review_results.report(campaign, language)
        assert "Judge Desk" in beside_the_pages(body)
        assert named_in(beside_the_pages(body) + page_words(body), names) == set()


def test_a_judge_s_signed_extract_leads_to_no_reviewer(world: World, tmp_path: Path) -> None:
    """Nor does it name, beside its pages, anybody but whoever signed it: properties are read by who finds the file."""
    campaign = launched(world, per_judge=3)
    write_all(world, merit=lambda act: 2.0 + int(act[-1], 36) / 20)
    commission, judge = world.commission, world.judges[2]
    for deed in (
        lambda: commission.desk.campaigns.open_forms(campaign),
        lambda: commission.desk.review_results.fairness(campaign),
        lambda: commission.desk.review_results.publish(campaign),
    ):
        commission.sync()
        commission.sync()
        deed()
    commission.sync()
    own = world.desk(judge)
    own.sync()
    means = KeyMeans(kind=MeansKind.KEY_FILE, path=Authority(tmp_path).key_file())
    hidden = everybody(world) | tokens(world)
    on_pages = hidden - {judge, surname(2), "Комиссия Қ. К."}
    for language in LANGUAGES:
        with own.desk.signing.open_key(means, PASSWORD) as key:
            body = own.desk.dossier.extract(judge, "для конкурса", language, key)
        (signature,) = PdfFileReader(io.BytesIO(body)).embedded_signatures
        words = page_words(body)
        assert "Весна" in words
        assert named_in(words, on_pages) == set()
        assert "/Sig" in beside_the_pages(body)
        assert named_in(beside_the_pages(body), hidden) == set()
        assert [each for each in hidden if each.encode() in signature.pkcs7_content] == []
        assert SIGNER.encode() in signature.pkcs7_content


def test_a_blinded_act_tells_nothing_by_its_title_or_its_file(world: World, tmp_path: Path) -> None:
    """The file's own name, bookmarks and titles hold the author; the reviewer gets none of them."""
    service = world.commission.desk.campaigns
    day = (service.today - timedelta(days=20)).isoformat()
    lines = []
    for number, judge in enumerate(world.judges):
        name = surname(number)
        act = {
            "id": f"reshenie_{judge}_{name}.docx",
            "judge": judge,
            "date": day,
            "category": f"Дела судьи {name}а",
            "title": f"Решение {name}а А. Б. по делу № 7101-25-00-2/{number}",
            "bookmarks": [f"Приговор: {name}"],
            "text": f"Судья {name} А. Б. решил.\n" + "Суд оценил доказательства. " * 20,
            "language": "ru",
        }
        lines.append(json.dumps(act, ensure_ascii=False))
    path = tmp_path / f"{surname(0)}.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    due_on = service.today + timedelta(days=30)
    files = CampaignFiles(
        title="Весна", acts=path, members=tuple(members(world.judges)), per_judge=3, seed=5, due_on=due_on
    )
    taken = prepare_from(service, files)
    for act_id in [each.act.id for each in service.acts(taken.campaign_id)]:
        service.clear(act_id)
    service.launch(taken.campaign_id, ONE_DESK)
    world.commission.sync()
    world.commission.sync()
    seen = 0
    for judge in world.judges:
        desk = world.desk(judge)
        desk.sync()
        known = Known(tuple(surname(number) for number, each in enumerate(world.judges) if each != judge))
        for row in desk.desk.reviews.assigned():
            asked = desk.desk.reviews.open(row.assignment_id).assignment
            sent = codec.encode(asked).decode()
            assert named_in(sent, everybody(world) - {judge, surname(world.judges.index(judge))}) == set()
            told = {"title": asked.act_title, "list": row.act_title, "text": asked.act_text, "kind": asked.procedure}
            assert leaks(told, known) == ()
            for language in LANGUAGES:
                inside = beside_the_pages(desk.desk.reviews.paper(row.assignment_id, language))
                assert named_in(inside, everybody(world) | {asked.rater_token, asked.id, asked.act_id}) == set()
            seen += 1
    assert seen == 3 * len(world.judges)
    assert _commissions_records(world, world.judges[0]) == set()


def _commissions_records(world: World, judge: str) -> set[Kind]:
    """What only the commission and the hub may hold, and lies on a reviewer's desk all the same."""
    with world.desk(judge).opened.context.store.reading() as connection:
        return {kind for kind in (Kind.CAMPAIGN_ACT, Kind.CAMPAIGN_PLAN) if records.where(connection, kind)}
