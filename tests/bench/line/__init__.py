"""A file over a real bad line: hub and desk as processes in two networks of their own, and between them a wire of
packets.

    python -m tests.bench.line [--mb 20] [--up] [--congestion cubic|bbr] [--times 1] [--cut 5] [--json]

The kernel's netem is not everywhere, so the wire is a program: it reads IP packets from a TUN device in each network,
takes as long over them as 512 kbit/s does, holds them for 350 ms each way, drops 2 in 100 and those its queue has no
room for, and is cut every three minutes. TCP, its congestion control and its timeouts are the kernel's; TLS, hub and
desk are the product's. After a cut the wire has forgotten every connection from before, as a modem that dials again
has: their packets vanish without an answer, and the desk has to find out by itself.

Needs root and /dev/net/tun. The networks have no names: they end with this program, however it ends. Real time: 20 MB
take about half an hour with CUBIC. ``tests/poor_link.py`` plays the same line to TCP instead of packets, in seconds.
"""
