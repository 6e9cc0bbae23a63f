"""Takes case files in from outside: bundles of one case, registers of thousands; a bad item never spoils the good ones.

Context: a court's register has forty years of odd dates and empty cells in it, and a bundle comes from a program that
we have never seen.
Decision: what names a case (its key) must be there, everything else may be missing; a fault in an optional field keeps
the case, leaves the field empty and is told as a warning; a fault that would make the row mean something else refuses
the row. A case's id is the hash of court and key, so that taking the same register in again finds the same cases, and
what judges have done to them since stays: only mapped fields are brought in line. Formats: ``resources/help``.
Alternatives: refuse the whole file (nobody can mend ten thousand rows of a register that is not theirs), or keep an
id table beside the cases (two imports at once would double a case).
Consequences: an imported case is seen by the judge whom ``--judge`` names, else by the secretaries of its court; in a
court without people nobody sees it until a judge is assigned.
"""

from judge_desk.hub.intake.command import add_parser

__all__ = ["add_parser"]
