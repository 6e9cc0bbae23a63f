"""A judge at a desk without any link: ``PROFILE WORD`` writes a note of one word to the first case, as a process."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from judge_desk.bootstrap.profile import Profile
from judge_desk.domain.kinds import Kind
from judge_desk.runtime.clock import SystemClock
from judge_desk.store import records


def main() -> int:
    profile = Profile(Path(sys.argv[1]), SystemClock())
    opened = profile.unlock(os.environ["JUDGE_DESK_PASSPHRASE"], with_loop=False)
    try:
        with opened.context.store.reading() as connection:
            case = min(records.where(connection, Kind.CASE), key=lambda each: each.id)
        opened.desk.notes.save(opened.desk.notes.new(case.id, sys.argv[2]))
    finally:
        opened.close()
        profile.sign_in.lock()
    return 0


if __name__ == "__main__":
    sys.exit(main())
