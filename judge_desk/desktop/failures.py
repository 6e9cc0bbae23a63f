"""What the judge reads when something failed: what happened, what is safe, what to do next (texts: errors.po)."""

from __future__ import annotations

from dataclasses import dataclass

from judge_desk.desktop.wording import t
from judge_desk.domain.errors import HubUnreachable, KnownError


@dataclass(frozen=True, slots=True)
class Failure:
    """A job that did not succeed. ``error`` is None for a bug; then ``log_id`` finds it in the log.

    Holds keys and plain parameters only, so that its sentences follow a language switch.
    """

    error: KnownError | None = None
    log_id: str = ""

    @property
    def is_bug(self) -> bool:
        return self.error is None

    @property
    def is_offline(self) -> bool:
        return isinstance(self.error, HubUnreachable)

    def sentence(self) -> str:
        """All of it, for a screen reader."""
        if self.error is None:
            return t("errors.unexpected", number=self.log_id)
        return t(self.error.key, **self.error.params)

    def happened(self) -> str:
        """The first sentence: the headline."""
        return self._parts()[0]

    def advice(self) -> str:
        """What is safe and what to do next; may be empty."""
        return self._parts()[1]

    def _parts(self) -> tuple[str, str]:
        first, dot, rest = self.sentence().partition(". ")
        return (first + dot.rstrip(), rest) if dot else (first, "")
