"""One file for each step: ``NNNN_what.py`` with ``upgrade(op)``. Never change one that was released."""
