"""Peer review: the assigned acts, and the form beside the act that nobody's name stands on."""
