"""Case bundles: what is right comes in, what is not is named by file, line and field; nothing escapes the archive."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select

from judge_desk.domain.cases import Case
from judge_desk.domain.documents import Document
from judge_desk.domain.kinds import Kind
from judge_desk.hub import admin
from judge_desk.hub.blobs import FolderBlobs, blob_key
from judge_desk.hub.db import tables
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.intake import archive as archives
from judge_desk.hub.intake.bundle_format import schema
from judge_desk.hub.intake.json_lines import line_of
from judge_desk.protocol import codec
from judge_desk.runtime import paths

Change = Callable[[dict[str, Any]], None]


def make_pdf(pages: int = 2) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for _ in range(pages):
        canvas.drawString(72, 720, "page")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


PDF = make_pdf()
CASE: dict[str, Any] = {
    "format": 1,
    "case": {
        "key": "T-1",
        "court": "north",
        "number": "7102-26-00-2/77",
        "title": "Қасенова к Смагулову",
        "procedure": "civil",
        "language": "ru",
        "parties": [
            {"role": "claimant", "name": "Қасенова Д. М."},
            {"role": "defendant", "name": "Смагулов Ж. С."},
        ],
    },
    "documents": [
        {"file": "documents/01.pdf", "kind": "claim", "title": "Иск", "media_type": "application/pdf"},
        {"file": "documents/02.txt", "kind": "letter", "title": "Хат", "media_type": "text/plain", "language": "kk"},
    ],
}
FILES = {"documents/01.pdf": PDF, "documents/02.txt": "Сәлеметсіз бе".encode()}


class Intake:
    """A folder with a hub, and the command over bundles made from parts."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.url = f"sqlite:///{folder / 'hub.db'}"

    def bundle(
        self,
        change: Change = lambda case: None,
        files: dict[str, bytes] | None = None,
        hashes: dict[str, str] | None = None,
        name: str = "case.zip",
    ) -> Path:
        """Write a bundle; ``change`` edits case.json, ``hashes`` replaces lines of the manifest."""
        case = json.loads(json.dumps(CASE))
        change(case)
        members = {
            "case.json": json.dumps(case, ensure_ascii=False, indent=1).encode(),
            **(FILES if files is None else files),
        }
        listed = {each: hashlib.sha256(content).hexdigest() for each, content in members.items()}
        manifest = {"format": 1, "files": {**listed, **(hashes or {})}}
        path = self.folder / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for each, content in members.items():
                archive.writestr(each, content)
            archive.writestr("manifest.json", json.dumps(manifest))
        return path

    def take(self, path: Path, code: int = 0) -> dict[str, Any]:
        places = ["--database", self.url, "--blobs", str(self.folder / "blobs"), "--json"]
        assert admin.main(["import", str(path), *places]) == code
        answer: dict[str, Any] = json.loads(self.capsys.readouterr().out)
        return answer

    def records(self, kind: Kind) -> list[Any]:
        entity = tables.entity
        engine = open_engine(self.url)
        with engine.connect() as connection:
            bodies = connection.scalars(select(entity.c.body).where(entity.c.kind == kind.value)).all()
        engine.dispose()
        return [codec.decode(kind, body) for body in bodies]

    def only_refusal(self, path: Path) -> dict[str, Any]:
        """The one thing refused of a bundle whose other document came in."""
        answer = self.take(path)
        assert answer["imported"] == 1
        assert answer["documents"] == 1
        (refused,) = answer["refused"]
        return dict(refused)


@pytest.fixture
def intake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Intake:
    return Intake(tmp_path, capsys)


def test_a_bundle_becomes_a_case_with_its_documents(intake: Intake) -> None:
    answer = intake.take(intake.bundle())
    assert (answer["imported"], answer["documents"], answer["refused"]) == (1, 2, [])
    case: Case = intake.records(Kind.CASE)[0]
    assert (case.number, case.title, case.court_id) == ("7102-26-00-2/77", "Қасенова к Смагулову", "north")
    assert [each.name for each in case.parties] == ["Қасенова Д. М.", "Смагулов Ж. С."]
    documents: list[Document] = sorted(intake.records(Kind.DOCUMENT), key=lambda each: each.order)
    assert [(each.title, each.pages, each.case_id) for each in documents] == [("Иск", 2, case.id), ("Хат", 1, case.id)]
    blobs = FolderBlobs(intake.folder / "blobs")
    assert b"".join(blobs.read(blob_key("north", documents[0].sha256))) == PDF


def test_the_same_bundle_again_changes_nothing(intake: Intake) -> None:
    path = intake.bundle()
    intake.take(path)
    answer = intake.take(path)
    assert (answer["imported"], answer["updated"], answer["unchanged"], answer["documents"]) == (0, 1, 1, 0)
    assert len(intake.records(Kind.DOCUMENT)) == 2


def test_a_newer_bundle_updates_the_case(intake: Intake) -> None:
    intake.take(intake.bundle())
    answer = intake.take(intake.bundle(lambda case: case["case"].update(title="Новое название")))
    assert (answer["imported"], answer["updated"]) == (0, 1)
    assert [each.title for each in intake.records(Kind.CASE)] == ["Новое название"]


@pytest.mark.parametrize(
    "content",
    [b"<html>not a pdf</html>", PDF[: len(PDF) // 2], b"%PDF-1.7\n" + b"x" * 500 + b"\n%%EOF", b""],
    ids=["html", "cut off", "shell of one", "empty"],
)
def test_what_only_claims_to_be_a_pdf_stays_outside(intake: Intake, content: bytes) -> None:
    refused = intake.only_refusal(intake.bundle(files={**FILES, "documents/01.pdf": content}))
    assert refused["file"] == "case.zip/documents/01.pdf"
    assert refused["field"] == "file"
    assert refused["line"] == 23
    assert refused["message"]


def test_a_wrong_hash_refuses_that_document_alone(intake: Intake) -> None:
    refused = intake.only_refusal(intake.bundle(hashes={"documents/02.txt": "0" * 64}))
    assert refused["file"] == "case.zip/documents/02.txt"


@pytest.mark.parametrize("name", ["../../evil.txt", "/etc/evil.txt", "C:/evil.txt", "a\\..\\evil.txt"])
def test_no_path_leads_out_of_the_archive(intake: Intake, name: str) -> None:
    def change(case: dict[str, Any]) -> None:
        case["documents"][1]["file"] = name

    intake.only_refusal(intake.bundle(change, files={"documents/01.pdf": PDF, name: b"text"}))
    assert not list(intake.folder.parent.rglob("evil.txt"))


def test_a_picture_must_be_one(intake: Intake) -> None:
    def change(case: dict[str, Any]) -> None:
        case["documents"][1]["media_type"] = "image/png"

    assert "image/png" in intake.only_refusal(intake.bundle(change))["message"]


def test_a_program_is_no_document(intake: Intake) -> None:
    def change(case: dict[str, Any]) -> None:
        case["documents"][1]["media_type"] = "application/x-msdownload"

    intake.only_refusal(intake.bundle(change))


def test_a_document_that_is_not_there_and_one_named_twice(intake: Intake) -> None:
    def change(case: dict[str, Any]) -> None:
        case["documents"] += [{**case["documents"][0], "file": "documents/none.pdf"}, case["documents"][0]]

    answer = intake.take(intake.bundle(change))
    assert answer["documents"] == 2
    assert [each["file"] for each in answer["refused"]] == ["case.zip/documents/none.pdf", "case.zip/documents/01.pdf"]


def test_files_that_nobody_names_are_told(intake: Intake) -> None:
    answer = intake.take(intake.bundle(files={**FILES, "documents/extra.pdf": PDF}))
    assert [each["file"] for each in answer["warnings"]] == ["case.zip/documents/extra.pdf"]


@pytest.mark.parametrize(
    ("change", "line", "field"),
    [
        (lambda case: case["case"].update(procedure="civl"), 8, "case.procedure"),
        (lambda case: case["case"]["parties"][1].update(role="judge"), 16, "case.parties[1].role"),
        (lambda case: case["case"].pop("number"), 3, "case.number"),
        (lambda case: case["case"].update(nmber="x"), 20, "case.nmber"),
        (lambda case: case.update(format=2), 2, "format"),
        (lambda case: case["documents"][0].update(dated_on="31.02.2026"), 27, "documents[0].dated_on"),
    ],
)
def test_a_fault_in_the_case_is_named_by_line_and_field(intake: Intake, change: Change, line: int, field: str) -> None:
    answer = intake.take(intake.bundle(change), code=2)
    (refused,) = answer["refused"]
    assert (refused["file"], refused["line"], refused["field"]) == ("case.zip/case.json", line, field)
    assert "civl" not in refused["message"]


def test_broken_json_is_named_by_its_line(intake: Intake) -> None:
    path = intake.folder / "case.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("case.json", '{\n "format": 1,\n "case": oops\n}')
        archive.writestr("manifest.json", '{"format": 1, "files": {}}')
    (refused,) = intake.take(path, code=2)["refused"]
    assert (refused["file"], refused["line"]) == ("case.zip/case.json", 3)


def test_a_number_of_thousands_of_digits_is_a_fault_like_any_other(intake: Intake) -> None:
    path = intake.folder / "case.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("case.json", '{"format": ' + "9" * 5000 + "}")
        archive.writestr("manifest.json", '{"format": 1, "files": {}}')
    (refused,) = intake.take(path, code=2)["refused"]
    assert (refused["file"], refused["line"]) == ("case.zip/case.json", 1)


def test_an_archive_that_is_none_and_one_without_a_case(intake: Intake) -> None:
    broken = intake.folder / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 and then nothing")
    empty = intake.folder / "empty.zip"
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert intake.take(broken, code=2)["refused"][0]["file"] == "broken.zip"
    assert intake.take(empty, code=2)["refused"][0]["file"] == "empty.zip/case.json"


def test_a_bomb_is_not_opened(intake: Intake) -> None:
    path = intake.bundle(files={**FILES, "documents/02.txt": b"0" * (64 << 20)})
    answer = intake.take(path, code=2)
    assert answer["refused"][0]["file"] == "case.zip"
    assert not intake.records(Kind.CASE)


def test_documents_need_a_place_to_lie(intake: Intake) -> None:
    arguments = ["import", str(intake.bundle()), "--database", intake.url, "--json"]
    assert admin.main(arguments) == 2
    assert json.loads(intake.capsys.readouterr().out)["refused"][0]["file"] == "case.zip"
    assert not intake.records(Kind.CASE)


def test_too_many_files_and_too_large_ones(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_MEMBERS", 3)
    assert intake.take(intake.bundle(), code=2)["refused"]
    monkeypatch.setattr(archives, "MOST_MEMBERS", 100)
    with zipfile.ZipFile(intake.bundle()) as archive, pytest.raises(archives.BadMember):
        archives.read_member(archive, "documents/01.pdf", most=100)


def test_a_folder_of_bundles(intake: Intake) -> None:
    folder = intake.folder / "many"
    folder.mkdir()
    for number in range(3):
        made = intake.bundle(lambda case, number=number: case["case"].update(key=f"T-{number}"))  # type: ignore[misc]  # the loop's number
        made.rename(folder / f"{number}.zip")
    assert intake.take(folder)["imported"] == 3


def test_lines_are_found_past_strings_with_brackets() -> None:
    text = '{\n "a": "x ] } \\" ,",\n "b": [1, {"c": [\n  true,\n  null]}],\n "d": 5\n}'
    assert line_of(text, "$.d") == 6
    assert line_of(text, "$.b[1].c[1]") == 5
    assert line_of(text, "$.b[1].nothing") == 3


def test_the_schema_on_file_is_the_one_that_is_checked() -> None:
    stored = json.loads(paths.resource("schemas", "case.schema.json").read_text(encoding="utf-8"))
    assert stored == schema()
