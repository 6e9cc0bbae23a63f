"""How names survive in a Word file: hidden bookmarks for blocks and parts, tags of content controls for runs.

Word and LibreOffice keep bookmarks whose names begin with an underscore and show them to nobody. A name holds letters,
digits and underscores, 40 at most, so ids are written with `_d` for a dot, `_h` for a hyphen, `_u` for an underscore.
"""

from __future__ import annotations

from hashlib import sha256

from judge_desk.domain.acts import CaseReference, Run
from judge_desk.domain.ids import is_id

BLOCK, PART, ACT, TEMPLATE = "_JDB_", "_JDP_", "_JDA_", "_JDT_"
MOST_NAME = 40
PLACE_STYLE, SIGNATURE_STYLE, GAP_STYLE = "Act Place Line", "Act Signature", "Act Gap"
HELD_STYLE, HELD_STYLE_ID = "Act Held Together", "ActHeldTogether"
"""Signs of this look stand where a plain space or hyphen was, so that Word ends no line there."""
_OUT = {"_": "_u", ".": "_d", "-": "_h"}
_IN = {"u": "_", "d": ".", "h": "-"}


def bookmark(prefix: str, name: str) -> str:
    """The bookmark of an id; one that is too long is named by its hash, which `same_bookmark` knows again."""
    encoded = prefix + "".join(_OUT.get(letter, letter) for letter in name)
    if len(encoded) <= MOST_NAME:
        return encoded
    return f"{prefix}_x{sha256(name.encode()).hexdigest()}"[:MOST_NAME]


def name_of(mark: str, prefix: str) -> str:
    """The id behind a bookmark; empty for another's bookmark, or one that was named by its hash."""
    if not mark.startswith(prefix):
        return ""
    out: list[str] = []
    letters = iter(mark[len(prefix) :])
    for letter in letters:
        out.append(letter if letter != "_" else _IN.get(next(letters, ""), "\0"))
    name = "".join(out)
    return name if is_id(name) else ""


def tag_of(run: Run) -> str:
    """What the content control around a run says; empty for plain text."""
    parts = []
    if run.field:
        parts.append(f"{'b' if run.blank else 'f'}:{run.field}")
    if run.norm:
        parts.append(f"n:{run.norm}")
    if run.reference:
        parts.append(f"r:{run.reference.document_id}:{run.reference.page}")
    return ";".join(parts)


def meaning_of(tag: str) -> Run:
    """A run without text that means what the tag says; what is not understood means nothing."""
    field, blank, norm = "", False, ""
    reference: CaseReference | None = None
    for part in tag.split(";"):
        kind, _, value = part.partition(":")
        if kind in {"f", "b"} and is_id(value):
            field, blank = value, kind == "b"
        elif kind == "n" and is_id(value):
            norm = value
        elif kind == "r":
            document_id, _, page = value.rpartition(":")
            if is_id(document_id) and page.isdecimal():
                reference = CaseReference(document_id=document_id, page=int(page))
    return Run(text="", field=field, blank=blank, norm=norm, reference=reference)
