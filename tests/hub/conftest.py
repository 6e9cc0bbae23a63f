"""The hub's own tests run over a real hub, and over both databases where that may differ."""

from tests.live_hub import live_hub, postgresql, postgresql_hub, sqlite_hub

__all__ = ["live_hub", "postgresql", "postgresql_hub", "sqlite_hub"]
