"""The judge's own declarations: no membership of a party, and kin for recusal, with the days from which they hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QFormLayout, QLineEdit, QVBoxLayout, QWidget

from judge_desk.desktop.dialogs.frame import DialogFrame
from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.desktop.widgets.chooser import Chooser
from judge_desk.desktop.widgets.date_field import DateField
from judge_desk.desktop.widgets.flow_row import FlowRow
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line, row_height
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.widgets.segmented import Segmented
from judge_desk.desktop.wording import Wording, say, t
from judge_desk.domain.declarations import Declaration, DeclarationKind, Kin, Kinship
from judge_desk.services.dossier_extract import kin_in_words

MOST_ROWS = 3
Judges = Sequence[tuple[str, str]]


class DeclareDialog(DialogFrame):
    """``declaration()`` and ``from_on()`` are what was typed. ``judges``: (id, name) of the directory, so that a
    relative who is a judge is never drawn to review this one, nor the other way round."""

    def __init__(self, parent: QWidget, today: date, judges: Judges, kin: Sequence[Kin] = ()) -> None:
        super().__init__(parent, "dossier.declare.title", wide=True)
        self._kin = list(kin)
        kinds = [(each.value, f"dossier.declare.{each.value}.short") for each in DeclarationKind]
        self.kind = Segmented(kinds, "dossier.declare.kind")
        self.kind.set_value(DeclarationKind.NO_PARTY.value)
        self.column.addWidget(self.kind)
        self.declared = PlainLabel(face="strong", wrap=True)
        self.column.addWidget(self.declared)
        self.hint = self.add_sentence()
        self.day = DateField("dossier.declare.from_on")
        self.day.set_value(today)
        self.add_field("dossier.declare.from_on", self.day)
        self._fields = QWidget()
        self._lay_out_kin(judges)
        self.column.addWidget(self._fields)
        self.save = PrimaryButton("dossier.declare.save", "Ctrl+Return")
        self.save.setShortcut("Ctrl+Return")
        self.save.clicked.connect(self.accept)
        self.add_buttons(self.save)
        self.kind.picked.connect(lambda _kind: self._show())
        self.day.picked.connect(lambda _day: self._show())
        self._show()

    def show_kind(self, kind: DeclarationKind) -> None:
        """The fields of one sort of declaration."""
        self.kind.set_value(kind.value)
        self.kind.focus_value()
        self._show()

    def declaration(self) -> Declaration:
        """What is declared."""
        kind = DeclarationKind(self.kind.value())
        return Declaration(kind=kind, kin=tuple(self._kin) if kind is DeclarationKind.KIN else ())

    def title_words(self) -> str:
        """What is declared, in one sentence; it heads the entry."""
        return t(f"dossier.declare.{self.kind.value()}.title")

    def from_on(self) -> date | None:
        return self.day.value()

    def add_kin(self) -> None:
        """Take the relative that stands in the fields into the list."""
        name = self.name.text().strip()
        person_id = str(self.judge.currentData() or "")
        if not name:
            return
        self._kin.append(
            Kin(
                name=name,
                kinship=Kinship(self.kinship.currentData()),
                person_id=person_id,
                works_at=self.works_at.text().strip(),
                until_on=self.until_on.value(),
            )
        )
        for field in (self.name, self.works_at):
            field.clear()
        self.until_on.set_value(None)
        self.judge.setCurrentIndex(0)
        self._show()

    def _lay_out_kin(self, judges: Judges) -> None:
        theme = Theme.current()
        column = QVBoxLayout(self._fields)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(Space.ROW))
        self.list = LazyList("dossier.declare.kin.list")
        column.addWidget(self.list)
        self.name, self.works_at = QLineEdit(), QLineEdit()
        self.kinship, self.judge = Chooser(), Chooser()
        for each in Kinship:
            words = t(f"word.kinship.{each.value}")
            self.kinship.addItem(words[:1].upper() + words[1:], each)
        self.judge.addItem(t("dossier.declare.kin.not_judge"), "")
        for judge_id, name in judges:
            self.judge.addItem(name, judge_id)
        self.judge.activated.connect(self._take_name)
        self.until_on = DateField("dossier.declare.kin.until_on")
        form = QFormLayout()
        form.setSpacing(theme.px(Space.ROW))
        for key, field in (
            ("dossier.declare.kin.kinship", self.kinship),
            ("dossier.declare.kin.judge", self.judge),
            ("dossier.declare.kin.name", self.name),
            ("dossier.declare.kin.works_at", self.works_at),
            ("dossier.declare.kin.until_on", self.until_on),
        ):
            say(field.setAccessibleName, key)
            form.addRow(PlainLabel(t(key), "caption", "muted"), field)
        column.addLayout(form)
        self.add = QuietButton("dossier.declare.kin.add", icon_name="plus")
        self.add.clicked.connect(self.add_kin)
        self.remove = QuietButton("dossier.declare.kin.remove", icon_name="x")
        self.remove.clicked.connect(self._remove)
        self.list.picked.connect(lambda _row: self._show_chosen())
        ways = FlowRow()
        ways.add(self.add)
        ways.add(self.remove)
        column.addWidget(ways)
        self.name.textChanged.connect(lambda text: self.add.setEnabled(bool(text.strip())))
        self.add.setEnabled(False)

    def _take_name(self, _index: int) -> None:
        if self.judge.currentData():
            self.name.setText(self.judge.currentText())

    def _remove(self) -> None:
        chosen = self.list.current_id()
        if chosen:
            del self._kin[int(chosen)]
            self._show()

    def _show_chosen(self) -> None:
        self.remove.setEnabled(bool(self.list.current_id()))

    def _show(self) -> None:
        kind = self.kind.value()
        say(self.declared.setText, f"dossier.declare.{kind}.title")
        say(self.hint.setText, f"dossier.declare.{kind}.hint")
        is_kin = kind == DeclarationKind.KIN.value
        self._fields.setVisible(is_kin)
        words = Wording.current().translator
        lines = [Line(id=str(at), title=_capital(kin_in_words(each, words))) for at, each in enumerate(self._kin)]
        self.list.show_lines(lines)
        self.list.setFixedHeight(min(len(lines), MOST_ROWS) * row_height(two_lines=False))
        self.list.setVisible(bool(lines))
        self._show_chosen()
        # An empty list of kin is a declaration too: that there are none.
        self.save.setEnabled(self.from_on() is not None)
        self.fit()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def ask_declaration(dialog: DeclareDialog, on_declared: Callable[[DeclareDialog], object]) -> None:
    """Open the form and return at once; ``on_declared(dialog)`` runs if the person agrees."""
    dialog.accepted.connect(lambda: on_declared(dialog))
    dialog.open()
