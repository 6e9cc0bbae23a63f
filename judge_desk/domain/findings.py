"""What a check of an act found, and what a judge answers to it: nothing forbids to sign, but a reason is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from judge_desk.domain.act_forms import Severity
from judge_desk.domain.acts import PartKind
from judge_desk.domain.norms import Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong or worth a look. The text is ``lint.RULE`` in the catalogs, filled from ``params``.

    ``what`` names the thing by language code where the rule packs name it. ``block`` is "" where nothing stands that
    could be shown; ``other_block`` is the block of the twin. ``norm`` is the law behind it, as sure as ``certainty``.
    """

    rule: str
    severity: Severity
    part: PartKind | None = None
    block: str = ""
    params: dict[str, str] = field(default_factory=dict)
    what: dict[str, str] = field(default_factory=dict)
    norm: str = ""
    certainty: Certainty = Certainty.SOURCED
    other_block: str = ""

    @property
    def key(self) -> str:
        """Names this very finding: another sum in the same block is another finding, and needs its own reason."""
        content = json.dumps([self.rule, self.block, sorted(self.params.items()), sorted(self.what.items())])
        return sha256(content.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A judge's reason to leave a finding as it is; ``finding`` is its key. Kept with the draft for good."""

    finding: str
    rule: str
    reason: str
    by: str
    at: datetime
    block: str = ""


def merged(base: Iterable[Override], mine: Iterable[Override], theirs: Iterable[Override]) -> tuple[Override, ...]:
    """Both sides' reasons in the order in which they were given; one that a side took back stays away.

    Of two reasons for one finding the later stands.
    """
    before = {each.finding for each in base}
    ours, other = {each.finding: each for each in mine}, {each.finding: each for each in theirs}
    kept: list[Override] = []
    for finding in dict.fromkeys((*ours, *other)):
        found = [side[finding] for side in (ours, other) if finding in side]
        if finding not in before or len(found) == 2:
            kept.append(max(found, key=lambda each: each.at))
    return tuple(sorted(kept, key=lambda each: (each.at, each.finding)))
