"""The one line that sets an empty machine up: what it decides before it runs anything."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from judge_desk.bootstrap import setup, system_packages
from judge_desk.bootstrap.setup import EXTRAS, is_prepared, project_fingerprint, pytest_words, read_stamp
from judge_desk.bootstrap.system_packages import SetupError

ROOT = Path(__file__).resolve().parents[3]


def test_wrong_use_prints_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert setup.main([]) == 2
    assert setup.main(["install"]) == 2
    assert "demo" in capsys.readouterr().err


def test_a_stamp_covers_what_it_names() -> None:
    stamp: dict[str, object] = {"fingerprint": "a", "extras": list(EXTRAS["test"])}
    assert is_prepared(stamp, "a", "test")
    assert is_prepared(stamp, "a", "demo")
    assert not is_prepared(stamp, "b", "demo")
    assert not is_prepared({"fingerprint": "a", "extras": list(EXTRAS["demo"])}, "a", "test")
    assert not is_prepared({}, "a", "demo")


@pytest.mark.parametrize("content", [None, "", "[]", "{"])
def test_a_broken_stamp_is_no_stamp(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "stamp").write_text(content)
    assert read_stamp(tmp_path / "stamp") == {}


def test_a_changed_project_is_installed_again(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("a = 1")
    before = project_fingerprint(tmp_path)
    (tmp_path / "pyproject.toml").write_text("a = 2")
    assert project_fingerprint(tmp_path) != before


def test_a_prepared_clone_installs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text("a = 1")
    steps: list[str] = []
    monkeypatch.setattr(system_packages, "ensure", lambda needs: [])
    monkeypatch.setattr(setup, "works", lambda python: (tmp_path / ".venv").is_dir())
    monkeypatch.setattr(setup, "make_environment", lambda environment: environment.mkdir(exist_ok=True))
    monkeypatch.setattr(setup, "install", lambda root, python, purpose: steps.append(purpose))
    monkeypatch.setattr(setup, "compile_catalogs", lambda: None)
    setup.prepare(tmp_path, "demo")
    setup.prepare(tmp_path, "demo")
    setup.prepare(tmp_path, "test")
    setup.prepare(tmp_path, "demo")
    assert steps == ["demo", "test"]


def test_a_dead_environment_is_made_anew(tmp_path: Path) -> None:
    environment = tmp_path / ".venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "leftover").touch()
    assert not setup.works(setup.environment_python(environment))
    setup.make_environment(environment)
    assert setup.works(setup.environment_python(environment))
    assert not (environment / "leftover").exists()


@pytest.mark.parametrize("folder", ["plain", "Ирина's Қ"])
def test_a_path_is_found_by_a_python_that_reads_the_old_page(tmp_path: Path, folder: str) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / folder).mkdir()
    file = tmp_path / "site" / "_editable_impl_judge_desk.pth"
    file.write_text(str(tmp_path / folder), encoding="utf-8")
    setup.spell_in_ascii(tmp_path / "site")
    assert file.read_bytes().isascii()
    probe = f"import site, sys; site.addsitedir({str(tmp_path / 'site')!r}); print(ascii(sys.path[-1]))"
    told = subprocess.run([sys.executable, "-c", probe], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == ascii(str(tmp_path / folder))


@pytest.mark.parametrize("takes_long_paths", [True, False])
def test_a_path_too_long_for_windows_is_told_before_downloads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, takes_long_paths: bool
) -> None:
    root = tmp_path / ("d" * 80)
    root.mkdir()
    touch = Path.touch

    def short_only(path: Path) -> None:
        if not takes_long_paths:
            raise FileNotFoundError(path)
        touch(path)

    monkeypatch.setattr(Path, "touch", short_only)
    if takes_long_paths:
        setup.require_room_for_paths(root, "nt")
    else:
        with pytest.raises(SetupError, match="too long for Windows"):
            setup.require_room_for_paths(root, "nt")
    setup.require_room_for_paths(Path(tmp_path.anchor), "nt")
    setup.require_room_for_paths(root, "posix")
    monkeypatch.undo()
    assert list(root.iterdir()) == []


def test_an_old_python_is_told_what_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "MINIMUM", (4, 0))
    with pytest.raises(SetupError, match=r"Python 4\.0 or newer is needed"):
        setup.prepare(tmp_path, "demo")


def test_all_tests_run_in_parallel_and_options_are_taken_as_they_are() -> None:
    assert pytest_words([], 2) == ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder", "tests"]
    assert pytest_words([], 64)[1] == "4"
    assert pytest_words(["tests/unit", "-k", "terms"], 2) == ["tests/unit", "-k", "terms"]


def test_programs_that_tests_start_are_compiled_once() -> None:
    given = {"HOME": "/home/somebody", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "0"}
    assert setup.environment_of_tests(given) == {"HOME": "/home/somebody", "PYTHONUTF8": "1"}


@pytest.mark.parametrize("code", [0, 1, 5, -9])
def test_what_pytest_says_is_what_the_run_says(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    monkeypatch.setattr(subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, code))
    assert setup.run_tests(Path("python"), []) == code


@pytest.mark.parametrize("code", [0, 3])
def test_the_demo_gets_the_options_and_gives_its_exit_code(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    asked: list[list[str]] = []

    def demo(command: list[str], *, check: bool) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, code)

    monkeypatch.setattr(subprocess, "run", demo)
    assert setup.run_demo(Path("python"), ["--shots", "out"]) == code
    assert asked == [["python", "-m", "judge_desk", "demo", "--shots", "out"]]


@pytest.mark.parametrize(
    "name", ["bootstrap/__init__", "bootstrap/setup", "bootstrap/system_packages", "i18n/catalogs"]
)
def test_set_up_imports_the_standard_library_alone(name: str) -> None:
    module = ast.parse((ROOT / "judge_desk" / f"{name}.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(module) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(module) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} - {"judge_desk", "platformdirs"} <= sys.stdlib_module_names


def test_it_starts_on_a_python_without_any_package() -> None:
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); "]
    command[-1] += "from judge_desk.bootstrap import setup; setup.compile_catalogs(); sys.exit(setup.main([]))"
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.startswith("usage:")) == (2, True), done.stderr
