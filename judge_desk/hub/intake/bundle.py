"""Reads a case bundle (case.json, manifest.json, documents in a ZIP): a bad document is refused, the good ones stay."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import msgspec

from judge_desk.domain.cases import Case, Party
from judge_desk.domain.documents import Document
from judge_desk.domain.errors import BadInput, BadRow
from judge_desk.hub.intake import json_lines
from judge_desk.hub.intake.archive import check_members, read_member
from judge_desk.hub.intake.bundle_format import Bundle, BundleDocument, Manifest
from judge_desk.hub.intake.content import look
from judge_desk.hub.intake.register import made_id
from judge_desk.hub.intake.report import Report

CASE_FILE, MANIFEST_FILE = "case.json", "manifest.json"
MOST_JSON = 16 << 20
T = TypeVar("T")
_AT = re.compile(r" - at `(\$[^`]*)`$")
_FIELD = re.compile(r"`([A-Za-z_]+)`")


@dataclass(frozen=True, slots=True)
class OpenBundle:
    """A bundle whose case is right; its documents are read one by one."""

    name: str
    archive: zipfile.ZipFile
    bundle: Bundle
    manifest: Manifest
    text: str

    def case(self, court_id: str, before: Case | None) -> Case:
        """The case as the domain has it, or what it makes of the one that is here."""
        given = self.bundle.case
        case_id = made_id("case", court_id, given.key)
        parties = tuple(
            Party(id=made_id("party", case_id, str(number)), **msgspec.structs.asdict(each))
            for number, each in enumerate(given.parties)
        )
        fields = {
            name: value
            for name, value in msgspec.structs.asdict(given).items()
            if name not in ("key", "court", "parties")
        }
        if before is None:
            return Case(
                id=case_id, court_id=court_id, register_key=given.key, source="bundle", parties=parties, **fields
            )
        fields.pop("stage")
        return replace(before, parties=parties, **fields)

    def documents(self, case_id: str, report: Report) -> Iterator[tuple[Document, bytes]]:
        """Each document that is what it says it is; the others are refused in ``report``."""
        seen: set[str] = set()
        for index, given in enumerate(self.bundle.documents):
            try:
                content = self._content(given, seen)
                pages = look(content, given.media_type).pages
            except BadInput as fault:
                line = json_lines.line_of(self.text, f"$.documents[{index}].file")
                report.refuse(
                    fault.key, file=f"{self.name}/{given.file[:200]}", line=line, field="file", **fault.params
                )
                continue
            digest = hashlib.sha256(content).hexdigest()
            yield (
                Document(
                    id=made_id("document", case_id, given.file, digest),
                    case_id=case_id,
                    kind=given.kind,
                    title=given.title,
                    sha256=digest,
                    size=len(content),
                    media_type=given.media_type,
                    pages=pages,
                    order=index + 1,
                    language=given.language.value if given.language else "",
                    dated_on=given.dated_on,
                    filed_at=given.filed_at,
                    filed_by=given.filed_by,
                ),
                content,
            )

    def _content(self, given: BundleDocument, seen: set[str]) -> bytes:
        if given.file in seen:
            raise BadInput("intake.document.doubled")
        seen.add(given.file)
        content = read_member(self.archive, given.file)
        expected = self.manifest.files.get(given.file)
        if expected is None:
            raise BadInput("intake.document.not_in_manifest")
        if hashlib.sha256(content).hexdigest() != expected:
            raise BadInput("intake.document.hash")
        return content

    def note_strangers(self, report: Report) -> None:
        """Warn of files in the ZIP that case.json does not name: they are not taken in."""
        named = {each.file for each in self.bundle.documents} | {CASE_FILE, MANIFEST_FILE}
        for info in self.archive.infolist():
            if not info.is_dir() and info.filename not in named:
                report.warn("intake.bundle.stranger", file=f"{self.name}/{info.filename[:200]}")


def open_bundle(archive: zipfile.ZipFile, path: Path) -> OpenBundle:
    """Check the archive and read its case; raises BadInput or BadRow, which names line and field."""
    check_members(archive, path.name)
    text, bundle = _read(archive, path.name, CASE_FILE, Bundle)
    _, manifest = _read(archive, path.name, MANIFEST_FILE, Manifest)
    expected = manifest.files.get(CASE_FILE)
    if expected != hashlib.sha256(read_member(archive, CASE_FILE, MOST_JSON)).hexdigest():
        raise BadRow("intake.document.hash", file=f"{path.name}/{CASE_FILE}", line=0, field=MANIFEST_FILE)
    return OpenBundle(path.name, archive, bundle, manifest, text)


def _read(archive: zipfile.ZipFile, bundle_name: str, name: str, kind: type[T]) -> tuple[str, T]:
    place = f"{bundle_name}/{name}"
    try:
        text = read_member(archive, name, MOST_JSON).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadRow("intake.document.not_text", file=place, line=0, field="") from None
    except BadInput as fault:
        raise BadRow(fault.key, file=place, line=0, field="", **fault.params) from None
    line = json_lines.fault_line(text)
    if line:
        raise BadRow("intake.json.broken", file=place, line=line, field="")
    try:
        return text, msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as fault:
        raise _told(str(fault), text, place) from None


def _told(message: str, text: str, place: str) -> BadRow:
    """The decoder's fault with line and field. Its words may quote a value, so only the kind of fault is kept."""
    found = _AT.search(message)
    path = found.group(1) if found else "$"
    key = "intake.json.bad_value"
    named = _FIELD.search(message) if "required field" in message or "unknown field" in message else None
    if named:
        key = "intake.json.missing" if "required field" in message else "intake.json.unknown"
        line = json_lines.line_of(text, f"{path}.{named.group(1)}" if key.endswith("unknown") else path)
        return BadRow(key, file=place, line=line, field=f"{path}.{named.group(1)}"[2:])
    return BadRow(key, file=place, line=json_lines.line_of(text, path), field=path[2:])
