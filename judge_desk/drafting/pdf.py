"""An act as a PDF/A-2a and PDF/UA-1 file: the same act and facts give the same bytes."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from judge_desk.domain.acts import (
    ActText,
    Align,
    Block,
    BlockKind,
    Run,
    act_hash,
    check_act,
    check_block,
    markers,
    normal_block,
    normalised,
    notes_in,
    runs_of,
    with_runs,
)
from judge_desk.domain.cases import Language
from judge_desk.domain.errors import BadInput
from judge_desk.domain.footnotes import note_numbers, notes_of, without_notes
from judge_desk.drafting.check_mark import CheckItem, CheckMark
from judge_desk.drafting.feet import Foot
from judge_desk.drafting.flow import Flow, Item
from judge_desk.drafting.fonts import face, face_of, letter_name
from judge_desk.drafting.items import SpreadItem, TableItem, TextItem
from judge_desk.drafting.lines import SOFT_HYPHEN, break_lines
from judge_desk.drafting.memory import remembering
from judge_desk.drafting.pdf_file import PdfFile, text_string
from judge_desk.drafting.pdfa import LANGUAGE_TAGS, FileFacts, add_catalog, add_fonts
from judge_desk.drafting.sheets import BODY_WIDTH, BOTTOM, LEFT, PAGE_HEIGHT, PAGE_WIDTH, TOP, Field, Link, Sheet
from judge_desk.drafting.tags import Tag, write_tags
from judge_desk.i18n.translator import Translator

MARK_SIZE, HASH_SIZE = 9.5, 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ActMeta:
    """What stands on the file and in its margins, beside the act's own text.

    `title` names the file for readers of every kind; `running` stands on top of each page but the first, usually the
    case number. `made_at` (aware) is the moment of the version printed, never of the printing, so that bytes repeat.
    `is_draft` prints the word for "draft" on each page; `check` stands under the text of a final act, and `text_hash`,
    the SHA-256 of its canonical text, on each of its pages: a page of another version does not go unseen.
    `pages_after` are added behind by whoever prints, and counted with the others. `together` names the first and the
    last block of what shares a page, unless that is too long.
    """

    title: str
    made_at: datetime
    court: str = ""
    running: str = ""
    is_draft: bool = True
    check: CheckMark | None = None
    text_hash: str = ""
    pages_after: int = 0
    together: tuple[tuple[str, str], ...] = ()


def meta_of(
    act: ActText, made_at: datetime, *, is_draft: bool = True, check: CheckMark | None = None, court: str = ""
) -> ActMeta:
    """What the act says about itself: its first heading and case number as title, and the court from its fields where
    nobody names it."""
    facts: dict[str, str] = {}
    for block in act.blocks():
        for run in runs_of(block):
            if run.field and not run.blank:
                facts.setdefault(run.field, run.text)
    heading = next((block.text for block in act.blocks() if block.kind is BlockKind.HEADING), "")
    number = facts.get("case.number", "")
    title = " ".join(filter(None, (heading.strip().capitalize(), f"№ {number}" if number else "")))
    running = f"№ {number}" if number else ""
    court = court or facts.get("court") or facts.get("court.of", "")
    text_hash = act_hash(act) if check else ""
    return ActMeta(
        title=title,
        made_at=made_at,
        court=court,
        running=running,
        is_draft=is_draft,
        check=check,
        text_hash=text_hash,
    )


def render_pdf(act: ActText, meta: ActMeta) -> bytes:
    """Lay the act out on A4 pages.

    Raises:
        BadInput: the act breaks a limit, or holds a letter that the font lacks; the error names it and the block.
    """
    ready = {id(block): _prepared(block) for block in act.blocks()}
    check_act(act, lambda block: ready[id(block)].count)
    act = normalised(act, lambda block: ready[id(block)].block)
    letters = _letters(ready.values())
    document = Tag("Document")
    items = _items(act, document)
    if meta.check:
        if items:
            # Signatures and the code beside them never have a page to themselves.
            items[-1].keeps_next = True
        mark = CheckItem(meta.check, act.language, document.child("Sect"))
        for number, used in mark.letters().items():
            letters.setdefault(number, set()).update(used)
        items.append(mark)
    sheets = Flow().run(items, _runs_of(act, meta.together))
    marks = _page_marks(act, meta, sheets)
    letters.setdefault(0, set()).update(*marks)
    facts = FileFacts(title=meta.title or act.kind, author=meta.court, language=act.language, made_at=meta.made_at)
    return _file(sheets, document, letters, facts)


def _letters(ready: Collection[_Prepared]) -> dict[int, set[str]]:
    """The letters that each face must draw."""
    used: dict[int, list[frozenset[str]]] = {}
    for each in ready:
        for number, letters in each.letters:
            used.setdefault(number, []).append(letters)
    return {number: set().union(*found) for number, found in used.items()}


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A block fit to be laid out, how many letters it has, and which of them each face must draw."""

    block: Block
    count: int
    letters: tuple[tuple[int, frozenset[str]], ...]


@remembering(20_000)
def _prepared(block: Block) -> _Prepared:
    """Raises BadInput for a block that breaks a limit, or for a letter that a face lacks."""
    count = check_block(block)
    block = normal_block(block)
    letters: dict[int, set[str]] = {}
    is_bold = 1 if block.kind in (BlockKind.HEADING, BlockKind.TABLE) else 0
    for run in runs_of(block):
        used = set(run.text)
        used.discard(SOFT_HYPHEN)
        for number in {face_of(run.marks), face_of(run.marks) | is_bold}:
            missing = [letter for letter in used if ord(letter) not in face(number).widths]
            if missing:
                raise BadInput("drafting.bad.letter", block=block.id, letter=letter_name(min(missing)))
            letters.setdefault(number, set()).update(used)
    return _Prepared(block, count, tuple((number, frozenset(used)) for number, used in letters.items()))


@remembering(1_000)
def _packed(content: bytes) -> bytes:
    return zlib.compress(content)


def _items(act: ActText, document: Tag) -> list[Item]:
    numbers, notes = markers(act), notes_of(act)
    shown = note_numbers(act) if notes else {}
    levels = _heading_levels(act)
    items: list[Item] = []
    for part in act.parts:
        section = document.child("Sect")
        lists: list[Tag] = []
        blocks = without_notes(part.blocks)
        for block, following in zip(blocks, [*blocks[1:], None], strict=True):
            keeps = _runs_on(block) if following is None else following.kind is BlockKind.SIGNATURE
            names = notes_in(block) if notes else ()
            feet = {shown[each]: _foot(notes[each], shown[each], act.language) for each in names}
            block = _numbered(block, shown) if feet else block
            if block.kind is BlockKind.LIST_ITEM:
                items.append(_list_item(block, section, lists, numbers[block.id], keeps_next=keeps, notes=feet))
                continue
            lists.clear()
            items.append(_item(block, section, levels, keeps_next=keeps, notes=feet))
            # A reader speaks a note when the paragraph that bears its mark is at its end.
            section.pieces.extend(foot.note for foot in feet.values())
    return items


def _runs_of(act: ActText, together: Iterable[tuple[str, str]]) -> list[tuple[int, int]]:
    """The numbers of the items that `_items` makes of these blocks."""
    printed = (block for part in act.parts for block in without_notes(part.blocks)) if together else ()
    numbers = {block.id: number for number, block in enumerate(printed)}
    return [(numbers[first], numbers[last]) for first, last in together]


def _runs_on(block: Block) -> bool:
    """Whether the last block of a part is a sentence that the heading of the next part ends: "the court / RULED:"."""
    return block.kind is BlockKind.PARAGRAPH and block.text.rstrip()[-1:].isalpha()


def _foot(note: Block, number: str, language: Language) -> Foot:
    spoken = LANGUAGE_TAGS[note.language] if note.language else ""
    return Foot(number, note, spoken, _words(language).text("drafting.footnote", number=number))


def _numbered(block: Block, numbers: dict[str, str]) -> Block:
    return with_runs(block, lambda runs: tuple(replace(run, text=numbers.get(run.note, run.text)) for run in runs))


def _item(block: Block, section: Tag, levels: dict[str, int], *, keeps_next: bool, notes: dict[str, Foot]) -> Item:
    language = LANGUAGE_TAGS[block.language] if block.language else ""
    if block.kind is BlockKind.TABLE and block.rows:
        return TableItem(block, section.child("Table", language), keeps_next=keeps_next, notes=notes)
    if block.kind in (BlockKind.PLACE_LINE, BlockKind.SIGNATURE):
        return SpreadItem(block, section.child("P", language), keeps_next=keeps_next, notes=notes)
    if block.kind is BlockKind.QUOTATION:
        quote = section.child("BlockQuote", language).child("P")
        return TextItem(block, quote, keeps_next=keeps_next, notes=notes)
    role = f"H{levels[block.id]}" if block.kind is BlockKind.HEADING else "P"
    return TextItem(block, section.child(role, language), keeps_next=keeps_next, notes=notes)


def _list_item(
    block: Block, section: Tag, lists: list[Tag], marker: str, *, keeps_next: bool, notes: dict[str, Foot]
) -> Item:
    """Add an item to the list that is open at its depth; deeper lists lie inside the item before them."""
    language = LANGUAGE_TAGS[block.language] if block.language else ""
    del lists[block.level :]
    while len(lists) < block.level:
        home = section if not lists else lists[-1]
        lists.append(home.child("L", "", "<</O/List/ListNumbering/None>>"))
    entry = lists[-1].child("LI", language)
    label = entry.child("Lbl")
    body = entry.child("LBody")
    if notes:
        words = body.child("P")
        body.pieces.extend(foot.note for foot in notes.values())
        body = words
    return TextItem(block, body, marker=marker, label=label, keeps_next=keeps_next, notes=notes)


def _heading_levels(act: ActText) -> dict[str, int]:
    """Levels as a screen reader wants them: the first is 1, and none is skipped on the way down."""
    levels: dict[str, int] = {}
    last = 0
    for block in act.blocks():
        if block.kind is BlockKind.HEADING:
            last = levels[block.id] = min(block.level, last + 1)
    return levels


def _page_marks(act: ActText, meta: ActMeta, sheets: list[Sheet]) -> Iterable[str]:
    """Draw the margins of every page, now that their number is known; returns the texts drawn."""
    words = _words(act.language)
    drawn = []
    for sheet in sheets:
        foot = words.text("drafting.page_of", page=sheet.index + 1, total=len(sheets) + meta.pages_after)
        if act.language is Language.ENGLISH:
            foot += f" · {words.text('drafting.courtesy')}"
        drawn.append(foot)
        _mark(sheet, "Footer", foot, Align.CENTRE, BOTTOM - 22)
        if meta.text_hash:
            drawn.append(words.text("drafting.text_hash", hash=meta.text_hash))
            _mark(sheet, "Footer", drawn[-1], Align.CENTRE, BOTTOM - 35, size=HASH_SIZE)
        head = meta.running if sheet.index else ""
        if head:
            drawn.append(head)
            _mark(sheet, "Header", head, Align.START, PAGE_HEIGHT - TOP + 24)
        if meta.is_draft:
            drawn.append(words.text("drafting.draft_mark"))
            _mark(sheet, "Header", drawn[-1], Align.END, PAGE_HEIGHT - TOP + 24)
    return drawn


@cache
def _words(language: Language) -> Translator:
    return Translator(language)


def _mark(sheet: Sheet, place: str, text: str, align: Align, top: float, *, size: float = MARK_SIZE) -> None:
    lines = break_lines((Run(text=text),), size=size, width=BODY_WIDTH, align=align)
    sheet.page_mark(place, lines[:1], LEFT, top, size)


def _file(sheets: list[Sheet], document: Tag, letters: dict[int, set[str]], facts: FileFacts) -> bytes:
    file = PdfFile()
    pages = [file.take() for _ in sheets]
    tree = file.take()
    resources = file.add(f"<</Font<<{add_fonts(file, letters)}>>>>")
    fields: list[int] = []
    owners: list[Tag] = []
    for number, sheet in zip(pages, sheets, strict=True):
        content = file.add_stream(_packed(sheet.content))
        placed: list[int] = []
        for link in sheet.links:
            placed.append(_add_link(file, sheet, link, pages, len(pages) + len(owners)))
            owners.append(link.foot.link)
        for field in sheet.fields:
            fields.append(_add_field(file, sheet, field, number, len(pages) + len(owners)))
            placed.append(fields[-1])
            owners.append(field.tag)
        annotations = f"/Annots[{' '.join(f'{each} 0 R' for each in placed)}]" if placed else ""
        file.add(
            f"<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 {PAGE_WIDTH} {PAGE_HEIGHT}]/Resources {resources} 0 R"
            f"/Contents {content} 0 R/StructParents {sheet.index}/Tabs/S{annotations}>>",
            number,
        )
    file.add(f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{page} 0 R' for page in pages)}]>>", tree)
    structure = write_tags(file, document, pages, [sheet.owners for sheet in sheets], owners)
    return file.to_bytes(*add_catalog(file, facts, page_tree=tree, structure=structure, fields=fields))


def _add_link(file: PdfFile, sheet: Sheet, link: Link, pages: list[int], key: int) -> int:
    """A click on a mark leads to its note; what is read out says so."""
    page, top = link.foot.place
    rect = " ".join(f"{edge:.2f}" for edge in link.box)
    number = file.add(
        f"<</Type/Annot/Subtype/Link/Rect[{rect}]/Border[0 0 0]/F 4/Contents{text_string(link.foot.said)}"
        f"/Dest[{pages[page]} 0 R/XYZ {LEFT:.2f} {top:.2f} null]/P {pages[sheet.index]} 0 R/StructParent {key}>>"
    )
    link.foot.link.widgets.append((sheet.index, number))
    return number


def _add_field(file: PdfFile, sheet: Sheet, field: Field, page: int, key: int) -> int:
    """An empty, tagged place for a signature: what is added later must not touch the reading order."""
    left, bottom, right, top = field.box
    empty = file.add_stream(
        zlib.compress(b""), f"/Type/XObject/Subtype/Form/BBox[0 0 {right - left:.2f} {top - bottom:.2f}]/Resources<<>>"
    )
    rect = " ".join(f"{edge:.2f}" for edge in field.box)
    number = file.add(
        f"<</Type/Annot/Subtype/Widget/FT/Sig/T({field.name})/TU{text_string(field.tip)}/Rect[{rect}]/F 132"
        f"/P {page} 0 R/StructParent {key}/AP<</N {empty} 0 R>>>>"
    )
    field.tag.widgets.append((sheet.index, number))
    return number
