"""What a metric is called in Prometheus: OpenTelemetry's translation with unit and type suffixes.

Prometheus' own OTLP receiver (`UnderscoreEscapingWithSuffixes`, its default) and the collector's
exporters give these names: dots become underscores, a unit in braces says nothing.
"""

from agents.instruments import Instrument

_UNITS = {"s": "_seconds"}
HISTOGRAM = ("_bucket", "_count", "_sum")


def base(one: Instrument) -> str:
    """The name without the suffix of its kind."""
    return one.name.replace(".", "_") + _UNITS.get(one.unit, "")


def series(one: Instrument) -> tuple[str, ...]:
    """Every series that comes of it."""
    if one.kind == "histogram":
        return tuple(base(one) + suffix for suffix in HISTOGRAM)
    return (base(one) + ("_total" if one.kind == "counter" else ""),)


def label(attribute: str) -> str:
    """An attribute's name."""
    return attribute.replace(".", "_")
