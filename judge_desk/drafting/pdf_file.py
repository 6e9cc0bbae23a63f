"""Writes PDF objects to bytes: version 1.7, small objects packed together, nothing that depends on clock or chance."""

from __future__ import annotations

import zlib
from hashlib import sha256

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


class PdfFile:
    """Collects numbered objects. A number may be taken before its object is known."""

    def __init__(self) -> None:
        self._plain: dict[int, bytes] = {}
        self._streams: dict[int, bytes] = {}
        self._count = 0

    def take(self) -> int:
        """Take the next object number."""
        self._count += 1
        return self._count

    def add(self, body: str, number: int = 0) -> int:
        """Add a dictionary, array or other plain object in PDF syntax; returns its number."""
        number = number or self.take()
        self._plain[number] = body.encode("latin-1")
        return number

    def add_stream(self, data: bytes, entries: str = "", *, packed: bool = True) -> int:
        """Add a stream. `packed` says that the data is already deflated."""
        number = self.take()
        packing = "/Filter/FlateDecode" if packed else ""
        head = f"<<{entries}{packing}/Length {len(data)}>>\nstream\n".encode("latin-1")
        self._streams[number] = head + data + b"\nendstream"
        return number

    def to_bytes(self, root: int, info: int) -> bytes:
        """The whole file; its ID is drawn from its content."""
        holder = self.take()
        numbers = sorted(self._plain)
        index, bodies, at = [], [], 0
        for number in numbers:
            index.append(f"{number} {at}")
            bodies.append(self._plain[number])
            at += len(bodies[-1]) + 1
        first = (" ".join(index) + "\n").encode()
        data = zlib.compress(first + b"\n".join(bodies))
        head = f"<</Type/ObjStm/N {len(numbers)}/First {len(first)}/Filter/FlateDecode/Length {len(data)}>>\nstream\n"
        self._streams[holder] = head.encode() + data + b"\nendstream"
        return self._assemble(root, info, holder, {number: place for place, number in enumerate(numbers)})

    def _assemble(self, root: int, info: int, holder: int, packed: dict[int, int]) -> bytes:
        out = [HEADER]
        at = len(HEADER)
        offsets: dict[int, int] = {}
        for number, body in sorted(self._streams.items()):
            offsets[number] = at
            out.append(b"%d 0 obj\n%b\nendobj\n" % (number, body))
            at += len(out[-1])
        table = self.take()
        offsets[table] = at
        rows = [b"\x00\x00\x00\x00\x00\xff\xff"]
        for number in range(1, self._count + 1):
            if number in packed:
                rows.append(b"\x02" + holder.to_bytes(4, "big") + packed[number].to_bytes(2, "big"))
            else:
                rows.append(b"\x01" + offsets[number].to_bytes(4, "big") + b"\x00\x00")
        data = zlib.compress(b"".join(rows))
        name = sha256(b"".join(out)).hexdigest()[:32]
        entries = f"/Type/XRef/Size {self._count + 1}/W[1 4 2]/Root {root} 0 R/Info {info} 0 R/ID[<{name}><{name}>]"
        out.append(f"{table} 0 obj\n<<{entries}/Filter/FlateDecode/Length {len(data)}>>\nstream\n".encode())
        out.append(data + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % at)
        return b"".join(out)


def text_string(text: str) -> str:
    """A PDF text string; UTF-16 with its mark, so that any letter fits."""
    return f"<feff{text.encode('utf-16-be').hex()}>"
