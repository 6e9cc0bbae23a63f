"""The desk's own database: one encrypted SQLite file, one writer, and nothing saved that is not also owed to the hub.

Context: the link is away for days and the laptop may be stolen or lose power at any line.
Decision: SQLCipher through SQLAlchemy Core (never the ORM on these paths: it is 17 times slower); a table for each kind
of record with the columns that lists need beside the JSON body that the hub knows; every change, its outbox operation
and its journal line in ONE transaction (``unit_of_work``); the copy last agreed with the hub is kept in ``shadow`` from
the first pending edit until the hub has answered; what an operation says lies still in ``operation_text`` while its
line goes from owed to frozen to answered, and goes with the last line that names it.
Alternatives: one table of bodies (every list would parse JSON), a column for every field (every new field a migration,
and fields that a newer hub sends would be lost).
Consequences: whatever the user saw saved is on disk and will reach the hub exactly once, or stays visible until someone
decides. A deliberation draft has a row and a journal line but can have no outbox operation: ``unit_of_work`` refuses
it.
"""
