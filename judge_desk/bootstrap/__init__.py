"""Composition root: the entry points, and the only place that knows every concrete class."""
