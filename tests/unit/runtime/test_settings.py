"""Choices survive restarts, bad files and newer versions."""

import json
from pathlib import Path
from typing import Any

import pytest

from judge_desk.domain.errors import StoreProblem
from judge_desk.i18n.translator import LANGUAGES, Translator
from judge_desk.runtime import settings
from judge_desk.runtime.settings import FILE_NAME, Setting, Settings


def test_defaults_without_a_file(tmp_path: Path) -> None:
    chosen = Settings(tmp_path)
    assert (chosen.get(settings.LANGUAGE), chosen.get(settings.AUTOSAVE_SECONDS)) == ("kk", 2)
    assert chosen.problems == []


def test_a_choice_survives_a_restart(tmp_path: Path) -> None:
    Settings(tmp_path / "new" / "profile").set(settings.THEME, "dark")
    assert Settings(tmp_path / "new" / "profile").get(settings.THEME) == "dark"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (settings.LANGUAGE, "de"),
        (settings.AUTOSAVE_SECONDS, 6),
        (settings.IDLE_LOCK_MINUTES, 0),
        (settings.AUTOSAVE_SECONDS, True),
        (settings.HUB_URL, 7),
        (settings.REDUCED_MOTION, 1),
    ],
)
def test_what_is_out_of_bounds_is_refused(tmp_path: Path, setting: Setting[Any], value: object) -> None:
    with pytest.raises(ValueError, match=setting.key):
        Settings(tmp_path).set(setting, value)
    (tmp_path / FILE_NAME).write_text(json.dumps({setting.key: value}), encoding="utf-8")
    read = Settings(tmp_path)
    assert read.get(setting) == setting.default
    assert read.problems == [setting.key]


@pytest.mark.parametrize("content", ["", "{", "[1]", "\xff"])
def test_a_broken_file_means_defaults_and_a_named_problem(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE_NAME).write_bytes(content.encode("latin-1"))
    read = Settings(tmp_path)
    assert read.get(settings.LANGUAGE) == "kk"
    assert read.problems == [FILE_NAME]


def test_keys_of_a_newer_version_survive(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"from_the_future": [1]}', encoding="utf-8")
    Settings(tmp_path).set(settings.LANGUAGE, "ru")
    assert json.loads((tmp_path / FILE_NAME).read_text()) == {"from_the_future": [1], "language": "ru"}


def test_a_choice_that_cannot_be_saved_is_told_and_holds(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    chosen = Settings(tmp_path)
    with pytest.raises(StoreProblem) as caught:
        chosen.set(settings.LANGUAGE, "ru")
    assert caught.value.key == "errors.settings_not_saved"
    assert chosen.get(settings.LANGUAGE) == "ru"
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_listeners_hear_real_changes_only(tmp_path: Path) -> None:
    chosen, heard = Settings(tmp_path), list[str]()
    chosen.on_change(lambda setting: heard.append(setting.key))
    chosen.set(settings.THEME, "dark")
    chosen.set(settings.THEME, "dark")
    assert heard == ["theme"]


def test_each_setting_is_declared_once_and_has_its_texts() -> None:
    keys = [setting.key for setting in settings.DECLARED]
    assert len(keys) == len(set(keys))
    for translator in map(Translator, LANGUAGES):
        for setting in settings.DECLARED:
            assert translator.has(setting.text_key), setting.key
            assert setting.accepts(setting.default)
            texts = [setting.choice_text_key(choice) for choice in setting.choices if isinstance(choice, str)]
            assert all(map(translator.has, texts)), setting.key
