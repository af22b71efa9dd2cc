"""Tests of `agents/bench`."""
