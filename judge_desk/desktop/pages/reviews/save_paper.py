"""Asks where to put a form as PDF: the name that is offered tells neither the act nor the reviewer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from judge_desk.desktop.wording import t
from judge_desk.domain.errors import BadInput


def ask_place(parent: QWidget, chosen: Callable[[Path], object]) -> None:
    """Call ``chosen`` with the file; nothing where the person thinks better of it."""
    dialog = QFileDialog(parent.window(), t("reviews.print"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(t("dossier.print.filter"))
    dialog.setDefaultSuffix("pdf")
    dialog.selectFile(t("reviews.print.file_name"))
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    dialog.open()


def write(path: Path, paper: bytes) -> None:
    """Write the file; raises BadInput that says the form itself is safe."""
    try:
        path.write_bytes(paper)
    except OSError as fault:
        raise BadInput("reviews.print.not_written") from fault
