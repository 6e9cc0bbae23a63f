"""Bounds that both sides keep, so that neither can be drowned by the other."""

from __future__ import annotations

PUSH_OPERATIONS = 500
PUSH_BYTES = 1 << 20
BODY_BYTES = 8 << 20
PULL_ROWS = 8_000
PULL_BYTES = 16 << 20
PART_BYTES = 256 << 10
"""What a cut of a slow link can cost at most: 15 seconds at 140 kbit/s, which is what TCP makes of 512 kbit/s with
700 ms and 2 % loss. The hub names it in each UploadState, so that it may change."""
BLOB_BYTES = 512 << 20
HELD_FILES = 500
LOST_MIDS = 5_000
GENERATION_REVS = 1_000_000
"""Revisions that a restored hub gives out begin at its generation times this: a revision names one text for ever."""
LONGEST_OFFLINE_DAYS = 180
"""A desk that stays away no longer than this is told of every deletion and finds every stored answer."""
