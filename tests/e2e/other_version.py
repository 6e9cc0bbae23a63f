"""Runs the hub or the desk as a build of another protocol version: ``NEWEST OLDEST hub|desk WORDS…``.

The numbers are changed before anything else of the program is loaded, so that all of it believes them. A desk is also
made to forget the kind of record that the variable UNKNOWN_KIND names.
"""

from __future__ import annotations

import os
import sys

from judge_desk.protocol import version


def main() -> int:
    newest, oldest, side, *words = sys.argv[1:]
    version.PROTOCOL, version.OLDEST_SPOKEN = int(newest), int(oldest)
    if side == "hub":
        from judge_desk.hub.admin import main as run_hub

        return run_hub(words)
    from judge_desk.bootstrap.commands import run as run_desk
    from judge_desk.store import strangers

    strangers.KNOWN_KINDS -= {os.environ.get("UNKNOWN_KIND", "")}

    return run_desk(words)


if __name__ == "__main__":
    sys.exit(main())
