"""The package's Depends, worked out of what the libraries say they need."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from judge_desk.bootstrap.installer import linked
from judge_desk.bootstrap.installer.linked import Links
from judge_desk.bootstrap.system_packages import WINDOW, SetupError

READELF = """
File: a.so
 0x0000000000000001 (NEEDED)             Shared library: [libQt6Core.so.6]
 0x0000000000000001 (NEEDED)             Shared library: [libglib-2.0.so.0]
 0x0000000000000001 (NEEDED)             Shared library: [libc.so.6]
Version needs section '.gnu.version_r' contains 2 entries:
  0x0010:   Name: GLIBC_2.9  Flags: none  Version: 4
  0x0020:   Name: GLIBC_2.34  Flags: none  Version: 3
  0x0030:   Name: GLIBCXX_3.4.30  Flags: none  Version: 2
File: b.so
 0x0000000000000001 (NEEDED)             Shared library: [libxcb-cursor.so.0]
  0x0020:   Name: GLIBC_2.17  Flags: none  Version: 3
"""


def test_sonames_and_the_newest_c_library_are_read() -> None:
    found = linked.parse_readelf(READELF)
    assert found.sonames == {"libQt6Core.so.6", "libglib-2.0.so.0", "libc.so.6", "libxcb-cursor.so.0"}
    assert found.glibc == (2, 34)


def test_what_is_bundled_is_no_dependency() -> None:
    assert linked.packages(linked.parse_readelf(READELF), ["libQt6Core.so.6"]) == [
        "libc6 (>= 2.34)",
        "libglib2.0-0t64 | libglib2.0-0",
        "libxcb-cursor0",
    ]


def test_an_unknown_library_stops_the_build() -> None:
    with pytest.raises(SetupError, match=r"libodd\.so\.3"):
        linked.packages(Links(frozenset({"libodd.so.3"}), (2, 36)), [])


def test_set_up_and_package_call_the_same_packages_by_the_same_names() -> None:
    alternatives = {frozenset(packages.split(" | ")) for packages in linked.SYSTEM.values()}
    by_name = {name: names for names in alternatives for name in names}
    for need in WINDOW:
        for name in need:
            assert by_name.get(name, frozenset(need)) == frozenset(need)


@pytest.mark.skipif(sys.platform != "linux", reason="reads ELF files")
def test_the_libraries_of_this_python_are_known() -> None:
    import _ssl

    folder = Path(_ssl.__file__).parent
    found = linked.links(folder)
    assert "libssl.so.3" in found.sonames
    assert found.glibc >= (2, 14)
