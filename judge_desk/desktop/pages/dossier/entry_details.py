"""What an entry asks beside title and text: of a post its court, of a measure who allowed it, of any its evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from judge_desk.desktop.widgets.buttons import QuietButton
from judge_desk.desktop.widgets.chooser import Chooser
from judge_desk.desktop.widgets.date_field import DateField
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, t
from judge_desk.domain.guarantees import Authority, Guarantee, Measure
from judge_desk.domain.posts import Office, Post

Row = tuple[str, QWidget]


@dataclass(slots=True)
class PostFields:
    """``value()`` is the post as it was typed."""

    office: Chooser = field(default_factory=lambda: choices("office", Office))
    court: QLineEdit = field(default_factory=QLineEdit)
    region: QLineEdit = field(default_factory=QLineEdit)
    branch: QLineEdit = field(default_factory=QLineEdit)
    languages: QLineEdit = field(default_factory=QLineEdit)

    def rows(self) -> list[Row]:
        return [
            ("dossier.enter.office", self.office),
            ("dossier.enter.court", self.court),
            ("dossier.enter.region", self.region),
            ("dossier.enter.branch", self.branch),
            ("dossier.enter.languages", self.languages),
        ]

    def value(self) -> Post:
        tongues = self.languages.text().replace(";", ",").split(",")
        return Post(
            office=Office(self.office.currentData()),
            court=self.court.text().strip(),
            region=self.region.text().strip(),
            branch=self.branch.text().strip(),
            languages=tuple(each.strip().casefold() for each in tongues if each.strip()),
        )


@dataclass(slots=True)
class GuaranteeFields:
    """``value()`` is the measure and who allowed it, or None while the day is missing."""

    measure: Chooser = field(default_factory=lambda: choices("measure", Measure))
    authority: Chooser = field(default_factory=lambda: choices("authority", Authority))
    allowed_on: DateField = field(default_factory=lambda: DateField("dossier.enter.allowed_on"))
    paper: QLineEdit = field(default_factory=QLineEdit)

    def rows(self) -> list[Row]:
        return [
            ("dossier.enter.measure", self.measure),
            ("dossier.enter.authority_of", self.authority),
            ("dossier.enter.allowed_on", self.allowed_on),
            ("dossier.enter.paper", self.paper),
        ]

    def on_change(self, told: Callable[[], object]) -> None:
        for chooser in (self.measure, self.authority):
            chooser.currentIndexChanged.connect(lambda _index: told())
        self.allowed_on.picked.connect(lambda _day: told())

    def value(self) -> Guarantee | None:
        day = self.allowed_on.value()
        if day is None:
            return None
        return Guarantee(
            measure=Measure(self.measure.currentData()),
            authority=Authority(self.authority.currentData()),
            allowed_on=day,
            paper=self.paper.text().strip(),
        )


class EvidenceFile(QWidget):
    """A file whose hash goes into the entry; the file itself stays where it is."""

    def __init__(self) -> None:
        super().__init__()
        self.sha256 = ""
        self._name = PlainLabel(t("campaigns.new.none"), tone="muted", elide=True)
        self.button = QuietButton("campaigns.new.choose", icon_name="paperclip")
        say(self.button.setAccessibleName, "dossier.enter.evidence_file")
        self.button.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._name, 1)
        row.addWidget(self.button)
        self.setFocusProxy(self.button)

    def take(self, path: Path) -> None:
        """Remember a file's hash; one that cannot be read is not taken."""
        try:
            with path.open("rb") as stream:
                self.sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            self._name.setText(t("ratings.file.unreadable", file=path.name))
            self._name.set_tone("bad")
            return
        self._name.setText(f"{path.name} · {self.sha256[:12]}…")
        self._name.set_tone("text")

    def _ask(self) -> None:
        dialog = QFileDialog(self.window(), t("dossier.enter.evidence_file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.take(Path(name)))
        dialog.open()


def read_figures(text: str) -> dict[str, float] | None:
    """ "received=120; share=0.97" as named numbers; None for what is not written so."""
    found: dict[str, float] = {}
    for part in filter(None, (each.strip() for each in text.split(";"))):
        name, mark, number = part.partition("=")
        try:
            found[name.strip()] = float(number.replace(",", "."))
        except ValueError:
            return None
        if not mark or not name.strip():
            return None
    return found


def choices(group: str, members: type[Office] | type[Measure] | type[Authority]) -> Chooser:
    """The members of an enum by the glossary's words."""
    made = Chooser()
    for each in members:
        words = t(f"word.{group}.{each.value}")
        made.addItem(words[:1].upper() + words[1:], each)
    return made
