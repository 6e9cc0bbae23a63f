"""What goes into the one-folder program: its executables, the modules nobody imports by name, and what is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

NAME = "judge-desk"
PROGRAMS = {"judge-desk": "__main__.py", "judge-desk-hub": "bootstrap/hub.py"}
"""Executable to the module of the package that it runs."""

HIDDEN_MODULES = (
    "psycopg_binary",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlcipher",
    "sqlcipher3",
)
PACKAGES_OF_PLUGINS = ("judge_desk", "keyring.backends", "snowballstemmer")
"""Packages whose modules are looked up by name at run time, so all of them are needed."""
EXCLUDED_MODULES = (
    *("curses", "ensurepip", "idlelib", "lib2to3", "pydoc_data", "readline", "tkinter", "turtledemo"),
    *("pip", "pkg_resources", "setuptools", "wheel"),
    *("PIL._avif", "PIL._tkinter_finder", "zstandard._cffi"),
    *("judge_desk.bootstrap.installer", "judge_desk.bootstrap.locks", "judge_desk.bootstrap.setup"),
    *("judge_desk.bootstrap.system_packages", "judge_desk.bootstrap.wheel"),
)
RESOURCES_FOR_BUILDS = ("locks", "packaging")
_OWN_LIBRARY = re.compile(r"^lib(?:python3|mpdec)[.\w]*\.so")
"""Libraries of the Python in use; every other one beside the programs was found in the system and stays there."""

QT_MODULES = ("Core", "DBus", "Gui", "Network", "Svg", "Widgets")
"""Modules of PySide6 that code may import; DBus is what Linux themes and input methods speak."""
_QT_LIBRARIES = {*QT_MODULES, "OpenGL", "WaylandClient", "WlShellIntegration", "XcbQpa"}
_QT_PLUGINS = {
    "iconengines": ("svgicon",),
    "imageformats": ("gif", "ico", "jpeg", "svg", "tiff", "webp"),
    "platforminputcontexts": ("composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"),
    "platforms": ("offscreen", "wayland", "windows", "xcb"),
    "platformthemes": ("xdgdesktopportal",),
    "styles": (),
    "wayland-decoration-client": ("bradient",),
    "wayland-graphics-integration-client": ("qt-plugin-wayland-egl",),
    "wayland-shell-integration": ("xdg-shell",),
}
_QT_LANGUAGES = ("en", "kk", "ru")
_QT_FILE = re.compile(r"^(?:lib)?Qt6(\w+?)(?:\.so\.6|\.dll)$")
_QT_BINDING = re.compile(r"^Qt(\w+)\.(?:abi3\.so|pyd)$")
_PLUGIN = re.compile(r"^(?:lib)?q?([\w-]+?)\.(?:so|dll)$")

REQUIRED = {
    "linux": (
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
    ),
    "win32": ("PySide6/plugins/platforms/qwindows.dll", "PySide6/plugins/platforms/qoffscreen.dll"),
}
REQUIRED_ANYWHERE = (
    "resources/glossary.toml",
    "resources/i18n/kk.mo",
    "resources/i18n/ru.mo",
    "resources/i18n/en.mo",
    "resources/icc",
    "resources/icons/scale.svg",
    "resources/fonts/noto-sans/NotoSans-Regular.ttf",
    "resources/fonts/tinos/Tinos-Regular.ttf",
    "resources/review_forms",
    "resources/rules",
    "resources/schemas/case.schema.json",
    "resources/styles",
    "resources/templates",
    "judge_desk/hub/db/migrations/env.py",
    "judge_desk/hub/db/migrations/versions/v0001_first.py",
)


def is_wanted(destination: str, kind: str) -> bool:
    """Whether what PyInstaller would put at this place of the folder belongs into it; `kind` is its word for it.

    Its links beside the programs serve libraries without a search path of their own. Ours have one, and programs that
    the desk starts must not find our Qt instead of theirs.
    """
    path = PurePosixPath(destination.replace("\\", "/"))
    if kind == "SYMLINK":
        return False
    if path.parts[0] == "PySide6":
        return _is_wanted_of_qt(path)
    if len(path.parts) == 1 and path.name.startswith("lib") and ".so" in path.name:
        return _OWN_LIBRARY.match(path.name) is not None
    return path.name != "py.typed" and "__pycache__" not in path.parts


def _is_wanted_of_qt(path: PurePosixPath) -> bool:
    if "translations" in path.parts:
        return path.name in {f"qtbase_{language}.qm" for language in _QT_LANGUAGES}
    if "plugins" in path.parts:
        plugin = _PLUGIN.match(path.name)
        return plugin is not None and plugin[1] in _QT_PLUGINS.get(path.parent.name, ())
    library, binding = _QT_FILE.match(path.name), _QT_BINDING.match(path.name)
    if library:
        return library[1] in _QT_LIBRARIES
    if binding:
        return binding[1] in QT_MODULES
    return path.suffix != ".pyi" and "opengl32sw" not in path.name


def is_stripped(destination: str) -> bool:
    """Whether symbols for debuggers are taken off this library.

    Not off those that a wheel carries renamed in `NAME.libs`: they were patched, and stripping breaks such files.
    """
    path = PurePosixPath(destination)
    return not any(part.endswith(".libs") for part in path.parts) and path.parts[0] not in {"PySide6", "shiboken6"}


def resource_files(resources: Path) -> Iterator[tuple[Path, str]]:
    """What the program reads at run time: each file and the folder of the program it goes to."""
    for path in sorted(resources.rglob("*")):
        place = path.relative_to(resources)
        is_source = path.suffix == ".po" or "__pycache__" in place.parts
        if path.is_file() and not is_source and place.parts[0] not in RESOURCES_FOR_BUILDS:
            yield path, (PurePosixPath("resources") / place.parent.as_posix()).as_posix()


def missing(folder: Path, platform: str) -> list[str]:
    """Files without which the program would start and then fail; empty when the folder is whole."""
    required: Iterable[str] = (*REQUIRED_ANYWHERE, *REQUIRED.get(platform, ()))
    return [name for name in required if not (folder / name).exists()]


def spec(package: Path, name: str = NAME) -> str:
    """The file that tells PyInstaller what to do; `package` is judge_desk as the wheel installed it."""
    return f"""# Written by build_installer.py.
from pathlib import Path
from PyInstaller.utils.hooks import collect_submodules, copy_metadata
from judge_desk.bootstrap.installer import bundle

package = Path({str(package)!r})
excluded = list(bundle.EXCLUDED_MODULES)
modules = [name for each in bundle.PACKAGES_OF_PLUGINS for name in collect_submodules(each)]
analysis = Analysis(
    [str(package / path) for path in bundle.PROGRAMS.values()],
    datas=[(str(path), place) for path, place in bundle.resource_files(package / "_resources")]
    + [(str(package / "hub/db/migrations"), "judge_desk/hub/db/migrations")]
    + copy_metadata("keyring"),
    hiddenimports=[*bundle.HIDDEN_MODULES, *(each for each in modules if not each.startswith(tuple(excluded)))],
    excludes=excluded,
    noarchive=True,
)
binaries = [each for each in analysis.binaries if bundle.is_wanted(each[0], each[2])]
datas = [each for each in analysis.datas if bundle.is_wanted(each[0], each[2])]
pure = PYZ(analysis.pure)
programs = []
for program, path in bundle.PROGRAMS.items():
    others = {{Path(other).stem for other in bundle.PROGRAMS.values()}} - {{Path(path).stem}}
    scripts = [each for each in analysis.scripts if each[0] not in others]
    programs.append(EXE(pure, scripts, exclude_binaries=True, name=program, console=True, strip=False, upx=False))
COLLECT(*programs, binaries, datas, name={name!r}, strip=False, upx=False)
"""
