"""A pipe of an old Windows page carries Kazakh all the same."""

import os
import subprocess
import sys

import pytest

SAY = "import sys; from judge_desk.runtime import streams; streams.speak_utf8(); print(sys.stdin.read(), 'Әділет')"


@pytest.mark.parametrize("page", ["cp1251", "cp1252", "utf-8"])
def test_kazakh_letters_go_through_a_pipe(page: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": page, "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-c", SAY], input="Ғұмар".encode(), capture_output=True, env=environment, check=False
    )
    assert done.stdout.decode().split() == ["Ғұмар", "Әділет"], done.stderr


def test_a_program_without_streams_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    from judge_desk.runtime import streams

    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    streams.speak_utf8()
