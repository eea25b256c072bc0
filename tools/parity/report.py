"""The report of a comparison: text for the terminal, and Markdown."""

from __future__ import annotations

import math
from typing import Dict, List, NamedTuple, Sequence, Tuple

from parity.bounds import BOUNDS
from parity.judgement import FACTOR, IMAGES, ROUNDINGS, Row


TITLE = "# Duel and PyTorch in lock step"  # of the Markdown


class Finding(NamedTuple):
    """All rows of one comparison."""

    kind: str  # "single step", "whole run", ...
    step: str  # Duel's: "fused" or "plain"
    place: str  # which one of its kind: an iteration's number, or a bias
    rows: List[Row]


class Worst(NamedTuple):
    """Of all rows of a kind and a group, the one that came nearest to what is allowed."""

    count: int
    wrong: int
    finding: Finding
    row: Row


def all_alike(findings: Sequence[Finding]) -> bool:
    return bool(findings) and all(row.is_good for finding in findings for row in finding.rows)


def worst_rows(findings: Sequence[Finding]) -> Dict[Tuple[str, str, str], Worst]:
    """By kind, step and group; kinds in the order in which they first appear."""
    worst: Dict[Tuple[str, str, str], Worst] = {}
    for finding in findings:
        for row in finding.rows:
            key = (finding.kind, finding.step, row.group)
            one = worst.get(key, Worst(0, 0, finding, row))
            if row.use > one.row.use:
                one = one._replace(finding=finding, row=row)
            worst[key] = one._replace(count=one.count + 1, wrong=one.wrong + (not row.is_good))
    kinds = list(dict.fromkeys(finding.kind for finding in findings))
    return dict(sorted(worst.items(), key=lambda item: kinds.index(item[0][0])))


def verdict(worst: Worst) -> str:
    if not worst.row.is_judged:
        return "not judged"
    return f"{worst.wrong} of {worst.count} WRONG" if worst.wrong else "alike"


def number(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else "inf"


def describe(finding: Finding, show_all: bool) -> str:
    """A line; one more for every wrong row, or for all."""
    judged = [row for row in finding.rows if row.is_judged]
    worst = max(judged, key=lambda row: row.use)
    wrong = sum(not row.is_good for row in judged)
    lines = [
        f"{finding.kind} {finding.place}, {finding.step}: {len(judged)} quantities, "
        + (f"{wrong} WRONG" if wrong else "alike")
        + f"; nearest to its bound, {number(worst.use)} of it: {worst.name}"
    ]
    for row in finding.rows:
        if show_all or not row.is_good:
            numbers = f"{row.duel[0]:10.2e} {row.pytorch[0]:10.2e} {row.allowed[0]:10.2e}"
            mark = ("ok" if row.is_good else "WRONG") if row.is_judged else "-"
            lines.append(f"  {numbers}  {mark:5} {row.group}: {row.name}")
    return "\n".join(lines)


def summary(findings: Sequence[Finding]) -> str:
    """A line for every kind, step and group."""
    lines = ["largest share of what is allowed; Duel's error over PyTorch's own there; iteration or bias, tensor:"]
    heading: Tuple[str, str] = ("", "")
    for (kind, step, group), worst in worst_rows(findings).items():
        if heading != (kind, step):
            heading = (kind, step)
            lines.append(f"{kind}, {step}")
        place = f"{worst.finding.place}, {worst.row.name}"
        shares = f"{number(worst.row.use):>6} {number(worst.row.ratio):>7}"
        lines.append(f"  {shares}  {verdict(worst):12} {group}: {place}")
    return "\n".join(lines + ["", conclusion(findings)])


def conclusion(findings: Sequence[Finding]) -> str:
    rows = [row for finding in findings for row in finding.rows if row.is_judged]
    wrong = sum(not row.is_good for row in rows)
    return f"{len(rows)} quantities compared, " + (f"{wrong} WRONG" if wrong else "all within their bounds")


def markdown(settings: Sequence[str], findings: Sequence[Finding]) -> str:
    """The whole report: settings, what is allowed and why, the worst of everything, all comparisons."""
    lines = [TITLE, "", f"**{conclusion(findings)}.**", ""]
    lines += [f"- {line}" for line in settings]
    lines += ["", "## How it is judged", "", INTRODUCTION, "", "| quantity | allowed error |", "| --- | --- |"]
    lines += [f"| {group} | {bound} |" for group, bound in BOUNDS.items()]
    lines += ["", "## The worst of everything", "", *worst_tables(findings), *growth_table(findings)]
    lines += ["## Every comparison", "", "| kind | step | at | quantities | wrong | largest share | of |"]
    lines.append("| --- | --- | ---: | ---: | ---: | ---: | --- |")
    for finding in findings:
        judged = [row for row in finding.rows if row.is_judged]
        worst = max(judged, key=lambda row: row.use)
        wrong = sum(not row.is_good for row in judged)
        counts = [len(judged), wrong, number(worst.use)]
        lines.append(table_row([finding.kind, finding.step, finding.place, *counts, f"`{worst.name}`"]))
    return "\n".join(lines) + "\n"


def growth_table(findings: Sequence[Finding]) -> List[str]:
    """How far generated images are from the truth in the whole run, so that one sees where chaos has taken over."""
    distances: Dict[str, Dict[str, Row]] = {}
    for finding in findings:
        for row in finding.rows if finding.kind == "whole run" else ():
            if row.name == IMAGES:
                distances.setdefault(finding.place, {})[finding.step] = row
    steps = list(dict.fromkeys(step for rows in distances.values() for step in rows))
    lines = ["## How rounding grows in the whole run", "", GROWTH, ""]
    lines.append(table_row(["iteration", *(f"Duel, {step}" for step in steps), "PyTorch in float32"]))
    lines.append(table_row(["---:"] * (2 + len(steps))))
    for place, rows in distances.items():
        own = next(iter(rows.values())).pytorch[1]
        lines.append(table_row([place, *(f"{rows[step].duel[1]:.1e}" for step in steps), f"{own:.1e}"]))
    return lines + [""]


def table_row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def worst_tables(findings: Sequence[Finding]) -> List[str]:
    """A table for every kind of comparison."""
    lines: List[str] = []
    last_kind = ""
    for (kind, step, group), worst in worst_rows(findings).items():
        if kind != last_kind:
            last_kind = kind
            lines += ["", f"### {kind[0].upper()}{kind[1:]}", ""]
            lines.append(table_row(WORST_HEADING))
            lines.append("| --- | --- | ---: | ---: | ---: | ---: | ---: | --- | --- |")
        row = worst.row
        cells = [step, group, worst.count, number(row.use), f"{row.duel[0]:.2e}", f"{row.pytorch[0]:.2e}"]
        cells += [worst.finding.place, f"`{row.name}`", verdict(worst)]
        lines.append(table_row(cells))
    return lines + [""]


WORST_HEADING = (
    "step", "quantity", "tensors", "share of allowed", "Duel's error", "PyTorch's own", "at", "tensor", ""
)
GROWTH = """Root of the mean square of the generated images' errors. What separates two runs is rounding alone, and it
grows until both draw other images: from there on the whole run says only that Duel strays as far from float64 as
PyTorch does. The single steps do not depend on it."""
INTRODUCTION = f"""The truth is PyTorch in float64, on the same batches. *PyTorch's error* below is the largest error of
several runs of PyTorch in float32, which differ in rounding only, times {FACTOR:g}: Duel sums in another order, so its
error is another draw of the same kind, not the same. A *rounding* is 2^-24, relative; {ROUNDINGS} of them are allowed
beside, because PyTorch's own error may be small by chance. Both the largest error of a tensor and the root of the mean
square must keep within; the share shown is the larger one.

*Single step*: PyTorch starts from Duel's own checkpoint before the iteration, so that the bound is that of one
iteration's rounding. *Whole run*: both from the first iteration; training is chaotic, so what is allowed grows with
the distance of PyTorch's own float32 runs from float64, and what these have reached, relative to the tensor's size, is
allowed from then on. *Sure D*: a single step with probabilities that are exactly 0 or 1 in float32, or where the
gradient's denominator is clamped, by the bias of D's head; the truth has the probability in float32, as BCELoss has."""
