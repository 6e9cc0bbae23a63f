"""What word processors and browsers put on the clipboard comes in as clean blocks; nothing else comes with it."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge_desk.domain.acts import (
    ActKind,
    ActText,
    Block,
    BlockKind,
    Mark,
    Numbering,
    Part,
    PartKind,
    check_act,
    normalised,
)
from judge_desk.domain.cases import Language
from judge_desk.drafting.foreign_text import cleaned
from judge_desk.drafting.html_in import blocks_of

# Written after what Word 365 puts on the clipboard for two list items, one of them deeper, and a bold word.
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset=utf-8>
<style><!-- p.MsoNormal {margin:0cm; font-family:Calibri} --></style></head>
<body lang=RU><!--StartFragment-->
<h1 style='text-align:center'><b>РЕШЕНИЕ</b><o:p></o:p></h1>
<p class=MsoNormal style='text-indent:35.4pt'><span style='font-size:14.0pt'>Суд
установил,&nbsp;что <b>ответчик</b> не<span style='mso-hide:all'>СКРЫТО</span> явился.<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpFirst style='margin-left:36.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp; </span></span><![endif]>взыскать сумму</p>
<p class=MsoListParagraphCxSpLast style='margin-left:72.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>a)<span style='font:7.0pt'>&nbsp; </span></span><![endif]>возместить расходы</p>
<table class=MsoTableGrid><thead><tr><td><p>Период</p></td><td><p>Сумма</p></td></tr></thead>
<tr><td><p>Январь</p><p>2026</p></td><td><p align=right>10&nbsp;000</p></td></tr></table>
<del>удалённое</del><script>alert(1)</script>
<!--EndFragment--></body></html>"""


def words(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks]


def sheet(blocks: tuple[Block, ...]) -> ActText:
    part = Part(kind=PartKind.REASONING, blocks=blocks)
    return normalised(ActText(language=Language.RUSSIAN, kind=ActKind.DECISION, parts=(part,)))


def test_a_page_of_word_comes_in_with_its_structure_and_without_its_mess() -> None:
    blocks = blocks_of(WORD)
    assert words(blocks) == [
        "РЕШЕНИЕ",
        "Суд установил,\u00a0что ответчик не явился.",
        "взыскать сумму",
        "возместить расходы",
        "Период\tСумма\nЯнварь 2026\t10\u00a0000",
    ]
    title, paragraph, first, second, table = blocks
    assert (title.kind, title.level, title.runs[0].marks) == (BlockKind.HEADING, 1, ())
    assert [run.text for run in paragraph.runs if Mark.BOLD in run.marks] == ["ответчик"]
    assert (first.kind, first.level, first.numbering) == (BlockKind.LIST_ITEM, 1, Numbering.DECIMAL)
    assert (second.kind, second.level, second.numbering) == (BlockKind.LIST_ITEM, 2, Numbering.BRACKET)
    assert [row.header for row in table.rows] == [True, False]
    check_act(sheet(blocks))


def test_lists_and_quotations_of_a_browser_keep_their_shape() -> None:
    blocks = blocks_of(
        "<ol><li>бір<ul><li>екі</li></ul></li><li>үш</li></ol><blockquote><p>дәйексөз</p></blockquote><p>соңы</p>"
    )
    assert [(each.kind, each.level, each.numbering, each.text) for each in blocks] == [
        (BlockKind.LIST_ITEM, 1, Numbering.DECIMAL, "бір"),
        (BlockKind.LIST_ITEM, 2, Numbering.DASH, "екі"),
        (BlockKind.LIST_ITEM, 1, Numbering.DECIMAL, "үш"),
        (BlockKind.QUOTATION, 1, Numbering.DASH, "дәйексөз"),
        (BlockKind.PARAGRAPH, 1, Numbering.DASH, "соңы"),
    ]


def test_marks_said_by_style_count_and_can_be_taken_off_again() -> None:
    (block,) = blocks_of(
        "<p><b>a<span style='font-weight:normal'>b</span></b><span style='font-style:italic;text-decoration:underline'>"
        "c</span></p>"
    )
    assert [(run.text, run.marks) for run in normalised(sheet((block,))).parts[0].blocks[0].runs] == [
        ("a", (Mark.BOLD,)),
        ("b", ()),
        ("c", (Mark.ITALIC, Mark.UNDERLINE)),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<table><tr><td>одна</td></tr><tr><td>колонка</td></tr></table>", ["одна", "колонка"]),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", ["a\tb\nc\t"]),
        ("<table><tr>" + "<td>x</td>" * 13 + "</tr></table>", [" ".join("x" * 13)]),
        ("<table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table></td><td>d</td></tr></table>", ["a b c\td"]),
        ("<p>раз<br>два</p>", ["раз", "два"]),
        ("<p>незакрытый <b>тег", ["незакрытый тег"]),
        ("</p></b>лишние</td>", ["лишние"]),
        ("", []),
    ],
)
def test_odd_tables_and_broken_tags_lose_no_word(source: str, expected: list[str]) -> None:
    assert words(blocks_of(source)) == expected


PLAIN = st.text(alphabet=st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=40).filter(str.strip)


@given(st.lists(PLAIN, min_size=1, max_size=5))
def test_every_word_of_paragraphs_arrives(texts: list[str]) -> None:
    source = "".join(f"<p>{html.escape(text)}</p>" for text in texts)
    found = "".join("".join(words(blocks_of(source))).split())
    assert found == "".join("".join(cleaned(text).split()) for text in texts)


@given(st.text(alphabet="<>/abptdrhli \"'=!-&;", max_size=200))
def test_any_rubbish_gives_an_act_that_can_be_held(source: str) -> None:
    blocks = blocks_of(source)
    check_act(sheet(blocks))
