"""The licences of everything that is bundled: found beside each package, laid into the program as files."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from judge_desk.bootstrap.system_packages import SetupError
from judge_desk.runtime import paths

FOLDER = "licences"
_WORDS = ("licen", "copying", "notice", "copyright")
COMMON = Path("/usr/share/common-licenses")


@dataclass(frozen=True, slots=True)
class Component:
    """Something bundled that others wrote; `texts` are its licence files by the name they get."""

    name: str
    version: str
    licence: str
    texts: Mapping[str, Path]


def elsewhere() -> dict[str, tuple[Path, ...]]:
    """Packages whose wheel holds no licence text, and where the text is."""
    qt = (COMMON / "LGPL-3", COMMON / "GPL-3")
    return {
        "pyside6-essentials": qt,
        "shiboken6": qt,
        "obstore": (paths.resource("packaging", "licences", "obstore.txt"),),
    }


def components(site: Path, names: Iterable[str]) -> list[Component]:
    """The packages of `names` (lock spelling) that are installed in `site`, sorted; and the Python they run on.

    Raises:
        SetupError: one of them comes without the text of its licence.
    """
    wanted = set(names)
    found = [python(), *(_component(each) for each in metadata.distributions(path=[str(site)]) if _key(each) in wanted)]
    for component in found:
        if not component.texts:
            raise SetupError(f"{component.name} has no licence text; name one in licences.elsewhere.")
    return sorted(found, key=lambda component: component.name.lower())


def python() -> Component:
    """The Python that PyInstaller takes along."""
    # In a Python of its own, in that of Windows, in Debian's.
    stated = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix))
    places = (*(folder / "LICENSE.txt" for folder in stated), Path("/usr/share/doc/python3/copyright"))
    texts = {place.name: place for place in places if place.is_file()}
    return Component("Python", sysconfig.get_config_var("py_version"), "PSF-2.0", texts)


def _key(package: metadata.Distribution) -> str:
    return package.name.lower().replace("_", "-").replace(".", "-")


def _component(package: metadata.Distribution) -> Component:
    texts = dict(_texts(package)) or {path.name: path for path in elsewhere().get(_key(package), ()) if path.is_file()}
    return Component(package.name, package.version, _licence(package), texts)


def _texts(package: metadata.Distribution) -> Iterator[tuple[str, Path]]:
    for file in package.files or ():
        place = file.parts[1:]
        if not file.parts[0].endswith(".dist-info") or not place:
            continue
        if place[0] == "licenses" or any(word in file.name.lower() for word in _WORDS):
            yield "-".join(place[1:] if place[0] == "licenses" else place), Path(str(package.locate_file(file)))


def _licence(package: metadata.Distribution) -> str:
    about = package.metadata
    told = (
        "".join(about[name] for name in ("License-Expression", "License") if name in about).strip().partition("\n")[0]
    )
    classified = [each.rpartition(":: ")[2] for each in about.get_all("Classifier", []) if each.startswith("License")]
    return told or ", ".join(classified) or "see its text"


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def lay_out(found: Iterable[Component], target: Path) -> None:
    """Copy every text to `target`/NAME/ and write the list of all to `target`/index.txt."""
    lines = []
    for component in found:
        folder = target / component.name
        folder.mkdir(parents=True)
        for name, path in sorted(component.texts.items()):
            (folder / name).write_text(_text(path.read_bytes()), encoding="utf-8")
        lines.append(f"{component.name} {component.version}: {component.licence}\n")
    (target / "index.txt").write_text("".join(lines), encoding="utf-8")
