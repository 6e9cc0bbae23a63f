"""Plays one file over the wire and says what it took."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.bench.line import sides
from tests.bench.line.networks import HUB_ADDRESS, Network, can_be_made, two_networks
from tests.bench.line.wire import Wire
from tests.poor_link import Line

PORT = 8443


def play(line: Line, size: int, *, up: bool = False, congestion: str = "cubic", seed: int = 1) -> dict[str, Any]:
    """One file of ``size`` bytes to the desk, or ``up`` to the hub; what the line did and what it took."""
    content = b"" if up else os.urandom(size)
    with tempfile.TemporaryDirectory() as name, two_networks(congestion) as (desk, hub):
        folder = Path(name)
        database, sha256 = sides.court(folder, content)
        wire, stop = Wire(desk.tun, hub.tun, line, seed), threading.Event()
        carrying = threading.Thread(target=wire.run, args=(stop,), name="wire")
        carrying.start()
        began = time.monotonic()
        try:
            with serving(hub, folder, database) as url:
                told = at_desk(desk, folder, url, sha256 or str(size))
                again = {"hub": hub.segments_sent_again(), "desk": desk.segments_sent_again()}
        finally:
            stop.set()
            carrying.join()
        if up:
            told["whole"] = is_at_hub(folder, told.pop("sha256"))
    carried = wire.counts["payload up" if up else "payload down"]
    return {
        "file_mb": round(size / (1 << 20), 1),
        "congestion": congestion,
        **told,
        "seconds_at_full_rate": round(size * 8 / (line.kbit * 1000), 1),
        "seconds_in_all": round(time.monotonic() - began, 1),
        **dict(sorted(wire.counts.items())),
        "segments sent again": again,
        "bytes over the line above the file": carried - size,
        "sent again in percent": round(100 * (carried / size - 1), 1),
    }


@contextmanager
def serving(network: Network, folder: Path, database: str) -> Iterator[str]:
    """The hub of a court behind TLS, in its network; gives its address."""
    certificate, key = sides.certificate(folder)
    words = ["serve", "--database", database, "--blobs", str(folder / "blobs"), "--json", "--finish", "1"]
    words += ["--listen", f"{HUB_ADDRESS}:{PORT}", "--certificate", str(certificate), "--key", str(key)]
    with network.start([sys.executable, "-m", "judge_desk.bootstrap.hub", *words], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield str(json.loads(process.stdout.readline())["url"])
        finally:
            process.terminate()


def at_desk(network: Network, folder: Path, url: str, wanted: str) -> dict[str, Any]:
    """What the desk's process tells at its end; it trusts the hub's certificate alone."""
    command = [sys.executable, "-m", "tests.bench.line.sides", str(folder / "desk"), url, wanted]
    surroundings = os.environ | {"SSL_CERT_FILE": str(folder / "hub.pem")}
    with network.start(command, stdout=subprocess.PIPE, env=surroundings) as process:
        try:
            told, _ = process.communicate()
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise SystemExit(f"the desk ended with {process.returncode}")
    return dict(json.loads(told))


def is_at_hub(folder: Path, sha256: str) -> bool:
    found = list((folder / "blobs").glob(f"*/blobs/*/{sha256}"))
    return len(found) == 1 and hashlib.sha256(found[0].read_bytes()).hexdigest() == sha256


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=float, default=20)
    parser.add_argument("--up", action="store_true", help="from the desk to the hub")
    parser.add_argument("--congestion", default="cubic", help="what both kernels do about losses: cubic, bbr")
    parser.add_argument("--times", type=float, default=1, help="a world so many times faster, all in proportion")
    parser.add_argument("--cut", type=float, default=Line.cut_seconds, metavar="SECONDS", help="how long a cut lasts")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    if not can_be_made():
        parser.error("needs root and /dev/net/tun")
    line = replace(Line(), cut_seconds=chosen.cut).faster(chosen.times)
    found = play(line, int(chosen.mb * (1 << 20)), up=chosen.up, congestion=chosen.congestion)
    if chosen.json:
        print(json.dumps(found))
    else:
        print("\n".join(f"{name:34} {value}" for name, value in found.items()))
    return 0 if found["whole"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
