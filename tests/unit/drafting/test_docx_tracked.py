"""Word's tracked changes as proposals: each with author and day at the words it is about, or named."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from judge_desk.domain.acts import ActText, Block, BlockKind, Cell, Part, PartKind, Row, Run, normalised
from judge_desk.drafting.docx_changes import LeftOutKind
from judge_desk.drafting.docx_in import WordProposals, read_docx, read_proposals
from judge_desk.drafting.docx_out import render_docx
from tests.unit.drafting.acts import one_block, text

NOW = datetime(2026, 5, 12, tzinfo=UTC)
BY = 'w:id="7" w:author="Сарсенова А." w:date="2026-05-10T09:30:00Z"'
RUN = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
GONE = "<w:r><w:delText xml:space='preserve'>{}</w:delText></w:r>"


def ins(words: str, by: str = BY) -> str:
    return f"<w:ins {by}>{RUN.format(words)}</w:ins>"


def gone(words: str, by: str = BY) -> str:
    return f"<w:del {by}>{GONE.format(words)}</w:del>"


def base() -> ActText:
    rows = (Row(cells=(Cell(runs=(Run(text="Долг"),)), Cell(runs=(Run(text="пять тысяч"),)))),)
    blocks = (
        text("first", "Суд установил обстоятельства дела."),
        text("second", "Ответчик долг не вернул, срок долг не продлён."),
        Block(id="table", kind=BlockKind.TABLE, rows=rows),
        text("last", "Суд решил."),
    )
    act = one_block(Run(text="x"))
    return normalised(ActText(language=act.language, kind=act.kind, parts=(Part(kind=PartKind.WHOLE, blocks=blocks),)))


def edited(*changes: tuple[str, str], comments: str = "") -> bytes:
    """The file of ``base`` with its runs cut up: each (words, XML) puts something in the place of words of one run."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(render_docx(base(), NOW))) as source, zipfile.ZipFile(out, "w", 8) as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "word/document.xml":
                document = data.decode()
                for words, xml in changes:
                    document = changed(document, words, xml)
                data = document.encode()
            target.writestr(entry.filename, data)
        if comments:
            space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
            target.writestr("word/comments.xml", f"<w:comments {space}>{comments}</w:comments>")
    return out.getvalue()


def changed(document: str, words: str, xml: str) -> str:
    if words.startswith("<"):
        assert words in document
        return document.replace(words, xml, 1)
    found = re.search(rf"<w:r>(?:(?!</w:r>).)*?<w:t[^>]*>([^<]*?){re.escape(words)}([^<]*)</w:t></w:r>", document)
    assert found is not None, words
    before, after = (RUN.format(each) if each else "" for each in found.groups())
    return document[: found.start()] + before + xml + after + document[found.end() :]


def read(*changes: tuple[str, str], comments: str = "") -> WordProposals:
    arrived = read_proposals(edited(*changes, comments=comments), base())
    assert arrived.act == base(), "nothing but tracked changes was made"
    return arrived


def made(arrived: WordProposals) -> list[tuple[str, str, str | None]]:
    return [(each.block, each.quote, each.proposal) for each in arrived.suggestions]


def test_a_replaced_word_is_a_proposal_with_author_and_day() -> None:
    (found,) = read(("обстоятельства", gone("обстоятельства") + ins("факты"))).suggestions
    assert (found.block, found.quote, found.proposal) == ("first", "обстоятельства", "факты")
    assert (found.author, found.at) == ("Сарсенова А.", datetime(2026, 5, 10, 9, 30, tzinfo=UTC))


def test_added_words_are_proposed_with_the_word_beside_them() -> None:
    arrived = read((" обстоятельства", ins(" следующие") + RUN.format(" обстоятельства")))
    assert made(arrived) == [("first", "установил", "установил следующие")]


def test_words_that_stand_twice_are_quoted_with_their_neighbours() -> None:
    arrived = read(("срок долг", RUN.format("срок ") + gone("долг") + ins("займа")))
    ((block, quote, proposal),) = made(arrived)
    assert base().block("second").text.count(quote) == 1  # type: ignore[union-attr]
    assert (block, base().block("second").text.replace(quote, proposal or "")) == (  # type: ignore[union-attr]
        "second",
        "Ответчик долг не вернул, срок займа не продлён.",
    )


def test_two_hands_make_two_proposals() -> None:
    other = BY.replace("Сарсенова А.", "Иванов И.")
    arrived = read(("обстоятельства", gone("обстоятельства") + ins("факты", other)))
    assert [(each.author, each.quote, each.proposal) for each in arrived.suggestions] == [
        ("Сарсенова А.", "обстоятельства", ""),
        ("Иванов И.", " дела.", "факты дела."),
    ]
    assert arrived.authors == ("Иванов И.", "Сарсенова А.")


def test_a_cell_of_a_table_bears_proposals() -> None:
    assert made(read(("пять", gone("пять") + ins("шесть")))) == [("table", "пять", "шесть")]


def test_a_moved_word_is_taken_from_here_and_put_there() -> None:
    move = f"<w:moveFrom {BY}>{RUN.format(' дела')}</w:moveFrom>"
    to = f"<w:moveTo {BY}>{RUN.format(' дела')}</w:moveTo>"
    arrived = read((" дела", move), ("решил", RUN.format("решил") + to))
    assert [proposal for _, _, proposal in made(arrived)] == ["", "решил дела"]


def test_a_removed_paragraph_is_proposed_as_a_whole() -> None:
    mark = f"<w:rPr><w:del {BY}/></w:rPr>"
    words = "Суд решил."
    arrived = read((words, gone(words)), ('<w:pStyle w:val="BodyText"/>', f'<w:pStyle w:val="BodyText"/>{mark}'))
    assert ("last", words, "") in made(arrived)


def test_a_new_paragraph_behind_another_is_proposed_with_its_line_end() -> None:
    """As Word writes it: the mark of the paragraph before is the added one."""
    data = edited(("дела.", RUN.format("дела.")))
    document = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    end = document.index("</w:p>", document.index("дела."))
    start = document.rindex("<w:pPr>", 0, end)
    more = f"<w:rPr><w:ins {BY}/></w:rPr>"
    text_of_new = f"</w:p><w:p><w:pPr><w:pStyle w:val='BodyText'/></w:pPr>{ins('Новый абзац.')}"
    document = document[:end] + text_of_new + document[end:]
    document = document[:start] + document[start:].replace("</w:pPr>", f"{more}</w:pPr>", 1)
    arrived = read_proposals(with_document(data, document), base())
    assert arrived.act == base()
    assert made(arrived) == [("first", "дела.", "дела.\nНовый абзац.")]


def with_document(data: bytes, document: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", 8) as target:
        for entry in source.infolist():
            name = entry.filename
            target.writestr(name, document.encode() if name == "word/document.xml" else source.read(entry))
    return out.getvalue()


COMMENT = f'<w:comment w:id="3" {BY[9:]}><w:p>{RUN.format("Проверьте срок.")}</w:p></w:comment>'


def test_a_comment_is_a_remark_on_its_words() -> None:
    around = '<w:commentRangeStart w:id="3"/>{}<w:commentRangeEnd w:id="3"/><w:r><w:commentReference w:id="3"/></w:r>'
    (found,) = read(("не вернул", around.format(RUN.format("не вернул"))), comments=COMMENT).suggestions
    assert (found.block, found.quote, found.text, found.proposal) == ("second", "не вернул", "Проверьте срок.", None)
    assert found.author == "Сарсенова А."


def test_a_comment_without_words_hangs_on_its_paragraph() -> None:
    lone = "<w:r><w:commentReference w:id='3'/></w:r>"
    (found,) = read(("решил.", RUN.format("решил.") + lone), comments=COMMENT).suggestions
    assert (found.block, found.quote) == ("last", "")


def rows(document: str) -> str:
    row = f"<w:tr><w:trPr><w:ins {BY}/></w:trPr><w:tc><w:p>{RUN.format('Пеня')}</w:p></w:tc></w:tr>"
    return document.replace("</w:tr>", f"</w:tr>{row}", 1)


def looks(document: str) -> str:
    return document.replace("<w:rPr>", f"<w:rPr><w:rPrChange {BY}><w:rPr/></w:rPrChange>", 2)


def in_box(document: str) -> str:
    words = f"<w:p><w:r><w:pict><w:txbxContent><w:p>{ins('в рамке')}</w:p></w:txbxContent></w:pict></w:r></w:p>"
    return document.replace("<w:sectPr", f"{words}<w:sectPr", 1)


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        (rows, LeftOutKind.ROW, "— → Пеня"),
        (looks, LeftOutKind.LOOKS, "2"),
        (in_box, LeftOutKind.CHANGE, "— → в рамке"),
    ],
)
def test_what_has_no_place_is_named_with_its_author(
    change: Callable[[str], str], kind: LeftOutKind, words: str
) -> None:
    data = edited()
    document = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    arrived = read_proposals(with_document(data, change(document)), base())
    found = [each for each in arrived.left_out if each.kind is kind]
    assert [(each.text, each.author) for each in found] == [(words, "Сарсенова А.")]
    assert arrived.suggestions == ()


def test_a_change_in_words_that_the_draft_no_longer_has_is_named() -> None:
    data = edited(("обстоятельства", gone("обстоятельства") + ins("факты")))
    document = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    twice = document.replace("Суд решил.", "обстоятельства обстоятельства")
    assert made(read_proposals(with_document(data, twice), base())) == [("first", "обстоятельства", "факты")]


def test_both_readings_agree_on_a_file_without_changes() -> None:
    data = render_docx(base(), NOW)
    assert read_docx(data, base()).act == read_proposals(data, base()).act == base()
    assert read_proposals(data, base()).suggestions == ()


def test_accepting_everything_gives_what_word_shows() -> None:
    data = edited(
        ("обстоятельства", gone("обстоятельства") + ins("факты")),
        ("пять", gone("пять") + ins("шесть")),
        ("не вернул", RUN.format("не ") + ins("полностью ") + RUN.format("вернул")),
    )
    texts = {block.id: block.text for block in base().blocks()}
    for each in read_proposals(data, base()).suggestions:
        assert texts[each.block].count(each.quote) == 1
        texts[each.block] = texts[each.block].replace(each.quote, each.proposal or "")
    assert texts == {block.id: block.text for block in read_docx(data, base()).act.blocks()}


def test_signs_that_hold_words_together_are_read_as_what_was_typed() -> None:
    """Word shows 5 000 with a space that ends no line; whoever removes it removes what the draft has."""
    act = normalised(one_block(Run(text="взыскать 5 000 тенге в пользу истца")))
    document = zipfile.ZipFile(io.BytesIO(render_docx(act, NOW))).read("word/document.xml").decode()
    start, end = (
        document.index("<w:r>", document.index("взыскать")),
        document.index("</w:r>", document.index("тенге")) + 6,
    )
    removed = document[start:end].replace("<w:t ", "<w:delText ").replace("</w:t>", "</w:delText>")
    document = f"{document[:start]}<w:del {BY}>{removed}</w:del>{document[end:]}"
    (found,) = read_proposals(with_document(render_docx(act, NOW), document), act).suggestions
    assert found.quote in "взыскать 5 000 тенге в пользу истца"
    assert " 000" in found.quote
