"""``judge-desk review acts|replay``: draws again what a campaign drew, so that nobody has to believe it.

``acts`` needs the pool and the published seed alone. ``replay`` needs the protocol that the hub gives to an auditor.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from judge_desk.cli.answer import Exit, message, print_json
from judge_desk.domain.act_drawing import drawn_acts, pool_sha256
from judge_desk.domain.campaigns import ActDrawing
from judge_desk.domain.errors import BadInput
from judge_desk.domain.review_protocol import PROTOCOL_FORMAT, DrawingProtocol, fits_seal, seal_in_groups
from judge_desk.protocol import codec

if TYPE_CHECKING:
    Verbs = argparse._SubParsersAction[argparse.ArgumentParser]

MOST_BYTES = 64 * 1024 * 1024


def add_parsers(verbs: Verbs) -> None:
    """Hang the two verbs on ``review``."""
    acts = verbs.add_parser("acts", help="draw acts again from the pool, by the published seed and period")
    acts.add_argument("pool", type=Path, help="JSON Lines: id, judge, date, text, category")
    acts.add_argument("--seed", type=int, required=True, help="published before the drawing")
    acts.add_argument("--number", type=int, default=1, metavar="N", help="acts of each judge")
    acts.add_argument("--from", dest="from_on", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    acts.add_argument("--to", dest="to_on", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    acts.set_defaults(func=run_acts)
    again = verbs.add_parser("replay", help="draw reviewers again from an auditor's protocol, and compare")
    again.add_argument("protocol", type=Path, help="what judge-desk-hub campaign-protocol wrote")
    again.add_argument("--shown", default="", metavar="SEAL", help="seal of the drawing, from a form or a result")
    again.set_defaults(func=run_replay)
    for verb in (acts, again):
        verb.add_argument("--json", action="store_true")


def run_acts(arguments: argparse.Namespace) -> int:
    """Exit 2 for a pool that cannot be read; rows that were refused are named."""
    from judge_desk.services.campaign_files import read_acts

    pool, refused = read_acts(arguments.pool)
    drawing = ActDrawing(number=arguments.number, from_on=arguments.from_on, to_on=arguments.to_on)
    drawn = drawn_acts(pool, arguments.seed, drawing)
    acts = [
        {"judge": judge, "id": act.id, "category": act.stratum, "source_sha256": sha256(act.text.encode()).hexdigest()}
        for judge, own in drawn.items()
        for act in own
    ]
    faults = [f"{each.file}:{each.line}: {each.field}: {arguments.text(each.key, **each.params)}" for each in refused]
    if arguments.json:
        told: dict[str, Any] = {"pool_sha256": pool_sha256(pool), "pool": len(pool), "acts": acts, "refused": faults}
        print_json(told)
        return Exit.DONE
    for fault in faults:
        message(fault)
    for each in acts:
        print(f"{each['judge']}\t{each['id']}\t{each['category']}\t{each['source_sha256'][:16]}")
    return Exit.DONE


def run_replay(arguments: argparse.Namespace) -> int:
    """Exit 0 where all is the same, 1 where anything differs, 2 for a file that is no protocol.

    The hashes in the protocol are the hub's word too; the seal that a reviewer or a judge was given is not.
    """
    from judge_desk.analytics.replay import replay  # numpy and scipy only where something is drawn

    protocol = read_protocol(arguments.protocol)
    verdict = replay(protocol)
    shown_fits = fits_seal(arguments.shown, protocol.pairs_sha256) if arguments.shown else None
    seal, is_same = seal_in_groups(protocol.pairs_sha256), verdict.is_same and shown_fits is not False
    if arguments.json:
        told = {"same": is_same, "pairs": len(protocol.pairs), "solver": protocol.solver}
        print_json({**asdict(verdict), **told, "seal": seal, "shown_fits": shown_fits})
    else:
        print(arguments.text("campaigns.replay.seal", seal=seal))
        if shown_fits is not None:
            print(arguments.text(f"campaigns.replay.shown.{'same' if shown_fits else 'other'}"))
        for name in ("nonce", "input", "pairs"):
            fits = verdict.pairs_fit if name == "pairs" else getattr(verdict, f"{name}_fits")
            print(arguments.text(f"campaigns.replay.{name}.{'same' if fits else 'other'}"))
        for key, pairs in (("missing", verdict.missing), ("added", verdict.added)):
            for pair in pairs:
                print(arguments.text(f"campaigns.replay.{key}", reviewer=pair.reviewer, subject=pair.subject))
        total = len(protocol.pairs)
        print(arguments.text(f"campaigns.replay.{'same' if is_same else 'other'}", pairs=total))
    if verdict.solver_here != protocol.solver:
        message(arguments.text("campaigns.replay.solver", then=protocol.solver, here=verdict.solver_here))
    return Exit.DONE if is_same else Exit.FINDINGS


def read_protocol(path: Path) -> DrawingProtocol:
    """The protocol in a file; raises BadInput for another file or another format."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput("ratings.file.size", file=path.name)
        protocol = codec.decode_as(DrawingProtocol, path.read_bytes())
    except OSError:
        raise BadInput("ratings.file.unreadable", file=path.name) from None
    if protocol.format != PROTOCOL_FORMAT:
        raise BadInput("campaigns.replay.format", format=protocol.format)
    return protocol
