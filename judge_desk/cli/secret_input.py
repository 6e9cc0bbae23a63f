"""Where a secret may come from: the environment, a prompt without echo, or one line of stdin; never an argument."""

from __future__ import annotations

import getpass
import os
import sys

from judge_desk.domain.errors import BadInput

PASSPHRASE = "JUDGE_DESK_PASSPHRASE"  # noqa: S105 - the name of a variable
NEW_PASSPHRASE = "JUDGE_DESK_NEW_PASSPHRASE"  # noqa: S105 - the name of a variable
PASSWORD = "JUDGE_DESK_PASSWORD"  # noqa: S105 - the name of a variable

RECOVERY_CODE = "JUDGE_DESK_RECOVERY_CODE"


def read_secret(variable: str, prompt: str) -> str:
    """The secret named by an environment variable; without it, what is typed or piped. Raises BadInput for none."""
    given = os.environ.get(variable)
    if given is None:
        given = getpass.getpass(prompt, sys.stderr) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise BadInput("cli.secret.missing", variable=variable)
    return given
