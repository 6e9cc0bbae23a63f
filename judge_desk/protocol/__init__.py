"""The wire contract that desk and hub share: operations up, a feed of scopes down, attachments by hash.

Context: the link is poor, answers get lost, clocks lie, and two people may edit one thing.
Decision: (1) the desk sends operations with ids made on the desk, the hub keeps each result and repeats it word for
word;
(2) the hub numbers the rows of each scope with a counter taken last in the transaction, and a pull carries one cursor a
scope; (3) bodies are JSON text that neither side parses in order to move it; (4) ``grant``, ``revoke`` and ``reset``
are
lines of the feed; (5) a checksum over (id, rev) closes each scope.
Alternatives: CouchDB, Kinto and the like fail on row permission, revocation or lost changes; CRDTs merge sentences that
nobody has read.
Consequences: one small client and one small server of our own, and the duty to test them under faults.
"""
