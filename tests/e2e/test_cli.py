"""The command line as scripts and IT staff rely on it: real processes, a real hub, one object on stdout, exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from judge_desk.bootstrap.profile import DATABASE, Profile
from judge_desk.desktop.pages import MAIN, all_page_ids, pages_for
from judge_desk.domain.kinds import Kind
from judge_desk.domain.people import Role
from judge_desk.i18n.translator import LANGUAGES, Translator
from judge_desk.runtime.clock import SystemClock
from judge_desk.store.engine import SCHEMA, make_engine
from tests import factories
from tests.e2e.programs import PASSPHRASE, Done, Hub, desk, free_port, hub, run, seeded_hub

SYNC_KEYS = {"pulled", "pushed", "conflicts", "refused", "bytes_in", "bytes_out", "seconds", "round_trips"}
HIT_KEYS = {"kind", "id", "title", "case", "page", "snippet"}
EN = Translator("en")


@pytest.fixture(scope="module")
def synced(court: Hub, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile that has pulled everything; tests that harm one take a copy."""
    profile = tmp_path_factory.mktemp("desk") / "profile"
    court.enrol(profile)
    answer = desk("sync", "--profile", str(profile), "--json").with_code(0).json
    assert answer.keys() >= SYNC_KEYS
    assert answer["pulled"] > 50
    assert answer["round_trips"] > 1
    assert answer["refused"] == answer["conflicts"] == 0
    return profile


@pytest.fixture
def copy(synced: Path, tmp_path: Path) -> Path:
    """A profile of one's own to break."""
    return Path(shutil.copytree(synced, tmp_path / "profile"))


def on(profile: Path, *words: str, **more: str) -> Done:
    return desk(*words, "--profile", str(profile), **more)


def test_nothing_new_is_a_sign_in_and_one_round_trip(synced: Path) -> None:
    answer = on(synced, "sync", "--json").with_code(0).json
    assert (answer["pulled"], answer["pushed"], answer["round_trips"]) == (0, 0, 2)


def test_cases_are_listed_and_shown(synced: Path) -> None:
    listed = on(synced, "cases", "list", "--json").with_code(0).json
    assert listed["total"] == len(listed["cases"]) >= 4
    first = listed["cases"][0]
    for name in (first["id"], first["number"]):
        shown = on(synced, "cases", "show", name, "--json").with_code(0).json
        assert (shown["id"], shown["number"], shown["title"]) == (first["id"], first["number"], first["title"])
        assert shown["receipt"]["complete"]
        assert shown["documents"]
        assert all(each["state"] == "here" for each in shown["documents"])
    on(synced, "cases", "show", "no-such-case").with_code(2)


@pytest.mark.parametrize("word", ["жауапкерден", "ЖАУАПКЕРГЕ", "ответчику", "Ответчиком"])
def test_inflected_words_of_both_languages_are_found_in_documents(synced: Path, word: str) -> None:
    answer = on(synced, "search", "--json", word).with_code(0).json
    assert answer.keys() >= {"hits", "total", "seconds"}
    assert answer["total"] >= len(answer["hits"]) > 0
    assert all(hit.keys() >= HIT_KEYS for hit in answer["hits"])
    read = [hit for hit in answer["hits"] if hit["kind"] == "document" and hit["page"] > 0]
    assert read, "no page of a document was found"
    assert word[:6].casefold() in read[0]["snippet"].casefold()


def test_a_word_that_is_nowhere_is_an_empty_answer(synced: Path) -> None:
    assert on(synced, "search", "--json", "Ғғғғғғ").with_code(0).json["hits"] == []


def test_a_ruling_goes_from_form_and_case_to_paper(synced: Path, tmp_path: Path) -> None:
    case = on(synced, "cases", "list", "--json").json["cases"][0]
    forms = desk("ruling", "new", "--list", "--json").with_code(0).json["templates"]
    assert all(each.keys() >= {"id", "procedure", "kind", "language"} for each in forms)
    assert {each["language"] for each in forms} == set(LANGUAGES)
    form = next(each for each in forms if (each["procedure"], each["language"]) == (case["procedure"], "kk"))
    act, pdf = tmp_path / "act.json", tmp_path / "act.pdf"
    words = ("ruling", "new", "--template", form["id"], "--case", case["number"], "--out", str(act), "--json")
    assert on(synced, *words).with_code(0).json["out"] == str(act)
    assert case["number"] in act.read_text("utf-8")
    desk("ruling", "render", str(act), "--out", str(pdf), "--json").with_code(0)
    assert pdf.read_bytes().startswith(b"%PDF-")
    desk("ruling", "render", str(act), "--out", str(tmp_path / "act.xyz")).with_code(2)
    act.write_text("{}")
    desk("ruling", "render", str(act), "--out", str(pdf)).with_code(2)


def test_the_doctor_finds_nothing_and_then_what_is_wrong(synced: Path, copy: Path) -> None:
    good = on(synced, "doctor", "--json").with_code(0).json
    assert good["ok"] is True
    assert all(each.keys() >= {"id", "ok", "message", "cure"} for each in good["checks"])
    assert {"database", "journal", "queue", "hub", "clock", "keyring"} <= {each["id"] for each in good["checks"]}
    settings = json.loads((copy / "settings.json").read_text())
    address = next(key for key, value in settings.items() if str(value).startswith("http"))
    (copy / "settings.json").write_text(json.dumps({**settings, address: f"http://127.0.0.1:{free_port()}"}))
    bad = on(copy, "doctor", "--json").with_code(1).json
    assert bad["ok"] is False
    found = [each for each in bad["checks"] if not each["ok"]]
    assert [each["id"] for each in found] == ["hub"]
    assert found[0]["message"]
    assert found[0]["cure"]
    on(copy, "sync", "--json").with_code(3)


def test_wrong_use_is_2_and_a_wrong_passphrase_is_3_with_its_sentence(copy: Path, tmp_path: Path) -> None:
    desk("no-such-command").with_code(2)
    on(copy, "cases", "list", "--limit", "many").with_code(2)
    on(tmp_path / "nothing", "cases", "list").with_code(2)
    for language in LANGUAGES:
        answer = on(copy, "cases", "list", passphrase="a wrong one", JUDGE_DESK_LANGUAGE=language).with_code(3)
        assert answer.err.strip() == Translator(language)("errors.wrong_passphrase")
        assert answer.out == ""


def test_a_damaged_database_is_told_and_left_as_it_is(copy: Path) -> None:
    path = copy / DATABASE
    damaged = bytearray(path.read_bytes())
    for place in range(0, 4096, 64):
        damaged[place] ^= 0xFF
    path.write_bytes(damaged)
    answer = on(copy, "cases", "list", "--json").with_code(3)
    assert answer.err.strip() == EN("errors.damaged_store")
    assert path.read_bytes() == damaged


def test_damage_behind_the_first_page_is_a_finding_of_the_doctor(copy: Path) -> None:
    path = copy / DATABASE
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    path.write_bytes(damaged)
    found = [each["id"] for each in on(copy, "doctor", "--json").with_code(1).json["checks"] if not each["ok"]]
    assert "database" in found or "unlock" in found


def test_a_newer_database_is_refused_untouched(copy: Path) -> None:
    sign_in = Profile(copy, SystemClock(), use_keyring=False).sign_in
    engine = make_engine(copy / DATABASE, sign_in.unlock(PASSPHRASE).database_key())
    with engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA + 1}")
    engine.dispose()
    sign_in.lock()
    before = (copy / DATABASE).read_bytes()
    answer = on(copy, "cases", "list").with_code(3)
    assert answer.err.strip() == EN("errors.newer_store", found=SCHEMA + 1, known=SCHEMA)
    assert (copy / DATABASE).read_bytes() == before


def test_secrets_come_by_stdin_too_and_never_by_argument(court: Hub, tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    enrol = ("enrol", "--hub", court.url, "--user", "secretary", "--profile", str(profile))
    secrets = f"{court.accounts['secretary']}\n{PASSPHRASE}\n"
    run("judge_desk", *enrol, stdin=secrets).with_code(0)
    run("judge_desk", "cases", "list", "--json", "--profile", str(profile), stdin=f"{PASSPHRASE}\n").with_code(0)
    run("judge_desk", "cases", "list", "--profile", str(profile)).with_code(2)
    for command in (("enrol",), ("sync",), ("cases", "list"), ("search",), ("doctor",)):
        offered = desk(*command, "--help").with_code(0).out
        assert "--pass" not in offered
        assert "--secret" not in offered
    assert "--pass" not in hub("add-user", "--help").with_code(0).out


def test_a_wrong_password_is_refused_and_leaves_no_profile(court: Hub, tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    words = ("enrol", "--hub", court.url, "--user", "judge", "--profile", str(profile))
    desk(*words, JUDGE_DESK_PASSWORD="not this one").with_code(3)
    desk("cases", "list", "--profile", str(profile)).with_code(2)


def test_the_hub_s_commands_keep_their_exit_codes(court: Hub, tmp_path: Path) -> None:
    person = ("--court", "nowhere", "--user", "new", "--person", "p1", "--name", "N.", "--role", "judge")
    hub("add-user", *person, *court.places, JUDGE_DESK_PASSWORD="a long password").with_code(2)
    hub("serve", "--database", court.database, "--listen", "127.0.0.1:0").with_code(2)
    hub("migrate", "--database", f"postgresql://127.0.0.1:{free_port()}/none").with_code(3)
    hub("serve", *court.places, "--listen", f"127.0.0.1:{court.port}").with_code(3)
    assert hub("verify-audit", *court.places, "--json").with_code(0).json["faults"] == []
    hub("revoke-device", "no-such-device", *court.places).with_code(2)


def test_an_added_user_enrols_and_a_revoked_device_is_shut_out(tmp_path: Path) -> None:
    with seeded_hub(tmp_path / "court", cases=1, documents=1) as own:
        court_id = own_court(own, tmp_path / "first")
        person = ("--court", court_id, "--user", "new", "--person", "p1", "--name", "N.", "--role", "secretary")
        hub("add-user", *person, *own.places, JUDGE_DESK_PASSWORD="a long password").with_code(0)
        own.accounts = {**own.accounts, "new": "a long password"}
        own.enrol(tmp_path / "new", "new")
        on(tmp_path / "new", "sync", "--json").with_code(0)
        hub("revoke-device", device_of(tmp_path / "new"), *own.places).with_code(0)
        answer = on(tmp_path / "new", "sync", "--json").with_code(3)
        assert "Traceback" not in answer.err


def own_court(own: Hub, profile: Path) -> str:
    own.enrol(profile)
    opened = Profile(profile, SystemClock(), use_keyring=False).unlock(PASSPHRASE, with_loop=False)
    try:
        return opened.desk.court.id
    finally:
        opened.close()


def device_of(profile: Path) -> str:
    from judge_desk.store import session_data
    from judge_desk.store.session_data import DEVICE

    opened = Profile(profile, SystemClock(), use_keyring=False).unlock(PASSPHRASE, with_loop=False)
    try:
        with opened.context.store.reading() as connection:
            return session_data.get(connection, DEVICE, str) or ""
    finally:
        opened.close()


def test_a_register_with_a_broken_row_brings_the_others_in(tmp_path: Path) -> None:
    register, columns = tmp_path / "register.csv", tmp_path / "map.toml"
    register.write_text("id,nr,filed\n1,2-1/26,23.11.2026\n,2-2/26,24.11.2026\n3,2-3/26,24.11.2026\n")
    head = 'key = "id"\ndate_format = "%d.%m.%Y"\n[columns]\nnumber = "nr"\nreceived_on = "filed"\n'
    columns.write_text(head + '[fixed]\ncourt = "north"\ncase_type = "civil"\nlanguage = "ru"\n')
    places = ("--database", f"sqlite:///{tmp_path / 'hub.db'}", "--blobs", str(tmp_path / "blobs"))
    answer = hub("import", str(register), "--map", str(columns), *places, "--json").with_code(0).json
    assert (answer["imported"], len(answer["refused"])) == (2, 1)
    assert answer["refused"][0].keys() >= {"file", "line", "field", "message"}
    assert (answer["refused"][0]["file"], answer["refused"][0]["line"]) == ("register.csv", 3)
    again = hub("import", str(register), "--map", str(columns), *places, "--json").with_code(0).json
    assert (again["imported"], len(again["refused"])) == (0, 1)


def test_the_selftest_passes() -> None:
    answer = run("judge_desk", "--selftest").with_code(0)
    assert [line.partition(":")[0] for line in answer.err.splitlines()] == [
        *("store", "sync", "search", "render", "window")
    ]


@pytest.fixture
def demo_pictures(tmp_path: Path) -> Path:
    words = ("--folder", str(tmp_path / "demo"), "--cases", "2", "--documents", "1", "--shots", str(tmp_path / "shots"))
    desk("demo", *words, "--lang", "kk", "--theme", "light").with_code(0)
    return tmp_path / "shots"


def test_the_demo_pictures_every_page(demo_pictures: Path) -> None:
    taken = {path.stem.removesuffix("-kk-light"): path for path in demo_pictures.glob("*.png")}
    of_a_judge = {page.id for page in pages_for([Role.JUDGE])}
    others = {page.id for page in MAIN} - of_a_judge
    assert set(taken) >= {*all_page_ids(), "palette"} - others
    for path in taken.values():
        with Image.open(path) as picture:
            assert len(picture.convert("RGB").getcolors(1 << 24) or ()) > 20, f"{path.name} shows next to nothing"


def test_a_refused_operation_is_a_finding(copy: Path) -> None:
    """Rights are checked at the desk first, so what the hub refuses must be made behind its back."""
    opened = Profile(copy, SystemClock(), use_keyring=False).unlock(PASSPHRASE, with_loop=False)
    try:
        stranger = factories.a_note("no-such-case", author_id="somebody-else")
        with opened.context.store.unit_of_work(opened.desk.person.id, "test.note") as work:
            work.put(Kind.NOTE, "case:no-such-case", stranger)
    finally:
        opened.close()
    answer = on(copy, "sync", "--json").with_code(1).json
    assert answer["refused"] == 1
    found = on(copy, "doctor", "--json").with_code(1).json
    assert [each["id"] for each in found["checks"] if not each["ok"]] == ["queue"]
