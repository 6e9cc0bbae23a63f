"""The .deb around the one-folder program: where each file lies, what apt is told, and the archive itself."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from judge_desk.bootstrap.installer import bundle, licences
from judge_desk.bootstrap.system_packages import SetupError

PACKAGE = "judge-desk"
MAINTAINER = "Judge Desk <judge-desk@courts.example>"
RECOMMENDS = ("gnome-keyring | kwalletmanager", "hunspell-kk", "hunspell-ru", "hunspell-en-us")
PROGRAM_FOLDER = Path("usr/lib") / PACKAGE
DOCUMENTS = Path("usr/share/doc") / PACKAGE
PLACES = {
    "judge-desk.desktop": "usr/share/applications",
    "judge-desk.svg": "usr/share/icons/hicolor/scalable/apps",
    "judge-desk.metainfo.xml": "usr/share/metainfo",
    "lintian-overrides": "usr/share/lintian/overrides",
    "judge-desk.1": "usr/share/man/man1",
    "judge-desk-hub.1": "usr/share/man/man1",
}
"""Files of resources/packaging and their folders."""
FAST = ("-Zzstd", "-z10")
SMALL = ("-Zxz", "-z6")
"""How the archive is compressed: a fifth smaller takes minutes instead of seconds."""
DESCRIPTION = """judge's workplace that works offline, and the court hub
 Hearings, case files, terms, drafts, the judge's own dossier and peer reviews,
 in Kazakh, Russian and English, over an encrypted database on this computer.
 The desk works without a network and agrees with the court's hub when the link
 is back. The hub (judge-desk-hub) is in this package as well."""


def control(version: str, architecture: str, kilobytes: int, depends: Sequence[str]) -> str:
    """What apt is told about the package."""
    fields = {
        "Package": PACKAGE,
        "Version": version,
        "Architecture": architecture,
        "Maintainer": MAINTAINER,
        "Installed-Size": str(kilobytes),
        "Depends": ", ".join(depends),
        "Recommends": ", ".join(RECOMMENDS),
        "Section": "misc",
        "Priority": "optional",
        "Description": DESCRIPTION,
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def changelog(version: str, at: datetime) -> str:
    """One entry: the changes themselves stand in the README."""
    head, foot = f"{PACKAGE} ({version}) stable; urgency=medium", f" -- {MAINTAINER}  {format_datetime(at)}"
    return f"{head}\n\n  * See README.md.\n\n{foot}\n"


def copyright_text(index: str) -> str:
    """The package's own licence, and where those of what it carries are; `index` is their list."""
    return (
        "Judge Desk is under the Apache License, Version 2.0; see /usr/share/common-licenses/Apache-2.0.\n"
        "Copyright: the contributors of Judge Desk.\n\n"
        f"It carries what others wrote; the texts of their licences are in /{DOCUMENTS / licences.FOLDER}.\n"
        "Its fonts (SIL Open Font License) and icons (ISC) have theirs beside them in\n"
        f"/{PROGRAM_FOLDER}/_internal/resources.\n\n{index}"
    )


def stage(program: Path, packaging: Path, root: Path, version: str, at: datetime) -> None:
    """Lay the installed tree out under `root`: the program, its two commands, menu entry, manual pages, licences."""
    folder = root / PROGRAM_FOLDER
    shutil.copytree(program, folder, symlinks=True)
    documents = root / DOCUMENTS
    documents.mkdir(parents=True)
    (folder / licences.FOLDER).rename(documents / licences.FOLDER)
    index = (documents / licences.FOLDER / "index.txt").read_text(encoding="utf-8")
    (documents / "copyright").write_text(copyright_text(index), encoding="utf-8")
    _write_compressed(documents / "changelog.gz", changelog(version, at).encode())
    for name, place in PLACES.items():
        target = root / place / (PACKAGE if name == "lintian-overrides" else name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if "/man/" in place:
            _write_compressed(target.with_name(f"{name}.gz"), (packaging / name).read_bytes())
        else:
            shutil.copyfile(packaging / name, target)
    commands = root / "usr/bin"
    commands.mkdir(parents=True)
    for name in bundle.PROGRAMS:
        (commands / name).symlink_to(Path("../lib") / PACKAGE / name)
    _set_modes(root)


def _write_compressed(path: Path, content: bytes) -> None:
    path.write_bytes(gzip.compress(content, 9, mtime=0))


def _set_modes(root: Path) -> None:
    """Everybody may read, nobody but root may change; only programs are executable."""
    programs = {root / PROGRAM_FOLDER / name for name in bundle.PROGRAMS}
    for path in root.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path in programs else 0o644)


def manifest(root: Path) -> Iterator[tuple[str, str]]:
    """MD5 and name of every file to be installed, as dpkg --verify wants them."""
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink():
            digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
            yield digest, path.relative_to(root).as_posix()


def kilobytes(root: Path) -> int:
    """Installed-Size: each file rounded up to whole kilobytes, as dpkg-gencontrol counts."""
    return sum(-(-path.lstat().st_size // 1024) if path.is_file() else 1 for path in root.rglob("*"))


def pack(root: Path, control_text: str, target: Path, at: datetime, compression: Sequence[str] = FAST) -> None:
    """Write the archive; the same tree and date give the same bytes.

    Raises:
        SetupError: dpkg-deb is missing or failed.
    """
    sums = "".join(f"{digest}  {name}\n" for digest, name in manifest(root))
    (root / "DEBIAN").mkdir(mode=0o755)
    (root / "DEBIAN" / "md5sums").write_text(sums, encoding="utf-8")
    (root / "DEBIAN" / "control").write_text(control_text, encoding="utf-8")
    seconds = int(at.timestamp())
    for path in (root, *root.rglob("*")):
        os.utime(path, (seconds, seconds), follow_symlinks=False)
    command = ["dpkg-deb", "--root-owner-group", *compression, "--build", str(root), str(target)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(seconds)}
    try:
        subprocess.run(command, check=True, env=environment, capture_output=True)
    except FileNotFoundError:
        raise SetupError("dpkg-deb is needed: build the .deb on Debian or Ubuntu.") from None
    except subprocess.CalledProcessError as error:
        raise SetupError(f"dpkg-deb failed: {error.stderr.decode(errors='replace').strip()}") from None


def built_at(seconds: int) -> datetime:
    """The date that a package bears, from a number of seconds."""
    return datetime.fromtimestamp(seconds, UTC)
