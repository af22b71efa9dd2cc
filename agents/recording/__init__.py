"""Recordings: what every stage read and said, kept in a file and decided again from it."""
