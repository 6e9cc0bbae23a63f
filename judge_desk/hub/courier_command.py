"""``judge-desk-hub courier``: reads the sticks that come to the court, and writes those that go back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from judge_desk.domain.errors import BadInput
from judge_desk.hub.blobs import open_blobs
from judge_desk.hub.command_line import add_places, answer, opened
from judge_desk.hub.courier import Courier, TakenIn, WrittenOut
from judge_desk.hub.courier_books import Books
from judge_desk.protocol import courier
from judge_desk.runtime.clock import SystemClock

DONE, FINDINGS = 0, 1
MEGABYTE = 1 << 20


def add_parser(commands: Any) -> None:
    """Hang ``courier`` on the hub's parser."""
    top = commands.add_parser("courier", help="exchange with desks by memory stick")
    verbs = top.add_subparsers(required=True, metavar="in|out|list")
    reading = _add(verbs, "in", _take_in, "take in what desks have written on a stick")
    reading.add_argument("files", nargs="+", type=Path, metavar="FILE-or-FOLDER")
    reading.add_argument(
        "--answer", type=Path, metavar="FOLDER", help="write what goes back to each of those desks here"
    )
    _add_sizes(reading)
    writing = _add(verbs, "out", _write_out, "write what goes to one desk")
    writing.add_argument("file", type=Path, metavar="FILE")
    who = writing.add_mutually_exclusive_group(required=True)
    who.add_argument("--device", metavar="ID")
    who.add_argument("--user", metavar="NAME", help="the person's account, if it has one device")
    _add_sizes(writing)
    _add(verbs, "list", _list, "desks that can be reached by stick")


def _add(verbs: Any, name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=text, description=text)
    add_places(parser)
    parser.set_defaults(run=run)
    return parser


def _add_sizes(parser: argparse.ArgumentParser) -> None:
    part, least = courier.PART_BYTES // MEGABYTE, courier.LEAST_PART_BYTES // MEGABYTE
    parser.add_argument("--part-mb", type=int, default=part, metavar="N", help=f"size of one file, at least {least}")
    parser.add_argument("--budget-mb", type=int, metavar="N", help="room on the stick: files beyond it wait")


def _take_in(arguments: argparse.Namespace) -> int:
    with opened(arguments, with_blobs=True) as (engine, _):
        desk = Courier(engine, open_blobs(arguments.blobs), SystemClock())
        intake = desk.take_in(arguments.files)
        taken = intake.taken
        written: list[WrittenOut] = []
        if arguments.answer is not None:
            for device_id in dict.fromkeys(each.device_id for each in taken):
                written.append(_write(desk, arguments, device_id, arguments.answer / _name(device_id)))
    lines = [_said(arguments, each) for each in taken] + [_told(arguments, each) for each in written]
    answer(arguments, "\n".join(lines), taken=[_as_json(each) for each in taken], written=[_paper(e) for e in written])
    for path, problem in intake.problems:
        sys.stderr.write(f"{path.name}: {arguments.texts.text(problem.key, **problem.params)}\n")
    return FINDINGS if intake.problems or any(each.refused or each.conflicts for each in taken) else DONE


def _write_out(arguments: argparse.Namespace) -> int:
    with opened(arguments, with_blobs=True) as (engine, _):
        device_id = arguments.device or Books(engine).device_of(arguments.user)
        target = arguments.file
        if target.is_dir():
            target = target / _name(device_id)
        desk = Courier(engine, open_blobs(arguments.blobs), SystemClock())
        written = _write(desk, arguments, device_id, target)
    answer(arguments, _told(arguments, written), **_paper(written))
    return DONE


def _write(desk: Courier, arguments: argparse.Namespace, device_id: str, target: Path) -> WrittenOut:
    if not target.parent.is_dir():
        raise BadInput("courier.unwritable")
    budget = None if arguments.budget_mb is None else arguments.budget_mb * MEGABYTE
    return desk.write_out(device_id, target, part_bytes=arguments.part_mb * MEGABYTE, budget_bytes=budget)


def _list(arguments: argparse.Namespace) -> int:
    with opened(arguments) as (engine, _):
        rows = [
            {
                "device": each.caller.device_id,
                "person": each.caller.person_id,
                "in": each.place.number,
                "out": each.out_number,
                "heard_at": each.said.letter.made_at.isoformat() if each.said.letter else "",
            }
            for each in Books(engine).accounts()
        ]
    answer(arguments, "\n".join(" ".join(str(value) or "-" for value in row.values()) for row in rows), desks=rows)
    return DONE


def _name(device_id: str) -> str:
    """Tells which desk it is for to nobody who does not know the device's id."""
    return f"to-desk-{device_id[-8:]}{courier.ENDING}"


def _said(arguments: argparse.Namespace, taken: TakenIn) -> str:
    sentence: str = arguments.texts.text("courier.hub.taken", **{k: v for k, v in _as_json(taken).items()})
    return sentence


def _told(arguments: argparse.Namespace, written: WrittenOut) -> str:
    values = {key: value for key, value in _paper(written).items() if key != "parts"}
    sentence: str = arguments.texts.text("courier.hub.written", parts=len(written.parts), **values)
    return sentence


def _as_json(taken: TakenIn) -> dict[str, Any]:
    values = asdict(taken)
    del values["outcomes"]
    return values


def _paper(written: WrittenOut) -> dict[str, Any]:
    return {**asdict(written), "parts": [str(each) for each in written.parts]}
