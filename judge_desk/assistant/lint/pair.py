"""The twin: every fact in which the text in the other language differs, and which of the two is authoritative."""

from __future__ import annotations

from collections.abc import Iterator

from judge_desk.assistant.lint.subject import Reading
from judge_desk.domain.act_forms import Severity
from judge_desk.domain.findings import Finding
from judge_desk.domain.twins import TwinFault, authority_of, compare_twins

_GRAVE = frozenset(
    {TwinFault.SUM, TwinFault.DATE, TwinFault.IDENTITY, TwinFault.CASE_NUMBER, TwinFault.PART, TwinFault.NORM}
)


def check_twin(reading: Reading) -> Iterator[Finding]:
    """twin.* for each difference, twin.authority where the two texts do not say, or contradict."""
    twin = reading.task.twin
    if twin is None:
        return
    for each in compare_twins(reading.act, twin, reading.reader).differences:
        yield Finding(
            rule="twin." + each.fault,
            severity=Severity.ERROR if each.fault in _GRAVE else Severity.WARNING,
            part=each.part,
            block=each.block,
            other_block=each.other_block,
            params={"here": _shown(each.here, each.fault), "there": _shown(each.there, each.fault)},
            norm=reading.form.norm if reading.form else "",
        )
    ours, theirs = authority_of(reading.act), authority_of(twin)
    if ours is None or ours is not theirs:
        yield Finding(
            rule="twin.authority",
            severity=Severity.WARNING,
            part=reading.act.parts[-1].kind if reading.act.parts else None,
            norm=reading.form.norm if reading.form else "",
        )


def _shown(text: str, fault: TwinFault) -> str:
    return f"word.part.{text}" if fault is TwinFault.PART and text else text or "—"
