"""What the user may choose, each declared once: key, default, allowed values and the key of its label.

Kept as `settings.json` in the profile. Nothing secret and nothing about a case is ever a setting.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from judge_desk.runtime import paths
from judge_desk.runtime.disk import known_error

T = TypeVar("T", bound=str | int | float)

FILE_NAME = "settings.json"


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One thing to choose. `choices` closes a list, `low`/`high` bound a number; text keys follow from the key."""

    key: str
    default: T
    choices: tuple[T, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def text_key(self) -> str:
        """The label's key in the catalogs."""
        return f"common.setting.{self.key}"

    def choice_text_key(self, choice: T) -> str:
        """The key of a choice's text in the catalogs."""
        return f"common.setting.{self.key}.{choice}".lower()

    def accepts(self, value: object) -> bool:
        """Whether the value has the default's type and lies within the bounds."""
        if type(value) is not type(self.default):
            return False
        if self.choices:
            return value in self.choices
        return isinstance(value, str) or self._within(value)

    def _within(self, number: float) -> bool:
        return (self.low is None or number >= self.low) and (self.high is None or number <= self.high)


LANGUAGE = Setting("language", "kk", choices=("kk", "ru", "en"))
THEME = Setting("theme", "system", choices=("system", "light", "dark"))
SCALE_PERCENT = Setting("scale_percent", 100, choices=(80, 90, 100, 110, 125, 150, 175, 200))
REDUCED_MOTION = Setting("reduced_motion", False)
AUTOSAVE_SECONDS = Setting("autosave_seconds", 2, low=1, high=5)
IDLE_LOCK_MINUTES = Setting("idle_lock_minutes", 10, low=1, high=120)
HUB_URL = Setting("hub_url", "")
USER_NAME = Setting("user_name", "")
SYNC_MINUTES = Setting("sync_minutes", 5, low=1, high=240)
METERED = Setting("metered", False)
FETCH_KBIT = Setting("fetch_kbit", 0, low=0, high=1_000_000)
SEND_KBIT = Setting("send_kbit", 0, low=0, high=1_000_000)
CACHE_MB = Setting("cache_mb", 10_240, low=0, high=10_000_000)
STAMP_URL = Setting("stamp_url", "")
SIGN_MEANS = Setting("sign_means", "key_file", choices=("key_file", "token", "ncalayer"))
SIGN_PATH = Setting("sign_path", "")
SIGN_TOKEN = Setting("sign_token", "")
SPELLING = Setting("spelling", True)

DECLARED: tuple[Setting[Any], ...] = (
    LANGUAGE,
    THEME,
    SCALE_PERCENT,
    REDUCED_MOTION,
    AUTOSAVE_SECONDS,
    IDLE_LOCK_MINUTES,
    HUB_URL,
    USER_NAME,
    SYNC_MINUTES,
    METERED,
    FETCH_KBIT,
    SEND_KBIT,
    CACHE_MB,
    STAMP_URL,
    SIGN_MEANS,
    SIGN_PATH,
    SIGN_TOKEN,
    SPELLING,
)


class Settings:
    """The choices of one profile.

    Invariants: reading never fails (a missing, broken or foreign file means defaults, and `problems` names the keys);
    a value is on disk before `set` returns; keys of a newer version survive being saved by this one.
    """

    def __init__(self, profile: Path) -> None:
        self._file = profile / FILE_NAME
        self._listeners: list[Callable[[Setting[Any]], None]] = []
        self.problems: list[str] = []
        self._values = self._read()

    def get(self, setting: Setting[T]) -> T:
        """The chosen value, or the default."""
        return cast(T, self._values.get(setting.key, setting.default))

    def set(self, setting: Setting[T], value: T) -> None:
        """Choose a value and save.

        Raises:
            ValueError: the setting does not accept the value.
            DiskFull, StoreProblem: the file could not be written; the choice holds until the program ends.
        """
        if not setting.accepts(value):
            raise ValueError(f"{setting.key} does not accept {value!r}")
        if self.get(setting) == value and setting.key in self._values:
            return
        self._values[setting.key] = value
        for listener in self._listeners:
            listener(setting)
        self._write()

    def on_change(self, listener: Callable[[Setting[Any]], None]) -> None:
        """Call `listener(setting)` after each change, in the thread that made it."""
        self._listeners.append(listener)

    def _read(self) -> dict[str, object]:
        try:
            loaded = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            self.problems.append(FILE_NAME)
            return {}
        if not isinstance(loaded, dict):
            self.problems.append(FILE_NAME)
            return {}
        declared = {setting.key: setting for setting in DECLARED}
        bad = [key for key, value in loaded.items() if key in declared and not declared[key].accepts(value)]
        self.problems.extend(sorted(bad))
        return {key: value for key, value in loaded.items() if key not in bad}

    def _write(self) -> None:
        paths.private_dir(self._file.parent)
        scratch = self._file.with_suffix(f".{os.getpid()}")
        try:
            with scratch.open("w", encoding="utf-8") as stream:
                json.dump(self._values, stream, ensure_ascii=False, indent=1, sort_keys=True)
                stream.flush()
                os.fsync(stream.fileno())
            scratch.replace(self._file)
        except OSError as fault:
            with suppress(OSError):
                scratch.unlink(missing_ok=True)
            raise known_error(fault, "errors.settings_not_saved") from None
