"""The form for a new campaign: its name, judges from a file or from the list of who is due, acts and their period,
how many reviewers, the published seed, the last day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QWidget,
)

from judge_desk.desktop.dialogs.form import FormDialog
from judge_desk.desktop.widgets.buttons import QuietButton
from judge_desk.desktop.widgets.date_field import DateField
from judge_desk.desktop.widgets.number_field import NumberField
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say, t
from judge_desk.domain.campaigns import PoolMember
from judge_desk.domain.review_periods import ReviewPeriods
from judge_desk.services.campaign_files import CampaignFiles

MOST_REVIEWERS = 12


class FileField(QWidget):
    """A file that was chosen, or none yet."""

    def __init__(self, key: str, changed: Callable[[], object]) -> None:
        super().__init__()
        self.path: Path | None = None
        self._key, self._changed = key, changed
        self._name = PlainLabel(t("campaigns.new.none"), tone="muted", elide=True)
        self.button = QuietButton("campaigns.new.choose", icon_name="folder-open")
        say(self.button.setAccessibleName, key)
        self.button.clicked.connect(self._ask)
        # A form with large letters would else squeeze the button to fit a low dialog.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._name, 1)
        row.addWidget(self.button)
        self.setFocusProxy(self.button)

    def take(self, path: Path) -> None:
        """Show and remember a file."""
        self.path = path
        self._name.setText(path.name)
        self._name.set_tone("text")
        self._changed()

    def _ask(self) -> None:
        dialog = QFileDialog(self.window(), t(self._key))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.take(Path(name)))
        dialog.open()


class NewCampaignDialog(FormDialog):
    """``files()`` is what was chosen. With ``members`` a file of judges may be left out."""

    def __init__(
        self, parent: QWidget, today: date, periods: ReviewPeriods, members: tuple[PoolMember, ...] = ()
    ) -> None:
        super().__init__(parent, "campaigns.new", "campaigns.new.make")
        self._members = members
        self.title = QLineEdit()
        self.judges = FileField("campaigns.new.judges", self._check)
        self.conflicts = FileField("campaigns.new.conflicts", self._check)
        self.acts = FileField("campaigns.new.acts", self._check)
        self.per_judge = NumberField(minimum=1, maximum=MOST_REVIEWERS, value=5)
        self.seed = NumberField(
            minimum=0, maximum=2_000_000_000, value=today.year * 10_000 + today.month * 100 + today.day
        )
        self.months_back = NumberField(minimum=1, maximum=120, value=periods.months_back)
        self.acts_each = NumberField(minimum=1, maximum=10, value=periods.acts)
        self.due_on = DateField("campaigns.new.due")
        self.due_on.set_value(today + timedelta(days=periods.campaign_days))
        self.title.textChanged.connect(self._check)
        self.due_on.picked.connect(self._check)
        self._lay_out()
        self._check()
        self.title.setFocus()

    def files(self) -> CampaignFiles:
        """What was chosen; the button is enabled only when nothing is missing."""
        due_on, judges, acts = self.due_on.value(), self.judges.path, self.acts.path
        assert due_on is not None
        assert acts is not None
        return CampaignFiles(
            title=self.title.text().strip(),
            judges=judges,
            acts=acts,
            conflicts=self.conflicts.path,
            per_judge=self.per_judge.value(),
            seed=self.seed.value(),
            due_on=due_on,
            members=self._members,
            months_back=self.months_back.value(),
            acts_each=self.acts_each.value(),
        )

    def _check(self, _: object = None) -> None:
        judges = self.judges.path or self._members
        chosen = judges and self.acts.path and self.due_on.value() and self.title.text().strip()
        self.do_it.setEnabled(bool(chosen))

    def _lay_out(self) -> None:
        for key, field in (
            ("campaigns.new.title", self.title),
            ("campaigns.new.judges", self.judges),
            ("campaigns.new.conflicts", self.conflicts),
            ("campaigns.new.acts", self.acts),
            ("campaigns.new.months_back", self.months_back),
            ("campaigns.new.acts_each", self.acts_each),
            ("campaigns.new.per_judge", self.per_judge),
            ("campaigns.new.seed", self.seed),
            ("campaigns.new.due", self.due_on),
        ):
            self.add(key, field)
        if self._members:
            due = sum(each.is_subject for each in self._members)
            self.say_note(t("campaigns.new.from_due", due=due, all=len(self._members)))
