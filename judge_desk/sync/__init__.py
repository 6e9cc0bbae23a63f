"""How desk and hub come to agree again: push what is owed, pull what is new, fetch files, check the sums.

Context: answers get lost, links break in mid-line, either side may be killed, two people may have written at once.
Decision: one cycle of plain steps, no Qt and no sleeping, and one thread that writes: others only wait for the link
beside it. Every step keeps its progress in the same transaction as its data, so that a cycle can be cut at any line and
simply be run again. Operations go oldest first; two requests are at the hub at once only where neither can matter to
the other. Merging is a pure function.
Alternatives: queues in memory (lost with the process), a state machine across requests (its states are the bugs).
Consequences: the engine is run by a thread under the window, by ``judge-desk sync`` and by tests, all alike.
"""
