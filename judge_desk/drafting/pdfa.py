"""What an archive and a screen reader ask of a file beyond its pages: named colours, metadata, whole fonts, a title."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from xml.sax.saxutils import escape

from judge_desk.drafting.fonts import face
from judge_desk.drafting.pdf_file import PdfFile, text_string
from judge_desk.runtime import paths

PRODUCER = "Judge Desk"
LANGUAGE_TAGS = {"kk": "kk-KZ", "ru": "ru-KZ", "en": "en-GB"}

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
{creator}<dc:format>application/pdf</dc:format>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>
<xmp:CreatorTool>{producer}</xmp:CreatorTool><pdf:Producer>{producer}</pdf:Producer>
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""

_CREATOR = "<dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What the file says about itself. `language` is kk, ru or en; `made_at` is aware."""

    title: str
    author: str
    language: str
    made_at: datetime


def add_fonts(file: PdfFile, letters: Mapping[int, set[str]]) -> str:
    """Embed each face that has letters; returns the /Font entries of the pages' resources."""
    return "".join(f"/F{number} {_add_font(file, number, used)} 0 R" for number, used in sorted(letters.items()))


def _add_font(file: PdfFile, number: int, letters: set[str]) -> int:
    cut = face(number)
    piece = cut.embedded(letters)
    name = f"JDTNOS+{cut.name}"
    program = file.add_stream(piece.program, f"/Length1 {piece.program_length}")
    box = " ".join(map(str, cut.box))
    descriptor = file.add(
        f"<</Type/FontDescriptor/FontName/{name}/Flags {cut.flags}/FontBBox[{box}]/ItalicAngle {cut.slant:g}"
        f"/Ascent {cut.ascent}/Descent {cut.descent}/CapHeight {cut.cap_height}/StemV {cut.stem}"
        f"/FontFile2 {program} 0 R>>"
    )
    glyphs = file.add_stream(piece.glyph_map)
    unicode = file.add_stream(piece.to_unicode)
    descendant = file.add(
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        f"/FontDescriptor {descriptor} 0 R/CIDToGIDMap {glyphs} 0 R/DW 0/W{piece.widths}>>"
    )
    return file.add(
        f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H/DescendantFonts[{descendant} 0 R]"
        f"/ToUnicode {unicode} 0 R>>"
    )


def add_catalog(
    file: PdfFile, facts: FileFacts, *, page_tree: int, structure: int, fields: Sequence[int] = ()
) -> tuple[int, int]:
    """Add metadata, output intent and catalog; `fields` are form fields. The numbers of catalog and information."""
    moment = facts.made_at.astimezone(UTC)
    language = LANGUAGE_TAGS[facts.language]
    profile = file.add_stream(_colour_profile(), "/N 3")
    intent = file.add(
        f"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB)/DestOutputProfile {profile} 0 R>>"
    )
    packet = _XMP.format(
        title=escape(facts.title),
        creator=_CREATOR.format(escape(facts.author)) if facts.author else "",
        language=language,
        moment=f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        producer=PRODUCER,
    )
    metadata = file.add_stream(packet.encode(), "/Type/Metadata/Subtype/XML", packed=False)
    stamp = f"(D:{moment:%Y%m%d%H%M%S}Z)"
    author = f"/Author{text_string(facts.author)}" if facts.author else ""
    info = file.add(
        f"<</Title{text_string(facts.title)}{author}/Producer({PRODUCER})/Creator({PRODUCER})"
        f"/CreationDate{stamp}/ModDate{stamp}>>"
    )
    form = f"/AcroForm<</Fields[{' '.join(f'{each} 0 R' for each in fields)}]>>" if fields else ""
    catalog = file.add(
        f"<</Type/Catalog/Pages {page_tree} 0 R/StructTreeRoot {structure} 0 R/MarkInfo<</Marked true>>"
        f"/Lang({language})/ViewerPreferences<</DisplayDocTitle true>>/Metadata {metadata} 0 R"
        f"/OutputIntents[{intent} 0 R]{form}>>"
    )
    return catalog, info


@cache
def _colour_profile() -> bytes:
    return zlib.compress(paths.resource("icc", "sRGB.icc").read_bytes())
