"""`judge-desk ruling sign`: sign finished acts, files or those of a profile, all under one PIN."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from judge_desk.cli import answer
from judge_desk.cli.answer import Exit
from judge_desk.cli.ports import OpenDesk
from judge_desk.cli.ruling.files import read_act, read_bytes, write_file
from judge_desk.cli.secret_input import read_secret
from judge_desk.domain.acts import blanks
from judge_desk.domain.errors import BadInput, KnownError, StampUnreachable
from judge_desk.services.signing_keys import KeyMeans, MeansKind, SigningKey, open_key, roots_of

NAME = "sign"
HELP = "sign acts: files (.json, .pdf), or what waits in a profile"
PIN = "JUDGE_DESK_PIN"


def add_options(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="acts: x.json is printed first, or x.pdf")
    parser.add_argument("--out", type=Path, metavar="PATH", help="the signed PDF; a folder for several files")
    parser.add_argument("--profile", type=Path, metavar="DIR", help="sign the final acts of this profile")
    parser.add_argument("--act", action="append", default=[], metavar="ID", help="with --profile: only this act")
    parser.add_argument("--list", action="store_true", help="with --profile: only list what would be signed")
    means = parser.add_mutually_exclusive_group()
    means.add_argument("--key-file", type=Path, metavar="P12", help="a PKCS#12 file")
    means.add_argument("--token", type=Path, metavar="DRIVER", help="the PKCS#11 driver of a token")
    means.add_argument("--ncalayer", nargs="?", const="", metavar="ADDRESS", help="NCALayer on this PC")
    means.add_argument(
        "--on-paper", type=date.fromisoformat, metavar="YYYY-MM-DD", help="with --profile: signed by hand on that day"
    )
    parser.add_argument("--token-label", default="", metavar="LABEL", help="which token, where there are several")
    parser.add_argument("--ncalayer-root", type=Path, metavar="PEM", help="the root that vouches for NCALayer")
    parser.add_argument("--stamp", default="", metavar="URL", help="a time stamp server (RFC 3161)")
    parser.add_argument("--trust", type=Path, action="append", default=[], metavar="PEM", help="roots to believe")
    parser.add_argument("--number", default="", help="the number of the act, for a .json that asks for it")
    parser.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the date of the act")
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    parser.set_defaults(func=sign)


def sign(arguments: argparse.Namespace) -> int:
    """Sign; the PIN or password comes from JUDGE_DESK_PIN, a prompt or stdin. 3 when something was left unsigned."""
    if arguments.profile:
        return _sign_profile(arguments)
    if not arguments.files or arguments.out is None:
        raise BadInput("signing.cli.what")
    # pyHanko takes a third of a second to load: only who signs waits for it.
    from judge_desk.security.signatures.signing import ToSign, sign_all

    targets = _targets(arguments)
    files = [ToSign(pdf=_pdf(path, arguments), at=datetime.now(UTC)) for path in arguments.files]
    done: list[dict[str, Any]] = []
    problem: KnownError | None = None
    stamping = _Stamps(arguments)
    with _key(arguments) as key:
        try:
            for path, target, signed in zip(arguments.files, targets, sign_all(files, key.signer), strict=True):
                lasting = stamping.stamped(signed)
                write_file(target, lasting)
                done.append({"file": str(path), "out": str(target), "stamped": lasting is not signed})
        except KnownError as error:
            problem = error
    left = [str(path) for path in arguments.files[len(done) :]]
    return _report(arguments, done, left, problem or stamping.problem)


def _sign_profile(arguments: argparse.Namespace) -> int:
    open_desk: OpenDesk = arguments.open_desk
    with open_desk(arguments.profile) as opened:
        signing = opened.desk.signing
        acts = [each for each in signing.unsigned() if not arguments.act or each.draft_id in arguments.act]
        if arguments.list:
            rows = [{"id": each.draft_id, "case": each.case_number, "number": each.number} for each in acts]
            return _list(arguments, rows)
        wanted = [each.draft_id for each in acts]
        if arguments.on_paper:
            report = signing.sign_on_paper(wanted, arguments.on_paper)
        else:
            with _key(arguments) as key:
                report = signing.sign(wanted, key)
    done = [{"id": each} for each in report.signed]
    return _report(arguments, done, list(report.left), report.problem or report.stamp_problem)


def _list(arguments: argparse.Namespace, rows: list[dict[str, str]]) -> int:
    if arguments.json:
        answer.print_json({"unsigned": rows})
    else:
        for row in rows:
            print(row["id"], row["case"], row["number"])
    return Exit.DONE


def _report(
    arguments: argparse.Namespace, done: list[dict[str, Any]], left: list[str], problem: KnownError | None
) -> int:
    reason = arguments.text(problem.key, **problem.params) if problem else ""
    if arguments.json:
        answer.print_json({"signed": done, "left": left, "problem": reason})
    else:
        for row in done:
            print(row.get("out") or row["id"])
    if reason:
        answer.message(reason)
    for each in left:
        answer.message(arguments.text("signing.cli.left", what=each))
    return Exit.REFUSED if left else Exit.DONE


def _targets(arguments: argparse.Namespace) -> list[Path]:
    out: Path = arguments.out
    if len(arguments.files) == 1 and not out.is_dir():
        return [out]
    if not out.is_dir():
        raise BadInput("signing.cli.folder")
    targets = [out / f"{path.stem}.pdf" for path in arguments.files]
    if len(set(targets)) < len(targets):
        raise BadInput("signing.cli.same_name")
    return targets


def _pdf(path: Path, arguments: argparse.Namespace) -> bytes:
    """The file to sign; an act in JSON is printed as final. Raises BadInput for blanks that are left."""
    if path.suffix.lower() == ".pdf":
        return read_bytes(path)
    from judge_desk.drafting.check_mark import CheckMark
    from judge_desk.drafting.pdf import meta_of, render_pdf
    from judge_desk.services.finalising import with_number

    act = read_act(path)
    if arguments.number and arguments.date:
        act = with_number(act, arguments.number, arguments.date)
    if left := blanks(act):
        raise BadInput("drafts.finalise.blanks", count=len(left))
    made_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return render_pdf(act, meta_of(act, made_at, is_draft=False, check=CheckMark()))


def _key(arguments: argparse.Namespace) -> SigningKey:
    if arguments.ncalayer is not None:
        means = KeyMeans(kind=MeansKind.NCALAYER, address=arguments.ncalayer, trust=arguments.ncalayer_root)
        return open_key(means, "", datetime.now(UTC))
    path = arguments.token or arguments.key_file
    if path is None:
        raise BadInput("signing.cli.means")
    kind = MeansKind.TOKEN if arguments.token else MeansKind.KEY_FILE
    pin = read_secret(PIN, arguments.text("signing.cli.pin"))
    means = KeyMeans(kind=kind, path=path, token=arguments.token_label)
    return open_key(means, pin, datetime.now(UTC))


class _Stamps:
    """Stamps each file while the server answers; a file without a stamp is signed all the same."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._url: str = arguments.stamp
        self._roots = roots_of(*arguments.trust) if arguments.stamp else ()
        self.problem: KnownError | None = None

    def stamped(self, pdf: bytes) -> bytes:
        from judge_desk.security.signatures.long_term import StampPlace, lasting

        if not self._url or isinstance(self.problem, StampUnreachable):
            return pdf
        try:
            return lasting(pdf, StampPlace(url=self._url, roots=self._roots), datetime.now(UTC))
        except KnownError as error:
            self.problem = error
            return pdf
