"""Resources are found from source, from a wheel and frozen; a profile is its owner's alone."""

import os
import sys
from pathlib import Path

import pytest

from judge_desk.runtime import paths


def test_from_source() -> None:
    assert paths.is_source_tree()
    assert paths.resource("glossary.toml").is_file()


def test_from_a_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "judge_desk"
    (package / "_resources").mkdir(parents=True)
    monkeypatch.setattr(paths, "_PACKAGE", package)
    assert paths.resources_dir() == package / "_resources"
    assert not paths.is_source_tree()


def test_frozen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.resources_dir() == tmp_path / "resources"
    assert not paths.is_source_tree()


def test_a_broken_installation_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path / "judge_desk")
    with pytest.raises(paths.ResourcesMissingError):
        paths.resources_dir()


def test_the_profile_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.PROFILE_VARIABLE, str(tmp_path))
    assert paths.default_profile_dir() == tmp_path
    monkeypatch.delenv(paths.PROFILE_VARIABLE)
    assert paths.default_profile_dir().name == paths.PRODUCT
    assert paths.default_cache_dir() != paths.default_profile_dir()


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps a profile private by its folder's access list")
def test_a_private_folder_shuts_others_out_even_if_it_stood_open(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir(mode=0o755)
    assert paths.private_dir(folder).stat().st_mode & 0o777 == 0o700
    assert paths.private_dir(tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
