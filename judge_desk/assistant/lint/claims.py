"""Claims: what a party asked for must be answered in the operative part, by topic and as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from judge_desk.assistant.lint.phrases import finder
from judge_desk.assistant.lint.subject import ReadBlock, Reading
from judge_desk.domain.act_forms import Severity
from judge_desk.domain.acts import ActKind, PartKind, runs_of
from judge_desk.domain.cases import Language
from judge_desk.domain.findings import Finding

ASKS: dict[Language, tuple[str, ...]] = {
    Language.KAZAKH: ("сұрайды", "талаппен жүгінді", "талап қойылған"),
    Language.RUSSIAN: ("просит", "просят", "с требованием", "обратил~ … с иском", "заявлен~ требовани~"),
    Language.ENGLISH: ("asks for", "asks the court", "following claim", "claims"),
}
WHOLE: dict[Language, tuple[str, ...]] = {
    Language.KAZAKH: (
        "талап қою толық қанағаттандырылсын",
        "талап қоюды қанағаттандырудан бас тартылсын",
        "талап қою қанағаттандырусыз қалдырылсын",
        "талаптар толық",
        "қалған бөлігінде … қалдырылсын",
        "қалған бөлігінде … бас тартылсын",
    ),
    Language.RUSSIAN: (
        "иск … удовлетворить полностью",
        "исковые требования … удовлетворить полностью",
        "удовлетворении иска … отказать",
        "удовлетворении исковых требований … отказать",
        "в иске … отказать",
        "в остальной части … отказать",
        "иск … без рассмотрения",
    ),
    Language.ENGLISH: (
        "claim is granted in full",
        "claim is dismissed",
        "claim is refused",
        "rest of the claim … dismissed",
    ),
}
_ASKING_FIELDS = frozenset({"subject"})


def check_claims(reading: Reading) -> Iterator[Finding]:
    """claim.unanswered: a topic of the claim on which the operative part says nothing."""
    if reading.act.kind is not ActKind.DECISION:
        return
    answer = "\n".join(each.text for each in reading.within(PartKind.OPERATIVE))
    if not answer.strip() or finder(WHOLE[reading.language]).search(answer):
        return
    asked = [each for each in reading.blocks if each.part is not PartKind.OPERATIVE and _asks(reading, each)]
    for topic in reading.task.book.acts.topics:
        asks, answers = (finder(table.get(reading.language, ())) for table in (topic.asked, topic.answered))
        block = next((each for each in asked if asks.search(each.text)), None)
        if block is not None and not answers.search(answer):
            yield Finding(
                rule="claim.unanswered",
                severity=Severity.ERROR,
                part=block.part,
                block=block.id,
                what=topic.names,
                norm=topic.norm,
                certainty=topic.certainty,
            )


def _asks(reading: Reading, each: ReadBlock) -> bool:
    return any(run.field in _ASKING_FIELDS for run in runs_of(each.block)) or bool(
        finder(ASKS[reading.language]).search(each.text)
    )
