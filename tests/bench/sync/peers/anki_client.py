"""A desk of Anki: runs under the Python that has Anki, apart from everything of ours, and prints seconds as JSON.

anki_client.py fill URL FOLDER DOCUMENTS      makes a note of each document and uploads the collection
anki_client.py desk URL FOLDER COUNT          downloads it, changes so many notes, sends them
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from anki.collection import AddNoteRequest, Collection  # type: ignore[import-not-found,unused-ignore]


def fill(collection: Any, auth: Any, documents: Path) -> dict[str, float]:
    kind = collection.models.by_name("Basic")
    wanted = []
    for line in documents.read_text(encoding="utf-8").splitlines():
        note = collection.new_note(kind)
        note.fields = [json.loads(line)["id"], line]
        wanted.append(AddNoteRequest(note=note, deck_id=1))
    collection.add_notes(wanted)
    began = time.perf_counter()
    collection.close_for_full_sync()
    collection.full_upload_or_download(auth=auth, server_usn=None, upload=True)
    return {"seconds": time.perf_counter() - began}


def desk(collection: Any, auth: Any, count: int) -> dict[str, float]:
    began = time.perf_counter()
    output = collection.sync_collection(auth, False)
    assert output.required in {output.FULL_DOWNLOAD, output.FULL_SYNC}, output
    collection.close_for_full_sync()
    collection.full_upload_or_download(auth=auth, server_usn=None, upload=False)
    collection.reopen(after_full_sync=True)
    pull = time.perf_counter() - began
    found = collection.note_count()
    changed = [collection.get_note(each) for each in collection.db.list(f"SELECT id FROM notes LIMIT {count}")]
    for note in changed:
        note.fields[1] += " changed"
    collection.update_notes(changed)
    began = time.perf_counter()
    output = collection.sync_collection(auth, False)
    push = time.perf_counter() - began
    assert output.required == output.NO_CHANGES, output
    assert not collection.db.scalar("SELECT count() FROM notes WHERE usn = -1"), "something was not sent"
    return {"pull": pull, "push": push, "found": found}


def main() -> None:
    what, url, folder, argument = sys.argv[1:]
    collection = Collection(f"{folder}/collection.anki2")
    auth = collection.sync_login("judge", "password", url)
    told = fill(collection, auth, Path(argument)) if what == "fill" else desk(collection, auth, int(argument))
    print(json.dumps(told))


if __name__ == "__main__":
    main()
