"""Words for terms: why a term ends on its day, line by line, for the window, the command line and paper alike."""

from __future__ import annotations

from judge_desk.domain.norms import Certainty
from judge_desk.domain.rules import Bound, Length
from judge_desk.domain.terms import StepKind, TermExplanation, TermStep
from judge_desk.domain.working_days import DayOff, DayOffReason
from judge_desk.i18n import formats
from judge_desk.i18n.translator import Translator


def explanation_lines(explanation: TermExplanation, t: Translator) -> list[str]:
    """One line a step, from the event to the last day, then the norm and how sure we are of it."""
    return [
        *(step_text(step, explanation, t) for step in explanation.steps),
        t.text("law.norm", norm=explanation.norm),
        certainty_text(explanation.certainty, t),
    ]


def step_text(step: TermStep, explanation: TermExplanation, t: Translator) -> str:
    """What happens on one day of a term; a term in hours shows the time too."""
    when = formats.date_and_time(step.at, t.language) if step.at else formats.date_with_weekday(step.on, t.language)
    if step.kind is StepKind.TRIGGER:
        return t.text("law.step.trigger", date=when, event=t.text(f"law.trigger.{explanation.trigger.value}"))
    if step.kind is StepKind.STARTS:
        return t.text("law.step.starts", date=when, length=length_text(explanation.length, t))
    if step.day_off is not None:
        return t.text(f"law.step.{step.kind.value}", date=when, reason=reason_text(step.day_off, t))
    return t.text("law.step.runs_out" if step.kind is StepKind.RUNS_OUT else "law.step.due", date=when)


def reason_text(day_off: DayOff, t: Translator) -> str:
    """Why the court does not work on a day."""
    name = day_off.names.get(t.language, "")
    if day_off.reason is DayOffReason.HOLIDAY:
        return name
    if day_off.moved_from is not None:
        return t.text("law.reason.moved", name=name, date=formats.date_long(day_off.moved_from, t.language))
    return t.text("law.reason.weekend" if day_off.reason is DayOffReason.WEEKEND else "law.reason.transferred")


def length_text(length: Length, t: Translator) -> str:
    """ "2 months", "5 working days"."""
    return t.plural(f"law.length.{length.unit.value}", length.count)


def left_text(days_left: int, t: Translator) -> str:
    """How many working days are left; see ``domain.terms.working_days_left``."""
    if days_left == 0:
        return t.text("law.left.today")
    return t.plural("law.left.days", days_left) if days_left > 0 else t.plural("law.left.missed", -days_left)


def certainty_text(certainty: Certainty, t: Translator) -> str:
    return t.text(f"law.certainty.{certainty.value}")


def bound_text(bound: Bound, t: Translator) -> str:
    """Whose term it is."""
    return t.text(f"law.bound.{bound.value}")
