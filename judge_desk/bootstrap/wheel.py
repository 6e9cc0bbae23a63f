"""Compiles the catalogs when a wheel is built, since the compiled ones are not in the repository."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogHook(BuildHookInterface[Any]):
    """Called by hatchling before it packs the files."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every language; a broken PO file stops the build."""
        sys.path.insert(0, str(Path(self.root)))
        from judge_desk.i18n import catalogs

        catalogs.compile_all(force=version == "standard")
