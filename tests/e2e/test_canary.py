"""Nothing about a case lies about: a marker is put into everything and then looked for in every file there is."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from judge_desk.bootstrap.profile import Profile
from judge_desk.domain.kinds import Kind
from judge_desk.runtime.clock import SystemClock
from tests import factories
from tests.e2e.canary import MARK, MARKERS, SECRETS
from tests.e2e.programs import PASSPHRASE, ROOT, SECONDS, Hub, desk, environment_of_tests, hub, seeded_hub

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1251")


@pytest.fixture
def court(tmp_path: Path) -> Iterator[Hub]:
    """A court of its own: its database will hold the marker."""
    with seeded_hub(tmp_path / "court", cases=1, documents=1) as made:
        yield made


def bundle(folder: Path) -> Path:
    """A case whose title, party, document titles and document texts are the marker."""
    pdf = io.BytesIO()
    canvas = Canvas(pdf)
    canvas.drawString(72, 720, MARKERS[0])
    canvas.save()
    case = {
        "format": 1,
        "case": {
            "key": "canary",
            "court": "any",
            "number": "7102-26-00-2/7777",
            "title": MARK,
            "procedure": "civil",
            "language": "kk",
            "parties": [{"role": "claimant", "name": MARK}],
        },
        "documents": [
            {"file": "documents/1.pdf", "kind": "claim", "title": MARK, "media_type": "application/pdf"},
            {"file": "documents/2.txt", "kind": "letter", "title": MARK, "media_type": "text/plain"},
        ],
    }
    members = {
        "case.json": json.dumps(case).encode(),
        "documents/1.pdf": pdf.getvalue(),
        "documents/2.txt": f"{MARK}\n".encode(),
    }
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    path = folder / "bundle.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**members, "manifest.json": json.dumps({"format": 1, "files": hashes}).encode()}.items():
            archive.writestr(name, content)
    return path


def ids_of(profile: Path) -> tuple[str, str]:
    """Court and person of a profile."""
    opened = Profile(profile, SystemClock()).unlock(PASSPHRASE, with_loop=False)
    try:
        return opened.desk.court.id, opened.desk.person.id
    finally:
        opened.close()


def refuse_something(profile: Path) -> None:
    """An operation with the marker that the hub will refuse, made behind the back of the services."""
    opened = Profile(profile, SystemClock()).unlock(PASSPHRASE, with_loop=False)
    try:
        note = factories.a_note("no-such-case", author_id="somebody-else", text=MARK)
        with opened.context.store.unit_of_work(opened.desk.person.id, "test.note") as work:
            work.put(Kind.NOTE, "case:no-such-case", note)
    finally:
        opened.close()


def home(folder: Path) -> dict[str, str]:
    """Every place where a program of a desktop writes by itself, below one folder."""
    places = {
        "HOME": "home",
        "TMPDIR": "tmp",
        "XDG_CACHE_HOME": "home/cache",
        "XDG_CONFIG_HOME": "home/config",
        "XDG_DATA_HOME": "home/data",
        "XDG_RUNTIME_DIR": "run",
    }
    for name in places.values():
        (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    return {variable: str(folder / name) for variable, name in places.items()}


@pytest.fixture
def sung(court: Hub, tmp_path: Path) -> Path:
    """The folder of all that the desk wrote after a day with the marker."""
    folder = tmp_path / "desk"
    profile, variables = folder / "profile", home(folder)
    court.enrol(profile, **variables)
    court_id, person_id = ids_of(profile)
    where = ("--court", court_id, "--judge", person_id)
    hub("import", str(bundle(tmp_path)), *where, *court.places, "--json").with_code(0)
    environment = {**environment_of_tests(), **variables, "QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": ""}
    command = [sys.executable, "-X", "faulthandler", "-m", "tests.e2e.canary", str(profile)]
    with (folder / "output").open("wb") as output:
        done = subprocess.run(
            command, env=environment, cwd=ROOT, stdout=output, stderr=output, timeout=SECONDS, check=False
        )
    assert done.returncode == 0, (folder / "output").read_text()
    refuse_something(profile)
    refused = desk("sync", "--profile", str(profile), "--json", **variables).with_code(1)
    doctor = desk("doctor", "--profile", str(profile), **variables).with_code(1)
    (folder / "messages").write_text(refused.err + refused.out + doctor.err + doctor.out)
    return folder


def found(folder: Path, words: tuple[str, ...]) -> list[str]:
    """The files below a folder that hold one of the words, or bear it in their name."""
    needles = [form.encode(encoding) for word in words for form in forms(word) for encoding in encodings(form)]
    places = []
    for root, folders, files in os.walk(folder):
        names = [*folders, *files]
        places += [name for name in names if any(form in name for word in words for form in forms(word))]
        for name in files:
            content = (Path(root) / name).read_bytes()
            if any(needle in content for needle in needles):
                places.append(str(Path(root, name).relative_to(folder)))
    return places


def forms(word: str) -> tuple[str, ...]:
    return (word, word.lower(), word.upper())


def encodings(word: str) -> list[str]:
    return [each for each in ENCODINGS if each != "cp1251" or can_say(word)]


def can_say(word: str) -> bool:
    try:
        word.encode("cp1251")
    except UnicodeEncodeError:
        return False
    return True


def test_nothing_of_a_case_lies_about(sung: Path, court: Hub) -> None:
    assert (sung / "profile" / "logs" / "judge-desk.log").stat().st_size > 0, "the bugs were not logged"
    assert found(sung, MARKERS) == []
    assert found(sung, SECRETS) == []
    assert found(court.folder, SECRETS) == [], "the deliberation room was overheard"
    at_hub = {place.split("/")[0] for place in found(court.folder, MARKERS)}
    assert at_hub >= {"blobs"}, "the marker never got through: the test proves nothing"
    assert any(place.startswith("hub.db") for place in at_hub), "the marker never got through: the test proves nothing"
    assert all(place.startswith("hub.db") or place == "blobs" for place in at_hub)
