"""The words of one Word paragraph with their marks and meanings, and what among them is not taken over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from judge_desk.domain.acts import Mark, Run, text_of
from judge_desk.domain.cases import Language
from judge_desk.drafting.docx_changes import LeftOut, LeftOutKind
from judge_desk.drafting.docx_marks import meaning_of
from judge_desk.drafting.docx_styles import Style, is_on
from judge_desk.drafting.foreign_text import cleaned

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DELETED = (f"{W}del", f"{W}moveFrom")
_INSERTED = (f"{W}ins", f"{W}moveTo")
_NOTE_MARKS = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
_AS_TYPED = {0x00A0: " ", 0x2011: "-"}
_PICTURES = ("drawing", "pict", "object")
LETTERS = {"noBreakHyphen": "\u2011", "softHyphen": "\u00ad", "tab": " ", "br": " ", "cr": " "}


def attribute(element: Any, name: str) -> str:
    return str(element.get(f"{W}{name}") or "")


def as_typed(text: str, properties: Any, held: Collection[str]) -> str:
    """The text of a run without signs that only hold words together: a plain space or hyphen was typed there."""
    style = None if properties is None else properties.find(f"{W}rStyle")
    return text.translate(_AS_TYPED) if style is not None and attribute(style, "val") in held else text


class RunReader:
    """Reads paragraph after paragraph; ``language`` is the one that most letters of the last paragraph are in."""

    def __init__(self, left_out: list[LeftOut], note_id: Callable[[str, str], str], held: Collection[str]) -> None:
        """``note_id`` names the note behind a mark: footnote or endnote, and its number in the file; "" for none.
        ``held`` are the styles of signs that stand for what was typed."""
        self._left_out, self._note_id, self._held = left_out, note_id, held
        self.authors: set[str] = set()
        self.inserted = 0
        self.language: Language | None = None
        self._letters: Counter[Language] = Counter()
        self._style: Style | None = None

    def read(self, paragraph: Any, style: Style) -> tuple[Run, ...]:
        """The runs, neighbours not joined."""
        self._letters = Counter()
        self._style = style
        found = self._inside(paragraph, Run(text=""))
        self.language = self._letters.most_common(1)[0][0] if self._letters else None
        return tuple(run for run in found if run.text or run.note)

    def _inside(self, element: Any, meaning: Run) -> list[Run]:
        found: list[Run] = []
        for child in element:
            if child.tag in _DELETED:
                self._drop(child, LeftOutKind.DELETION)
            elif child.tag == f"{W}r":
                found += self._run(child, meaning)
            elif child.tag == f"{W}sdt":
                found += self._control(child, meaning)
            elif child.tag in (f"{W}pPr", f"{W}sdtPr", f"{W}rPr"):
                continue
            else:
                if child.tag in _INSERTED:
                    self.inserted += 1
                    self._note_author(child)
                found += self._inside(child, meaning)
        return found

    def _control(self, control: Any, meaning: Run) -> list[Run]:
        tag = control.find(f"{W}sdtPr/{W}tag")
        content = control.find(f"{W}sdtContent")
        inner = meaning if tag is None else meaning_of(attribute(tag, "val"))
        return [] if content is None else self._inside(content, inner)

    def _run(self, run: Any, meaning: Run) -> list[Run]:
        properties = run.find(f"{W}rPr")
        if properties is not None and is_on(properties.find(f"{W}vanish")):
            self._drop(run, LeftOutKind.HIDDEN)
            return []
        marks = self._marks(properties)
        found: list[Run] = []
        for child in run:
            if child.tag in _NOTE_MARKS:
                found.append(Run(text="", note=self._note_id(_NOTE_MARKS[child.tag], attribute(child, "id"))))
            elif text := self._piece(child):
                text = as_typed(text, properties, self._held)
                found.append(replace(meaning, text=text, marks=marks))
        self._count(properties, text_of(tuple(found)))
        return found

    def _piece(self, child: Any) -> str:
        name = str(child.tag).removeprefix(W)
        if name == "t":
            return cleaned(child.text or "")
        if name in LETTERS:
            return LETTERS[name]
        if name == "delText":
            self._left_out.append(LeftOut(kind=LeftOutKind.DELETION, text=child.text or ""))
        elif name in _PICTURES or name.endswith("}AlternateContent"):
            self._picture(child)
        return ""

    def _picture(self, element: Any) -> None:
        """Words in a text box are named; a box is written twice, for newer and for older programs."""
        words = [each.text or "" for each in element.iter(f"{W}t")]
        if len(words) % 2 == 0 and words[: len(words) // 2] == words[len(words) // 2 :]:
            words = words[: len(words) // 2]
        text = cleaned("".join(words)).strip()
        kind = LeftOutKind.TEXT_BOX if text else LeftOutKind.PICTURE
        self._left_out.append(LeftOut(kind=kind, text=text))

    def _drop(self, element: Any, kind: LeftOutKind) -> None:
        text = "".join(each.text or "" for each in element.iter(f"{W}t", f"{W}delText"))
        author = attribute(element, "author")
        self._note_author(element)
        if text.strip():
            self._left_out.append(LeftOut(kind=kind, text=cleaned(text).strip(), author=author))

    def _note_author(self, element: Any) -> None:
        if author := attribute(element, "author"):
            self.authors.add(author)

    def _marks(self, properties: Any) -> tuple[Mark, ...]:
        """Emphasis beyond what the style gives: headings are bold by their style."""
        style = self._style
        assert style is not None
        if properties is None:
            return style.marks
        found = []
        for mark, name in ((Mark.BOLD, "b"), (Mark.ITALIC, "i"), (Mark.UNDERLINE, "u")):
            element = properties.find(f"{W}{name}")
            on = mark in style.marks if element is None else is_on(element) and attribute(element, "val") != "none"
            if on and not (element is not None and style.gives(mark)):
                found.append(mark)
        return tuple(found)

    def _count(self, properties: Any, text: str) -> None:
        spoken = None if properties is None else properties.find(f"{W}lang")
        code = "" if spoken is None else attribute(spoken, "val")[:2].lower()
        if code in set(Language):
            self._letters[Language(code)] += len(text.strip())
