"""What others need for the same documents, on this machine and in the same run: PouchDB, Kinto, Anki.

    python -m tests.bench.sync peers [--rounds 3]

Each is installed by the bench itself through its ordinary registry (npm, PyPI) into the user's cache folder, and runs
in processes of its own. Anki's licence is the AGPL: it is measured here, from outside, and is no part of the product,
of its extras or of what is installed with it.

The peers do less, or other things, for a row: none encrypts on the desk, only Kinto asks for permission by record, none
writes an audit. The comparison is of what a person waits for.
"""
