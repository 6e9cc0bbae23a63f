"""The court's words: complete for every enum of the domain, and the same in every catalog."""

import re
import tomllib
from enum import StrEnum

import pytest

from judge_desk.domain import acts, cases, documents, dossier, drafts, hearings, notes, people, reviews, terms
from judge_desk.i18n import catalogs
from judge_desk.i18n.catalogs import LANGUAGES
from tests.architecture.text_keys import messages, uses

GROUPS: dict[str, type[StrEnum]] = {
    "act": acts.ActKind,
    "part": acts.PartKind,
    "procedure": cases.Procedure,
    "instance": cases.Instance,
    "stage": cases.Stage,
    "party": cases.PartyRole,
    "document": documents.DocumentKind,
    "hearing": hearings.HearingState,
    "draft": drafts.DraftState,
    "secrecy": drafts.Secrecy,
    "note": notes.NoteReach,
    "role": people.Role,
    "review": reviews.ReviewState,
    "dossier": dossier.DossierSection,
    "cause": dossier.ChangeCause,
    "term": terms.StepKind,
}
# An English text with the first word must hold one of the stems in Kazakh and one in Russian.
STEMS = {
    "ruling": (("ұйғарым",), ("определен",)),
    "verdict": (("үкім",), ("приговор",)),
    "hearing": (("отырыс", "тыңдау"), ("заседан", "слушан")),
    "draft": (("жоба",), ("проект", "черновик")),
    "dossier": (("досье",), ("досье",)),
    "secretary": (("хатшы",), ("секретар",)),
    "claimant": (("талап қоюшы",), ("истец", "истц")),
    "passphrase": (("құпия сөйлем",), ("фраз",)),
    "operative part": (("қарар",), ("резолютивн",)),
    "deliberation": (("кеңесу",), ("совещ",)),
    "administrative offence": (("әкімшілік құқық бұзушылық",), ("административн",)),
    "case file": (("іс",), ("дел", "материал")),
}


def glossary() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(catalogs.glossary_file().read_text(encoding="utf-8"))


@pytest.mark.parametrize("group", GROUPS)
def test_every_member_of_an_enum_has_its_word(group: str) -> None:
    assert sorted({member.value for member in GROUPS[group]} - set(glossary()[group])) == []


def test_each_entry_has_three_words_and_nothing_else() -> None:
    for group, words in glossary().items():
        for key, texts in words.items():
            assert set(texts) == set(LANGUAGES), f"{group}.{key}"
            assert all(text == text.strip() != "" for text in texts.values()), f"{group}.{key}"


def test_one_word_does_not_mean_two_things() -> None:
    for language in LANGUAGES:
        for group, words in glossary().items():
            texts = [entry[language] for entry in words.values()]
            assert len(texts) == len(set(texts)), f"{language} [{group}]"
    procedures = glossary()["procedure"]
    for language in LANGUAGES:
        assert procedures["administrative"][language] != procedures["administrative_offence"][language]


def test_words_put_together_name_a_group_that_exists() -> None:
    asked = {use.key.split(".")[1]: use.place for use in uses() if use.key.startswith("word.") and "{}" in use.key}
    assert sorted(f"{group} ({place})" for group, place in asked.items() if group not in {*glossary(), "{}"}) == []


@pytest.mark.parametrize("word", STEMS)
def test_catalogs_use_the_courts_words(word: str) -> None:
    kazakh, russian = STEMS[word]
    strange: list[str] = []
    for key, message in messages()["en"].items():
        if not any(re.search(rf"\b{word}s?\b", text, re.IGNORECASE) for text in message.texts):
            continue
        for language, stems in (("kk", kazakh), ("ru", russian)):
            text = messages()[language][key].texts[0]
            if not any(stem in text.lower() for stem in stems):
                strange.append(f"{key} {language}: {text}")
    assert strange == []
