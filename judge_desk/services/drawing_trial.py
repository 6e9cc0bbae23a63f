"""Tries whether reviewers can be drawn, in a process of its own: the solver knows no cancelling, a process does.

The trial uses a seed of its own, so that the pairs of the real drawing, which the hub makes, are not learnt from it.
"""

from __future__ import annotations

import multiprocessing
import secrets
from collections.abc import Callable
from multiprocessing.connection import Connection

from judge_desk.domain.campaigns import Campaign, Drawing
from judge_desk.domain.errors import BadInput, KnownError
from judge_desk.protocol import codec

POLL_SECONDS = 0.1
Progress = Callable[[str, int], None]


def try_drawing(
    campaign: Campaign,
    *,
    progress: Progress = lambda _stage, _percent: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Drawing | None:
    """Draw once with a throw-away seed; None where it was cancelled. Raises BadInput as ``analytics.draw`` does."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    child = spawn.Process(target=work, args=(theirs,), daemon=True)
    child.start()
    theirs.close()
    try:
        ours.send_bytes(codec.encode(campaign))
        while True:
            if is_cancelled():
                return None
            if ours.poll(POLL_SECONDS):
                kind, _, body = ours.recv_bytes().partition(b" ")
                if kind == b"drawn":
                    return codec.decode_as(Drawing, body)
                if kind == b"refused":
                    raise BadInput(body.decode())
                stage, _, percent = body.decode().partition(" ")
                progress(stage, int(percent))
    except (EOFError, OSError):
        raise KnownError("campaigns.trial.died") from None
    finally:
        ours.close()
        child.kill()
        child.join()


def work(pipe: Connection) -> None:
    """The child: one campaign in, progress and one answer out."""
    from judge_desk.analytics.assignment import draw

    campaign = codec.decode_as(Campaign, pipe.recv_bytes())
    try:
        drawing = draw(
            campaign.members,
            campaign.conflicts,
            per_judge=campaign.per_judge,
            seed=secrets.randbits(40),
            progress=lambda stage, percent: pipe.send_bytes(f"progress {stage} {percent}".encode()),
        )
    except BadInput as error:
        pipe.send_bytes(b"refused " + error.key.encode())
        return
    pipe.send_bytes(b"drawn " + codec.encode(drawing))
