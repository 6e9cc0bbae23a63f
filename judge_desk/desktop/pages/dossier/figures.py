"""Which bars a section of the dossier has: workload, terms kept, acts changed by their cause."""

from __future__ import annotations

from collections.abc import Sequence

from judge_desk.desktop.pages.dossier.chart import Bar
from judge_desk.desktop.wording import Wording, t
from judge_desk.domain.dossier import ChangeCause, DossierSection
from judge_desk.services.dossier import AppealsTold, EntryRow
from judge_desk.services.dossier_extract import figure_label, figure_value, period

CHART_KEYS = {
    DossierSection.WORKLOAD: "dossier.chart.workload",
    DossierSection.TERMS_KEPT: "dossier.chart.terms",
    DossierSection.APPEALS: "dossier.chart.appeals",
}
MOST_PERIODS = 8
BESIDE = (("court_mean", "muted"), ("over_6_months", "warn"), ("over_12_months", "bad"))
"""What stands beside a judge's own load: the court's mean for one judge, and how old the pending cases are."""


def bars_of(section: DossierSection, rows: Sequence[EntryRow], appeals: AppealsTold) -> tuple[list[Bar], float]:
    """The bars, and what a full bar stands for (0: the longest). No bars where a section has no such figures."""
    if section is DossierSection.WORKLOAD:
        return _workload(rows), 0.0
    if section is DossierSection.TERMS_KEPT:
        return _terms(rows), 1.0
    if section is DossierSection.APPEALS and appeals.changed:
        return _causes(appeals), 0.0
    return [], 0.0


def _workload(rows: Sequence[EntryRow]) -> list[Bar]:
    bars: list[Bar] = []
    for row in _with(rows, "received", "resolved"):
        for name, tone in (("received", "edge"), ("resolved", "accent")):
            label = _period(row) if name == "received" else ""
            bars.append(Bar(label, row.entry.figures[name], _figure(name, row.entry.figures[name]), tone))
        for name, tone in BESIDE:
            if name in row.entry.figures:
                bars.append(Bar("", row.entry.figures[name], _figure(name, row.entry.figures[name]), tone))
    return bars


def _terms(rows: Sequence[EntryRow]) -> list[Bar]:
    bars: list[Bar] = []
    translate = Wording.current().translator
    for row in _with(rows, "share"):
        figures = row.entry.figures
        share = figure_value("share", figures["share"], translate)
        late = figures.get("late")
        text = (
            share if late is None else t("dossier.chart.late", share=share, late=figure_value("late", late, translate))
        )
        bars.append(Bar(row.entry.title, min(max(figures["share"], 0.0), 1.0), text, "ok"))
    return bars


def _causes(appeals: AppealsTold) -> list[Bar]:
    def counts(cause: ChangeCause) -> str:
        return t("dossier.cause.counts" if cause is ChangeCause.ERROR else "dossier.cause.does_not_count")

    return [
        Bar(
            t(f"word.cause.{cause.value}"),
            number,
            f"{number} · {counts(cause)}",
            "warn" if cause is ChangeCause.ERROR else "edge",
        )
        for cause, number in appeals.by_cause.items()
    ]


def _with(rows: Sequence[EntryRow], *names: str) -> list[EntryRow]:
    return [row for row in rows if all(name in row.entry.figures for name in names)][:MOST_PERIODS]


def _period(row: EntryRow) -> str:
    return period(row.entry.from_on, row.entry.to_on, Wording.current().translator) or row.entry.title


def _figure(name: str, value: float) -> str:
    translate = Wording.current().translator
    return f"{figure_label(name, translate)}: {figure_value(name, value, translate)}"
