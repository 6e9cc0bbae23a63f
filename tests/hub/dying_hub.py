"""A hub process that kills itself after the commit of its n-th push, before a byte of the answer is sent."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from judge_desk.hub.app import make_app
from judge_desk.hub.blobs import FolderBlobs
from judge_desk.hub.db.engine import open_engine
from judge_desk.hub.server import bound, make_server
from judge_desk.protocol import http


class Dying:
    """Lets ``left`` pushes be answered; the next answer kills the process."""

    def __init__(self, app: ASGIApp, left: int) -> None:
        self._app = app
        self._left = left

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def deadly(message: Message) -> None:
            if scope["path"] == http.PUSH and message["type"] == "http.response.start":
                self._left -= 1
                if self._left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            await send(message)

        await self._app(scope, receive, deadly)


def main() -> None:
    database, blobs, left = sys.argv[1:]
    taken = bound("127.0.0.1:0")
    sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{taken.getsockname()[1]}"}) + "\n")
    sys.stdout.flush()
    app = make_app(open_engine(database), FolderBlobs(Path(blobs)))
    make_server(Dying(app, int(left))).run(sockets=[taken])


if __name__ == "__main__":
    main()
