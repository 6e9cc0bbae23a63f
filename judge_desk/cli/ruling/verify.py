"""`judge-desk ruling verify`: whether a signed PDF is what was signed, and by whom."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from judge_desk.cli import answer
from judge_desk.cli.answer import Exit
from judge_desk.cli.ruling.files import read_bytes
from judge_desk.services.signing_keys import roots_of

if TYPE_CHECKING:
    from judge_desk.security.signatures.verifying import Reason, SignerVerdict

NAME = "verify"
HELP = "check the signatures of a PDF"
TRUST = "JUDGE_DESK_TRUST"


def add_options(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("file", type=Path, help="the signed PDF")
    parser.add_argument(
        "--trust", type=Path, action="append", default=[], metavar="PEM",
        help=f"roots of authorities to believe, files or folders; also by {TRUST}",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    parser.set_defaults(func=verify)


def verify(arguments: argparse.Namespace) -> int:
    """Check a file; 1 when it is not valid."""
    from judge_desk.security.signatures.verifying import verify_pdf

    given = [Path(each) for each in os.environ.get(TRUST, "").split(os.pathsep) if each]
    verdict = verify_pdf(read_bytes(arguments.file), roots_of(*arguments.trust, *given), datetime.now(UTC))
    reasons = [_sentence(arguments, each) for each in verdict.reasons]
    if arguments.json:
        signers = [_signer(each) for each in verdict.signers]
        codes = [each.key.removeprefix("signing.verify.") for each in verdict.reasons]
        answer.print_json({"valid": verdict.valid, "reasons": reasons, "codes": codes, "signers": signers})
    else:
        print(arguments.text("signing.verify.valid" if verdict.valid else "signing.verify.invalid"))
        for line in (*reasons, *(f"{each.name} ({each.level})" for each in verdict.signers)):
            print(line)
    return Exit.DONE if verdict.valid else Exit.FINDINGS


def _sentence(arguments: argparse.Namespace, reason: Reason) -> str:
    sentence: str = arguments.text(reason.key, **dict(reason.params))
    return f"{reason.signer}: {sentence}" if reason.signer else sentence


def _signer(signer: SignerVerdict) -> dict[str, Any]:
    return {
        "name": signer.name,
        "serial": signer.serial,
        "issuer": signer.issuer,
        "valid": signer.valid,
        "trusted": signer.trusted,
        "signed_at": signer.claimed_at.isoformat() if signer.claimed_at else None,
        "stamped_at": signer.stamped_at.isoformat() if signer.stamped_at else None,
        "level": signer.level,
    }
