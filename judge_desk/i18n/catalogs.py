"""Turns the PO files of a language into one MO file; standard library only, so that set-up and build can call it.

Our PO files use a subset: keys as msgid, optional msgid_plural equal to the msgid, comments, continued strings.
"""

import gettext
import io
import json
import os
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from judge_desk.runtime import paths

LANGUAGES = ("kk", "ru", "en")
PLURAL_FORMS = {
    "kk": "nplurals=2; plural=(n != 1);",
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "en": "nplurals=2; plural=(n != 1);",
}
_LINE = re.compile(r'^(msgid_plural|msgid|msgstr(?:\[(\d)\])?)\s+(".*")$')


class CatalogError(ValueError):
    """A PO file that cannot be used; names file, line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Message:
    """One key of one language. `texts` holds one text, or one a plural form."""

    key: str
    is_plural: bool
    texts: tuple[str, ...]
    place: str


def plural_count(language: str) -> int:
    """How many plural forms the language has in our catalogs."""
    return int(PLURAL_FORMS[language].split(";")[0].partition("=")[2])


def po_files(language: str) -> list[Path]:
    """The PO files of a language, sorted by area."""
    return sorted(paths.resource("i18n", language).glob("*.po"))


def mo_file(language: str) -> Path:
    """Where the compiled catalog of a language lies."""
    return paths.resource("i18n", f"{language}.mo")


def glossary_file() -> Path:
    """The one list of the court's words."""
    return paths.resource("glossary.toml")


def read_po(path: Path) -> list[Message]:
    """The messages of one PO file without its header.

    Raises:
        CatalogError: a line outside the subset, or a key twice in this file.
    """
    place = f"{path.parent.name}/{path.name}"
    messages = [_message(entry, place) for entry in _entries(path.read_text(encoding="utf-8"), place)]
    return _unique(message for message in messages if message.key)


def read_language(language: str) -> list[Message]:
    """All messages of a language, the glossary's words among them, sorted by key.

    Raises:
        CatalogError: as `read_po`, or a key in two files.
    """
    written = (message for path in po_files(language) for message in read_po(path))
    messages = _unique([*read_glossary(language), *written])
    return sorted(messages, key=lambda message: message.key)


def read_glossary(language: str) -> list[Message]:
    """The court's words as messages: group "act", key "decision" becomes `word.act.decision`."""
    import tomllib  # a start reads compiled catalogs and does not need it

    groups = tomllib.loads(glossary_file().read_text(encoding="utf-8"))
    return [
        Message(f"word.{group}.{name}", False, (texts[language],), f"glossary.toml [{group}]")
        for group, words in groups.items()
        for name, texts in words.items()
    ]


def mo_bytes(language: str, messages: Iterable[Message]) -> bytes:
    """The messages as a GNU MO file, little-endian, UTF-8."""
    header = f"Language: {language}\nContent-Type: text/plain; charset=UTF-8\nPlural-Forms: {PLURAL_FORMS[language]}\n"
    pairs = [(b"", header.encode())]
    for message in messages:
        ident = f"{message.key}\0{message.key}" if message.is_plural else message.key
        pairs.append((ident.encode(), "\0".join(message.texts).encode()))
    pairs.sort()
    return _mo_tables(pairs)


def compile_language(language: str, *, force: bool = False) -> bool:
    """Write the MO file of a language if a PO file is newer, or always with `force`; tells whether it wrote."""
    if not force and not is_stale(language):
        return False
    target = mo_file(language)
    # Two processes may compile at once: each writes its own file and the last rename wins.
    scratch = target.with_name(f"{target.name}.{os.getpid()}")
    scratch.write_bytes(mo_bytes(language, read_language(language)))
    scratch.replace(target)
    return True


def compile_all(*, force: bool = False) -> list[str]:
    """Compile what is stale; returns the languages that were written."""
    return [language for language in LANGUAGES if compile_language(language, force=force)]


def is_stale(language: str) -> bool:
    """True when the MO file is missing or older than the glossary, a PO file or their folder."""
    target = mo_file(language)
    if not target.is_file():
        return True
    sources = [glossary_file(), paths.resource("i18n", language), *po_files(language)]
    return max(path.stat().st_mtime_ns for path in sources) >= target.stat().st_mtime_ns


def load(language: str) -> gettext.GNUTranslations:
    """The catalog of a language; in a source tree a stale one is compiled first, in memory where it may not be written.

    Raises:
        CatalogError: the installation lacks the language.
    """
    if paths.is_source_tree() and is_stale(language):
        try:
            compile_language(language)
        except OSError:
            return gettext.GNUTranslations(io.BytesIO(mo_bytes(language, read_language(language))))
    file = mo_file(language)
    try:
        return _read(file, file.stat().st_mtime_ns)
    except FileNotFoundError as error:
        raise CatalogError(f"no catalog for {language}") from error


@lru_cache(maxsize=8)
def _read(file: Path, _written_ns: int) -> gettext.GNUTranslations:
    """Parsed once for each state of the file: an act of many parties asks for its catalog at every name."""
    with file.open("rb") as stream:
        return gettext.GNUTranslations(stream)


def _unique(messages: Iterable[Message]) -> list[Message]:
    seen: dict[str, Message] = {}
    for message in messages:
        if message.key in seen:
            raise CatalogError(f"{message.place}: {message.key} stands already in {seen[message.key].place}")
        seen[message.key] = message
    return list(seen.values())


def _entries(text: str, place: str) -> Iterator[dict[str, str]]:
    """Field name ("msgid", "msgstr[0]") to string, an entry at a time."""
    entry: dict[str, str] = {}
    field = ""
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        match = _LINE.match(line)
        if match:
            field = line.split(maxsplit=1)[0]
            if field == "msgid" and entry:
                yield entry
                entry = {}
            entry[field] = _string(match.group(3), f"{place}:{number}")
        elif field and line.startswith('"'):
            entry[field] += _string(line, f"{place}:{number}")
        else:
            raise CatalogError(f"{place}:{number}: not a PO line we know")
    if entry:
        yield entry


def _string(literal: str, place: str) -> str:
    try:
        return str(json.loads(literal))  # the escapes that we use are the same
    except ValueError as error:
        raise CatalogError(f"{place}: broken string") from error


def _message(entry: dict[str, str], place: str) -> Message:
    key = entry.get("msgid")
    if key is None:
        raise CatalogError(f"{place}: an entry without msgid")
    forms = sorted(field for field in entry if field.startswith("msgstr["))
    if "msgid_plural" in entry:
        if entry["msgid_plural"] != key:
            raise CatalogError(f"{place}: {key}: msgid_plural must repeat the key")
        return Message(key, True, tuple(entry[field] for field in forms), place)
    if "msgstr" not in entry or forms:
        raise CatalogError(f"{place}: {key}: one msgstr expected")
    return Message(key, False, (entry["msgstr"],), place)


def _mo_tables(pairs: list[tuple[bytes, bytes]]) -> bytes:
    count = len(pairs)
    offset = 28 + 16 * count
    tables: list[bytes] = []
    blob = b""
    for side in (0, 1):
        for pair in pairs:
            tables.append(struct.pack("<2I", len(pair[side]), offset + len(blob)))
            blob += pair[side] + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, offset) + b"".join(tables) + blob
