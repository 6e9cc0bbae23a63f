"""What a start must not load: the slow libraries, and on each side the other side's."""

import json
import subprocess
import sys
from importlib.util import find_spec

import pytest

from tests.architecture import source

SLOW = [
    "sklearn",
    "scipy",
    "numpy",
    "pandas",
    "reportlab",
    "pyqtgraph",
    "alembic",
    "pikepdf",
    "openpyxl",
    "pypdfium2",
    "babel",
]
SERVER = ["starlette", "uvicorn", "psycopg", "obstore", "judge_desk.hub"]
# What the window needs only once a passphrase is given: loaded while it is typed.
BEHIND_THE_DOOR = ["sqlalchemy", "cryptography", "msgspec", "httpx2", "PySide6.QtNetwork", "judge_desk.services"]
CASES = [
    ("judge_desk.bootstrap.desktop", [*SLOW, *SERVER, *BEHIND_THE_DOOR]),
    ("judge_desk.bootstrap.profile", [*SLOW, *SERVER]),
    ("judge_desk.bootstrap.commands", ["PySide6", "judge_desk.desktop", *SLOW, *SERVER]),
    ("judge_desk.bootstrap.hub", ["PySide6", "sqlcipher3", "keyring", "judge_desk.store", "judge_desk.sync", *SLOW]),
    ("judge_desk.hub", ["PySide6", "sqlcipher3", "keyring", *SLOW]),
    ("judge_desk.services", ["PySide6", *SLOW, *SERVER]),
]


def loaded_by(module: str) -> set[str]:
    code = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=source.ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(("module", "banned"), CASES, ids=[module for module, _ in CASES])
def test_a_start_loads_only_what_it_needs(module: str, banned: list[str]) -> None:
    assert find_spec(module), f"{module} is gone; take it off this list"
    assert sorted(loaded_by(module) & set(banned)) == []
