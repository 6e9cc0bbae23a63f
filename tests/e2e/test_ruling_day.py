"""The journeys J5 to J9 as one walk in a real window with the hub away: a ruling in two languages, a decision that
survives a power cut, the clock of its full text, a missing appeal term, and a signed PDF that others can verify."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from judge_desk.bootstrap.demo_key import make_key
from judge_desk.bootstrap.profile import TRUST, OpenProfile, Profile
from judge_desk.domain.acts import act_hash, plain_text
from judge_desk.domain.cases import Procedure, Stage
from judge_desk.domain.drafts import Draft, DraftState, Secrecy
from judge_desk.domain.working_days import add_working_days
from judge_desk.runtime import settings
from judge_desk.runtime.clock import SystemClock
from judge_desk.services.cases import CaseQuery
from tests.e2e.programs import PASSPHRASE, ROOT, Hub, desk, environment_of_tests, seeded_hub
from tests.e2e.ruling_day import APPEAL, DECISION, RULING, TWIN, WORDS
from tests.e2e.screen import screen
from tests.e2e.typist import LETTER
from tests.pdfa import assert_pdfa

pytestmark = pytest.mark.window
SAFE_SECONDS, TYPING_SECONDS, PART_SECONDS = 5.0, 6.0, 240


@pytest.fixture(scope="module")
def session() -> Iterator[dict[str, str]]:
    with screen() as variables:
        yield variables


@pytest.fixture
def court(tmp_path: Path) -> Iterator[Hub]:
    """A court of today, so that the terms run from the day of the test."""
    with seeded_hub(tmp_path / "court", cases=3, documents=2) as made:
        yield made


def opened(profile: Path) -> OpenProfile:
    return Profile(profile, SystemClock()).unlock(PASSPHRASE, with_loop=False)


@pytest.fixture
def profile(court: Hub, tmp_path: Path) -> Path:
    """Enrolled, level with the hub, and then without it; the key file is named in the settings."""
    folder = tmp_path / "desk"
    court.enrol(folder)
    desk("sync", "--profile", str(folder)).with_code(0)
    court.kill()
    key = make_key(tmp_path)
    (folder / TRUST).mkdir()
    (folder / TRUST / "root.pem").write_bytes(key.root.read_bytes())
    chosen = settings.Settings(folder)
    chosen.set(settings.LANGUAGE, "kk")
    chosen.set(settings.SIGN_PATH, str(key.file))
    return folder


def a_civil_case(profile: Path) -> str:
    """A case with a plaintiff and a sum that is being heard."""
    one = opened(profile)
    try:
        query = CaseQuery(procedures=frozenset({Procedure.CIVIL}), stages=frozenset({Stage.HEARING}))
        return one.desk.cases.rows(one.desk.cases.ids(query))[0].id
    finally:
        one.close()


def test_from_an_adjournment_to_a_signed_decision_without_the_hub(
    profile: Path, session: dict[str, str], tmp_path: Path
) -> None:
    case_id = a_civil_case(profile)
    moments = morning(profile, case_id, session, tmp_path)
    check_ruling(tmp_path)
    kept = check_what_a_power_cut_took(profile, moments)
    afternoon(profile, case_id, session, tmp_path)
    one = opened(profile)
    try:
        check_terms(one, case_id)
        check_decision(one, tmp_path / DECISION, kept)
    finally:
        one.close()


def program(profile: Path, folder: Path, case_id: str, part: str, session: dict[str, str]) -> subprocess.Popen[str]:
    pin = make_key(folder).pin
    words = (str(profile), str(folder), case_id, part, pin)
    environment = {**environment_of_tests(), **session}
    command = [sys.executable, "-m", "tests.e2e.ruling_day", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, cwd=ROOT, text=True)


def morning(profile: Path, case_id: str, session: dict[str, str], folder: Path) -> list[float]:
    """The moment of each letter, up to the SIGKILL."""
    moments: list[float] = []
    with program(profile, folder, case_id, "morning", session) as running:
        assert running.stdout is not None
        for line in running.stdout:
            moments.append(float(line.split()[1]))
            if moments[-1] - moments[0] >= TYPING_SECONDS:
                running.kill()
                break
        moments += [float(line.split()[1]) for line in running.stdout if line.endswith("\n")]
    assert running.returncode < 0, "the program ended by itself"
    return moments


def afternoon(profile: Path, case_id: str, session: dict[str, str], folder: Path) -> None:
    with program(profile, folder, case_id, "afternoon", session) as running:
        assert running.wait(PART_SECONDS) == 0


def text_of(path: Path) -> str:
    """What a reader copies out of the file, without line ends."""
    with pypdfium2.PdfDocument(path) as pdf:
        return " ".join("".join(page.get_textpage().get_text_range() for page in pdf).split())


def check_ruling(folder: Path) -> None:
    """J5: the same ruling on two papers, each in its language."""
    assert WORDS["kk"]["reason"] in text_of(folder / RULING)
    assert WORDS["ru"]["reason"] in text_of(folder / TWIN)
    for name in (RULING, TWIN):
        assert_pdfa(folder / name, "2a", "ua1")


def check_what_a_power_cut_took(profile: Path, moments: list[float]) -> int:
    """J6: at most five seconds of typing, and the draft is still nobody else's; gives how many letters are kept."""
    one = opened(profile)
    try:
        (draft,) = secret_drafts(one)
        kept = typed_in(draft)
        waiting = one.desk.sync.outlook().waiting
    finally:
        one.close()
    owed = [moment for moment in moments if moment <= moments[-1] - SAFE_SECONDS]
    assert len(owed) <= kept <= len(moments)
    assert kept, "nothing was saved: the test proves nothing"
    assert waiting, "the ruling waits for the hub"
    return kept


def typed_in(draft: Draft) -> int:
    """How many letters of the typing stand in the text; in words it stands alone."""
    return max(map(len, re.findall(f"{LETTER}+", plain_text(draft.act))))


def secret_drafts(one: OpenProfile) -> list[Draft]:
    drafts = [one.desk.drafts.open(row.id).draft for row in one.desk.drafts.rows()]
    return [each for each in drafts if each.secrecy is Secrecy.DELIBERATION]


def check_terms(one: OpenProfile, case_id: str) -> None:
    """J7: five working days from the announcement; the closed decision has ended them."""
    row = next(each for each in one.desk.terms.of_case(case_id) if each.term.rule_id == "civil.full_text")
    today = SystemClock().today()
    assert row.term.trigger_on == row.term.done_on == today
    assert row.ends_on == add_working_days(today, 5, one.desk.terms.rules.holidays)
    assert isinstance(row.ends_on, date)


def check_decision(one: OpenProfile, path: Path, letters: int) -> None:
    """J8, J9: the appeal term is back; Kazakh copies out right; pages are numbered, the hash is printed, and a tool
    that is not ours finds the signature good."""
    final = [one.desk.drafts.open(row.id).draft for row in one.desk.drafts.rows()]
    (draft,) = [
        each for each in final if each.state is DraftState.FINAL and each.code and LETTER * 9 in plain_text(each.act)
    ]
    text = text_of(path)
    assert APPEAL in text
    assert WORDS["kk"]["operative"] in text
    assert text.count(LETTER) >= letters
    with pypdfium2.PdfDocument(path) as pdf:
        pages = [" ".join(page.get_textpage().get_text_range().split()) for page in pdf]
    for number, page in enumerate(pages, start=1):
        assert f"{number}" in page[-200:]
        assert act_hash(draft.act) in page
    told = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False, timeout=60).stdout
    assert "Signature Validation: Signature is Valid." in told
    assert "Total document signed" in told
    document = next(each for each in one.desk.documents.of_case(draft.case_id) if each.document.is_signed)
    assert document.document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert_pdfa(path, "2a", "ua1")
