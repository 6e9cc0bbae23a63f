"""Bounds that both sides keep, so that neither can be drowned by the other."""

from __future__ import annotations

PUSH_OPERATIONS = 500
PUSH_BYTES = 1 << 20
BODY_BYTES = 8 << 20
PULL_ROWS = 4_000
PULL_BYTES = 8 << 20
PART_BYTES = 8 << 20
BLOB_BYTES = 512 << 20
