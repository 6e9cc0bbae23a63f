"""The court's words: frozen values and pure functions that desk and hub share.

Context: a rule that is written twice (once for the desk, once for the hub) drifts apart, and offline and online then
disagree about what a judge may do.
Decision: everything that *is* the work (cases, acts, terms, permissions) lives here, with the standard library only;
no input or output, no clock, no language. Both sides import it.
Consequences: the same permission function hides a button offline and refuses an operation on the hub; a test needs
neither Qt nor a network.
"""
