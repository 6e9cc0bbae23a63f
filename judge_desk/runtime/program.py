"""How this program starts itself again as another process, from source, from a wheel and frozen alike."""

import sys

from judge_desk.runtime import paths


def again(*words: str) -> list[str]:
    """The command that runs `judge-desk WORDS…` with the program now running."""
    if paths.is_frozen():
        return [sys.executable, *words]
    return [sys.executable, "-m", "judge_desk", *words]
