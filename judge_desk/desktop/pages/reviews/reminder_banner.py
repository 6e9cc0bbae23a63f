"""The strip that reminds of forms nearly due or late, until the reviewer has seen it."""

from __future__ import annotations

from collections.abc import Sequence

from judge_desk.desktop.page import PageContext
from judge_desk.desktop.widgets.banner import Banner
from judge_desk.desktop.wording import Wording
from judge_desk.i18n import formats
from judge_desk.services.review_reminders import ReminderRow


class ReminderBanner(Banner):
    """``read()`` looks whether there is anything to remind of; its button says that it was seen."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.set_closable(False)
        self.closed.connect(self._see)

    def read(self) -> None:
        self._context.tasks.run(self._context.desk.review_reminders.unseen, self._show_rows, key="review_reminders")

    def _show_rows(self, rows: Sequence[ReminderRow]) -> None:
        if not rows:
            self.hide()
            return
        day = formats.date_short(rows[0].due_on, Wording.current().language)
        late = sum(each.reminder.days_left < 0 for each in rows)
        if not late:
            self.say_text("reviews.reminder", "warn", "reviews.reminder.nearest", n=len(rows), day=day)
        elif late == len(rows):
            self.say_text("reviews.reminder.late", "bad", "reviews.reminder.passed", n=late, day=day)
        else:
            near = len(rows) - late
            self.say_text("reviews.reminder.both", "bad", "reviews.reminder.passed", late=late, near=near, day=day)
        self.add_button("reviews.reminder.seen", self.put_away)

    def _see(self) -> None:
        self._context.tasks.run(self._context.desk.review_reminders.see, keep=True)
