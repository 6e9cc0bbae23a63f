"""Entry of ``judge-desk``: loads the code that is needed in one go, then hands over to the window or to a command."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Sequence

from judge_desk.bootstrap.demo_files import HUB_COMMAND
from judge_desk.bootstrap.loading import loading
from judge_desk.domain.errors import KnownError
from judge_desk.runtime import paths, streams


def main(words: Sequence[str] | None = None) -> int:
    """Run one command, or the desktop; returns its exit code."""
    # In a frozen program the PDF process is this program started again; it must not open a second desk.
    multiprocessing.freeze_support()
    streams.speak_utf8()
    given = sys.argv[1:] if words is None else list(words)
    if given[:1] == [HUB_COMMAND]:
        from judge_desk.bootstrap import demo_hub

        return demo_hub.main(given[1:])
    if given:
        with loading():
            from judge_desk.bootstrap.commands import run

        return run(given)
    with loading():
        from judge_desk.bootstrap.desktop import run_desktop
    try:
        return run_desktop(paths.default_profile_dir())
    except KnownError as error:
        from judge_desk.bootstrap.commands import explain  # with every command behind it, of which the window has none

        return explain(error)
