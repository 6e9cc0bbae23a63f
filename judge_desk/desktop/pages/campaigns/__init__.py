"""The commission's page: campaigns of peer review from the first list of judges to the report."""
