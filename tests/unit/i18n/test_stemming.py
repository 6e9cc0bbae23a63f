"""Is a word found by all its forms, and only by them? A labelled table of court words says how often."""

from __future__ import annotations

import sys
import time
import unicodedata
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge_desk.i18n.stemming import highlight, normalise, query_terms, stems

# One line a word: its dictionary form, then forms of it as they stand in case files.
KAZAKH = """
қолхат қолхаттар қолхаттың қолхатқа қолхатты қолхатта қолхаттан қолхатпен қолхаты қолхатын қолхаттарын қолхатымыз
шешім ШЕШІМ шешімі шешімнің шешімге шешімін шешімді шешімде шешімнен шешіммен шешімдер шешімдердің шешімінде шешімінің
талап талабы талаптың талапқа талапты талаптан талаппен талаптар талаптары талаптарын талабын талабым талаптарымыз
қаулы қаулысы қаулының қаулыға қаулыны қаулылар қаулысын қаулымен қаулысына
ұйғарым ұйғарымы ұйғарымның ұйғарымға ұйғарымды ұйғарымдар ұйғарымын ұйғарыммен
үкім үкімі үкімнің үкімге үкімді үкімдер үкімін үкіммен
іс іске ісі істің істі істе істен іспен істер істердің ісін ісінің істері
отырыс отырысы отырыстың отырысқа отырыста отырыстар отырысында отырыстан
мерзім мерзімі мерзімнің мерзімге мерзімде мерзімдер мерзімінен мерзімдері
сот соты соттың сотқа сотты сотта соттан соттар сотының сотына соттарға
судья судьяның судьяға судьяны судьялар судьясы судьяларға судьямен
төраға төрағасы төрағаның төрағаға төрағалар төрағасының
хатшы хатшысы хатшының хатшыға хатшылар хатшымен
жауапкер жауапкердің жауапкерге жауапкерді жауапкерлер жауапкерден жауапкермен жауапкері
қоюшы қоюшының қоюшыға қоюшыдан қоюшылар қоюшысы қоюшымен
құқық құқығы құқықтың құқыққа құқықты құқықтар құқықтары құқығын құқығының
мүлік мүлкі мүліктің мүлікке мүлікті мүлкін мүлкіне мүліктен
бап бабы баптың бапқа бапта бабының баптар бабына баптары бабында
заң заңы заңның заңға заңды заңда заңнан заңдар заңымен
шарт шарты шарттың шартқа шартты шартта шарттан шарттар шарттары шартының
дау дауы даудың дауға дауды даулар даудан даулары
арыз арызы арыздың арызға арызды арыздар арызбен арызында
борыш борышы борыштың борышқа борышты борыштар борышын борыштан
қылмыс қылмысы қылмыстың қылмысқа қылмысты қылмыстар қылмыстан қылмысын
айыппұл айыппұлды айыппұлдың айыппұлға айыппұлдар айыппұлы
сараптама сараптаманың сараптамаға сараптамасы сараптамалар сараптамада
бұйрық бұйрығы бұйрықтың бұйрыққа бұйрықты бұйрықтар бұйрығын бұйрығымен
куә куәнің куәге куәні куәлар куәдан
прокурор прокурордың прокурорға прокурорды прокурорлар прокуроры прокурормен
адвокат адвокаттың адвокатқа адвокатты адвокаттар адвокаты адвокатпен
халық халқы халықтың халыққа халқының халқына
пункт пункті пункттің пунктке пунктінде пунктте
құжат құжаттың құжатқа құжатты құжаттар құжаттары құжаттарын құжаты құжатпен
тарап тарабы тараптың тарапқа тараптар тараптары тараптардың тараптарға
өтініш өтініші өтініштің өтінішке өтінішті өтініштер өтінішін өтінішім
шағым шағымы шағымның шағымға шағымды шағымдар шағымын шағымында
хаттама хаттаманың хаттамаға хаттамасы хаттамада хаттамалар хаттамасында
қарыз қарызы қарыздың қарызды қарыздар қарызын қарыздан
баға бағасы бағаның бағаға бағаны бағалар
мәтін мәтіні мәтіннің мәтінге мәтінді мәтінде мәтіндер
шығын шығыны шығынның шығынға шығындар шығындарды шығынын
компания компанияның компанияға компаниялар компаниясы
жалақы жалақысы жалақының жалақыға жалақысын
тәртіп тәртібі тәртіптің тәртіпке тәртібін
"""
RUSSIAN = """
расписка расписки расписке расписку распиской расписок распискам расписками расписках
решение решения решению решением решении решений решениям решениями
определение определения определению определением определений определениями
постановление постановления постановлению постановлением постановлений
приговор приговора приговору приговором приговоре приговоры приговоров
истец истца истцу истцом истце истцы истцов истцам истцами
ответчик ответчика ответчику ответчиком ответчики ответчиков ответчиками
судья судьи судье судью судьей судей судьям судьями
суд суда суду судом суде суды судов судам
дело дела делу делом деле дел делам делами
иск иска иску иском иске иски исков искам
жалоба жалобы жалобе жалобу жалобой жалоб жалобам жалобами
неустойка неустойки неустойке неустойку неустойкой неустоек неустойками
договор договора договору договором договоре договоры договоров договорами
заседание заседания заседанию заседанием заседании заседаний
срок срока сроку сроком сроке сроки сроков срокам
взыскание взыскания взысканию взысканием взысканий
требование требования требованию требованием требований требованиями
сторона стороны стороне сторону стороной сторон сторонам сторонами
свидетель свидетеля свидетелю свидетелем свидетели свидетелей свидетелями
участок участка участку участком участке участки участков
владелец владельца владельцу владельцем владельцы владельцев
повестка повестки повестке повестку повесткой повесток повестками
ходатайство ходатайства ходатайству ходатайством ходатайств
экспертиза экспертизы экспертизе экспертизу экспертизой экспертиз
доказательство доказательства доказательств доказательствам доказательствами
ребёнок ребенок ребенка ребёнку ребенком
подпись подписи подписью подписей
земля земли земле землю землей земель
заём заем займа займу займом займы займов
"""
ENGLISH = "claim claims claimed\nruling rulings\nhearing hearings\nappeal appeals appealed appealing"


def groups(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


def found(query: str, text: str) -> bool:
    return all(term.matches(tuple(stems(text))) for term in query_terms(query + " "))


@pytest.mark.parametrize(("table", "least"), [(KAZAKH, 0.99), (RUSSIAN, 0.98), (ENGLISH, 1.0)], ids=["kk", "ru", "en"])
def test_every_form_finds_every_other(table: str, least: float) -> None:
    pairs = [(one, other) for forms in groups(table) for one, other in product(forms, forms) if one != other]
    missed = [pair for pair in pairs if not found(*pair)]
    recall = 1 - len(missed) / len(pairs)
    sys.stdout.write(f"\n{len(pairs)} pairs, recall {recall:.4f}, missed: {missed[:12]}")
    assert recall >= least


def test_the_table_is_large_enough_to_mean_something() -> None:
    assert sum(len(forms) for forms in groups(KAZAKH)) >= 120
    assert sum(len(forms) for forms in groups(RUSSIAN)) >= 120


def test_different_words_are_rarely_taken_for_one() -> None:
    words = groups(KAZAKH) + groups(RUSSIAN)
    pairs = [
        (one, other)
        for first, second in combinations(words, 2)
        if first[0] != second[0]
        for one, other in product(first[:6], second[:6])
    ]
    merged = [pair for pair in pairs if found(*pair)]
    sys.stdout.write(f"\n{len(pairs)} pairs of different words, {len(merged)} merged: {merged[:12]}")
    assert len(merged) / len(pairs) <= 0.0002


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("суд", "судья"),
        ("шешім", "шешен"),
        ("азамат", "азаматтық"),
        ("заң", "заңсыз"),
        ("мәтін", "мәт"),
        ("төраға", "төр"),
        ("сауда", "сау"),
        ("пайда", "пай"),
        ("орын", "ор"),
        ("іс", "іздеу"),
        ("айып", "айыппұл"),
    ],
)
def test_look_alikes_stay_apart(one: str, other: str) -> None:
    assert not found(one, other)
    assert not found(other, one)


def test_an_ending_of_the_wrong_harmony_belongs_to_the_word() -> None:
    assert stems("заңда") == stems("заң")
    assert stems("заңде") == ["заңде"]
    assert stems("үкімдер") == stems("үкім")
    assert stems("үкімдар") != stems("үкім")


def test_both_spellings_of_i_yo_and_look_alikes_are_one() -> None:
    assert stems("шешiм") == stems("шешім") == stems("шешим")[-1:]
    assert stems("жəне") == stems("және")
    assert stems("Заём") == stems("заем")
    assert normalise("iс") == "іс"
    assert normalise("IBAN иск") == "iban иск"


def test_invisible_marks_and_decomposed_letters_change_nothing() -> None:
    assert stems("қол\u00adхат") == stems("қол\ufffe\r\nхат") == stems("қолхат")
    assert stems(unicodedata.normalize("NFD", "отырысы ең")) == stems("отырысы ең")
    assert normalise("«Талап»\u00a0— “иск”") == '"талап" - "иск"'


def test_numbers_with_parts_stay_whole_and_are_split() -> None:
    assert stems("№ 7140-26-00-2/113") == ["7140-26-00-2/113", "7140", "26", "00", "2", "113"]
    assert query_terms("7140-26-00-2/113 ")[0].stems == ("7140-26-00-2/113",)
    assert stems("183-бап") == ["183", "бап"]
    assert stems("7140–26–00–2/113")[0] == "7140-26-00-2/113"


def test_the_last_word_is_a_prefix_while_it_is_typed() -> None:
    assert [term.is_prefix for term in query_terms("талап қою")] == [False, True]
    assert [term.is_prefix for term in query_terms("тал* қою ")] == [True, False]
    (choices, is_prefix) = query_terms("распис")[0]
    assert is_prefix
    assert choices == ("распис",)
    assert query_terms("  «» ") == []
    assert [term.is_prefix for term in query_terms("талап іс", typing=False)] == [False, False]
    assert highlight("іс, істер, иск", "іс", typing=False) == [(0, 2), (4, 9)]


def test_highlight_marks_all_forms_with_their_places() -> None:
    text = "Қолхат\u00adтарын оқып, распиской № 7140-26-00-2/113 расталды; қол қойылды."
    spans = highlight(text, "қолхат расписка 00-2/113 ")
    assert [text[start:end] for start, end in spans] == ["Қолхат\u00adтарын", "распиской", "7140-26-00-2/113"]
    assert highlight(text, "") == []


def test_highlight_agrees_with_finding_on_decomposed_text() -> None:
    text = unicodedata.normalize("NFD", "Бұл шешімінің мәтіні ғой")
    spans = highlight(text, "шешім ")
    assert [unicodedata.normalize("NFC", text[start:end]) for start, end in spans] == ["шешімінің"]


@given(st.text(max_size=200))
def test_any_text_is_taken_and_folding_twice_is_folding_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
    assert all(stem and not stem.isspace() for stem in stems(text))
    for start, end in highlight(text, text):
        assert 0 <= start < end <= len(text)


@given(st.text(alphabet="абғеикқлмнңоөпрстуұүшыі", min_size=1, max_size=14))
def test_case_of_letters_never_matters(word: str) -> None:
    assert stems(word.upper()) == stems(word)


def test_a_stem_never_loses_more_than_its_endings() -> None:
    for forms in groups(KAZAKH):
        assert all(len(stem) >= 2 for form in forms for stem in stems(form))


def test_warm_speed_is_fit_for_indexing() -> None:
    text = (KAZAKH + RUSSIAN) * 60
    words = len(text.split())
    stems(text)
    started = time.process_time()
    stems(text)
    rate = words / (time.process_time() - started)
    sys.stdout.write(f"\n{rate:,.0f} words/s warm")
    assert rate > 100_000


@given(st.lists(st.text(alphabet="абсудіқҚёТ12/-.«»a_\u0301", max_size=8), max_size=6), st.sampled_from(" \n\u00a0"))
def test_words_are_stemmed_alike_alone_and_in_their_text(words: list[str], space: str) -> None:
    assert stems(space.join(words)) == [each for word in words for each in stems(word)]
