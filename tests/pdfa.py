"""A real PDF/A and PDF/UA validator for tests: the veraPDF engine out of a wheel, on a Java that is a wheel too.

    assert_pdfa(path, "2a", "ua1")

The engine runs in a process of its own, started at the first question (about a second) and kept for all others.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def assert_pdfa(path: Path, *profiles: str) -> None:
    """Fail with the list of broken rules unless the file meets every profile."""
    broken = {profile: found for profile in profiles if (found := failures(path, profile))}
    assert not broken, "\n".join(f"{profile} {line}" for profile, lines in broken.items() for line in lines)


def failures(path: Path, profile: str) -> list[str]:
    """Every broken rule of a profile (2a, 2b, ua1 …) as "clause-test: what", or the reason why it cannot be read."""
    engine = _engine()
    assert engine.stdin is not None
    assert engine.stdout is not None
    engine.stdin.write(json.dumps({"path": str(path.resolve()), "profile": profile}) + "\n")
    engine.stdin.flush()
    answer = engine.stdout.readline()
    assert answer, f"the validator ended with {engine.wait()}"
    found: list[str] = json.loads(answer)
    return found


@cache
def _engine() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.pdfa_engine"]
    engine = subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    atexit.register(_close, engine)
    return engine


def _close(engine: subprocess.Popen[str]) -> None:
    assert engine.stdin is not None
    assert engine.stdout is not None
    engine.stdin.close()
    engine.stdout.close()
    engine.wait()
