"""The judge's electronic file: what was entered, what the judge says to it, and who looked."""
