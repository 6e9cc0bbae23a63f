"""The hub as an ASGI app: the routes, the border around them, and what they work with."""

from __future__ import annotations

from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from judge_desk.hub import generations
from judge_desk.hub.auth import Gate
from judge_desk.hub.blobs import BlobStore
from judge_desk.hub.border import Border, refusal
from judge_desk.hub.events import Bell
from judge_desk.hub.load import Limits, Load
from judge_desk.hub.replicas import Replicas
from judge_desk.hub.routes import blobs as blob_routes
from judge_desk.hub.routes import devices, health, leaving, manifest, sync, verify
from judge_desk.hub.routes import events as event_routes
from judge_desk.hub.routes.asked import Hub
from judge_desk.hub.traffic import Traffic
from judge_desk.hub.uploads import Uploads
from judge_desk.protocol import http
from judge_desk.protocol import manifest as manifest_paths
from judge_desk.protocol.codes import Code
from judge_desk.runtime.clock import Clock, SystemClock


def make_app(
    engine: Engine,
    blobs: BlobStore,
    clock: Clock | None = None,
    *,
    limits: Limits | None = None,
    replicas: Replicas | None = None,
    logs_requests: bool = False,
) -> Starlette:
    """The app over an open, migrated database and a blob store; it keeps no state of its own between requests."""
    clock = clock or SystemClock()
    generations.watch(engine)
    load = Load(limits or Limits())
    app = Starlette(
        routes=_routes(),
        middleware=[Middleware(Traffic, load, logs_requests=logs_requests), Middleware(Border)],
        exception_handlers={HTTPException: _no_such_path},
    )
    app.state.hub = Hub(
        engine,
        blobs,
        clock,
        Gate(engine, clock),
        Uploads(engine, blobs, clock),
        Bell(engine, clock),
        load,
        replicas,
    )
    return app


def _routes() -> list[Route]:
    return [
        Route(http.VERSION, health.version),
        Route(http.HEALTH, health.health),
        Route(http.READY, health.ready),
        Route(http.DEVICES, devices.enrol, methods=["POST"]),
        Route(http.SESSION, devices.session, methods=["POST"]),
        Route(http.LOST, sync.lost, methods=["POST"]),
        Route(http.PULL, sync.pull, methods=["POST"]),
        Route(http.PUSH, sync.push, methods=["POST"]),
        Route(manifest_paths.PATH, manifest.asked, methods=["POST"]),
        Route(http.EVENTS, event_routes.events),
        Route(http.RESCUE, leaving.rescue, methods=["POST"]),
        Route(http.WIPED, leaving.wiped, methods=["POST"]),
        Route(http.HELD, blob_routes.held, methods=["POST"]),
        Route(http.BLOBS, blob_routes.begin, methods=["POST"]),
        Route(http.blob_path("{sha256}"), blob_routes.download),
        Route(f"{http.blob_path('{sha256}')}/parts/{{number:int}}", blob_routes.part, methods=["PUT"]),
        Route(http.done_path("{sha256}"), blob_routes.done, methods=["POST"]),
        Route(http.VERIFY, verify.page, methods=["GET", "POST"]),
    ]


def make_figures(app: Starlette) -> Starlette:
    """A second app, for an address that desks do not reach: the first one's figures."""
    figures = Starlette(routes=[Route("/metrics", health.figures)])
    figures.state.hub = app.state.hub
    return figures


async def _no_such_path(_request: Request, fault: Exception) -> Response:
    status = fault.status_code if isinstance(fault, HTTPException) else 404
    return refusal(Code.NOT_FOUND if status == 404 else Code.BAD_REQUEST, status)
