"""The growth tables as a chart: every figure as a multiple of that at the smallest size."""

import importlib

from tests.growth.figure import Figure
from tests.picture_text import FIGURES

MULTIPLES = (0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200)
COLOURS = ("#2f5d8a", "#e0a458", "#9db7d5", "#7a9a5b", "#b0586b")


def draw(results: dict[str, list[Figure]], tables: str, path: str) -> None:
    """Writes the chart, a panel for what grows. Raises `ModuleNotFoundError` without matplotlib."""
    plot = importlib.import_module("matplotlib.pyplot")
    figure, panels = plot.subplots(2, 2, figsize=(12, 9), layout="constrained")
    for panel, (what, figures) in zip(panels.flat, results.items(), strict=True):
        sizes = [one.size for one in figures]
        for name, colour in zip(figures[0].measured, COLOURS, strict=False):
            first = figures[0].measured[name] or 1.0
            values = [one.measured[name] / first for one in figures]
            panel.plot(sizes, values, "o-", label=f"{name} (1 is {first:.3g})", color=colour)
        panel.set(title=what, xscale="log", yscale="log", xticks=sizes)
        low, high = panel.get_ylim()
        panel.set_yticks([each for each in MULTIPLES if low <= each <= high] or [1])
        panel.set_xticklabels([one.size_text for one in figures])
        panel.minorticks_off()
        panel.yaxis.set_major_formatter(lambda value, _place: f"{value:g}")
        panel.spines[["top", "right"]].set_visible(False)
        panel.grid(alpha=0.25)
        panel.legend(fontsize=8, frameon=False)
    figure.suptitle("What grows, as a multiple of the smallest size (both axes logarithmic)")
    figure.savefig(path, dpi=100, metadata={FIGURES: tables})
