"""What goes into the one-folder program and what stays out."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from judge_desk.bootstrap.installer import bundle

ROOT = Path(__file__).resolve().parents[4]
QT = "PySide6/Qt"


@pytest.mark.parametrize(
    "place",
    [
        "libpython3.11.so.1.0",
        "libmpdec.so.3",
        "_cffi_backend.cpython-311-x86_64-linux-gnu.so",
        "PySide6/QtWidgets.abi3.so",
        "PySide6\\QtWidgets.pyd",
        "PySide6/Qt6Core.dll",
        f"{QT}/lib/libQt6XcbQpa.so.6",
        f"{QT}/lib/libicuuc.so.73",
        f"{QT}/plugins/platforms/libqxcb.so",
        f"{QT}/plugins/platforms/libqwayland.so",
        "PySide6/plugins/platforms/qwindows.dll",
        f"{QT}/plugins/imageformats/libqjpeg.so",
        f"{QT}/translations/qtbase_kk.qm",
        "pillow.libs/libjpeg-6dc8d115.so.62.4.0",
    ],
)
def test_what_the_program_needs_is_kept(place: str) -> None:
    assert bundle.is_wanted(place, "BINARY")


@pytest.mark.parametrize(
    "place",
    [
        "libssl.so.3",
        "libgtk-3.so.0",
        "libX11.so.6",
        "PySide6/QtQml.abi3.so",
        "PySide6/QtQuick.pyi",
        "PySide6/opengl32sw.dll",
        "PySide6/Qt6Quick.dll",
        f"{QT}/lib/libQt6Quick.so.6",
        f"{QT}/lib/libQt6EglFSDeviceIntegration.so.6",
        f"{QT}/plugins/platforms/libqeglfs.so",
        f"{QT}/plugins/platformthemes/libqgtk3.so",
        f"{QT}/plugins/imageformats/libqpdf.so",
        f"{QT}/plugins/tls/libqopensslbackend.so",
        f"{QT}/plugins/xcbglintegrations/libqxcb-glx-integration.so",
        f"{QT}/translations/qtbase_de.qm",
        f"{QT}/translations/qt_kk.qm",
        "judge_desk/hub/db/migrations/__pycache__/env.cpython-311.pyc",
    ],
)
def test_what_it_does_not_need_is_left_out(place: str) -> None:
    assert not bundle.is_wanted(place, "BINARY")


def test_links_for_other_programs_to_fall_over_are_left_out() -> None:
    assert bundle.is_wanted(f"{QT}/lib/libQt6Core.so.6", "BINARY")
    assert not bundle.is_wanted("libQt6Core.so.6", "SYMLINK")


def imported_qt_modules() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "judge_desk").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("PySide6."):
                found.add(node.module.removeprefix("PySide6.Qt"))
    return found


def test_every_qt_module_that_the_code_imports_is_bundled() -> None:
    assert imported_qt_modules() <= set(bundle.QT_MODULES)


def test_every_program_has_its_module() -> None:
    for path in bundle.PROGRAMS.values():
        assert (ROOT / "judge_desk" / path).is_file()
        assert 'if __name__ == "__main__":' in (ROOT / "judge_desk" / path).read_text(encoding="utf-8")


def test_sources_of_texts_and_what_only_builds_need_are_no_resources() -> None:
    places = {f"{place}/{path.name}" for path, place in bundle.resource_files(ROOT / "resources")}
    assert "resources/glossary.toml" in places
    assert "resources/fonts/tinos/OFL.txt" in places
    assert "resources/icons/LICENSE" in places
    assert not [place for place in places if place.endswith(".po") or "/locks/" in place or "/packaging/" in place]


def test_a_folder_without_a_needed_file_is_told(tmp_path: Path) -> None:
    for name in (*bundle.REQUIRED_ANYWHERE, *bundle.REQUIRED["linux"]):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
    assert bundle.missing(tmp_path, "linux") == []
    (tmp_path / "resources/i18n/kk.mo").rmdir()
    assert bundle.missing(tmp_path, "linux") == ["resources/i18n/kk.mo"]
    assert "PySide6/plugins/platforms/qwindows.dll" in bundle.missing(tmp_path, "win32")


def test_required_resources_are_in_the_source_tree() -> None:
    lacking = [
        name for name in bundle.REQUIRED_ANYWHERE if name.startswith("resources/") and not (ROOT / name).exists()
    ]
    assert [name for name in lacking if not name.endswith(".mo")] == []


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("sqlcipher3/_sqlite3.so", True),
        ("libpython3.11.so.1.0", True),
        ("pillow.libs/libtiff-20b7e810.so", False),
        (f"{QT}/lib/libQt6Core.so.6", False),
        ("shiboken6/Shiboken.abi3.so", False),
    ],
)
def test_patched_libraries_are_not_stripped(place: str, *, expected: bool) -> None:
    assert bundle.is_stripped(place) is expected


def test_the_spec_is_python_and_names_both_programs() -> None:
    text = bundle.spec(Path("site") / "judge_desk")
    names = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    assert {"Analysis", "PYZ", "EXE", "COLLECT"} <= names
    assert "noarchive=True" in text
