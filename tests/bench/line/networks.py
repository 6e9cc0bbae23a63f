"""Two networks without names, each with one TUN device and one address; they live as long as what runs in them."""

from __future__ import annotations

import ctypes
import os
import struct
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HUB_ADDRESS, DESK_ADDRESS = "10.77.0.1", "10.77.0.2"
TUN = Path("/dev/net/tun")
_NEIGHBOURS = "10.77.0.0/24"
_NEW_NETWORK = 0x40000000  # CLONE_NEWNET
_SET_INTERFACE, _TUN, _BARE_PACKETS = 0x400454CA, 0x0001, 0x1000  # TUNSETIFF, IFF_TUN, IFF_NO_PI
_PACKET = 1_400


def can_be_made() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and TUN.exists()


class Network:
    """A network of its own. A namespace belongs to a thread, so everything in it is done on one thread of this."""

    def __init__(self, address: str, congestion: str) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="network")
        self.tun = self._thread.submit(_enter, address, congestion).result()

    def start(self, command: Sequence[str], **settings: Any) -> subprocess.Popen[str]:
        """A process of this network."""
        return self._thread.submit(lambda: subprocess.Popen(command, text=True, **settings)).result()

    def segments_sent_again(self) -> int:
        return self._thread.submit(_sent_again).result()

    def close(self) -> None:
        os.close(self.tun)
        self._thread.shutdown()


def _enter(address: str, congestion: str) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_NETWORK):
        raise OSError(ctypes.get_errno(), "unshare")
    device = os.open(TUN, os.O_RDWR)
    import fcntl  # Windows has none, and collects the tests of the wire all the same

    fcntl.ioctl(device, _SET_INTERFACE, struct.pack("16sH", b"line", _TUN | _BARE_PACKETS))
    for words in (
        "ip link set lo up",
        f"ip address add {address}/24 dev line",
        f"ip link set line mtu {_PACKET} up",
        f"ip route replace {_NEIGHBOURS} dev line congctl {congestion}",
    ):
        subprocess.run(words.split(), check=True, capture_output=True)
    return device


def _sent_again() -> int:
    names, values = (
        line.split() for line in Path("/proc/thread-self/net/snmp").read_text().splitlines() if line.startswith("Tcp:")
    )
    return int(values[names.index("RetransSegs")])


@contextmanager
def two_networks(congestion: str) -> Iterator[tuple[Network, Network]]:
    """(the desk's, the hub's)."""
    desk = Network(DESK_ADDRESS, congestion)
    try:
        hub = Network(HUB_ADDRESS, congestion)
        try:
            yield desk, hub
        finally:
            hub.close()
    finally:
        desk.close()
