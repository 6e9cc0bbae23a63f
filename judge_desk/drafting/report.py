"""Prints what is not an act: a dossier extract, a list, a receipt; the same paper, fonts and PDF/A as the acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, pairwise

from judge_desk.domain.acts import (
    ActKind,
    ActText,
    Align,
    Block,
    BlockKind,
    Cell,
    Mark,
    Part,
    PartKind,
    Row,
    Run,
)
from judge_desk.domain.cases import Language
from judge_desk.drafting.pdf import ActMeta, render_pdf


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section: a heading, then paragraphs, then pairs of name and value, then a table with its heading row.

    `widths` are the shares of the table's columns in per cent; empty means by what they hold.
    """

    title: str
    paragraphs: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A paper of sections. `subtitle` stands under the title, `author` names the court; `made_at` is aware.
    `pages_after` will be put behind it, a page of plots say, and are counted in the page numbers. `keeps_sections`: no
    short section is parted by a page's end, and the last one takes the one before along to a page of its own.
    """

    title: str
    language: Language
    made_at: datetime
    subtitle: str = ""
    author: str = ""
    sections: tuple[Section, ...] = ()
    pages_after: int = 0
    keeps_sections: bool = False


def render_report(report: Report) -> bytes:
    """The report as PDF/A-2a and PDF/UA-1; raises BadInput as `render_pdf` does."""
    blocks = [_text("title", BlockKind.HEADING, report.title)]
    if report.subtitle:
        blocks.append(_text("subtitle", BlockKind.PARAGRAPH, report.subtitle, align=Align.CENTRE))
    sections = [_section(f"s{number}", section) for number, section in enumerate(report.sections)]
    blocks += chain.from_iterable(sections)
    part = Part(kind=PartKind.WHOLE, blocks=tuple(blocks))
    act = ActText(language=report.language, kind=ActKind.RULING, parts=(part,))
    meta = ActMeta(
        title=report.title,
        made_at=report.made_at,
        court=report.author,
        running=report.title,
        is_draft=False,
        pages_after=report.pages_after,
        together=_together(sections) if report.keeps_sections else (),
    )
    return render_pdf(act, meta)


def _together(sections: Sequence[Sequence[Block]]) -> tuple[tuple[str, str], ...]:
    """The first and the last block of each section, and of the last two."""
    runs = [(each[0].id, each[-1].id) for each in sections]
    return (*runs, *((first[0], last[1]) for first, last in pairwise(runs[-2:])))


def _section(name: str, section: Section) -> list[Block]:
    blocks = [_text(f"{name}-h", BlockKind.HEADING, section.title, level=2, align=Align.START)]
    blocks += [_text(f"{name}-p{number}", BlockKind.PARAGRAPH, text) for number, text in enumerate(section.paragraphs)]
    if section.pairs:
        rows = tuple(
            Row(cells=(Cell(runs=(Run(text=label, marks=(Mark.BOLD,)),)), _cell(value)))
            for label, value in section.pairs
        )
        blocks.append(Block(id=f"{name}-k", kind=BlockKind.TABLE, rows=rows, widths=(34, 66)))
    if section.columns:
        head = Row(header=True, cells=tuple(_cell(title) for title in section.columns))
        body = tuple(Row(cells=tuple(_cell(text) for text in row)) for row in section.rows)
        blocks.append(Block(id=f"{name}-t", kind=BlockKind.TABLE, rows=(head, *body), widths=section.widths))
    return blocks


def _cell(text: str) -> Cell:
    return Cell(runs=(Run(text=text),) if text else ())


def _text(block_id: str, kind: BlockKind, text: str, *, level: int = 1, align: Align = Align.AUTO) -> Block:
    return Block(id=block_id, kind=kind, level=level, align=align, runs=(Run(text=text),) if text else ())
