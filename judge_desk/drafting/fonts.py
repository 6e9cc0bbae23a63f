"""The four faces of Tinos: widths, what letters there are, and the piece of the font that a file carries."""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from judge_desk.domain.acts import Mark
from judge_desk.domain.errors import BadInput
from judge_desk.runtime import paths

FILES = ("Tinos-Regular", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic")
REGULAR, BOLD, ITALIC, BOLD_ITALIC = range(4)

# Every act carries these letters, needed or not: the font pieces are then the same for nearly all acts and made once.
USUAL = frozenset(
    "".join(map(chr, (*range(0x20, 0x7F), *range(0x410, 0x450))))
    + "ЁёӘҒҚҢӨҰҮҺІәғқңөұүһі«»„“”‘’…–—№§₸\u00a0\u202f\u2011"
)


def face_of(marks: tuple[Mark, ...]) -> int:
    return (Mark.BOLD in marks) + 2 * (Mark.ITALIC in marks)


@dataclass(frozen=True, slots=True)
class EmbeddedFont:
    """What a PDF needs of a face: compressed TrueType piece with its plain length, character-to-glyph map, widths."""

    program: bytes
    program_length: int
    glyph_map: bytes
    widths: str
    to_unicode: bytes


class Face:
    """One face. Widths are whole thousandths of the type size, rounded as the file states them."""

    def __init__(self, name: str) -> None:
        # reportlab costs 60 ms to import and nobody needs it before the first page.
        from reportlab.pdfbase.ttfonts import TTFontFile

        self.name = name
        self._file = TTFontFile(str(paths.resource("fonts", "tinos", f"{name}.ttf")))
        self.widths: dict[int, int] = {code: round(self._file.charWidths[code]) for code in self._file.charToGlyph}
        self.ascent, self.descent = round(self._file.ascent), round(self._file.descent)
        self.cap_height, self.stem = round(self._file.capHeight), round(self._file.stemV)
        self.box = tuple(round(edge) for edge in self._file.bbox)
        self.slant, self.flags = self._file.italicAngle, self._file.flags
        self._width_of_word: dict[str, int] = {}
        self._embedded: dict[frozenset[str], EmbeddedFont] = {}

    def width(self, text: str) -> int:
        """The width of a text without kerning; raises BadInput naming the first letter that the face lacks."""
        known = self._width_of_word.get(text)
        if known is not None:
            return known
        try:
            total = sum(self.widths[ord(letter)] for letter in text)
        except KeyError as missing:
            raise BadInput("drafting.bad.letter_anywhere", letter=letter_name(chr(missing.args[0]))) from None
        if len(self._width_of_word) > 100_000:
            self._width_of_word.clear()
        self._width_of_word[text] = total
        return total

    def embedded(self, letters: Iterable[str]) -> EmbeddedFont:
        """The piece for an act that uses these letters; depends on the letters alone, so bytes repeat."""
        wanted = frozenset(USUAL | set(letters))
        piece = self._embedded.get(wanted)
        if piece is None:
            piece = self._embedded[wanted] = self._cut(sorted(map(ord, wanted)))
        return piece

    def _cut(self, codes: list[int]) -> EmbeddedFont:
        program = self._file.makeSubset(codes)
        # makeSubset numbers glyphs in the order of first use, after glyph 0; two characters may share a glyph.
        order: dict[int, int] = {0: 0}
        glyphs = [0] * (max(codes) + 1)
        for code in codes:
            glyphs[code] = order.setdefault(self._file.charToGlyph[code], len(order))
        widths = " ".join(f"{code}[{self.widths[code]}]" for code in codes)
        return EmbeddedFont(
            program=zlib.compress(program),
            program_length=len(program),
            glyph_map=zlib.compress(struct.pack(f">{len(glyphs)}H", *glyphs)),
            widths=f"[{widths}]",
            to_unicode=zlib.compress(_to_unicode(codes)),
        )


@cache
def face(number: int) -> Face:
    return Face(FILES[number])


@lru_cache(maxsize=1024)
def letter_name(letter: str) -> str:
    """A letter as an error names it: the sign, its number, its Unicode name."""
    return f"{letter} (U+{ord(letter):04X} {unicodedata.name(letter, '?')})"


def _to_unicode(codes: list[int]) -> bytes:
    """Characters are addressed by their Unicode number: the map is the identity, in the format's blocks of 256."""
    starts = [max(block << 8, 0x20) for block in sorted({code >> 8 for code in codes})]
    ranges = "\n".join(f"<{start:04X}> <{start | 0xFF:04X}> <{start:04X}>" for start in starts)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{len(starts)} beginbfrange\n{ranges}\nendbfrange\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode()
