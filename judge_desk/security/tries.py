"""Wrong passphrases cost time: counted in a file beside the key record, so that a restart does not start afresh."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from judge_desk.domain.errors import StoreProblem, TriesExhausted
from judge_desk.runtime import logs
from judge_desk.runtime.clock import Clock
from judge_desk.security.private_file import read_file, replace_file

log = logs.topic("security")

FREE_FAILURES = 3
FIRST_PAUSE_SECONDS = 5
LONGEST_PAUSE_SECONDS = 900


class _Failures(msgspec.Struct, frozen=True):
    count: int
    last_at: datetime


def pause_seconds(failures: int) -> int:
    """How long to wait after so many failures in a row: none for the first two, then 5, 10, 20 … at most 900."""
    if failures < FREE_FAILURES:
        return 0
    return min(FIRST_PAUSE_SECONDS << min(failures - FREE_FAILURES, 16), LONGEST_PAUSE_SECONDS)


class Tries:
    """The failures since the last success. An unreadable or unwritable count never keeps the right passphrase out."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path, self._clock = path, clock

    def admit(self) -> None:
        """Count one try, before it is made: ending the program in the middle of a try saves nobody the pause.

        Raises:
            TriesExhausted: the pause is not over; ``seconds`` are left.
        """
        failures, now = self._read(), self._clock.now()
        left = self._seconds_left(failures, now)
        if left:
            raise TriesExhausted(left)
        self._write(_Failures(failures.count + 1, now))

    def seconds_left(self) -> int:
        """Seconds until the next try is let in; 0 when it may be made now."""
        return self._seconds_left(self._read(), self._clock.now())

    def clear(self) -> None:
        """Forget the failures, after a success."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError:
            log.warning("the count of failures could not be cleared")

    def _seconds_left(self, failures: _Failures, now: datetime) -> int:
        pause = timedelta(seconds=pause_seconds(failures.count))
        if now < failures.last_at:
            # The clock was set back: let the pause run from now, or it would last as long as the jump was wide.
            self._write(_Failures(failures.count, now))
            return math.ceil(pause.total_seconds())
        return max(math.ceil((failures.last_at + pause - now).total_seconds()), 0)

    def _read(self) -> _Failures:
        try:
            content = read_file(self._path)
            if content is not None:
                return msgspec.json.decode(content, type=_Failures)
        except (StoreProblem, msgspec.DecodeError):
            log.warning("the count of failures could not be read")
        return _Failures(0, self._clock.now())

    def _write(self, failures: _Failures) -> None:
        try:
            replace_file(self._path, msgspec.json.encode(failures))
        except StoreProblem:
            log.warning("the count of failures could not be written")
