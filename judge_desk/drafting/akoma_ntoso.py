"""An act as Akoma Ntoso 3.0, the open XML of judgments: parts, lists, tables, cited norms, who is who; by block id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from xml.etree import ElementTree as Xml

from judge_desk.domain.acts import (
    ActText,
    Block,
    BlockKind,
    Mark,
    PartKind,
    Row,
    Run,
    act_hash,
    check_act,
    markers,
    normalised,
    runs_of,
)
from judge_desk.domain.footnotes import note_numbers, notes_of, without_notes
from judge_desk.drafting.pdfa import PRODUCER

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
LANGUAGES = {"kk": "kaz", "ru": "rus", "en": "eng"}
PARTS = {
    PartKind.INTRODUCTORY: "introduction",
    PartKind.DESCRIPTIVE: "background",
    PartKind.REASONING: "motivation",
    PartKind.DESCRIPTIVE_REASONING: "motivation",
    PartKind.OPERATIVE: "decision",
    PartKind.WHOLE: "decision",
}
_MARKS = {Mark.BOLD: "b", Mark.ITALIC: "i", Mark.UNDERLINE: "u"}
_PARTIES = frozenset(
    "claimants defendants third_parties interested public_bodies creditors debtors accused suspect victims "
    "offenders".split()
)
_NO_ID = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What is counted: the markers of list items, the numbers of notes; and the notes' blocks, all by id."""

    items: dict[str, str]
    notes: dict[str, str]
    words: dict[str, Block]


def render_akoma_ntoso(act: ActText, made_at: datetime, *, number: str = "", dated_on: date | None = None) -> bytes:
    """The act as UTF-8 XML that meets the OASIS schema. ``made_at`` (aware) is the moment of the version.

    ``number`` and ``dated_on`` are those of the act, where the caller knows them better than its text. Raises BadInput
    for an act that breaks a limit.
    """
    check_act(act)
    act = normalised(act)
    day = dated_on or made_at.astimezone(UTC).date()
    facts = _facts(act)
    root = Xml.Element("akomaNtoso", xmlns=NAMESPACE)
    judgment = Xml.SubElement(root, "judgment", name=act.kind.value, contains="originalVersion")
    judgment.append(_meta(act, facts, number or facts.get("act.number", ""), day, made_at))
    _text(act, judgment)
    text = Xml.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _facts(act: ActText) -> dict[str, str]:
    found: dict[str, str] = {}
    for block in act.blocks():
        for run in runs_of(block):
            if run.field and not run.blank:
                found.setdefault(run.field, run.text)
    return found


def _meta(act: ActText, facts: dict[str, str], number: str, day: date, made_at: datetime) -> Xml.Element:
    meta = Xml.Element("meta")
    identification = Xml.SubElement(meta, "identification", source="#court")
    name = _slug(number or facts.get("case.number", "")) or act_hash(act)[:16]
    work = f"/akn/kz/judgment/{day.isoformat()}/{name}"
    language = LANGUAGES[act.language]
    expression = f"{work}/{language}@{day.isoformat()}"
    for level, uri, dated in (
        ("FRBRWork", work, day),
        ("FRBRExpression", expression, day),
        ("FRBRManifestation", f"{expression}.xml", made_at.astimezone(UTC).date()),
    ):
        frame = Xml.SubElement(identification, level)
        Xml.SubElement(frame, "FRBRthis", value=f"{uri}/!main" if level != "FRBRManifestation" else uri)
        Xml.SubElement(frame, "FRBRuri", value=uri)
        if level == "FRBRWork":
            Xml.SubElement(frame, "FRBRalias", value=f"sha256:{act_hash(act)}", name="canonical")
        Xml.SubElement(frame, "FRBRdate", date=dated.isoformat(), name=level.removeprefix("FRBR").lower())
        Xml.SubElement(frame, "FRBRauthor", href="#court", attrib={"as": "#author"})
        if level == "FRBRWork":
            Xml.SubElement(frame, "FRBRcountry", value="kz")
            Xml.SubElement(frame, "FRBRnumber", value=number or name)
        elif level == "FRBRExpression":
            Xml.SubElement(frame, "FRBRlanguage", language=language)
    meta.append(_references(facts))
    return meta


def _references(facts: dict[str, str]) -> Xml.Element:
    """Who is who in the text, under names that the text points at."""
    references = Xml.Element("references", source="#court")
    court = facts.get("court") or facts.get("court.of") or "court"
    Xml.SubElement(references, "TLCOrganization", eId="court", href="/ontology/organization/kz/court", showAs=court)
    if judge := facts.get("judge", ""):
        Xml.SubElement(references, "TLCPerson", eId="judge", href="/ontology/person/kz/judge", showAs=judge)
    for field in sorted(_PARTIES & facts.keys()):
        Xml.SubElement(
            references, "TLCPerson", eId=field, href=f"/ontology/person/kz/{field}", showAs=facts[field][:200]
        )
        Xml.SubElement(references, "TLCRole", eId=f"role_{field}", href=f"/ontology/role/{field}", showAs=field)
    Xml.SubElement(references, "TLCRole", eId="author", href="/ontology/role/author", showAs=PRODUCER)
    return references


def _text(act: ActText, judgment: Xml.Element) -> None:
    header = Xml.SubElement(judgment, "header")
    body = Xml.SubElement(judgment, "judgmentBody")
    numbers = _Numbers(markers(act), note_numbers(act), notes_of(act))
    last = [part for part in act.parts if part.blocks][-1:]
    closing: list[Block] = []
    for part in act.parts:
        blocks = without_notes(part.blocks)
        if part is act.parts[0]:
            top = _top(blocks)
            _fill(header, blocks[:top], numbers)
            blocks = blocks[top:]
        while part in last and len(blocks) > 1 and blocks[-1].kind is BlockKind.SIGNATURE:
            closing.insert(0, blocks.pop())
        if blocks:
            _fill(Xml.SubElement(body, PARTS[part.kind]), blocks, numbers)
    if not len(body):
        Xml.SubElement(Xml.SubElement(body, "decision"), "p")
    if closing:
        _fill(Xml.SubElement(judgment, "conclusions"), closing, numbers)


def _top(blocks: Sequence[Block]) -> int:
    """How many blocks stand above the text: the name of the state, of the act, its date and place."""
    named = [number for number, block in enumerate(blocks) if block.kind is BlockKind.PLACE_LINE]
    return named[0] + 1 if named and named[0] < len(blocks) - 1 else 0


def _fill(home: Xml.Element, blocks: Sequence[Block], numbers: _Numbers) -> None:
    lists: list[Xml.Element] = []
    for block in blocks:
        if block.kind is BlockKind.LIST_ITEM:
            _item(home, lists, block, numbers)
            continue
        lists.clear()
        home.append(_block(block, numbers))


def _item(home: Xml.Element, lists: list[Xml.Element], block: Block, numbers: _Numbers) -> None:
    """Add an item to the list that is open at its depth; deeper lists lie inside the item before them."""
    del lists[block.level :]
    while len(lists) < block.level:
        place = home
        if lists:
            items = lists[-1].findall("item")
            place = items[-1] if items else Xml.SubElement(lists[-1], "item", eId=f"{block.id}-in{len(lists)}")
        lists.append(Xml.SubElement(place, "blockList", eId=f"{block.id}-list{len(lists) + 1}"))
    item = Xml.SubElement(lists[-1], "item", _names(block))
    Xml.SubElement(item, "num").text = numbers.items[block.id]
    _inline(Xml.SubElement(item, "p"), block.runs, numbers)


def _block(block: Block, numbers: _Numbers) -> Xml.Element:
    if block.kind is BlockKind.TABLE and block.rows:
        table = Xml.Element("table", _names(block))
        for row in block.rows:
            _row(Xml.SubElement(table, "tr"), row, numbers)
        return table
    if block.kind is BlockKind.PARAGRAPH:
        paragraph = Xml.Element("p", _names(block))
        _inline(paragraph, block.runs, numbers)
        return paragraph
    name = f"heading{block.level}" if block.kind is BlockKind.HEADING else block.kind.value
    frame = Xml.Element("block", {"name": name, **_names(block)})
    cells = [cell.runs for row in block.rows for cell in row.cells] or [block.runs]
    for number, runs in enumerate(cells):
        if number:
            _put(frame, " ")
        _inline(Xml.SubElement(frame, "span") if len(cells) > 1 else frame, runs, numbers)
    return frame


def _row(line: Xml.Element, row: Row, numbers: _Numbers) -> None:
    for cell in row.cells:
        _inline(Xml.SubElement(Xml.SubElement(line, "th" if row.header else "td"), "p"), cell.runs, numbers)


def _names(block: Block) -> dict[str, str]:
    found = {"eId": block.id}
    if block.language:
        found["{http://www.w3.org/XML/1998/namespace}lang"] = block.language
    return found


def _inline(home: Xml.Element, runs: Sequence[Run], numbers: _Numbers) -> None:
    for run in runs:
        if run.note:
            _note(home, numbers.words[run.note], numbers)
            continue
        at = home
        for name, attributes in _frames(run):
            at = Xml.SubElement(at, name, attributes)
        _put(at, run.text)


def _note(home: Xml.Element, note: Block, numbers: _Numbers) -> None:
    """A note stands in the text where its mark is; who shows it puts it at the foot."""
    frame = Xml.SubElement(
        home, "authorialNote", {"marker": numbers.notes[note.id], "placement": "bottom", **_names(note)}
    )
    _inline(Xml.SubElement(frame, "p"), note.runs, numbers)


def _frames(run: Run) -> Iterator[tuple[str, dict[str, str]]]:
    """What a run lies in, from the outside: its meaning, then its emphasis."""
    if run.norm:
        yield "ref", {"href": f"/akn/kz/act/{run.norm.replace('.', '/', 1)}"}
    elif run.reference:
        page = f"#page_{run.reference.page}" if run.reference.page else ""
        yield "ref", {"href": f"/akn/kz/doc/{run.reference.document_id}{page}"}
    elif run.blank:
        yield "span", {"class": "blank", "title": run.field}
    elif run.field == "judge":
        yield "judge", {"refersTo": "#judge"}
    elif run.field in _PARTIES:
        yield "party", {"refersTo": f"#{run.field}", "as": f"#role_{run.field}"}
    elif run.field == "case.number":
        yield "docketNumber", {}
    for mark in run.marks:
        yield _MARKS[mark], {}


def _put(home: Xml.Element, text: str) -> None:
    """Text behind what the element holds already."""
    if len(home):
        home[-1].tail = (home[-1].tail or "") + text
    else:
        home.text = (home.text or "") + text


def _slug(text: str) -> str:
    return _NO_ID.sub("-", text).strip("-").lower()
