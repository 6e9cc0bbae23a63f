"""The linter of acts: pure rules over an act, its case, its day and its law; each finding says why and where.

A rule is a generator over a ``Reading``; what the law asks stands in resources/rules, not here. No severity forbids to
sign: the judge may leave a finding with a reason, which is kept with the draft.
"""

from judge_desk.assistant.lint.engine import lint, sentence
from judge_desk.assistant.lint.subject import LintTask

__all__ = ["LintTask", "lint", "sentence"]
