"""The page of the dossier: sections at the left, entries in the middle, the judge's own words under each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent

from judge_desk.desktop.actions import Action
from judge_desk.desktop.page import Page, Scene
from judge_desk.desktop.pages.dossier.chain_line import ChainLine
from judge_desk.desktop.pages.dossier.deeds import DossierDeeds
from judge_desk.desktop.pages.dossier.scenes import samples_of, scenes_of
from judge_desk.desktop.pages.dossier.section_view import LOOKED, TIMELINE, SectionView
from judge_desk.desktop.theme import Size, Theme
from judge_desk.desktop.widgets.buttons import PrimaryButton, QuietButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.chooser import Chooser
from judge_desk.desktop.widgets.folding_splitter import FoldingSplitter
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.wording import say, t
from judge_desk.domain.changes import Changes
from judge_desk.domain.dossier import DossierSection
from judge_desk.domain.kinds import Kind
from judge_desk.services.desk import Desk
from judge_desk.services.dossier import DossierService, DossierView, HalfWritten

KEEP_MS: Final = 800
KINDS: Final = (Kind.DOSSIER_ENTRY, Kind.DOSSIER_REPLY, Kind.DOSSIER_ACCESS)
ICONS: Final = {
    DossierSection.POSTS: "briefcase",
    DossierSection.QUALIFICATION: "star",
    DossierSection.TRAINING: "graduation-cap",
    DossierSection.WORKLOAD: "chart-line",
    DossierSection.TERMS_KEPT: "calendar-clock",
    DossierSection.APPEALS: "gavel",
    DossierSection.JURY_CASSATION: "users-round",
    DossierSection.DISCIPLINE: "circle-alert",
    DossierSection.AWARDS: "award",
    DossierSection.DECLARATIONS: "file-pen",
    DossierSection.GUARANTEES: "shield-check",
    DossierSection.REVIEWS: "scale",
    DossierSection.CONTESTS: "list-ordered",
}
Loaded = tuple[list[tuple[str, str]], DossierView | None]


class DossierPage(Page):
    """One's own dossier, or for the commission those that were granted."""

    id = "dossier"
    title_key = "dossier.title"

    @classmethod
    def samples(cls, desk: Desk) -> Sequence[Mapping[str, str]]:
        return samples_of(desk)

    def scenes(self) -> Sequence[Scene]:
        return scenes_of(self)

    def build(self) -> None:
        self.head.set_title("dossier.title")
        self._view: DossierView | None = None
        self._judges: list[tuple[str, str]] = []
        self._judge_id = ""
        self._part = TIMELINE
        self._sought = ""
        self._halves: dict[str, HalfWritten] = {}
        self._unkept: dict[str, HalfWritten] = {}
        self.deeds = DossierDeeds(self)
        self._build_head()
        self.sections = LazyList("dossier.sections", hairlines=False)
        self.sections.picked.connect(self._pick)
        left = Card()
        left.body.addWidget(self.sections)
        self.chain = ChainLine()
        left.body.addWidget(self.chain)
        self.content.addWidget(self.chain.broken)
        self.middle = SectionView()
        self.middle.typed.connect(self._on_typed)
        self.middle.sent.connect(self._send)
        self.middle.put_aside.connect(self._put_aside)
        self.middle.decision_asked.connect(self.deeds.ask_decision)
        self._splitter = FoldingSplitter(left, self.middle)
        self._is_narrow: bool | None = None
        self.content.addWidget(self._splitter, 1)
        self._pause = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._pause.timeout.connect(self._keep)
        self.states.retry_asked.connect(self._read)

    def activate(self, params: Mapping[str, str]) -> None:
        self._judge_id = params.get("judge_id", self._judge_id)
        self._sought = params.get("entry_id", "")
        part = params.get("section", "")
        if part in (TIMELINE, LOOKED, *DossierSection) and part != self._part:
            self._part = part
            if self._view is not None:
                self._show_part(is_other=True)
                self.sections.select(part)
        self._read()

    def leave(self) -> None:
        self._keep()

    def refresh(self, changes: Changes) -> None:
        if any(changes.touches(kind) for kind in KINDS):
            self._read()

    def retranslate(self) -> None:
        if self._view is not None:
            self._say_all(self._view)

    def page_actions(self) -> Sequence[Action]:
        def may_enter() -> bool:
            return self._view is not None and self._view.may_enter

        return (
            Action(
                id="dossier.print",
                text_key="dossier.print",
                handler=lambda: self.deeds.ask_print(self._view),
                shortcut="Ctrl+P",
                icon="printer",
                enabled_when=lambda: self._view is not None,
            ),
            Action(
                id="dossier.enter",
                text_key="dossier.enter",
                handler=lambda: self.deeds.ask_entry(self._view, self._part),
                shortcut="Ctrl+N",
                icon="plus",
                enabled_when=may_enter,
            ),
        )

    def step_back(self) -> bool:
        box = self.middle.writing_box()
        if box is None:
            return False
        self._put_aside(box.half().entry_id)
        return True

    def set_reading(self, on: bool) -> None:
        self._splitter.set_reading(on)

    def focus_first(self) -> None:
        self.sections.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        theme = Theme.current()
        is_narrow = self.width() < theme.px(Size.WINDOW_MIN_WIDTH)
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            # The names of the sections give way to the entries, not the other way round.
            self._splitter.set_side_widths(left=Size.SIDE if is_narrow else Size.SIDE + 3 * Size.FIELD_SHORT)

    @property
    def view(self) -> DossierView | None:
        """The dossier on screen."""
        return self._view

    @property
    def _service(self) -> DossierService:
        return self.context.desk.dossier

    def _build_head(self) -> None:
        self.judge = Chooser()
        say(self.judge.setAccessibleName, "dossier.judge")
        self.judge.activated.connect(self._pick_judge)
        self._print = QuietButton("dossier.print", "Ctrl+P", "printer")
        self._print.clicked.connect(lambda: self.deeds.ask_print(self._view))
        self._enter = PrimaryButton("dossier.enter", "Ctrl+N", "plus")
        self._enter.clicked.connect(lambda: self.deeds.ask_entry(self._view, self._part))
        self._purpose = QuietButton("dossier.look", icon_name="eye")
        self._purpose.clicked.connect(lambda: self.deeds.ask_purpose(self._view))
        self._declare = QuietButton("dossier.declare", icon_name="file-pen")
        self._declare.clicked.connect(lambda: self.deeds.ask_declaration(self._view))
        for widget in (self.judge, self._purpose, self._declare, self._print, self._enter):
            self.head.add_button(widget)
            widget.hide()

    def _read(self) -> None:
        self._keep()
        if self._view is None:
            self.states.show_loading()
        service, wanted, me = self._service, self._judge_id, self.context.desk.person.id

        def load() -> Loaded:
            judges = service.judges()
            ids = [judge_id for judge_id, _ in judges]
            chosen = next((each for each in (wanted, me, *ids) if each in ids), None)
            return judges, None if chosen is None else service.view(chosen)

        self.context.tasks.run(load, self._show, self.states.show_failure, key=self.id)

    def _show(self, loaded: Loaded) -> None:
        judges, view = loaded
        is_other = self._view is None or view is None or self._view.judge_id != view.judge_id
        is_same = judges == self._judges and _without_halves(self._view) == _without_halves(view)
        self._judges, self._view = judges, view
        if view is None:
            self.states.show_empty("user-round", "dossier.none.title", "dossier.none.hint")
            return
        if view.is_empty and not view.may_enter and not view.accesses:
            self.states.show_empty("user-round", "dossier.empty.title", "dossier.empty.hint")
            self._declare.setVisible(view.may_reply)
            self.head.set_subtitle("dossier.subtitle", name=view.judge_name)
            return
        self.states.show_ready()
        if not is_same:
            self._judge_id = view.judge_id
            # What is on screen is newer than what was read.
            self._halves = {each.entry_id: each for each in view.half_written} | self._unkept
            self._say_all(view, is_other=is_other)
            self.context.actions.refresh()
        if self._sought:
            self.middle.seek(self._sought)
            self._sought = ""

    def _say_all(self, view: DossierView, *, is_other: bool = False) -> None:
        self.head.set_subtitle(
            "dossier.subtitle.commission" if view.may_enter else "dossier.subtitle", name=view.judge_name
        )
        self._fill_judges(view)
        self.chain.show_view(view)
        self._print.show()
        self._enter.setVisible(view.may_enter)
        self._purpose.setVisible(not view.may_reply)
        self._declare.setVisible(view.may_reply)
        self.sections.blockSignals(True)
        self.sections.show_lines(_section_lines(view))
        self.sections.select(self._part)
        self.sections.blockSignals(False)
        self._show_part(is_other=is_other)

    def _fill_judges(self, view: DossierView) -> None:
        self.judge.clear()
        for judge_id, name in self._judges:
            self.judge.addItem(name, judge_id)
        self.judge.setCurrentIndex(self.judge.findData(view.judge_id))
        self.judge.setVisible(len(self._judges) > 1)

    def _show_part(self, *, is_other: bool) -> None:
        if self._view is not None:
            self.middle.show_part(self._view, self._part, self._halves, is_other=is_other)

    def _pick(self, part: str) -> None:
        if part and part != self._part:
            self._part = part
            self._show_part(is_other=True)

    def _pick_judge(self, index: int) -> None:
        self._judge_id = str(self.judge.itemData(index))
        self._read()

    def _on_typed(self, half: HalfWritten) -> None:
        self._halves[half.entry_id] = self._unkept[half.entry_id] = half
        self._pause.start()

    def _keep(self) -> None:
        """Hand over half-written words; runs whatever happens to the window."""
        self._pause.stop()
        halves, self._unkept = list(self._unkept.values()), {}
        service = self._service
        for half in halves:
            self.context.tasks.run(
                lambda half=half: service.keep_half_written(half.entry_id, half.kind, half.text),  # type: ignore[misc]  # the default binds the words
                keep=True,
            )

    def _put_aside(self, entry_id: str) -> None:
        self._keep()
        half = self._halves.get(entry_id)
        self.middle.close_box(entry_id, half if half is not None and half.text.strip() else None)
        self.sections.setFocus()

    def _send(self, half: HalfWritten) -> None:
        self._pause.stop()
        self._unkept.pop(half.entry_id, None)
        service = self._service

        def send() -> Changes:
            # First the words as they stand, so that a failure in between loses none of them.
            service.keep_half_written(half.entry_id, half.kind, half.text)
            changes = service.reply(half.entry_id, half.text, half.kind)
            service.keep_half_written(half.entry_id, half.kind, "")
            return changes

        self.context.tasks.run(send, lambda changes: self._sent(half.entry_id, changes), keep=True)

    def _sent(self, entry_id: str, changes: Changes) -> None:
        self._halves.pop(entry_id, None)
        # Else the vanishing box hands the keyboard to whatever stands first in the window.
        self.sections.setFocus()
        self.middle.close_box(entry_id, None)
        self.context.window.toast("dossier.reply.done")
        self.context.events.announce(changes, self)


def _without_halves(view: DossierView | None) -> DossierView | None:
    """What is being written here is on screen already."""
    return None if view is None else replace(view, half_written=())


def _section_lines(view: DossierView) -> list[Line]:
    def line(part: str, title: str, icon: str, count: int) -> Line:
        name, told = title[:1].upper() + title[1:], str(count) if count else ""
        return Line(id=part, title=name, icon=icon, trailing=told, strong=False, whole_title=True)

    total = sum(len(each.entries) for each in view.sections)
    sections = [
        line(each.section.value, t(f"word.dossier.{each.section.value}"), ICONS[each.section], len(each.entries))
        for each in view.sections
    ]
    looked = line(LOOKED, t("dossier.looked"), "eye", len(view.accesses))
    return [line(TIMELINE, t("dossier.timeline"), "history", total), *sections, looked]


PAGE = DossierPage
