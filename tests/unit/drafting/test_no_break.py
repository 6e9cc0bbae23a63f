"""Between which words no line may end: by language, from data; on paper, in Word, and on a label."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest

from judge_desk.domain.acts import Run, normalised
from judge_desk.domain.cases import Language
from judge_desk.drafting.docx_in import read_docx
from judge_desk.drafting.docx_out import render_docx
from judge_desk.drafting.no_break import bound, holds, rules_for
from judge_desk.drafting.pdf import render_pdf
from tests.unit.drafting.acts import META, long_act, one_block
from tests.unit.drafting.reading import drawn_lines
from tests.unit.drafting.test_footnotes import noted

NOW = datetime(2026, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "по ст._5 и_п._3.2 договора №_45 от 12_марта_2024_г. с_ответчика"),
        ("ru", "Иванов_А.Б. уплатил 5_000_000_тенге, это 30_% долга_— всё"),
        ("ru", "А._Б._Петров, ИИН_850101300123"),
        ("kk", "кодекстің 226=бабы, 2026_жылғы 12_мамыр, №_7 іс, 5_000_теңге"),
        ("kk", "Ахметов_Д._С. (ЖСН_850101300123) 15_күн ішінде"),
        ("en", "under art._5 and para._3 Mr_Smith paid 5_000_KZT on 12_May_2026"),
    ],
)
def test_what_belongs_together_is_bound(language: str, text: str) -> None:
    plain = text.replace("_", " ").replace("=", "-")
    assert bound(plain, language).replace("\u00a0", "_").replace("\u2011", "=") == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "суд установил обстоятельства"),
        ("kk", "сот анықтады мән-жай"),
        ("en", "the court found"),
        ("ru", "по делу"),
    ],
)
def test_other_words_part_where_they_like(language: str, text: str) -> None:
    assert bound(text, language) == text


def test_each_language_has_its_own_words() -> None:
    assert holds("5", "тенге", "ru")
    assert not holds("5", "теңгені", "ru")
    assert holds("5", "теңгені", "kk")
    assert all(holds("№", "5", language) for language in ("kk", "ru", "en", ""))
    assert rules_for("").before_number >= rules_for("ru").before_number | rules_for("kk").before_number


@pytest.mark.parametrize("language", [Language.KAZAKH, Language.RUSSIAN])
def test_no_line_on_paper_ends_inside_what_belongs_together(language: Language) -> None:
    words = {
        Language.RUSSIAN: "взыскать по п. 3.2 договора № 45 сумму 5 000 000 тенге 12 марта 2024 г. в пользу ",
        Language.KAZAKH: "2024 жылғы 12 наурызда жасалған № 45 шарт бойынша 5 000 000 теңге өндіріп алу ",
    }[language]
    act = one_block(Run(text=words * 12))
    ends = [line[3].rstrip().rpartition(" ")[2] for line in drawn_lines(render_pdf(act, META))]
    starts = [line[3].partition(" ")[0] for line in drawn_lines(render_pdf(act, META))]
    for end, start in zip(ends, starts[1:], strict=False):
        assert not (end and start and holds(end, start, language.value, is_strict=False)), (end, start)


def test_word_is_told_too_and_the_text_comes_back_as_it_was() -> None:
    act = normalised(one_block(Run(text="по ст. 5 и № 45, 226-бап; қолмен\u00a0қойылған\u2011белгі")))
    data = render_docx(act, NOW)
    document = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    assert document.count("\u00a0") == 2, "one that holds, and the one that was typed"
    assert "<w:noBreakHyphen/>" in document
    assert read_docx(data).act.parts[0].blocks[0].text == act.parts[0].blocks[0].text


@pytest.mark.parametrize("language", [Language.KAZAKH, Language.RUSSIAN])
def test_a_whole_act_comes_back_from_word_with_its_spaces(language: Language) -> None:
    act = noted(long_act(language))
    assert read_docx(render_docx(act, NOW), act).act == act
    assert read_docx(render_docx(act, NOW)).act == act
