"""The wire of packets does to them what it says; and over it, between two real networks, a file arrives whole."""

from __future__ import annotations

import itertools
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.bench.line.__main__ import play
from tests.bench.line.networks import can_be_made
from tests.bench.line.wire import ACK, SYN, Wire
from tests.poor_link import Line

DESK, HUB = bytes([10, 77, 0, 2]), bytes([10, 77, 0, 1])
GOOD = Line(kbit=1e6, delay_seconds=0, loss=0, every_seconds=0)


def packet(flags: int, payload: bytes = b"", *, port: int = 4000, to_hub: bool = True) -> bytes:
    near, far, ports = (DESK, HUB, (port, 443)) if to_hub else (HUB, DESK, (443, port))
    total = 40 + len(payload)
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, total, 0, 0, 64, 6, 0, near, far)
    return head + struct.pack("!HHIIBBHHH", *ports, 0, 0, 0x50, flags, 0, 0, 0) + payload


class Ends:
    """The two ends of a wire, each a socket whose datagrams are packets."""

    def __init__(self, wire: Wire, desk: socket.socket, hub: socket.socket) -> None:
        self.wire, self.desk, self.hub = wire, desk, hub
        for each in (desk, hub):
            each.settimeout(0.3)

    def arrives(self, sent: bytes, *, to_hub: bool = True) -> bool:
        source, target = (self.desk, self.hub) if to_hub else (self.hub, self.desk)
        source.send(sent)
        try:
            return target.recv(2048) == sent
        except TimeoutError:
            return False


@contextmanager
def wired(line: Line) -> Iterator[Ends]:
    desk, near = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    hub, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with desk, near, hub, far:
        wire, stop = Wire(near.fileno(), far.fileno(), line), threading.Event()
        thread = threading.Thread(target=wire.run, args=(stop,))
        thread.start()
        try:
            yield Ends(wire, desk, hub)
        finally:
            stop.set()
            thread.join()


def test_a_good_wire_carries_every_packet_both_ways() -> None:
    with wired(GOOD) as ends:
        assert ends.arrives(packet(SYN))
        assert ends.arrives(packet(SYN | ACK, to_hub=False), to_hub=False)
        assert ends.arrives(packet(ACK, b"words"))
        counts = ends.wire.counts
    assert (counts["packets up"], counts["packets down"], counts["payload up"]) == (2, 1, 5)


def test_a_packet_of_a_connection_that_the_wire_does_not_know_vanishes() -> None:
    with wired(GOOD) as ends:
        assert not ends.arrives(packet(ACK, b"words"))
        assert ends.arrives(packet(SYN))
        assert not ends.arrives(packet(ACK, port=4001))
        assert ends.wire.counts["dropped as forgotten"] == 2


def test_after_a_cut_old_connections_are_dead_and_new_ones_open() -> None:
    with wired(replace(GOOD, every_seconds=0.4, cut_seconds=0.1)) as ends:
        wire = ends.wire
        assert ends.arrives(packet(SYN))
        while not wire.counts["cuts"]:
            time.sleep(0.01)
        assert not ends.arrives(packet(ACK, b"old"))
        assert any(ends.arrives(packet(SYN, port=port)) for port in range(5000, 5004))


def test_the_wire_is_late_slow_and_lossy_as_asked() -> None:
    with wired(replace(GOOD, delay_seconds=0.1)) as ends:
        began = time.monotonic()
        assert ends.arrives(packet(SYN))
        assert time.monotonic() - began >= 0.1
    with wired(replace(GOOD, kbit=512, loss=0.02)) as ends:
        ends.arrives(packet(SYN))
        began, sent, got = time.monotonic(), 400, 0
        for _ in range(sent):
            ends.desk.send(packet(ACK, bytes(24)))
        ends.hub.settimeout(0.5)
        for _ in itertools.repeat(None):
            try:
                ends.hub.recv(2048)
            except TimeoutError:
                break
            got += 1
            last = time.monotonic()
        counts = ends.wire.counts
    assert last - began >= 0.9 * (sent - 2) * 64 * 8 / 512_000, "faster than the line"
    assert 0 < counts["lost"] < 30
    assert got + counts["lost"] + counts["dropped by the queue"] in {sent, sent + 1}


def test_what_waits_too_long_is_dropped_by_the_queue() -> None:
    with wired(replace(GOOD, kbit=8)) as ends:
        assert ends.arrives(packet(SYN))
        for _ in range(20):
            ends.desk.send(packet(ACK, bytes(960)))
        while ends.wire.counts["packets up"] < 21:
            time.sleep(0.01)
        assert ends.wire.counts["dropped by the queue"] >= 18


NETWORKS = pytest.mark.skipif(not can_be_made(), reason="needs root and /dev/net/tun")
FAST = Line().faster(8)
"""`python -m tests.bench.line` plays the real one."""


@NETWORKS
@pytest.mark.slow
def test_a_file_comes_whole_over_a_line_between_two_networks_that_is_cut() -> None:
    """A minute, most of it the desk's patience with a connection that died without a word."""
    found = play(replace(FAST, every_seconds=15, cut_seconds=1), 3 << 19)
    assert found["whole"]
    assert found["cuts"]
    assert found["dropped as forgotten"]
    assert found["of them resumed behind byte 0"]


@NETWORKS
def test_a_file_goes_whole_over_a_line_between_two_networks() -> None:
    found = play(replace(FAST, every_seconds=0), 1 << 20, up=True)
    assert found["whole"]
    assert found["lost"]
    assert found["parts sent"] == 4
