"""The option `--picture FILE` of measurements that draw what they measured."""

import argparse
from importlib.util import find_spec


def parsed(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """The arguments with `picture` among them; ends the program where nothing could draw it."""
    parser.add_argument("--picture", metavar="FILE", help="draw the chart (wants matplotlib)")
    asked = parser.parse_args()
    if asked.picture and find_spec("matplotlib") is None:
        parser.error("--picture wants matplotlib: pip install matplotlib where this runs")
    return asked
