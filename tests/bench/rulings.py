"""Pages a CPU second: 100 eight-page rulings of ours against what a court would take instead.

    python -m tests.bench.rulings [--rulings 100]

- **ours**: PDF/A-2a and PDF/UA-1, tagged.
- **reportlab** (bench/pdf.py): the same paragraphs, untagged; all rulings, for the ratio of times.
- **WeasyPrint** and **typst** from PyPI, **LibreOffice** headless over our DOCX: some rulings each, for pages a second.
  They are installed into a folder of their own in the user's cache, never into the project.

CPU seconds of the whole process and its children, started fresh and warmed by one ruling that does not count, except
LibreOffice, which is one start for all its files: a court would convert them in one go as well.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pypdfium2

from judge_desk.domain.acts import ActText, BlockKind, markers
from judge_desk.drafting.memory import forget
from judge_desk.drafting.pdf import render_pdf
from judge_desk.runtime.paths import resource as resource_file
from tests.bench.pdf import PARAGRAPHS, reportlab_alone
from tests.unit.drafting.acts import META, long_act

PEERS = ("weasyprint", "typst")
SOME = 8
"""Rulings for the slow ones."""
LIMITS = {"reportlab": 1.6, "weasyprint": 8.0, "libreoffice": 2.5, "typst": 1.5}


def acts(count: int) -> list[ActText]:
    return [long_act(paragraphs=PARAGRAPHS, seed=seed) for seed in range(1, count + 1)]


def cpu_seconds(job: Callable[[], object]) -> float:
    """Of this process and of the children that ended meanwhile."""

    def spent() -> float:
        both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(each.ru_utime + each.ru_stime for each in both)

    before = spent()
    job()
    return spent() - before


def pages(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def ours(made: Sequence[ActText]) -> tuple[float, int]:
    """CPU seconds and pages."""
    render_pdf(long_act(paragraphs=PARAGRAPHS, seed=999), META)
    forget()
    papers: list[bytes] = []
    taken = cpu_seconds(lambda: papers.extend(render_pdf(act, META) for act in made))
    return taken, sum(map(pages, papers))


def with_reportlab(made: Sequence[ActText]) -> float:
    reportlab_alone(long_act(paragraphs=PARAGRAPHS, seed=999))
    return cpu_seconds(lambda: [reportlab_alone(act) for act in made])


def environment() -> Path:
    """A virtual environment with the peers, made once."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "judge-desk-bench" / "papers"
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PEERS], check=True)
    return python


WEASYPRINT = """
import json, sys, resource, weasyprint
jobs = json.load(open(sys.argv[1]))
def spent():
    r = resource.getrusage(resource.RUSAGE_SELF); return r.ru_utime + r.ru_stime
weasyprint.HTML(string=jobs[0]).render()
before = spent(); count = 0
for job in jobs[1:]:
    document = weasyprint.HTML(string=job).render(); document.write_pdf(); count += len(document.pages)
print(spent() - before, count)
"""
TYPST = """
import json, sys, resource, typst
jobs, fonts, out = json.load(open(sys.argv[1])), sys.argv[2], sys.argv[3]
def spent():
    r = resource.getrusage(resource.RUSAGE_SELF); return r.ru_utime + r.ru_stime
compiler = typst.Compiler(jobs[0], font_paths=[fonts]); compiler.compile()
before = spent()
for number, job in enumerate(jobs[1:]):
    typst.compile(job, output=f"{out}/{number}.pdf", font_paths=[fonts])
print(spent() - before)
"""


def with_weasyprint(made: Sequence[ActText], folder: Path) -> float:
    """Pages a CPU second."""
    jobs = folder / "weasyprint.json"
    jobs.write_text(json.dumps([_html(act) for act in (long_act(paragraphs=PARAGRAPHS, seed=999), *made)]))
    seconds, count = _run(WEASYPRINT, str(jobs)).split()
    return int(count) / float(seconds)


def with_typst(made: Sequence[ActText], folder: Path) -> float:
    """Pages a CPU second."""
    sources = []
    for number, act in enumerate((long_act(paragraphs=PARAGRAPHS, seed=999), *made)):
        source = folder / f"{number}.typ"
        source.write_text(_typst(act))
        sources.append(str(source))
    jobs = folder / "typst.json"
    jobs.write_text(json.dumps(sources))
    seconds = float(_run(TYPST, str(jobs), str(resource_file("fonts", "tinos")), str(folder)))
    return sum(pages((folder / f"{number}.pdf").read_bytes()) for number in range(len(made))) / seconds


def with_libreoffice(made: Sequence[ActText], folder: Path) -> float:
    """Pages a CPU second, from our own DOCX."""
    from judge_desk.drafting.docx_out import render_docx

    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise RuntimeError("LibreOffice is missing: apt-get install libreoffice-writer-nogui")
    sources = []
    for number, act in enumerate(made):
        source = folder / f"act{number}.docx"
        source.write_bytes(render_docx(act, META.made_at))
        sources.append(str(source))
    command = [program, f"-env:UserInstallation={folder.as_uri()}/profile", "--headless", "--convert-to", "pdf"]
    command += ["--outdir", str(folder)]
    # Its first start makes a profile, which a court has already.
    subprocess.run([*command, sources[0]], check=True, capture_output=True)
    seconds = cpu_seconds(lambda: subprocess.run([*command, *sources], check=True, capture_output=True))
    return sum(pages((folder / f"act{number}.pdf").read_bytes()) for number in range(len(made))) / seconds


def _run(code: str, *words: str) -> str:
    done = subprocess.run([str(environment()), "-c", code, *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _html(act: ActText) -> str:
    fonts = resource_file("fonts", "tinos").as_uri()
    style = (
        f"@font-face{{font-family:T;src:url({fonts}/Tinos-Regular.ttf)}}"
        "@page{size:A4;margin:20mm 15mm 20mm 30mm;@bottom-center{content:counter(page) ' / ' counter(pages)}}"
        "body{font:13pt T;text-align:justify}table{border-collapse:collapse;width:100%}td{border:1px solid}"
    )
    numbers, out = markers(act), []
    for block in act.blocks():
        if block.kind is BlockKind.TABLE:
            rows = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row.split("\t")) for row in _rows(block.text))
            out.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
        else:
            tag = "h2" if block.kind is BlockKind.HEADING else "p"
            out.append(f"<{tag}>{numbers.get(block.id, '')} {html.escape(block.text)}</{tag}>")
    return f"<html lang={act.language}><style>{style}</style><body>{''.join(out)}"


def _typst(act: ActText) -> str:
    numbers = markers(act)
    out = [
        '#set page(paper: "a4", margin: (left: 30mm, right: 15mm, y: 20mm), numbering: "1 / 1")',
        f'#set text(font: "Tinos", size: 13pt, lang: "{act.language}")\n#set par(justify: true)',
    ]
    for block in act.blocks():
        if block.kind is BlockKind.TABLE:
            rows = _rows(block.text)
            cells = ", ".join(
                f"text({json.dumps(cell, ensure_ascii=False)})" for row in rows for cell in row.split("\t")
            )
            out.append(f"#table(columns: {len(rows[0].split(chr(9)))}, {cells})")
        else:
            words = json.dumps(f"{numbers.get(block.id, '')} {block.text}".strip(), ensure_ascii=False)
            out.append(f"#heading({words})" if block.kind is BlockKind.HEADING else f"#par({words})")
    return "\n\n".join(out)


def _rows(text: str) -> list[str]:
    return text.split("\n")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rulings", type=int, default=100)
    made = acts(parser.parse_args().rulings)
    seconds, count = ours(made)
    rate = count / seconds
    print(f"ours: {len(made)} rulings, {count} pages, {seconds:.2f} CPU s, {rate:.0f} pages a CPU second")
    theirs = with_reportlab(made)
    print(f"reportlab untagged: {theirs:.2f} s; ours / its {seconds / theirs:.2f} (at most {LIMITS['reportlab']})")
    peers = {"weasyprint": with_weasyprint, "libreoffice": with_libreoffice, "typst": with_typst}
    for name, measure in peers.items():
        with tempfile.TemporaryDirectory() as place:
            began = time.monotonic()
            found = measure(made[:SOME], Path(place))
            said = f"{name}: {found:.1f} pages a CPU second, ours {rate / found:.1f} x (at least {LIMITS[name]})"
            print(f"{said}, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
