"""A desk that hangs up in the middle of a file leaves nothing open at the hub."""

from __future__ import annotations

import asyncio
from collections.abc import Generator

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message

from judge_desk.hub.routes.blobs import _Download


def test_a_file_is_closed_when_the_desk_hangs_up() -> None:
    closed: list[bool] = []

    def chunks() -> Generator[bytes, None, None]:
        try:
            yield b"first"
            yield b"second"
        finally:
            closed.append(True)

    # Held here, so that no collector can close it in our place.
    held = chunks()

    async def hang_up(message: Message) -> None:
        if message["type"] == "http.response.body":
            raise ConnectionResetError

    async def receive() -> Message:
        return {"type": "http.request"}

    answer = _Download(next(held), held, 200, {}, "application/octet-stream")
    with pytest.raises((ConnectionResetError, ClientDisconnect)):
        asyncio.run(answer({"type": "http", "asgi": {"spec_version": "2.4"}}, receive, hang_up))
    assert closed == [True]
