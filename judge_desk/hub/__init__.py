"""The court's hub: a stateless HTTP service over a database and a blob store, and the only place that gives order.

Context: a hundred desks with poor links write to the same court; every answer may get lost; nobody may see a row that
is not theirs, and no acknowledged write may vanish.
Decision: (1) one push is one transaction: known operations get their stored answer, the others are checked and written
with history, result and audit; (2) each scope has a counter row that is locked last, in scope order, so the feed never
steps over a row that commits late; (3) the audit is a hash chain for each scope, closed under that same lock, so that
it costs no lock of its own; (4) the same SQLAlchemy Core code runs over SQLite (one court, the demo) and PostgreSQL.
Alternatives: a `bigserial` feed loses rows under load; one chain for the whole court puts every commit in one line.
Consequences: commits to one case are serial, cases are independent; any process may answer any request.
"""
