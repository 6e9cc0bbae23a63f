"""What the bundled libraries need from the system: sonames, the packages that bring them, how new a C library."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from judge_desk.bootstrap.system_packages import SetupError

# Soname and its package; where releases differ, the newest name first.
_TABLE = """
ld-linux-x86-64.so.2   libc6
libc.so.6              libc6
libdl.so.2             libc6
libm.so.6              libc6
libpthread.so.0        libc6
libresolv.so.2         libc6
librt.so.1             libc6
libutil.so.1           libc6
libgcc_s.so.1          libgcc-s1
libstdc++.so.6         libstdc++6
libbz2.so.1.0          libbz2-1.0
libcrypto.so.3         libssl3t64 | libssl3
libssl.so.3            libssl3t64 | libssl3
libexpat.so.1          libexpat1
libffi.so.8            libffi8
liblzma.so.5           liblzma5
libsqlite3.so.0        libsqlite3-0
libuuid.so.1           libuuid1
libz.so.1              zlib1g
libbrotlicommon.so.1   libbrotli1
libbrotlidec.so.1      libbrotli1
libzstd.so.1           libzstd1
libEGL.so.1            libegl1
libGL.so.1             libgl1
libdbus-1.so.3         libdbus-1-3
libdrm.so.2            libdrm2
libfontconfig.so.1     libfontconfig1
libfreetype.so.6       libfreetype6
libglib-2.0.so.0       libglib2.0-0t64 | libglib2.0-0
libgthread-2.0.so.0    libglib2.0-0t64 | libglib2.0-0
libgssapi_krb5.so.2    libgssapi-krb5-2
libwayland-client.so.0 libwayland-client0
libwayland-cursor.so.0 libwayland-cursor0
libwayland-egl.so.1    libwayland-egl1
libX11.so.6            libx11-6
libX11-xcb.so.1        libx11-xcb1
libxkbcommon.so.0      libxkbcommon0
libxkbcommon-x11.so.0  libxkbcommon-x11-0
libxcb.so.1            libxcb1
libxcb-cursor.so.0     libxcb-cursor0
libxcb-icccm.so.4      libxcb-icccm4
libxcb-image.so.0      libxcb-image0
libxcb-keysyms.so.1    libxcb-keysyms1
libxcb-randr.so.0      libxcb-randr0
libxcb-render.so.0     libxcb-render0
libxcb-render-util.so.0 libxcb-render-util0
libxcb-shape.so.0      libxcb-shape0
libxcb-shm.so.0        libxcb-shm0
libxcb-sync.so.1       libxcb-sync1
libxcb-util.so.1       libxcb-util1
libxcb-xfixes.so.0     libxcb-xfixes0
libxcb-xkb.so.1        libxcb-xkb1
"""
SYSTEM: Mapping[str, str] = dict(line.split(maxsplit=1) for line in _TABLE.strip().splitlines())

_NEEDED = re.compile(r"\(NEEDED\)\s+.*\[(.+)\]")
_GLIBC = re.compile(r"\bGLIBC_(\d+)\.(\d+)")
_ELF = b"\x7fELF"


@dataclass(frozen=True, slots=True)
class Links:
    """What the libraries and programs of a folder need: sonames, and the C library's version as (2, 36)."""

    sonames: frozenset[str]
    glibc: tuple[int, int]


def elf_files(folder: Path) -> Iterator[Path]:
    """Programs and libraries in a folder, each once."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as stream:
                if stream.read(4) == _ELF:
                    yield path


def parse_readelf(text: str) -> Links:
    """Out of what `readelf --dynamic --version-info` says about any number of files."""
    versions = [(int(major), int(minor)) for major, minor in _GLIBC.findall(text)]
    return Links(frozenset(_NEEDED.findall(text)), max(versions, default=(2, 0)))


def links(folder: Path) -> Links:
    """What a folder's libraries need.

    Raises:
        SetupError: binutils are not installed.
    """
    command = ["readelf", "--dynamic", "--version-info", "--wide", *map(str, elf_files(folder))]
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, errors="replace")
    except FileNotFoundError:
        raise SetupError("readelf is needed. Type: apt-get install binutils   and start again.") from None
    return parse_readelf(done.stdout)


def packages(needed: Links, bundled: Iterable[str]) -> list[str]:
    """The Depends of a folder that carries the libraries `bundled`, sorted.

    Raises:
        SetupError: a library is neither in the folder nor in a package we know.
    """
    outside = needed.sonames - set(bundled)
    unknown = sorted(outside - SYSTEM.keys())
    if unknown:
        raise SetupError(f"no package is known for {', '.join(unknown)}; add it to linked.SYSTEM or bundle it.")
    major, minor = needed.glibc
    found = {SYSTEM[soname] for soname in outside} - {"libc6"}
    return sorted([f"libc6 (>= {major}.{minor})", *found])
