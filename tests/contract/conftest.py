"""One contract, run over SQLite and over a real PostgreSQL, with the real server in between."""

from tests.live_hub import live_hub, postgresql, postgresql_hub, sqlite_hub

__all__ = ["live_hub", "postgresql", "postgresql_hub", "sqlite_hub"]
