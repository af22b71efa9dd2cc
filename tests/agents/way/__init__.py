"""Tests of a lead's way."""
