"""What every means of signing has in common: who signs, and bytes to detached CMS, many under one PIN."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerFacts:
    """What a certificate says of its holder; times are aware. ``number`` is the IIN where the authority wrote one."""

    name: str
    serial: str
    issuer: str
    valid_from: datetime
    valid_to: datetime
    number: str = ""


class ActSigner(Protocol):
    """An opened key. Close it at once when the last act is signed: until then it signs without asking."""

    @property
    def facts(self) -> SignerFacts | None:
        """Who will sign; None where that is known only afterwards (NCALayer asks the person itself)."""

    def signatures(self, contents: Sequence[bytes]) -> Iterator[bytes]:
        """The detached CMS over each of ``contents``, in order.

        Raises SigningProblem in the middle where the token is pulled out: what was given out before stands.
        """

    def close(self) -> None: ...
