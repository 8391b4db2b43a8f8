"""The reliability plot of a model card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cxnlp.training.evaluate import Bin
from cxnlp.training.packages import load_package


def draw_reliability(reliability: Mapping[str, Sequence[Bin]], path: Path) -> None:
    """Write an SVG of how often decisions of each probability are right; the same input gives the same bytes.

    Args:
        reliability: Bins by what was decided; the area of a dot is the number of decisions.
        path: File to write.

    Source: DeGroot and Fienberg, "The Comparison and Evaluation of Forecasters", 1983 (reliability diagram).
    """
    matplotlib, figures = load_package("matplotlib"), load_package("matplotlib.figure")
    with matplotlib.rc_context({"svg.hashsalt": "reliability", "svg.fonttype": "none"}):
        figure = figures.Figure(figsize=(4.5, 4.5), layout="constrained")
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], color="0.6", linewidth=1, label="calibrated")
        for name, bins in reliability.items():
            line = axes.plot([one.probability for one in bins], [one.right for one in bins], alpha=0.6, label=name)[0]
            most = max((one.count for one in bins), default=1)
            axes.scatter(
                [one.probability for one in bins],
                [one.right for one in bins],
                s=[10 + 150 * one.count / most for one in bins],
                color=line.get_color(),
                alpha=0.6,
            )
        axes.set(xlabel="probability given", ylabel="share that is right", xlim=(0, 1), ylim=(0, 1), aspect="equal")
        axes.legend(loc="upper left", frameon=False)
        figure.savefig(path, format="svg", metadata={"Date": None})
