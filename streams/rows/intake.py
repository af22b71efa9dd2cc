"""Intake keeps nothing but counts: what it decides depends on one record alone."""

from streams.tables import StageTables


class IntakeTables(StageTables):
    """Counts only."""
