"""Draws again from a protocol, and compares with what was drawn and with what was published."""

from __future__ import annotations

from hashlib import sha256

from judge_desk.analytics.assignment import draw
from judge_desk.domain.campaigns import combined_seed, pairs_sha256
from judge_desk.domain.review_protocol import DrawingProtocol, ReplayVerdict


def replay(protocol: DrawingProtocol) -> ReplayVerdict:
    """Draw again by the same seed, nonce, judges and conflicts; raises BadInput as ``draw`` does."""
    drawing = draw(
        protocol.members,
        protocol.conflicts,
        per_judge=protocol.per_judge,
        seed=combined_seed(protocol.seed, protocol.nonce),
    )
    told, found = set(protocol.pairs), set(drawing.pairs)
    return ReplayVerdict(
        nonce_fits=sha256(protocol.nonce.encode()).hexdigest() == protocol.nonce_sha256,
        input_fits=drawing.input_sha256 == protocol.input_sha256,
        pairs_fit=pairs_sha256(protocol.pairs, protocol.nonce) == protocol.pairs_sha256,
        missing=tuple(sorted(told - found)),
        added=tuple(sorted(found - told)),
        solver_here=drawing.solver,
    )
