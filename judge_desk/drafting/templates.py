"""Finds and checks the forms of acts: TOML files in resources/templates/<language>, dated and with their norm.

A form holds blocks of text with named slots, such as `{case.number}`. Nothing in it is executed: there are no
expressions, loops or conditions, so a form from a stranger can at worst be wrong, and then it is refused by field.
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
from judge_desk.runtime import paths

MOST_BYTES = 256 * 1024
MOST_BLOCKS = 500
SLOT = re.compile(r"\{([a-z][a-z_]*(?:\.[a-z][a-z_]*)?)\}")

# What the law asks of each kind of act; the linter says more, but a form without these is no form.
NEEDED_PARTS = {
    ActKind.DECISION: {PartKind.INTRODUCTORY, PartKind.OPERATIVE},
    ActKind.RULING: {PartKind.INTRODUCTORY, PartKind.OPERATIVE},
    ActKind.RESOLUTION: {PartKind.INTRODUCTORY, PartKind.OPERATIVE},
    ActKind.VERDICT: {PartKind.INTRODUCTORY, PartKind.DESCRIPTIVE_REASONING, PartKind.OPERATIVE},
    ActKind.COURT_ORDER: {PartKind.WHOLE},
}


class TemplateBlock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A block to be: `text` or `cells` with slots. An `optional` one is left out while none of its slots has a fact."""

    id: str
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 1
    align: Align = Align.AUTO
    numbering: Numbering = Numbering.DASH
    label: str = ""
    text: str = ""
    cells: tuple[str, ...] = ()
    optional: bool = False

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
    """Read and check one file.

    Raises:
        BadInput: names file and field; a form that breaks a rule is refused whole.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput("drafting.bad.template_size", file=path.name)
        form = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _TemplateFile)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise BadInput("drafting.bad.syntax", file=path.name) from None
    except msgspec.ValidationError as fault:
        _, _, place = str(fault).rpartition("`$")
        raise BadInput("drafting.bad.template", file=path.name, field=place.strip("`.") or "-") from None
    _check(form, path.name)
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


def _check(form: _TemplateFile, file: str) -> None:
    blocks = [block for part in form.part for block in part.block]
    ids = [block.id for block in blocks]
    kinds = [part.kind for part in form.part]
    order = [list(PartKind).index(kind) for kind in kinds]
    if not is_id(form.id) or "." in form.id:
        raise BadInput("drafting.bad.template", file=file, field="id")
    if len(blocks) > MOST_BLOCKS:
        raise BadInput("drafting.bad.template_size", file=file)
    missing = NEEDED_PARTS[form.kind] - set(kinds)
    if missing or order != sorted(set(order)):
        raise BadInput("drafting.bad.template_parts", file=file, part=min(missing, default="part"))
    for block in blocks:
        if not is_id(block.id) or ids.count(block.id) > 1 or not 1 <= block.level <= 3:
            raise BadInput("drafting.bad.template", file=file, field=block.id[:64])
        _check_slots(form, block, file)
    if form.valid_to and form.valid_to < form.valid_from:
        raise BadInput("drafting.bad.template", file=file, field="valid_to")


def _check_slots(form: _TemplateFile, block: TemplateBlock, file: str) -> None:
    for text in (block.label, block.text, *block.cells):
        rest = SLOT.sub("", text)
        if "{" in rest or "}" in rest:
            raise BadInput("drafting.bad.template_slot", file=file, field=block.id, slot="{")
    for slot in block.slots():
        if slot not in form.slots:
            raise BadInput("drafting.bad.template_slot", file=file, field=block.id, slot=slot)


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
