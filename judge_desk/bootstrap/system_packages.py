"""Which of the system's libraries and tools are missing, and how apt brings them; standard library only.

Names differ between releases (Ubuntu 24.04 and Debian 13 end some in t64), so each need lists its names, newest first.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable

Need = tuple[str, ...]

WINDOW: tuple[Need, ...] = (
    ("libglib2.0-0t64", "libglib2.0-0"),
    ("libegl1",),
    ("libgl1",),
    ("libdbus-1-3",),
    ("libfontconfig1",),
    ("libxkbcommon0",),
    ("libgssapi-krb5-2",),
    ("libxcb-cursor0",),
    ("libxcb-icccm4",),
    ("libxcb-keysyms1",),
    ("libxcb-shape0",),
    ("libxkbcommon-x11-0",),
    ("libcups2t64", "libcups2"),
    ("libwayland-cursor0",),
    # Without them words are not judged, and the window says so.
    ("hunspell-kk",),
    ("hunspell-ru",),
    ("hunspell-en-us",),
)
TESTS: tuple[Need, ...] = (
    ("xvfb",),
    ("xauth",),
    ("openbox",),
    ("xdotool",),
    ("x11-utils",),
    ("dbus",),
    ("gnome-keyring",),
    ("at-spi2-core",),
    ("gir1.2-atspi-2.0",),
    ("python3-gi",),
    ("procps",),
    # Two networks with a poor line between them.
    ("iproute2",),
    # PyInstaller and build_installer.py read and strip libraries with it.
    ("binutils",),
    # The token, the second opinion on signatures, and the word processor that an act's outputs are tried in.
    ("softhsm2",),
    ("openssl",),
    ("poppler-utils",),
    ("libreoffice-writer-nogui",),
    # The browser's engine comes with Qt from PyPI: Ubuntu's chromium is a door to a snap. It asks for these.
    ("libnss3",),
    ("libasound2t64", "libasound2"),
    ("libgbm1",),
    ("libxcb-dri3-0",),
    ("libxcomposite1",),
    ("libxdamage1",),
    ("libxkbfile1",),
    ("libxrandr2",),
    ("libxtst6",),
    # OpenStack Swift with its s3api: the real S3 server that the hub's blob store is tried against.
    ("swift-proxy",),
    ("swift-account",),
    ("swift-container",),
    ("swift-object",),
    ("memcached",),
)
# Behind sudo, which hands no variables on: ask nothing, and leave the services of an Ubuntu as they run.
QUIETLY = ("DEBIAN_FRONTEND=noninteractive", "NEEDRESTART_SUSPEND=1", "LC_ALL=C")
INSTALL_OPTIONS = ("-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300")


class SetupError(Exception):
    """Set-up cannot go on; the message is one sentence with the line to type."""


def venv_need() -> Need:
    """The package that brings `ensurepip` to this Python; Debian leaves it out of python3."""
    return (f"python{sys.version_info.major}.{sys.version_info.minor}-venv", "python3-venv")


def python_library_needs() -> tuple[Need, ...]:
    """What build_installer.py takes along of Debian's own Python; any other Python brings its library itself."""
    if sys.base_prefix != "/usr":
        return ()
    name = f"libpython{sys.version_info.major}.{sys.version_info.minor}"
    return ((f"{name}t64", name),)


def has_apt() -> bool:
    """Whether this is Debian or a relative of it."""
    return sys.platform == "linux" and bool(shutil.which("apt-get")) and bool(shutil.which("dpkg-query"))


def missing(needs: Iterable[Need], installed: set[str]) -> list[Need]:
    """The needs of which no name is installed."""
    return [need for need in needs if not installed.intersection(need)]


def parse_installed(listing: str) -> set[str]:
    """Package names out of dpkg-query's lines "name<TAB>db status"; only what is fully installed."""
    lines = (line.split("\t") for line in listing.splitlines() if "\t" in line)
    return {name.partition(":")[0] for name, status in lines if status.strip() == "install ok installed"}


def installed_packages() -> set[str]:
    """Names of everything installed here."""
    listing = subprocess.run(
        ["dpkg-query", "-W", "-f", "${binary:Package}\t${Status}\n"], check=True, capture_output=True, text=True
    )
    return parse_installed(listing.stdout)


def choose(need: Need, offered: set[str]) -> str:
    """The first name of a need that apt offers; the last one if it offers none, so that its own error names it."""
    return next((name for name in need if name in offered), need[-1])


def parse_offered(policy: str) -> set[str]:
    """Names with a candidate out of `apt-cache policy`."""
    offered: set[str] = set()
    name = ""
    for line in policy.splitlines():
        if line and not line.startswith(" "):
            name = line.rstrip(":")
        elif line.strip().startswith("Candidate:") and not line.strip().endswith("(none)"):
            offered.add(name)
    return offered


def apt_prefix() -> list[str] | None:
    """What to put before apt-get: nothing as root, `sudo -n` where it asks no password, None where apt may not run."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _quiet(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    return None


def ensure(needs: Iterable[Need]) -> list[str]:
    """Install what is missing through apt; returns the names it installed.

    Raises:
        SetupError: apt may not run here, or failed.
    """
    if not has_apt():
        return []
    lacking = missing(needs, installed_packages())
    if not lacking:
        return []
    prefix = apt_prefix()
    if prefix is None:
        names = " ".join(_names(lacking))
        raise SetupError(f"System packages are missing. Type: sudo apt-get install {names}   and start again.")
    print(f"Installing {len(lacking)} system packages through apt.", file=sys.stderr, flush=True)
    _apt([*prefix, "env", *QUIETLY, "apt-get", "update", "-q"])
    names_to_install = _names(lacking)
    _apt([*prefix, "env", *QUIETLY, "apt-get", "install", *INSTALL_OPTIONS, *names_to_install])
    return names_to_install


def _names(needs: list[Need]) -> list[str]:
    """The name of each need in this release, by the lists that apt has."""
    command = ["apt-cache", "policy", *(name for need in needs for name in need)]
    # Its words are read, so they must be English.
    environment = {**os.environ, "LC_ALL": "C"}
    answer = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    offered = parse_offered(answer.stdout)
    return [choose(need, offered) for need in needs]


def _apt(command: list[str]) -> None:
    # stdout belongs to what the user asked for: the demo or the tests.
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    if done.returncode:
        raise SetupError(f"apt failed. Type: {' '.join(command)}   and read what it says.")


def _quiet(command: list[str]) -> bool:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    return done.returncode == 0
