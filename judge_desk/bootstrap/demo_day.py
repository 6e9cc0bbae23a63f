"""What has happened on the demo's desk before its judge sits down: two texts of one draft, a refused sitting, an hour
without a link, and a key to sign with. Each is brought about by the real road, once, when the desk is new.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from judge_desk.bootstrap.demo_key import make_key
from judge_desk.bootstrap.profile import TRUST, OpenProfile, Profile
from judge_desk.domain.acts import ActText, Run, plain_text
from judge_desk.domain.drafts import Draft, DraftState, Secrecy
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import case_scope
from judge_desk.hub.blobs import FolderBlobs
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.demo_court import sittings
from judge_desk.hub.demo_court.drafts import two_texts
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.hub.demo_court.seeding import rebuilt
from judge_desk.hub.registry import Registry
from judge_desk.runtime import settings
from judge_desk.services.cases import CaseQuery
from judge_desk.services.signing_keys import MeansKind
from judge_desk.store import outages

if TYPE_CHECKING:
    from judge_desk.bootstrap.demo import Demo

LIVED = "lived"
"""A file beside the profile: this has happened already."""
_OUTAGES = ((9, 10, 47), (6, 15, 190), (2, 9, 26))
"""Days ago, the hour, and the minutes that the link was gone."""
_ATTEMPT_SECONDS = 300


def live(profile: Profile, demo: Demo, hub: Path) -> None:
    """Bring the first rows here and let the day happen, once; ``hub`` is the folder of the demo's hub."""
    anchor = date.fromisoformat(demo.anchor)
    plan = SeedPlan(anchor=anchor, cases=demo.cases, documents=demo.documents, seed=demo.seed)
    mark = profile.folder / LIVED
    if mark.exists():
        return
    give_key(profile, hub)
    opened = profile.unlock(demo.passphrase, with_loop=False)
    try:
        _note_outages(opened, plan)
        _exchange(opened)
        _two_texts(opened, plan, hub)
        _plan_a_taken_room(opened, plan)
        _exchange(opened)
    finally:
        opened.close()
        profile.sign_in.lock()
    mark.touch()


def give_key(profile: Profile, folder: Path) -> str:
    """A key file whose name tells its PIN, and its root among those that the desk believes; gives the PIN."""
    made = make_key(folder)
    trust = profile.folder / TRUST
    trust.mkdir(mode=0o700, exist_ok=True)
    (trust / made.root.name).write_bytes(made.root.read_bytes())
    profile.settings.set(settings.SIGN_MEANS, MeansKind.KEY_FILE.value)
    profile.settings.set(settings.SIGN_PATH, str(made.file))
    return made.pin


def _exchange(opened: OpenProfile) -> None:
    report = opened.engine_for(lambda _progress: None).cycle(threading.Event(), with_files=False)
    opened.desk.sync.note(report)


def _note_outages(opened: OpenProfile, plan: SeedPlan) -> None:
    with opened.context.store.writing() as connection:
        for days, hour, minutes in _OUTAGES:
            day = plan.anchor - timedelta(days=days)
            began = datetime(day.year, day.month, day.day, hour - 5, 12, tzinfo=UTC)
            attempts = minutes * 60 // _ATTEMPT_SECONDS
            run = plan.id_of("run", days)
            spells = ((True, began - timedelta(hours=1), 55, 12), (False, began, minutes, attempts))
            for reachable, at, length, tries in (*spells, (True, began + timedelta(minutes=minutes + 5), 90, 18)):
                reason = "" if reachable else "errors.hub_unreachable"
                no = outages.begin(connection, run, reachable=reachable, at=at, reason=reason)
                outages.extend(
                    connection,
                    no,
                    at=at + timedelta(minutes=length),
                    seconds=length * 60.0,
                    attempts=tries,
                    reasons={reason: tries} if reason else {},
                )


def _two_texts(opened: OpenProfile, plan: SeedPlan, hub: Path) -> None:
    """The judge changes a sentence while the secretary's words for it are already at the hub."""
    drafts = opened.desk.drafts
    shared = [
        each
        for each in (drafts.open(row.id).draft for row in drafts.rows())
        if (each.state, each.secrecy, each.pair_id) == (DraftState.WRITING, Secrecy.SHARED, "")
    ]
    dockets = {each.case.id: each for each in rebuilt(plan).dockets}
    for draft in shared:
        words = two_texts(dockets[draft.case_id], draft.act.language)
        if words["quote"] not in plain_text(draft.act):
            continue
        drafts.keep_version(draft.id, words["version"])
        drafts.save(draft.id, _with_words(draft.act, words, "judge"))
        _by_secretary(replace(draft, act=_with_words(draft.act, words, "secretary")), opened, plan, hub)
        return


def _with_words(act: ActText, words: dict[str, str], whose: str) -> ActText:
    """The act with one person's words in the place of the quoted ones."""
    parts = tuple(
        replace(
            part,
            blocks=tuple(
                replace(block, runs=(Run(text=block.text.replace(words["quote"], words[whose])),))
                if block.id == words["block"]
                else block
                for block in part.blocks
            ),
        )
        for part in act.parts
    )
    return replace(act, parts=parts)


def _by_secretary(draft: Draft, opened: OpenProfile, plan: SeedPlan, hub: Path) -> None:
    engine = open_engine(f"sqlite:///{hub / 'hub.db'}")
    try:
        secretary = plan.id_of("person", "secretary")
        written = replace(draft, changed_at=opened.context.clock.now(), changed_by=secretary)
        item = (case_scope(draft.case_id), Kind.DRAFT, draft.id, written)
        registry = Registry(engine, FolderBlobs(hub / "blobs"))
        registry.put_many(opened.context.court.id, [item], actor_id=secretary)
    finally:
        engine.dispose()


def _plan_a_taken_room(opened: OpenProfile, plan: SeedPlan) -> None:
    """Plan a sitting in a room that a colleague has: only the hub knows, and refuses."""
    cases, hearings = opened.desk.cases, opened.desk.hearings
    rows = cases.rows(cases.ids(CaseQuery(open_only=True))[:1])
    for row in rows:
        fresh = hearings.new(row.id, sittings.taken_at(plan), 40)
        hearings.plan(replace(fresh, room=sittings.TAKEN_ROOM, by_video=False))
