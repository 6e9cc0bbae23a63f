"""The locks agree with pyproject's ranges, hold hashes for every file and name no server."""

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from judge_desk.bootstrap import locks
from judge_desk.bootstrap.locks import LOCKED_EXTRAS, Locked, lock_file, parse_lock
from judge_desk.bootstrap.system_packages import SetupError

ROOT = Path(__file__).resolve().parents[3]
DIGEST = "a" * 64


def requirements(extra: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(text) for text in (*project["dependencies"], *project["optional-dependencies"][extra])]


def test_a_lock_is_read() -> None:
    text = f"alembic==1.20.1 \\\n    --hash=sha256:{DIGEST} \\\n    --hash=sha256:{DIGEST}\n"
    text += f"jeepney==0.9.0 ; sys_platform == 'linux' \\\n    --hash=sha256:{DIGEST}\n"
    assert parse_lock(text) == [
        Locked("alembic", "1.20.1", "", (DIGEST, DIGEST)),
        Locked("jeepney", "0.9.0", "sys_platform == 'linux'", (DIGEST,)),
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("--find-links https://example.test/simple\n", "line 1"),
        ("alembic>=1.20\n", "line 1"),
        (f"    --hash=sha256:{DIGEST}\n", "line 1"),
        ("alembic==1.20.1 \\\n", "alembic has no hash"),
    ],
)
def test_what_is_no_lock_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_lock(text)


@pytest.mark.parametrize("extra", LOCKED_EXTRAS)
def test_each_lock_agrees_with_the_ranges(extra: str) -> None:
    locked = {entry.name: entry for entry in parse_lock(lock_file(extra).read_text(encoding="utf-8"))}
    for requirement in requirements(extra):
        entry = locked[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(entry.version), f"run python -m judge_desk.bootstrap.locks: {requirement}"


@pytest.mark.parametrize("extra", LOCKED_EXTRAS)
def test_no_lock_names_a_server(extra: str) -> None:
    text = lock_file(extra).read_text(encoding="utf-8")
    assert "://" not in text
    assert "index" not in text


def test_without_uv_there_is_one_line_to_type(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda name, path=None: None)
    with pytest.raises(SetupError, match="pip install uv"):
        locks.lock_command("hub", Path("hub.txt"))
    assert locks.main() == 3
    assert "pip install uv" in capsys.readouterr().err
