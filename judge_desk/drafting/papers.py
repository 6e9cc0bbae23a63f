"""Every form in which an act leaves the desk, by the ending of the file's name; each is made from the same blocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from judge_desk.domain.acts import ActText, check_act
from judge_desk.domain.errors import BadInput


class Paper(StrEnum):
    """The endings that are known."""

    PDF = ".pdf"
    DOCX = ".docx"
    XML = ".xml"
    TEXT = ".txt"


def render(act: ActText, ending: str, *, made_at: datetime, is_draft: bool = True) -> bytes:
    """The act as a file; ``made_at`` (aware) is the moment of the version.

    Raises BadInput: another ending, an act that breaks a limit, a letter that the font lacks.
    """
    check_act(act)
    try:
        paper = Paper(ending.lower())
    except ValueError:
        raise BadInput("drafting.bad.format", suffix=ending or "-", known=", ".join(Paper)) from None
    return _MAKERS[paper](act, made_at, is_draft)


def _pdf(act: ActText, made_at: datetime, is_draft: bool) -> bytes:
    from judge_desk.drafting.pdf import meta_of, render_pdf

    return render_pdf(act, meta_of(act, made_at, is_draft=is_draft))


def _docx(act: ActText, made_at: datetime, is_draft: bool) -> bytes:
    from judge_desk.drafting.docx_out import render_docx

    return render_docx(act, made_at, is_draft=is_draft)


def _xml(act: ActText, made_at: datetime, is_draft: bool) -> bytes:
    del is_draft
    from judge_desk.drafting.akoma_ntoso import render_akoma_ntoso

    return render_akoma_ntoso(act, made_at)


def _text(act: ActText, made_at: datetime, is_draft: bool) -> bytes:
    del made_at, is_draft
    from judge_desk.drafting.text import render_text

    return render_text(act).encode()


_MAKERS: dict[Paper, Callable[[ActText, datetime, bool], bytes]] = {
    Paper.PDF: _pdf,
    Paper.DOCX: _docx,
    Paper.XML: _xml,
    Paper.TEXT: _text,
}
