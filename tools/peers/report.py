"""The report of a comparison, as text and for JSON."""

from __future__ import annotations

from typing import Any, NamedTuple, Sequence

from peers.figures import iterations_of_epoch, quartiles, ratio
from peers.rounds import Side, fastest_of_each


class BatchResult(NamedTuple):
    """What was measured at one batch size."""

    batch_size: int
    images: int  # of an epoch
    rounds: int
    sides: list[Side]  # Duel's first one is what the others are compared with


def table(rows: Sequence[Sequence[str]], left: int) -> list[str]:
    """Lines of aligned columns; the first `left` columns are aligned at the left."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    aligned = [
        [cell.ljust(width) if i < left else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths))]
        for row in rows
    ]
    return ["  ".join(cells).rstrip() for cells in aligned]


def losses_text(side: Side) -> str:
    """Both losses at first and at last, so that the reader sees it train."""
    (d_first, g_first), (d_last, g_last) = side.first_losses, side.last_losses
    return f"{d_first:.3f} {g_first:.3f} -> {d_last:.3f} {g_last:.3f} ({side.trained} it.)"


def ratio_text(side: Side, own: Side) -> str:
    if side is own:
        return "1"
    found = ratio(side.milliseconds, own.milliseconds)
    return f"{found.median:.2f} ({found.least:.2f} to {found.greatest:.2f})"


def row_of(side: Side, own: Side, result: BatchResult) -> list[str]:
    low, median, high = quartiles(side.milliseconds)
    digits = 4 if median < 1 else 2
    epoch = 1e-3 * median * iterations_of_epoch(result.images, result.batch_size)
    return [
        side.name,
        side.setting,
        f"{median:.{digits}f}",
        f"[{low:.{digits}f}, {high:.{digits}f}]",
        f"{quartiles(side.cpu_milliseconds).median:.{digits}f}",
        ratio_text(side, own),
        f"{epoch:.2f}",
        losses_text(side),
    ]


def describe_trials(sides: Sequence[Side]) -> list[str]:
    """The trials' medians, where a name has several settings."""
    lines = []
    for name in dict.fromkeys(side.name for side in sides):
        tried = [side for side in sides if side.name == name and side.trial_milliseconds]
        if len(tried) > 1:
            texts = [f"{quartiles(side.trial_milliseconds).median:.3g} ({side.setting})" for side in tried]
            lines.append(f"  trials of {name}, ms: " + "; ".join(texts))
    return lines


def describe(result: BatchResult) -> str:
    """The table of a batch size; peers that could not run follow with their reasons."""
    best = fastest_of_each(result.sides)
    own = best[0]
    epoch = iterations_of_epoch(result.images, result.batch_size)
    heading = ["", "setting", "ms/iteration", "[quartiles]", "CPU ms", "time / Duel's (least to greatest)"]
    heading += [f"s/epoch ({epoch} it.)", "losses D G"]
    rows = [row_of(side, own, result) for side in best if side.milliseconds]
    lines = [f"batch {result.batch_size}, {result.rounds} rounds"]
    lines += ["  " + line for line in table([heading, *rows], left=2)]
    lines += describe_trials(result.sides)
    lines += [f"  {side.label}: cannot run: {side.reason}" for side in result.sides if side.reason]
    return "\n".join(lines)


def summary(results: Sequence[BatchResult]) -> str:
    """The fastest peer against each of Duel's sides."""
    lines = ["fastest peer / Duel, median (least to greatest):"]
    for result in results:
        measured = [side for side in fastest_of_each(result.sides) if side.milliseconds]
        peers = [side for side in measured if not side.name.startswith("duel")]
        if not peers:
            lines.append(f"  batch {result.batch_size}: no peer could run")
            continue
        fastest = min(peers, key=lambda side: quartiles(side.milliseconds).median)
        own = [side for side in measured if side.name.startswith("duel")]
        texts = [f"{ratio_text(fastest, side)} of {side.name}" for side in own]
        lines.append(f"  batch {result.batch_size}: {fastest.label}: " + "; ".join(texts))
    return "\n".join(lines)


def for_json(result: BatchResult) -> dict[str, Any]:
    """Everything measured at one batch size, times in milliseconds an iteration by round."""
    best = fastest_of_each(result.sides)
    fields = ("name", "setting", "reason", "trained", "milliseconds", "cpu_milliseconds", "trial_milliseconds",
              "first_losses", "last_losses")
    sides = [
        {**{name: getattr(side, name) for name in fields}, "iterations_of_a_window": side.iterations,
         "is_fastest_setting": bool(side.milliseconds) and side in best}
        for side in result.sides
    ]
    return {"batch_size": result.batch_size, "images": result.images, "rounds": result.rounds, "sides": sides}
