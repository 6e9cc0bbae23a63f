"""The figures of the method note: bias of uneven raters, coverage of intervals, power of the fairness test, growth.

    python -m tests.bench.review [--georgia RATINGS.csv REFERENCE.csv] [--only PART] [--note]

Every table is simulated from a fixed seed. ``--georgia`` adds the agreement with reference software on a published set;
``--note`` writes the tables into the method note of all three languages, between its marks.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from judge_desk.runtime import paths
from tests.bench.review import bias, coverage, drawing, growth, published, severity

LANGUAGES = ("kk", "ru", "en")
PARTS: dict[str, Callable[[], list[str]]] = {
    "severity": severity.table,
    "coverage": coverage.table,
    "bias": bias.table,
    "drawing": drawing.table,
    "growth": growth.table,
}


def main() -> None:
    """Run the parts asked for and print their tables as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--georgia", nargs=2, type=Path, metavar="CSV")
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--note", action="store_true")
    arguments = parser.parse_args()
    if arguments.georgia:
        print("\n".join(published.table(*arguments.georgia)), end="\n\n")
    for name, table in PARTS.items():
        if arguments.only not in (None, name):
            continue
        lines = table()
        print("\n".join(lines), end="\n\n")
        if arguments.note:
            for language in LANGUAGES:
                _into_note(paths.resource("help", f"peer-review-method.{language}.md"), name, lines)


def _into_note(path: Path, name: str, lines: list[str]) -> None:
    text = path.read_text(encoding="utf-8")
    begin, end = f"<!-- figures: {name} -->\n", f"<!-- end: {name} -->"
    head, rest = text.split(begin)
    _, tail = rest.split(end)
    path.write_text(head + begin + "\n".join(lines) + "\n" + end + tail, encoding="utf-8")


if __name__ == "__main__":
    main()
