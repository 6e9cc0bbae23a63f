"""One case file: what does it say?"""
