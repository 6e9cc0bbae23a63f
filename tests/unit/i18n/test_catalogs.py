"""PO in, MO out: the subset we read, what we refuse, and when a catalog is stale."""

import gettext
import io
import os
from pathlib import Path

import pytest
from babel.messages.pofile import read_po as babel_read_po

from judge_desk.i18n import catalogs
from judge_desk.i18n.catalogs import CatalogError
from judge_desk.runtime import paths

PO = """# a comment
msgid ""
msgstr ""
"Language: ru\\n"

#. for the list
msgid "a.long"
msgstr "Первая "
"строка\\n«вторая»"

msgid "a.count"
msgid_plural "a.count"
msgstr[0] "{n} дело"
msgstr[1] "{n} дела"
msgstr[2] "{n} дел"
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A resources folder of its own with one Russian area."""
    (tmp_path / "i18n" / "ru").mkdir(parents=True)
    (tmp_path / "glossary.toml").write_text('[act]\nruling = { kk = "ұйғарым", ru = "определение", en = "ruling" }\n')
    (tmp_path / "i18n" / "ru" / "a.po").write_text(PO, encoding="utf-8")
    monkeypatch.setattr(paths, "resources_dir", lambda: tmp_path)
    return tmp_path


def write(tree: Path, name: str, text: str) -> Path:
    path = tree / "i18n" / "ru" / name
    path.write_text(text, encoding="utf-8")
    return path


def test_po_becomes_what_gettext_reads(tree: Path) -> None:
    catalogs.compile_language("ru")
    catalog = gettext.GNUTranslations(io.BytesIO(catalogs.mo_file("ru").read_bytes()))
    assert catalog.gettext("a.long") == "Первая строка\n«вторая»"
    assert [catalog.ngettext("a.count", "a.count", n) for n in (1, 3, 12)] == ["{n} дело", "{n} дела", "{n} дел"]
    assert catalog.gettext("word.act.ruling") == "определение"


def test_our_reader_agrees_with_babel_on_every_real_file() -> None:
    for language in catalogs.LANGUAGES:
        for path in catalogs.po_files(language):
            with path.open("rb") as stream:
                theirs = {
                    (entry.id if isinstance(entry.id, str) else entry.id[0]): entry.string
                    for entry in babel_read_po(stream)
                    if entry.id
                }
            ours = {
                message.key: message.texts if message.is_plural else message.texts[0]
                for message in catalogs.read_po(path)
            }
            assert ours == theirs, path


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('msgid "a.x"\nmsgstr "1"\n\nmsgid "a.x"\nmsgstr "2"\n', "stands already"),
        ("nonsense\n", "not a PO line"),
        ('msgid "a.x"\nmsgstr "broken\\"\n', "broken string"),
        ('msgid "a.x"\nmsgid_plural "a.xs"\nmsgstr[0] "1"\n', "must repeat the key"),
        ('msgid "a.x"\n', "one msgstr expected"),
        ('msgstr "1"\n', "without msgid"),
        ('msgid "a.x"\nmsgstr[0] "1"\n', "one msgstr expected"),
    ],
)
def test_what_we_do_not_understand_is_named_with_its_place(tree: Path, text: str, complaint: str) -> None:
    with pytest.raises(CatalogError, match=complaint) as caught:
        catalogs.read_po(write(tree, "b.po", text))
    assert "ru/b.po" in str(caught.value)


def test_a_key_in_two_areas_is_refused(tree: Path) -> None:
    write(tree, "b.po", 'msgid "a.long"\nmsgstr "ещё раз"\n')
    with pytest.raises(CatalogError, match=r"ru/b\.po: a\.long stands already in ru/a\.po"):
        catalogs.read_language("ru")


def test_a_newer_source_makes_the_catalog_stale(tree: Path) -> None:
    assert catalogs.compile_language("ru")
    made = catalogs.mo_file("ru").stat().st_mtime
    for path in (*(tree / "i18n" / "ru").iterdir(), tree / "i18n" / "ru", tree / "glossary.toml"):
        os.utime(path, (made - 10, made - 10))
    assert not catalogs.compile_language("ru")
    os.utime(tree / "glossary.toml", (made + 10, made + 10))
    assert catalogs.is_stale("ru")
    assert catalogs.compile_language("ru")


def test_a_source_tree_that_may_not_be_written_is_compiled_in_memory(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(language: str) -> bool:
        raise PermissionError(language)

    monkeypatch.setattr(catalogs, "compile_language", refuse)
    assert catalogs.load("ru").gettext("a.long").startswith("Первая")


def test_a_missing_catalog_is_named(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "is_source_tree", lambda: False)
    with pytest.raises(CatalogError, match="no catalog for ru"):
        catalogs.load("ru")
