"""Names of files that the demo and its hub, two processes, both know; apart, so that neither loads the other."""

ACCOUNTS = "accounts.json"
"""Role to password of the demo's accounts, in the hub's folder."""
HUB_COMMAND = "demo-hub"
"""The word after ``judge-desk`` that starts the demo's hub; not among the commands for people."""
CAMPAIGN_KEYS = "campaign_keys.json"
"""Key of a round of peer review to the [secret, public] halves of its key, in the demo's folder."""
ROUNDS_WRITTEN = "rounds"
"""Stands in the demo's folder once the hub holds the rounds."""
ROUNDS = ("told", "opened", "running")
"""The rounds that have a key; the one that is prepared makes its own."""
