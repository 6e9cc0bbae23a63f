"""What HTTP alone costs: a server of one answer, of files, and of nothing, in a process of its own.

python -m tests.bench.sync.raw_server FOLDER      prints its address
"""

from __future__ import annotations

import sys
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from judge_desk.hub.server import bound, make_server, serve


def main() -> None:
    folder = Path(sys.argv[1])
    rows = (folder / "rows").read_bytes()

    async def every(_request: Request) -> Response:
        return Response(rows)

    async def nothing(_request: Request) -> Response:
        return Response(b"")

    async def file(request: Request) -> Response:
        return FileResponse(folder / request.path_params["name"])

    app = Starlette(routes=[Route("/rows", every), Route("/nothing", nothing), Route("/files/{name}", file)])
    listener = bound("127.0.0.1:0")
    print("http://{}:{}".format(*listener.getsockname()[:2]), flush=True)
    serve(make_server(app), listener)


if __name__ == "__main__":
    main()
