"""What came of an import: counts, and each fault with its file, line and field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from judge_desk.domain.errors import BadRow
from judge_desk.i18n.translator import Translator


@dataclass(slots=True)
class Report:
    """``imported`` counts new cases, ``updated`` those that were there (of these ``unchanged`` word for word)."""

    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    documents: int = 0
    refused: list[BadRow] = field(default_factory=list)
    warnings: list[BadRow] = field(default_factory=list)

    def refuse(self, key: str, *, file: str, line: int = 0, field: str = "", **params: str | int | float) -> None:
        """Note what stays outside; ``line`` counts from 1, 0 means the whole file."""
        self.refused.append(BadRow(key, file=file, line=line, field=field, **params))

    def warn(self, key: str, *, file: str, line: int = 0, field: str = "", **params: str | int | float) -> None:
        """Note a fault that cost nothing but a field."""
        self.warnings.append(BadRow(key, file=file, line=line, field=field, **params))

    def answer(self, t: Translator) -> dict[str, Any]:
        """The object of ``--json``."""
        return {
            "imported": self.imported,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "documents": self.documents,
            "refused": [_line(each, t) for each in self.refused],
            "warnings": [_line(each, t) for each in self.warnings],
        }


def _line(fault: BadRow, t: Translator) -> dict[str, Any]:
    message = t.text(fault.key, **fault.params)
    return {"file": fault.file, "line": fault.line, "field": fault.field, "message": message}
