"""Builds what courts install: the one-folder program and the .deb around it. Needs Python 3.11 or newer alone.

    python3 build_installer.py                       dist/judge-desk/ and, on Debian and Ubuntu, dist/judge-desk_*.deb
    python3 build_installer.py --small               the .deb compressed by xz instead of zstd, for a release
    python3 build_installer.py --target folder       the one-folder program only; on Windows the only target

The program holds the Python that runs this script, so build on the oldest release that is to be served (Debian 12) and
with a Python from there. On Debian: apt-get install python3-venv binutils libpython3.11 and the libraries of
judge_desk/bootstrap/system_packages.py (WINDOW). Packages come from the network or a court's mirror (pip's own
settings) and are checked against the hashes in resources/locks. The same tree, Python and SOURCE_DATE_EPOCH (by default
the date of the last commit) give the same bytes. Every build starts the finished program's self-test with an empty
environment before it packs; SIGN_COMMAND, if set, is called with the path of each finished package.

Tests: tests/unit/bootstrap/installer looks at the parts; tests/e2e/test_installer.py builds the .deb, unpacks it and
runs it with an empty environment (`pytest tests/e2e/test_installer.py`). To try the package as a court would:

    debootstrap --variant=minbase bookworm ROOT && cp dist/judge-desk_*.deb ROOT/tmp
    chroot ROOT sh -c 'apt-get install -y /tmp/judge-desk_*.deb && judge-desk --selftest'
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from judge_desk import __version__
from judge_desk.bootstrap import locks
from judge_desk.bootstrap.installer import bundle, deb, licences, linked
from judge_desk.bootstrap.setup import environment_python
from judge_desk.bootstrap.system_packages import SetupError

ROOT = Path(__file__).resolve().parent
LOCKS = (*locks.LOCKED_EXTRAS, locks.INSTALLER)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build; 0 when done, 3 when it could not be."""
    parser = argparse.ArgumentParser(prog="build_installer.py", description="Build the program that courts install.")
    default = "deb" if shutil.which("dpkg-deb") else "folder"
    parser.add_argument("--target", choices=("folder", "deb"), default=default)
    parser.add_argument("--small", action="store_true", help="compress the .deb a fifth better, minutes longer")
    parser.add_argument("--work", type=Path, default=ROOT / "build", metavar="DIR", help="where it works")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR", help="where the results go")
    chosen = parser.parse_args(arguments)
    try:
        build(chosen.target, chosen.work.resolve(), chosen.out.resolve(), deb.SMALL if chosen.small else deb.FAST)
    except SetupError as error:
        print(f"build_installer: {error}", file=sys.stderr)
        return 3
    return 0


def build(target: str, work: Path, out: Path, compression: Sequence[str] = deb.FAST) -> list[Path]:
    """Every step in order; returns what was made."""
    began = time.monotonic()
    epoch = source_date()
    python = environment(work / "venv")
    site = install_wheel(python, work / "wheel")
    program = freeze(python, site, work, epoch)
    needed = finish(program, site)
    say("program", began, program)
    self_test(program)
    say("self-test", began)
    made = [replace_tree(program, out / bundle.NAME)]
    if target == "deb":
        tree, text = stage_deb(program, linked.packages(*needed), work / "stage", deb.built_at(epoch))
        made.append(out / f"{deb.PACKAGE}_{__version__}_{architecture()}.deb")
        deb.pack(tree, text, made[-1], deb.built_at(epoch), compression)
    for path in made:
        sign(path)
        say("made", began, path)
    return made


def source_date() -> int:
    """Seconds that the results bear as their date: SOURCE_DATE_EPOCH, else the last commit's."""
    told = os.environ.get("SOURCE_DATE_EPOCH")
    if told:
        return int(told)
    log = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    answer = subprocess.run(log, capture_output=True, text=True, check=False) if shutil.which("git") else None
    found = answer.stdout.strip() if answer else ""
    return int(found) if found else int((ROOT / "pyproject.toml").stat().st_mtime)


def environment(folder: Path) -> Path:
    """A virtual environment with exactly what the locks name; kept as long as they stay the same."""
    digest = hashlib.sha256(sys.version.encode())
    for name in LOCKS:
        digest.update(locks.lock_file(name).read_bytes())
    stamp, python = folder / "judge-desk-locks", environment_python(folder)
    if stamp.is_file() and stamp.read_text() == digest.hexdigest():
        return python
    if folder.exists():
        shutil.rmtree(folder)
    run([sys.executable, "-m", "venv", str(folder)], "the virtual environment could not be made")
    files = [word for name in LOCKS for word in ("--requirement", str(locks.lock_file(name)))]
    options = ["--quiet", "--require-hashes", "--only-binary", ":all:", "--no-compile"]
    pip = [str(python), "-m", "pip", "install", *options, *files]
    run(pip, "the locked packages could not be installed; check the network")
    stamp.write_text(digest.hexdigest())
    return python


def install_wheel(python: Path, folder: Path) -> Path:
    """Build this project's wheel and install it; returns the environment's site-packages."""
    if folder.exists():
        shutil.rmtree(folder)
    run([str(python), "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], "the wheel could not be built")
    (wheel,) = folder.glob("*.whl")
    options = ["--quiet", "--no-index", "--no-deps", "--force-reinstall", "--no-compile"]
    run([str(python), "-m", "pip", "install", *options, str(wheel)], "the wheel could not be installed")
    where = subprocess.run(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(where.stdout.strip())


def freeze(python: Path, site: Path, work: Path, epoch: int) -> Path:
    """Let PyInstaller make the folder; returns it."""
    spec = work / f"{bundle.NAME}.spec"
    spec.write_text(bundle.spec(site / "judge_desk"), encoding="utf-8")
    command = [str(python), "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    places = ["--distpath", str(work / "program"), "--workpath", str(work / "pyinstaller"), str(spec)]
    run([*command, *places], "PyInstaller failed", SOURCE_DATE_EPOCH=str(epoch), PYTHONHASHSEED="1")
    return work / "program" / bundle.NAME


def finish(program: Path, site: Path) -> tuple[linked.Links, list[str]]:
    """Strip, add the licences, and check that the folder is whole; returns what it needs and the libraries it has."""
    inside = program / "_internal"
    lacking = bundle.missing(inside, sys.platform)
    if lacking:
        raise SetupError(f"the program lacks {', '.join(lacking)}; are the system's libraries (WINDOW) installed?")
    names = {
        entry.name for name in locks.LOCKED_EXTRAS for entry in locks.parse_lock(locks.lock_file(name).read_text())
    }
    licences.lay_out(licences.components(site, {*names, "pyinstaller"}), program / licences.FOLDER)
    if sys.platform != "linux":
        return linked.Links(frozenset(), (0, 0)), []
    libraries = [path for path in linked.elf_files(inside) if bundle.is_stripped(path.relative_to(inside).as_posix())]
    run(["strip", "--strip-unneeded", *map(str, libraries)], "strip failed; is binutils installed?")
    return linked.links(program), [path.name for path in linked.elf_files(inside)]


def self_test(program: Path) -> None:
    """The finished program, with nothing of this machine in its environment, checks itself."""
    with tempfile.TemporaryDirectory() as home:
        clean = {"HOME": home, "PATH": os.defpath}
        if os.name == "nt":
            clean = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}
        suffix = ".exe" if os.name == "nt" else ""
        done = subprocess.run([str(program / f"judge-desk{suffix}"), "--selftest"], env=clean, cwd=home, check=False)
        hub = subprocess.run([str(program / f"judge-desk-hub{suffix}"), "--help"], env=clean, stdout=-3, check=False)
    if done.returncode or hub.returncode:
        raise SetupError("the finished program failed its self-test; what it said stands above.")


def stage_deb(program: Path, depends: list[str], folder: Path, at: datetime) -> tuple[Path, str]:
    """Lay out what the .deb installs; returns the tree and its control file."""
    if folder.exists():
        shutil.rmtree(folder)
    deb.stage(program, ROOT / "resources" / "packaging", folder, __version__, at)
    return folder, deb.control(__version__, architecture(), deb.kilobytes(folder), depends)


def architecture() -> str:
    """Debian's name of the machine that is built on, such as amd64."""
    answer = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True)
    return answer.stdout.strip()


def replace_tree(source: Path, target: Path) -> Path:
    """Copy a folder to where an older one may stand."""
    if target.exists():
        shutil.rmtree(target)
    return Path(shutil.copytree(source, target, symlinks=True))


def sign(path: Path) -> None:
    """Hand a finished package to the release's own signing program, if one is named."""
    command = os.environ.get("SIGN_COMMAND")
    if command and path.is_file():
        run([*shlex.split(command), str(path)], "signing failed")


def run(command: list[str], complaint: str, **variables: str) -> None:
    """One step.

    Raises:
        SetupError: it failed, or its program is not there.
    """
    try:
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, check=False)
    except FileNotFoundError:
        raise SetupError(f"{complaint} ({command[0]} was not found).") from None
    if done.returncode:
        raise SetupError(f"{complaint}.")


def say(what: str, began: float, path: Path | None = None) -> None:
    """One line of progress, with the size of what was made."""
    size = ""
    if path is not None:
        files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
        size = f"{path.name}, {sum(each.lstat().st_size for each in files) / 1e6:.1f} MB, {len(files)} files"
    print(f"{time.monotonic() - began:6.1f} s  {what}: {size or 'passed'}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
