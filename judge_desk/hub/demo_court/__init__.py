"""A court that does not exist, with a year of work on its desk: for the demo, for trials, for tests.

Context: a desk can be judged only when it is full: hundreds of cases, thousands of pages to read, terms that run out.
Decision: everything is drawn from one seed and one date by named streams, so that the same seed gives the same bytes
whatever is made first; people, cases, hearings, terms, dossier and reviews go in at once, the documents follow in
batches, those of the nearest hearings first. Phrases, names and places are data in ``resources/demo``; case endings
are counted here, since a filing with a wrong ending is not read as a filing.
Alternatives: a recorded data set (200 MB in the repository, dated within a month); texts of letters without sense (a
judge cannot judge a reader, a search or an index by them).
Consequences: sittings stand on the anchor day and the day after it even when that is a Sunday, because today's page
must have something to show; passwords are drawn for each seeding and handed to the caller, never kept.
"""

from judge_desk.hub.demo_court.command import add_parser
from judge_desk.hub.demo_court.plan import SeedPlan
from judge_desk.hub.demo_court.seeding import DemoCourt, file_documents, found, seed

__all__ = ["DemoCourt", "SeedPlan", "add_parser", "file_documents", "found", "seed"]
