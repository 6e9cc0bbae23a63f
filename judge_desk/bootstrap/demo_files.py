"""Names of files that the demo and its hub, two processes, both know; apart, so that neither loads the other."""

ACCOUNTS = "accounts.json"
"""Role to password of the demo's accounts, in the hub's folder."""
HUB_COMMAND = "demo-hub"
"""The word after ``judge-desk`` that starts the demo's hub; not among the commands for people."""
