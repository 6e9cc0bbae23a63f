"""Whatever is bundled brings the text of its licence."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

import pytest

from judge_desk.bootstrap import locks
from judge_desk.bootstrap.installer import licences
from judge_desk.bootstrap.system_packages import SetupError

SITE = Path(sysconfig.get_path("purelib"))


def locked_names() -> set[str]:
    files = (locks.lock_file(extra).read_text(encoding="utf-8") for extra in locks.LOCKED_EXTRAS)
    return {entry.name for text in files for entry in locks.parse_lock(text)}


def install(site: Path, name: str, files: dict[str, bytes], about: str = "License-Expression: MIT") -> None:
    folder = site / f"{name}-1.0.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n{about}\n")
    for place, content in files.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_bytes(content)
    listed = [f"{folder.name}/{place},," for place in ("METADATA", *files)]
    (folder / "RECORD").write_text("\n".join(listed))


@pytest.mark.skipif(not licences.COMMON.is_dir(), reason="Qt's texts lie in Debian's own collection")
def test_every_locked_package_has_a_text() -> None:
    found = licences.components(SITE, locked_names())
    assert {"Python", "PySide6_Essentials", "obstore", "pypdfium2"} <= {each.name for each in found}
    assert all(each.licence for each in found)


def test_no_package_is_under_the_gpl_alone() -> None:
    for each in licences.components(SITE, locked_names()):
        words = each.licence.replace("LGPL", "")
        assert "GPL" not in words or "LGPL" in each.licence, f"{each.name}: {each.licence}"


def test_texts_are_found_wherever_a_wheel_puts_them(tmp_path: Path) -> None:
    install(tmp_path, "new", {"licenses/LICENSE": b"new", "licenses/parts/zlib.txt": b"z"})
    install(tmp_path, "old", {"LICENSE.txt": b"old", "top_level.txt": b"x"}, "License: BSD\n  and more")
    new, old, _python = (each for each in licences.components(tmp_path, {"new", "old", "other"}))
    assert (sorted(new.texts), new.licence) == (["LICENSE", "parts-zlib.txt"], "MIT")
    assert (sorted(old.texts), old.licence) == (["LICENSE.txt"], "BSD")


def test_the_text_of_python_is_found_beside_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows keeps it beside python.exe and none with the library."""
    (tmp_path / "LICENSE.txt").write_text("PSF")
    monkeypatch.setattr(sysconfig, "get_path", lambda _name: str(tmp_path / "Lib"))
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    assert licences.python().texts["LICENSE.txt"] == tmp_path / "LICENSE.txt"


def test_a_package_without_a_text_stops_the_build(tmp_path: Path) -> None:
    install(tmp_path, "silent", {})
    with pytest.raises(SetupError, match="silent has no licence text"):
        licences.components(tmp_path, {"silent"})


def test_texts_and_their_list_are_laid_out_in_one_encoding(tmp_path: Path) -> None:
    install(tmp_path / "site", "old", {"LICENSE": "© Müller".encode("latin-1")})
    (old, _python) = licences.components(tmp_path / "site", {"old"})
    licences.lay_out([old], tmp_path / "out")
    assert (tmp_path / "out/old/LICENSE").read_text(encoding="utf-8") == "© Müller"
    assert (tmp_path / "out/index.txt").read_text(encoding="utf-8") == "old 1.0: MIT\n"
