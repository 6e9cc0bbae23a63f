"""One line from an empty machine to the demo or to passed tests: `python3 -m judge_desk.bootstrap.setup demo|test`.

Needs Python 3.11 and its standard library alone. Makes `.venv` beside pyproject.toml, installs the project into it
(editable), brings system libraries through apt where it may, compiles the catalogs and hands over. Run again, it finds
its stamp and starts at once.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from judge_desk.bootstrap import system_packages
from judge_desk.bootstrap.system_packages import SetupError

MINIMUM = (3, 11)
EXTRAS = {"demo": ("desktop", "hub"), "test": ("desktop", "hub", "test")}
STAMP_NAME = "judge-desk-setup.json"
# The longest path below the clone after `test` has 181 characters, one of Qt's; a few more for the next release.
LONGEST_PATH = 190
WINDOWS_PATH = 259
USAGE = "usage: python3 -m judge_desk.bootstrap.setup demo [options of judge-desk demo] | test [options of pytest]"


def main(arguments: Sequence[str] | None = None) -> int:
    """Set up and run; returns the exit code of what was run, 2 for wrong use, 3 when set-up cannot go on."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] not in EXTRAS:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        python = prepare(project_root(), words[0])
        return run_demo(python, words[1:]) if words[0] == "demo" else run_tests(python, words[1:])
    except SetupError as error:
        print(f"judge-desk set-up: {error}", file=sys.stderr)
        return 3


def project_root() -> Path:
    """The clone this file stands in.

    Raises:
        SetupError: the package was installed without its source tree.
    """
    root = Path(__file__).resolve().parents[2]
    if not (root / "pyproject.toml").is_file():
        raise SetupError("run this in a clone of the project, beside pyproject.toml.")
    return root


def prepare(root: Path, purpose: str) -> Path:
    """Bring everything the purpose needs; returns the environment's Python.

    Raises:
        SetupError: with the line to type.
    """
    if sys.version_info < MINIMUM:
        raise SetupError(f"Python {MINIMUM[0]}.{MINIMUM[1]} or newer is needed, this is {sys.version.split()[0]}.")
    needs = [*system_packages.WINDOW]
    if purpose == "test":
        needs += [*system_packages.TESTS, *system_packages.python_library_needs()]
    system_packages.ensure(needs)
    environment = root / ".venv"
    python = environment_python(environment)
    stamp = environment / STAMP_NAME
    fingerprint = project_fingerprint(root)
    if not is_prepared(read_stamp(stamp), fingerprint, purpose) or not works(python):
        require_room_for_paths(root)
        make_environment(environment)
        install(root, python, purpose)
        if os.name == "nt":
            spell_in_ascii(environment / "Lib" / "site-packages")
        stamp.write_text(json.dumps({"fingerprint": fingerprint, "extras": EXTRAS[purpose]}), encoding="utf-8")
    compile_catalogs()
    return python


def require_room_for_paths(root: Path, system: str = os.name) -> None:
    """Ask before minutes of downloads whether Windows takes the paths that will lie below the clone.

    Raises:
        SetupError: it ends a path at 259 characters, as it does unless long paths are switched on, and some are longer.
    """
    probe = root / ("x" * LONGEST_PATH)
    if system != "nt" or len(str(probe)) <= WINDOWS_PATH:
        return
    try:
        probe.touch()
        probe.unlink()
    except OSError:
        room = WINDOWS_PATH - LONGEST_PATH - 1
        raise SetupError(
            f"the path of this folder is too long for Windows ({len(str(root))} characters, {room} are possible). "
            "Move the folder to a shorter one, say C:\\judge-desk, and start again there."
        ) from None


def spell_in_ascii(site_packages: Path) -> None:
    """Write the clone's path into the environment in letters that every code page has.

    The installer writes it in UTF-8; before 3.13 Python for Windows reads it in the old page of its language, and of a
    folder named Ирина it does not even start.
    """
    for file in site_packages.glob("*judge_desk*.pth"):
        lines = file.read_text(encoding="utf-8").splitlines()
        told = [line if line.isascii() else f"import sys; sys.path.append({line!a})" for line in lines]
        file.write_text("\n".join(told), encoding="ascii")


def environment_python(environment: Path) -> Path:
    """The interpreter inside a virtual environment, on this system."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def project_fingerprint(root: Path) -> str:
    """Changes when what must be installed changes: pyproject.toml, where the clone lies, or the Python in use."""
    digest = hashlib.sha256((root / "pyproject.toml").read_bytes())
    digest.update(str(root).encode())
    digest.update(sys.version.encode())
    return digest.hexdigest()


def read_stamp(stamp: Path) -> dict[str, object]:
    """What an earlier run left; empty when there is none or it is broken."""
    try:
        content = json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def is_prepared(stamp: dict[str, object], fingerprint: str, purpose: str) -> bool:
    """Whether an earlier run installed the same project with at least these extras."""
    extras = stamp.get("extras")
    return stamp.get("fingerprint") == fingerprint and isinstance(extras, list) and set(EXTRAS[purpose]) <= set(extras)


def works(python: Path) -> bool:
    """Whether the environment's Python starts, is new enough and has pip."""
    probe = f"import sys, pip; sys.exit(sys.version_info < {MINIMUM})"
    try:
        return subprocess.run([str(python), "-c", probe], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def make_environment(environment: Path) -> None:
    """Make the virtual environment anew unless a working one stands there."""
    if works(environment_python(environment)):
        return
    if find_spec("ensurepip") is None or find_spec("venv") is None:
        if not system_packages.has_apt():
            raise SetupError("this Python lacks ensurepip; install the Python from its own installer.")
        system_packages.ensure([system_packages.venv_need()])
    if environment.exists():
        shutil.rmtree(environment)
    run([sys.executable, "-m", "venv", str(environment)], "The virtual environment could not be made")


def install(root: Path, python: Path, purpose: str) -> None:
    """Install the project, editable, with the extras of the purpose."""
    extras = ",".join(EXTRAS[purpose])
    print(
        f"Installing Python packages ({extras}) into .venv; the first time takes minutes.", file=sys.stderr, flush=True
    )
    command = [str(python), "-m", "pip", "install", "--quiet", "--editable", f"{root}[{extras}]"]
    run(
        command,
        "The Python packages could not be installed; check the network",
        PIP_NO_INPUT="1",
        PIP_DISABLE_PIP_VERSION_CHECK="1",
    )


def run(command: list[str], complaint: str, **environment: str) -> None:
    """Run a step without input, its output on stderr.

    Raises:
        SetupError: it failed.
    """
    done = subprocess.run(
        command, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False
    )
    if done.returncode:
        raise SetupError(f"{complaint}. Type: {' '.join(command)}   and read what it says.")


def compile_catalogs() -> None:
    """Compile texts that are newer than their catalog; costs a few file looks when none is."""
    from judge_desk.i18n import catalogs

    catalogs.compile_all()


def run_demo(python: Path, options: list[str]) -> int:
    """Hand over to `judge-desk demo`; returns its exit code."""
    return subprocess.run([str(python), "-m", "judge_desk", "demo", *options], check=False).returncode


def run_tests(python: Path, options: list[str]) -> int:
    """Run pytest over all tests in parallel, or exactly what the options say; returns its exit code."""
    words = pytest_words(options, os.cpu_count() or 1)
    command = [str(python), "-m", "pytest", *words]
    return subprocess.run(command, cwd=project_root(), env=environment_of_tests(os.environ), check=False).returncode


def environment_of_tests(given: Mapping[str, str]) -> dict[str, str]:
    """What the tests run with."""
    kept = {name: value for name, value in given.items() if name != "PYTHONDONTWRITEBYTECODE"}
    # Tests start programs by the hundred: without compiled files each would compile all of it anew, for a fifth of its
    # time. They write Kazakh into files and read what programs say; Windows would take an old page for both.
    return {**kept, "PYTHONUTF8": "1"}


def pytest_words(options: list[str], cores: int) -> list[str]:
    """The words behind pytest. Benchmarks are programs of their own (tests/bench), never part of a run.

    One worker more than cores: some tests wait for a line that is slow or cut. The files in their order, so that the
    long ones (e2e) come in the middle: sorted by how many tests they hold, those would come last, one worker with them
    and the others with nothing.
    """
    workers = max(2, min(cores + 1, 4))
    return options or ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder", "tests"]


if __name__ == "__main__":
    sys.exit(main())
