"""The protocol of a drawing, by which an auditor draws it again.

It names who reads whom, so it is never published, not even when the campaign is over: a judge would find out the
reviewers. Names changed to others would not help: the commission sees which tokens wrote on which judge, and would know
both graphs. What everybody holds is the seal of the drawing: the commission's desks and every reviewer get it in the
transaction that draws, every judge with the result; an auditor's protocol must fit it.
"""

from __future__ import annotations

from dataclasses import dataclass

from judge_desk.domain.campaigns import Conflict, Pair, PoolMember

PROTOCOL_FORMAT = 1
SEAL_DIGITS = 32
"""So many hexadecimal digits of the pairs' hash are shown and compared: 128 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawingProtocol:
    """All that the drawing went by, and what came of it. ``seed`` is the published one, ``nonce`` the hub's secret.

    The hashes are those that were shown at the launch.
    """

    campaign_id: str
    title: str
    seed: int
    nonce: str
    per_judge: int
    members: tuple[PoolMember, ...]
    conflicts: tuple[Conflict, ...]
    pairs: tuple[Pair, ...]
    reserves: tuple[Pair, ...]
    nonce_sha256: str
    input_sha256: str
    pairs_sha256: str
    solver: str
    format: int = PROTOCOL_FORMAT


def seal_in_groups(drawing_sha256: str) -> str:
    """The seal of a drawing as people read it: four groups of eight digits."""
    shown = drawing_sha256[:SEAL_DIGITS]
    return " ".join(shown[at : at + 8] for at in range(0, len(shown), 8))


def fits_seal(typed: str, drawing_sha256: str) -> bool:
    """Whether a seal that somebody copied, with or without blanks, is that of a drawing; a part proves nothing."""
    digits = "".join(typed.split()).casefold()
    return len(digits) >= SEAL_DIGITS and drawing_sha256.startswith(digits)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayVerdict:
    """What a replay found: each hash against the published one, and the pairs against those drawn anew.

    ``missing`` and ``added`` are pairs of the protocol that were not drawn, and the other way round.
    """

    nonce_fits: bool
    input_fits: bool
    pairs_fit: bool
    missing: tuple[Pair, ...]
    added: tuple[Pair, ...]
    solver_here: str

    @property
    def is_same(self) -> bool:
        return self.nonce_fits and self.input_fits and self.pairs_fit and not self.missing and not self.added
