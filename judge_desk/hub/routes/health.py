"""Which hub this is, whether the process works, whether it should be sent desks, and its figures: without a token."""

from __future__ import annotations

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from judge_desk import __version__
from judge_desk.domain.errors import KnownError
from judge_desk.hub import metrics
from judge_desk.hub.blobs import works
from judge_desk.hub.db import migrate, tables
from judge_desk.hub.routes.asked import Hub, answered, hub_of
from judge_desk.protocol.api import VersionAnswer
from judge_desk.protocol.version import OLDEST_SPOKEN, PROTOCOL
from judge_desk.runtime.paths import PRODUCT


async def version(request: Request) -> Response:
    now = hub_of(request).clock.now()
    return answered(VersionAnswer(PRODUCT, __version__, PROTOCOL, OLDEST_SPOKEN, now))


async def health(_request: Request) -> Response:
    """200 while this process can answer at all: whoever gets none may start it anew. Not a word about the database,
    which no new start of the hub would mend."""
    return JSONResponse({"ok": True})


async def ready(request: Request) -> Response:
    """200 when desks may be sent here; else 503, with what is missing."""
    hub = hub_of(request)
    found = {"draining": hub.load.draining, **await hub.run(_parts, hub.engine)}
    found["blobs"] = await hub.with_files(works, hub.blobs)
    ok = not hub.load.draining and all(found[each] for each in ("database", "migrated", "blobs"))
    return JSONResponse({"ok": ok, **found}, 200 if ok else 503)


def _parts(engine: Engine) -> dict[str, bool]:
    database, migrated = True, True
    try:
        migrate.check(engine)
        with engine.connect() as connection:
            connection.execute(select(tables.scope.c.head).limit(1))
    except SQLAlchemyError:
        database = migrated = False
    except KnownError:
        migrated = False
    return {"database": database, "migrated": migrated}


async def figures(request: Request) -> Response:
    """For Prometheus; served on an address of its own, see `serve --metrics`."""
    hub = hub_of(request)
    return PlainTextResponse(metrics.exposition(_levels(hub)), media_type=metrics.CONTENT_TYPE)


def _levels(hub: Hub) -> list[metrics.Level]:
    pool, load, threads = hub.engine.pool, hub.load, hub.load.threads
    return [
        ("hub_requests_running", "Requests at once.", lambda: load.requests),
        ("hub_body_bytes", "Bytes of request bodies expected or in memory.", lambda: load.body_bytes),
        ("hub_threads_used", "Threads at work.", lambda: threads.running),
        ("hub_threads_waiting", "Requests that wait for a thread.", lambda: threads.waiting),
        ("hub_files_used", "Threads at work on files.", lambda: load.files.running),
        ("hub_files_waiting", "Requests that wait for such a thread.", lambda: load.files.waiting),
        ("hub_sign_ins_waiting", "Sign-ins that wait.", lambda: load.sign_ins.waiting),
        ("hub_pool_used", "Database connections in use.", lambda: getattr(pool, "checkedout", int)()),
        ("hub_pool_open", "Database connections open.", lambda: getattr(pool, "checkedin", int)()),
        ("hub_event_streams", "Desks that listen for changes.", lambda: hub.bell.count),
        ("hub_draining", "1: this process is about to stop.", lambda: load.draining),
    ]
