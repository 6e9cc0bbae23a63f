"""The names of a profile's files that are looked for before any cipher is loaded."""

from typing import Final

KEY: Final = "key.json"
TRIES: Final = "key.tries"
