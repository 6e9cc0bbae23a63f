"""Entry of ``judge-desk-hub``: hands over to the hub's command line."""

from __future__ import annotations

import sys

from judge_desk.hub.admin import main as run
from judge_desk.runtime import streams


def main() -> int:
    """Run the command on the command line; its exit code."""
    streams.speak_utf8()
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
