"""The .deb around a small program: its tree, its control file, and the same bytes twice."""

from __future__ import annotations

import configparser
import gzip
import hashlib
import subprocess
import xml.etree.ElementTree as ET
from email.parser import Parser
from pathlib import Path

import pytest

from judge_desk.bootstrap.installer import bundle, deb
from judge_desk.bootstrap.system_packages import has_apt

ROOT = Path(__file__).resolve().parents[4]
PACKAGING = ROOT / "resources" / "packaging"
AT = deb.built_at(1_767_225_600)
DEPENDS = ["libc6 (>= 2.36)", "libssl3t64 | libssl3"]
needs_dpkg = pytest.mark.skipif(not has_apt(), reason="dpkg-deb is Debian's")


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A folder as PyInstaller makes it, small."""
    folder = tmp_path / "program"
    (folder / "_internal").mkdir(parents=True)
    (folder / "_internal/library.so").write_bytes(b"x" * 3000)
    (folder / "licences/old").mkdir(parents=True)
    (folder / "licences/old/LICENSE").write_text("text")
    (folder / "licences/index.txt").write_text("old 1.0: MIT\n")
    for name in bundle.PROGRAMS:
        (folder / name).write_text("#!/bin/sh\n")
    return folder


@pytest.fixture
def tree(program: Path, tmp_path: Path) -> Path:
    deb.stage(program, PACKAGING, tmp_path / "tree", "0.1.0", AT)
    return tmp_path / "tree"


def test_the_control_file_says_what_apt_needs() -> None:
    fields = Parser().parsestr(deb.control("0.1.0", "amd64", 220_000, DEPENDS))
    assert (fields["Package"], fields["Version"], fields["Architecture"]) == ("judge-desk", "0.1.0", "amd64")
    assert fields["Depends"] == "libc6 (>= 2.36), libssl3t64 | libssl3"
    assert fields["Installed-Size"] == "220000"
    first, *more = fields["Description"].splitlines()
    assert len(first) <= 80
    assert all(line.startswith(" ") and len(line) <= 80 for line in more)


def test_everything_lies_where_debian_has_it(tree: Path) -> None:
    files = {path.relative_to(tree).as_posix() for path in tree.rglob("*") if not path.is_dir()}
    assert files == {
        "usr/bin/judge-desk",
        "usr/bin/judge-desk-hub",
        "usr/lib/judge-desk/_internal/library.so",
        "usr/lib/judge-desk/judge-desk",
        "usr/lib/judge-desk/judge-desk-hub",
        "usr/share/applications/judge-desk.desktop",
        "usr/share/doc/judge-desk/changelog.gz",
        "usr/share/doc/judge-desk/copyright",
        "usr/share/doc/judge-desk/licences/index.txt",
        "usr/share/doc/judge-desk/licences/old/LICENSE",
        "usr/share/icons/hicolor/scalable/apps/judge-desk.svg",
        "usr/share/lintian/overrides/judge-desk",
        "usr/share/man/man1/judge-desk-hub.1.gz",
        "usr/share/man/man1/judge-desk.1.gz",
        "usr/share/metainfo/judge-desk.metainfo.xml",
    }
    for name in bundle.PROGRAMS:
        assert (tree / "usr/bin" / name).resolve() == (tree / "usr/lib/judge-desk" / name).resolve()


def test_only_programs_are_executable_and_only_root_may_write(tree: Path) -> None:
    modes = {path.relative_to(tree).as_posix(): path.stat().st_mode & 0o777 for path in tree.rglob("*")}
    assert {mode for name, mode in modes.items() if (tree / name).is_dir()} == {0o755}
    programs = {name for name, mode in modes.items() if mode == 0o755 and (tree / name).is_file()}
    assert programs == {f"usr/{place}/{name}" for name in bundle.PROGRAMS for place in ("bin", "lib/judge-desk")}


def test_the_manifest_names_every_file_with_its_sum(tree: Path) -> None:
    sums = {name: digest for digest, name in deb.manifest(tree)}
    assert (
        sums["usr/lib/judge-desk/_internal/library.so"] == hashlib.md5(b"x" * 3000, usedforsecurity=False).hexdigest()
    )
    assert "usr/bin/judge-desk" not in sums
    assert len(sums) == 13


def test_manual_pages_and_changelog_can_be_read(tree: Path) -> None:
    manual = gzip.decompress((tree / "usr/share/man/man1/judge-desk.1.gz").read_bytes()).decode()
    assert manual.startswith(".TH JUDGE-DESK 1")
    changes = gzip.decompress((tree / "usr/share/doc/judge-desk/changelog.gz").read_bytes()).decode()
    assert changes.splitlines()[0] == "judge-desk (0.1.0) stable; urgency=medium"
    assert changes.rstrip().endswith("Thu, 01 Jan 2026 00:00:00 +0000")


def test_the_menu_entry_and_the_store_entry_name_what_is_installed() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(PACKAGING / "judge-desk.desktop", encoding="utf-8")
    menu = entry["Desktop Entry"]
    assert (menu["Exec"], menu["Icon"], menu["Terminal"]) == ("judge-desk", "judge-desk", "false")
    assert {"comment[kk]", "comment[ru]"} <= set(menu)
    store = ET.parse(PACKAGING / "judge-desk.metainfo.xml").getroot()  # noqa: S314  our own file
    assert store.findtext("launchable") == "judge-desk.desktop"
    assert {each.text for each in store.iter("binary")} == set(bundle.PROGRAMS)


@needs_dpkg
def test_the_same_tree_gives_the_same_bytes(program: Path, tmp_path: Path) -> None:
    text = deb.control("0.1.0", "amd64", 10, DEPENDS)
    made = []
    for number in ("1", "2"):
        deb.stage(program, PACKAGING, tmp_path / number, "0.1.0", AT)
        made.append(tmp_path / f"{number}.deb")
        deb.pack(tmp_path / number, text, made[-1], AT)
    assert made[0].read_bytes() == made[1].read_bytes()


@needs_dpkg
def test_dpkg_reads_the_package(tree: Path, tmp_path: Path) -> None:
    package = tmp_path / "desk.deb"
    deb.pack(tree, deb.control("0.1.0", "amd64", deb.kilobytes(tree), DEPENDS), package, AT)
    fields = subprocess.run(
        ["dpkg-deb", "--field", str(package), "Package", "Depends"], capture_output=True, text=True, check=True
    )
    assert "libssl3t64 | libssl3" in fields.stdout
    listing = subprocess.run(
        ["dpkg-deb", "--contents", str(package)], capture_output=True, text=True, check=True
    ).stdout
    assert {line.split()[1] for line in listing.splitlines()} == {"root/root"}
    assert "./usr/bin/judge-desk -> ../lib/judge-desk/judge-desk" in listing
