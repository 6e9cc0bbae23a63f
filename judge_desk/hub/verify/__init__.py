"""The public page on which a citizen asks whether a paper is an act of the court; plain HTML, no scripts, no cookies.

Context: a bank clerk scans the code on a judgment, a pensioner types it; the page must work on any phone and for a
screen reader, and must not become a way to find out who has a case.
Decision: one address, three languages, a form with a code and a file. The file is hashed as it arrives and never kept.
The answer is one of seven sentences; nothing of the act is shown, and what nobody knows is answered like what is
wrong. Codes have 80 random bits, and an address that asks often has to wait.
Alternatives: showing title and date (tells strangers who sues whom); scripts that hash in the browser (fail on old
phones). Consequences: a large file is sent for a yes or no; whoever reads the table behind it learns only hashes.
"""
