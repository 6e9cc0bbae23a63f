"""What a link can do to one sync: lose the answer after the commit, double, delay and reorder, cut in the middle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from judge_desk.domain.errors import HubUnreachable
from tests.sync.conftest import SyncedDesk


@contextmanager
def faulty(desk: SyncedDesk, fault: str, late: list[Any]) -> Iterator[None]:
    """The link of one desk, for one sync. ``late`` are the operations of an earlier one, still on their way."""
    hub: Any = desk.opened.hub
    name, replaced = _fault(hub, fault, late)
    setattr(hub, name, replaced)
    try:
        yield
    finally:
        delattr(hub, name)


def _fault(hub: Any, fault: str, late: list[Any]) -> tuple[str, Callable[..., Any]]:
    """Which call goes wrong, and how."""
    if fault == "cut_pull":
        return "pull", _cut_lines(hub.pull)
    if fault == "cut_file":
        return "download", _cut_chunks(hub.download)
    return "push", _on_the_way(hub.push, fault, late)


def _on_the_way(push: Callable[..., Any], fault: str, late: list[Any]) -> Callable[..., Any]:
    def sent(operations: Any) -> Any:
        batch = tuple(operations)
        if fault == "late" and late:
            push(late)
        if fault in ("lost_answer", "doubled"):
            push(batch)
        if fault == "lost_answer":
            raise HubUnreachable
        if not fault:
            late[:] = batch
        return push(batch)

    return sent


def _cut_lines(pull: Callable[..., Any]) -> Callable[..., Any]:
    def cut(request: Any) -> Iterator[Any]:
        for number, line in enumerate(pull(request)):
            if number == 2:
                raise HubUnreachable
            yield line

    return cut


def _cut_chunks(download: Callable[..., Any]) -> Callable[..., Any]:
    def cut(sha256: str, offset: int = 0) -> Iterator[bytes]:
        for chunk in download(sha256, offset):
            yield chunk[: max(1, len(chunk) // 2)]
            raise HubUnreachable

    return cut
