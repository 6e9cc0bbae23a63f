"""The records that the contract is tried with, and how a result reads."""

from __future__ import annotations

from typing import Any

from judge_desk.domain.cases import Case, Language, Procedure, Stage
from judge_desk.domain.notes import Note, NoteReach
from judge_desk.protocol.operations import Outcome, Result


def a_case(case_id: str = "k1", **more: Any) -> Case:
    values: dict[str, Any] = {
        "id": case_id,
        "court_id": "court1",
        "number": "7101-26-00-2/1",
        "title": "О взыскании долга",
        "procedure": Procedure.CIVIL,
        "language": Language.RUSSIAN,
        "judge_id": "judge",
        "secretary_id": "secretary",
        "stage": Stage.HEARING,
    }
    return Case(**{**values, **more})


def a_note(note_id: str = "n1", **more: Any) -> Note:
    values: dict[str, Any] = {"case_id": "k1", "author_id": "judge", "reach": NoteReach.SHARED, "text": "Мәтін"}
    return Note(id=note_id, **{**values, **more})


def outcome(result: Result) -> tuple[Outcome, str]:
    return result.outcome, result.code


def is_refused(result: Result, code: str) -> bool:
    return outcome(result) == (Outcome.REFUSED, code)
