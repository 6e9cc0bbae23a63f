"""What services may know of the hub: its keys and this device's, the calls that are no sync, and the lease."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from judge_desk.protocol.manifest import ManifestAnswer, ManifestRequest
from judge_desk.security.courier_keys import CourierKeys


class Compares(Protocol):
    """The hub, as far as it says what it holds; raises HubProblem."""

    def manifest(self, request: ManifestRequest) -> ManifestAnswer: ...


@dataclass(frozen=True, slots=True)
class HubSide:
    """``heard`` takes the time of a word of the hub that was proven true, and renews the lease."""

    keys: CourierKeys
    hub: Compares
    heard: Callable[[datetime], object]
