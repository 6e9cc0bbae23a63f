"""Diagnostics in words: what was checked, what is wrong, what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from judge_desk.desktop.failures import Failure
from judge_desk.desktop.local import Check
from judge_desk.desktop.tasks import Lane, TaskRunner
from judge_desk.desktop.widgets.badge import Badge
from judge_desk.desktop.widgets.buttons import QuietButton
from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.lazy_list import LazyList
from judge_desk.desktop.widgets.line import Line
from judge_desk.desktop.widgets.setting_row import SettingRow
from judge_desk.desktop.wording import Wording


class ChecksCard(Card):
    """Runs the checks off the main thread when asked to."""

    def __init__(
        self, tasks: TaskRunner, checks: Callable[[str], Sequence[Check]], parent: QWidget | None = None
    ) -> None:
        super().__init__("settings.checks", parent)
        self._tasks, self._checks = tasks, checks
        self._button = QuietButton("settings.checks.run", "Ctrl+R", "shield-check")
        self._button.clicked.connect(self.start)
        self.badge = Badge()
        self.badge.hide()
        self.add_trailing(self.badge)
        self.body.addWidget(SettingRow("settings.checks.what", "settings.checks.hint", self._button))
        self.list = LazyList("settings.checks.list")
        self.list.set_grows()
        self.list.hide()
        self.body.addWidget(self.list)

    def start(self) -> None:
        language = Wording.current().language
        self._button.setEnabled(False)
        self.badge.set_tone("muted")
        self.badge.say("settings.checks.running")
        self.badge.show()
        self._tasks.run(lambda: self._checks(language), self._show, self._fail, key="settings.checks", lane=Lane.POOL)

    def _show(self, checks: Sequence[Check]) -> None:
        self._button.setEnabled(True)
        bad = sum(not check.ok for check in checks)
        self.badge.set_tone("warn" if bad else "ok")
        self.badge.say("settings.checks.bad" if bad else "settings.checks.good", n=bad or len(checks))
        self.list.show_lines([_line(check) for check in sorted(checks, key=lambda check: check.ok)])
        self.list.show()

    def _fail(self, failure: Failure) -> None:
        self._button.setEnabled(True)
        self.badge.set_tone("bad")
        self.badge.set_text(failure.happened())


def _line(check: Check) -> Line:
    icon, tone = ("circle-check", "ok") if check.ok else ("circle-alert", "warn")
    return Line(id=check.id, title=check.message, detail=check.cure, icon=icon, icon_tone=tone, strong=not check.ok)
