"""One row of the growth tables."""

from typing import NamedTuple

from tests import markdown


class Figure(NamedTuple):
    """What was measured at one size; names of the figures carry their units."""

    size: int
    measured: dict[str, float]

    @property
    def size_text(self) -> str:
        """The size with its thousands apart."""
        return f"{self.size:,}".replace(",", " ")


def table(what: str, figures: list[Figure]) -> str:
    """A Markdown table, one row for each size."""
    names = list(figures[0].measured)
    rows = ([one.size_text, *(_shown(one.measured[name]) for name in names)] for one in figures)
    return markdown.table([what, *names], rows)


def _shown(value: float) -> str:
    """Three digits are more than these machines repeat."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
