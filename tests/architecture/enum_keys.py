"""Keys that are put together from a part that varies: the pattern as the code writes it, and every value of the part.

Add a line when you write `t(f"area.thing.{value}")`; a pattern with two holes gets one tuple per combination.
"""

from collections.abc import Iterable

from judge_desk.protocol.codes import Code
from judge_desk.runtime import settings

PATTERNS: dict[str, Iterable[str | tuple[str, ...]]] = {
    "common.setting.{}": [setting.key for setting in settings.DECLARED],
    "common.setting.{}.{}": [
        (setting.key, choice) for setting in settings.DECLARED for choice in setting.choices if isinstance(choice, str)
    ],
}

# Strings that look like keys and are none.
NOT_KEYS: set[str] = set()
