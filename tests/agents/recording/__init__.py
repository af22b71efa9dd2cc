"""Recordings: kept whole, and decided again."""
