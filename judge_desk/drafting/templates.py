"""Finds and checks the forms of acts: TOML files in resources/templates/<language>, dated and with their norm.

A form holds blocks of text with named slots, such as `{case.number}`, and where slots do not suffice conditions and
loops of Jinja2, fenced in by ``form_language``. A form from a stranger can at worst be wrong, and then it is refused by
file, line and field.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from judge_desk.domain.acts import ActKind, Align, BlockKind, Numbering, PartKind
from judge_desk.domain.cases import Instance, Language, Procedure
from judge_desk.domain.errors import BadInput, NotFound
from judge_desk.domain.ids import is_id
from judge_desk.domain.norms import Certainty
from judge_desk.drafting.form_language import SLOT, FormFault, check_code, has_code
from judge_desk.runtime import paths

MOST_BYTES = 256 * 1024
MOST_BLOCKS = 500

# What the law asks of each kind of act; the linter says more, but a form without these is no form.
NEEDED_PARTS = {
    ActKind.DECISION: {PartKind.INTRODUCTORY, PartKind.OPERATIVE},
    ActKind.RULING: {PartKind.INTRODUCTORY, PartKind.OPERATIVE},
    ActKind.RESOLUTION: {PartKind.INTRODUCTORY, PartKind.OPERATIVE},
    ActKind.VERDICT: {PartKind.INTRODUCTORY, PartKind.DESCRIPTIVE_REASONING, PartKind.OPERATIVE},
    ActKind.COURT_ORDER: {PartKind.WHOLE},
}


class TemplateBlock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A block to be: `text` or `cells` with slots. An `optional` one is left out while none of its slots has a fact,
    one with `when` unless that condition holds, as in `when = "claim.sum and not prosecutor"`."""

    id: str
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 1
    align: Align = Align.AUTO
    numbering: Numbering = Numbering.DASH
    label: str = ""
    text: str = ""
    cells: tuple[str, ...] = ()
    optional: bool = False
    when: str = ""

    def slots(self) -> Iterator[str]:
        for text in (self.text, *self.cells):
            yield from SLOT.findall(text)


class TemplatePart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: PartKind
    block: tuple[TemplateBlock, ...]


class _TemplateFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    title: str
    procedure: Procedure
    kind: ActKind
    norm: str
    norm_id: str
    certainty: Certainty
    valid_from: date
    valid_to: date | None = None
    instance: Instance = Instance.FIRST
    source: str = ""
    slots: dict[str, str]
    part: tuple[TemplatePart, ...]


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """One form in one language. `id` is "civil_decision.kk"; `name` and block ids are the same in every language.

    `slots` gives, for each slot, the words that stand on the blank while the fact is missing.
    """

    id: str
    name: str
    language: Language
    title: str
    procedure: Procedure
    instance: Instance
    kind: ActKind
    norm: str
    norm_id: str
    certainty: Certainty
    source: str
    valid_from: date
    valid_to: date | None
    slots: dict[str, str]
    parts: tuple[TemplatePart, ...]

    def is_valid(self, on: date) -> bool:
        """Whether an act of that day may be written on this form."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


def read_template(path: Path, language: Language) -> Template:
    """Read and check one file; raises BadInput as ``parse_template``."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput("drafting.bad.template_size", file=path.name)
        return parse_template(path.read_text(encoding="utf-8"), path.name, language)
    except UnicodeDecodeError:
        raise BadInput("drafting.bad.syntax", file=path.name, line=1) from None


def parse_template(source: str, file: str, language: Language) -> Template:
    """Check the text of a form.

    Raises:
        BadInput: names file, line and field; a form that breaks a rule is refused whole.
    """
    if len(source) > MOST_BYTES:
        raise BadInput("drafting.bad.template_size", file=file)
    try:
        form = msgspec.convert(tomllib.loads(source), _TemplateFile)
    except tomllib.TOMLDecodeError as fault:
        found = _SYNTAX_LINE.search(str(fault))
        line = int(found[1]) if found else source.count("\n") + 1
        raise BadInput("drafting.bad.syntax", file=file, line=line) from None
    except RecursionError:
        raise BadInput("drafting.bad.syntax", file=file, line=1) from None
    except msgspec.ValidationError as fault:
        _, _, place = str(fault).rpartition("`$")
        field = place.strip("`.") or _quoted(str(fault)) or "-"
        raise BadInput("drafting.bad.template", file=file, field=field, line=line_of(source, field)) from None
    _Checker(source, file).check(form)
    return Template(
        id=f"{form.id}.{language}",
        name=form.id,
        language=language,
        parts=form.part,
        **{
            name: getattr(form, name)
            for name in (
                "title", "procedure", "instance", "kind", "norm", "norm_id", "certainty", "source", "valid_from",
                "valid_to", "slots",
            )
        },
    )  # fmt: skip


_SYNTAX_LINE = re.compile(r"\(at line (\d+)")
_PLACE = re.compile(r"part\[(\d+)\](?:\.block\[(\d+)\])?")


def _quoted(message: str) -> str:
    found = re.search(r"field `([a-z_]+)`", message)
    return found[1] if found else ""


def line_of(source: str, field: str) -> int:
    """The line, counted from 1, of a field of the file ("kind"), a block by its id, or "part[1].block[0].kind"."""
    lines = source.split("\n")
    place = _PLACE.match(field)
    if place:
        parts = [at for at, line in enumerate(lines) if line.strip() == "[[part]]"]
        start = parts[min(int(place[1]), len(parts) - 1)] if parts else 0
        if place[2] is not None:
            blocks = [at for at, line in enumerate(lines) if at > start and line.strip() == "[[part.block]]"]
            start = blocks[min(int(place[2]), len(blocks) - 1)] if blocks else start
        return start + 1
    name = re.escape(field)
    key = re.compile(rf'^\s*(?:"?{name}"?\s*=|id\s*=\s*"{name}")')
    return next((at for at, line in enumerate(lines, 1) if key.match(line)), 1)


class _Checker:
    """What TOML and the types cannot say of a form; each fault names its line."""

    def __init__(self, source: str, file: str) -> None:
        self._source, self._file = source, file

    def check(self, form: _TemplateFile) -> None:
        blocks = [block for part in form.part for block in part.block]
        ids = [block.id for block in blocks]
        kinds = [part.kind for part in form.part]
        order = [list(PartKind).index(kind) for kind in kinds]
        if not is_id(form.id) or "." in form.id:
            raise self._bad("id")
        if len(blocks) > MOST_BLOCKS:
            raise BadInput("drafting.bad.template_size", file=self._file)
        missing = NEEDED_PARTS[form.kind] - set(kinds)
        if missing or order != sorted(set(order)):
            line = line_of(self._source, "part[0]")
            part = min(missing, default="part")
            raise BadInput("drafting.bad.template_parts", file=self._file, line=line, part=part)
        for block in blocks:
            if not is_id(block.id) or ids.count(block.id) > 1 or not 1 <= block.level <= 3:
                raise self._bad(block.id[:64])
            self._check_texts(form, block)
        if form.valid_to and form.valid_to < form.valid_from:
            raise self._bad("valid_to")

    def _bad(self, field: str) -> BadInput:
        return BadInput("drafting.bad.template", file=self._file, field=field, line=line_of(self._source, field))

    def _check_texts(self, form: _TemplateFile, block: TemplateBlock) -> None:
        condition = f"{{% if {block.when} %}}1{{% endif %}}" if block.when else ""
        for text in (block.label, block.text, *block.cells, condition):
            if has_code(text):
                self._check_code(form, block, text)
                continue
            rest = SLOT.sub("", text)
            wrong = "{" if "{" in rest or "}" in rest else ""
            unknown = [slot for slot in SLOT.findall(text) if slot not in form.slots]
            if wrong or unknown:
                raise BadInput(
                    "drafting.bad.template_slot",
                    file=self._file,
                    line=line_of(self._source, block.id),
                    field=block.id,
                    slot=wrong or unknown[0],
                )

    def _check_code(self, form: _TemplateFile, block: TemplateBlock, text: str) -> None:
        try:
            check_code(text, form.slots)
        except FormFault as fault:
            raise BadInput(
                f"drafting.bad.code.{fault.reason}",
                file=self._file,
                line=line_of(self._source, block.id) + fault.line - 1,
                field=block.id,
                word=fault.word,
            ) from None


@cache
def all_templates() -> tuple[Template, ...]:
    """Every form that the program ships, by procedure, name and language; read once."""
    found = [
        read_template(path, language)
        for language in Language
        for path in sorted(paths.resource("templates", language).glob("*.toml"))
    ]
    return tuple(sorted(found, key=lambda form: (list(Procedure).index(form.procedure), form.name, form.language)))


def template(template_id: str) -> Template:
    """The form of that id, as in "civil_decision.kk"; raises NotFound."""
    for form in all_templates():
        if form.id == template_id:
            return form
    raise NotFound("drafting.bad.no_template", template=template_id[:64])


def offered(procedure: Procedure, language: Language, on: date, instance: Instance = Instance.FIRST) -> list[Template]:
    """The forms that an act of that day may be written on, in this kind of proceedings and language."""
    return [
        form
        for form in all_templates()
        if form.procedure is procedure and form.language is language and form.instance is instance and form.is_valid(on)
    ]
