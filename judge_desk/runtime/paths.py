"""Where things are: the only module that knows whether we run from source, from a wheel or frozen.

Resources lie beside the package in the source tree, inside it (`_resources`) in a wheel, and under `sys._MEIPASS` in
the one-folder program. Everything of one user of one PC lies in a profile folder that only this user may read.
"""

import os
import sys
from pathlib import Path

PRODUCT = "judge-desk"
PROFILE_VARIABLE = "JUDGE_DESK_PROFILE"

_PACKAGE = Path(__file__).resolve().parent.parent


class ResourcesMissingError(RuntimeError):
    """The installation is broken: the folder with templates, texts and fonts is not where it belongs."""


def is_frozen() -> bool:
    """True in the one-folder program made by build_installer.py."""
    return bool(getattr(sys, "frozen", False))


def is_source_tree() -> bool:
    """True when the package runs from its repository, where catalogs may be recompiled in place."""
    return not is_frozen() and (_PACKAGE.parent / "pyproject.toml").is_file() and _source_resources().is_dir()


def resources_dir() -> Path:
    """The folder of everything that is not code.

    Raises:
        ResourcesMissingError: no candidate exists.
    """
    for candidate in _resource_candidates():
        if candidate.is_dir():
            return candidate
    raise ResourcesMissingError(f"no resources beside {_PACKAGE.name}")


def resource(*parts: str) -> Path:
    """A file or folder under resources, e.g. `resource("fonts", "noto", "NotoSans-Regular.ttf")`."""
    return resources_dir().joinpath(*parts)


def _resource_candidates() -> list[Path]:
    if is_frozen():
        return [Path(getattr(sys, "_MEIPASS", Path(sys.executable).parent)) / "resources"]
    return [_PACKAGE / "_resources", _source_resources()]


def _source_resources() -> Path:
    return _PACKAGE.parent / "resources"


def default_profile_dir() -> Path:
    """The signed-in user's profile: $JUDGE_DESK_PROFILE, else the platform's folder for application data."""
    named = os.environ.get(PROFILE_VARIABLE)
    if named:
        return Path(named).expanduser()
    # platformdirs is not needed where --profile or the variable names the folder, such as on a hub.
    from platformdirs import user_data_path

    return user_data_path(PRODUCT, appauthor=False)


def default_cache_dir() -> Path:
    """What may be thrown away at any time; holds nothing about a case."""
    from platformdirs import user_cache_path

    return user_cache_path(PRODUCT, appauthor=False)


def private_dir(path: Path) -> Path:
    """Make the folder if need be, readable by its owner alone (0700 where the system has modes), and return it."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(0o700)
    return path
