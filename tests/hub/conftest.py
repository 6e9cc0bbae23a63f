"""The hub's own tests run over a real hub, and over both databases where that may differ."""

from tests.live_hub import live_hub, postgresql, postgresql_hub, sqlite_hub
from tests.live_s3 import s3_server

__all__ = ["live_hub", "postgresql", "postgresql_hub", "s3_server", "sqlite_hub"]
